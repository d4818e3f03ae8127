"""Every operation that the rooms answer, through boto3: Debian's (1.26) and PyPI's current, whichever Python runs this."""

import datetime
import json
import time
import unittest
import uuid

import boto3
from botocore.exceptions import ClientError

import functions
from harness import Server, main, wait_for

server = Server("--empty")
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
    "Service": ["lambda.amazonaws.com", "states.amazonaws.com"], "AWS": f"arn:aws:iam::{server.account}:root"}}]})
ALLOW_ALL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def role(name):
    iam = server.client("iam")
    try:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=ALLOW_ALL)
    except iam.exceptions.EntityAlreadyExistsException:
        pass
    return f"arn:aws:iam::{server.account}:role/{name}"


class Case(unittest.TestCase):
    def refused(self, code, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception.response


class Iam(Case):
    def test_roles(self):
        iam = server.client("iam")
        made = iam.create_role(RoleName="r1", Path="/team/", AssumeRolePolicyDocument=TRUST, Description="of a test", Tags=[{"Key": "a", "Value": "b"}])["Role"]
        self.assertEqual(made["Arn"], f"arn:aws:iam::{server.account}:role/team/r1")
        self.refused("EntityAlreadyExists", iam.create_role, RoleName="r1", AssumeRolePolicyDocument=TRUST)
        self.refused("MalformedPolicyDocument", iam.create_role, RoleName="r2", AssumeRolePolicyDocument="{}")
        self.assertEqual(iam.get_role(RoleName="r1")["Role"]["AssumeRolePolicyDocument"], json.loads(TRUST))
        self.assertIn("r1", [entry["RoleName"] for entry in iam.list_roles()["Roles"]])
        other = TRUST.replace("states.amazonaws.com", "events.amazonaws.com")
        iam.update_assume_role_policy(RoleName="r1", PolicyDocument=other)
        self.assertEqual(iam.get_role(RoleName="r1")["Role"]["AssumeRolePolicyDocument"], json.loads(other))
        iam.put_role_policy(RoleName="r1", PolicyName="p", PolicyDocument=ALLOW_ALL)
        self.assertEqual(iam.list_role_policies(RoleName="r1")["PolicyNames"], ["p"])
        self.assertEqual(iam.get_role_policy(RoleName="r1", PolicyName="p")["PolicyDocument"], json.loads(ALLOW_ALL))
        self.refused("DeleteConflict", iam.delete_role, RoleName="r1")
        iam.delete_role_policy(RoleName="r1", PolicyName="p")
        self.refused("NoSuchEntity", iam.get_role_policy, RoleName="r1", PolicyName="p")
        iam.delete_role(RoleName="r1")
        self.refused("NoSuchEntity", iam.get_role, RoleName="r1")

    def test_users_and_their_keys(self):
        """A user may do what its policy says, and nothing once the key is gone."""
        iam = server.client("iam")
        iam.create_user(UserName="u1")
        self.assertEqual(iam.get_user(UserName="u1")["User"]["UserName"], "u1")
        policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}]})
        iam.put_user_policy(UserName="u1", PolicyName="p", PolicyDocument=policy)
        self.assertEqual(iam.get_user_policy(UserName="u1", PolicyName="p")["PolicyDocument"], json.loads(policy))
        key = iam.create_access_key(UserName="u1")["AccessKey"]
        self.assertEqual([entry["AccessKeyId"] for entry in iam.list_access_keys(UserName="u1")["AccessKeyMetadata"]], [key["AccessKeyId"]])
        own = dict(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
        self.assertEqual(server.client("sts", **own).get_caller_identity()["Arn"], f"arn:aws:iam::{server.account}:user/u1")
        server.client("dynamodb", **own).list_tables()
        self.refused("AccessDeniedException", server.client("dynamodb", **own).describe_table, TableName="some-table")
        self.refused("AccessDenied", server.client("s3", **own).list_buckets)
        self.refused("DeleteConflict", iam.delete_user, UserName="u1")
        iam.delete_access_key(UserName="u1", AccessKeyId=key["AccessKeyId"])
        self.refused("InvalidClientTokenId", server.client("sts", **own).get_caller_identity)
        iam.delete_user_policy(UserName="u1", PolicyName="p")
        iam.delete_user(UserName="u1")
        self.refused("NoSuchEntity", iam.get_user, UserName="u1")

    def test_assume_role(self):
        """By a user whom the role's trust and the user's policy let; never by the root of an account."""
        iam, arn = server.client("iam"), role("assumed")
        self.refused("AccessDenied", server.client("sts").assume_role, RoleArn=arn, RoleSessionName="s1")
        iam.create_user(UserName="u2")
        key = iam.create_access_key(UserName="u2")["AccessKey"]
        sts = server.client("sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
        self.refused("AccessDenied", sts.assume_role, RoleArn=arn, RoleSessionName="s1")
        iam.put_user_policy(UserName="u2", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn}]}))
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="s1", DurationSeconds=900)["Credentials"]
        own = dict(aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"])
        self.assertEqual(server.client("sts", **own).get_caller_identity()["Arn"], f"arn:aws:sts::{server.account}:assumed-role/assumed/s1")
        self.refused("AccessDenied", sts.assume_role, RoleArn=arn + "-of-nobody", RoleSessionName="s1")


class S3(Case):
    def setUp(self):
        self.s3 = server.client("s3")
        self.bucket = f"bucket-{uuid.uuid4().hex[:8]}"
        self.s3.create_bucket(Bucket=self.bucket)

    def test_bucket(self):
        self.s3.head_bucket(Bucket=self.bucket)
        self.refused("404", self.s3.head_bucket, Bucket="no-such-bucket-here")
        self.assertIn(self.bucket, [entry["Name"] for entry in self.s3.list_buckets()["Buckets"]])
        self.assertIsNone(self.s3.get_bucket_location(Bucket=self.bucket)["LocationConstraint"])
        self.s3.put_object(Bucket=self.bucket, Key="k", Body=b"x")
        self.refused("BucketNotEmpty", self.s3.delete_bucket, Bucket=self.bucket)
        self.s3.delete_object(Bucket=self.bucket, Key="k")
        self.s3.delete_bucket(Bucket=self.bucket)
        self.refused("NoSuchBucket", self.s3.list_objects_v2, Bucket=self.bucket)

    def test_settings(self):
        s3, bucket = self.s3, self.bucket
        block = dict(BlockPublicAcls=True, IgnorePublicAcls=True, BlockPublicPolicy=False, RestrictPublicBuckets=False)
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)
        self.assertEqual(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"], block)
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]})
        rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        self.assertEqual(rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256")
        rule = {"ID": "r", "Filter": {"Prefix": "raw/"}, "Status": "Enabled", "Expiration": {"Days": 3}}
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
        self.assertEqual(s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"], [rule])
        self.refused("NoSuchBucketPolicy", s3.get_bucket_policy, Bucket=bucket)
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/secret/*"}]}
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
        self.assertEqual(json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]), policy)
        s3.put_object(Bucket=bucket, Key="secret/x", Body=b"x")
        self.refused("AccessDenied", s3.get_object, Bucket=bucket, Key="secret/x")

    def test_objects(self):
        s3, bucket = self.s3, self.bucket
        body = bytes(range(256)) * 1000
        put = s3.put_object(Bucket=bucket, Key="a folder/ünï+code &=?.bin", Body=body, ContentType="application/x-test", Metadata={"who": "me"})
        got = s3.get_object(Bucket=bucket, Key="a folder/ünï+code &=?.bin")
        self.assertEqual(got["Body"].read(), body)
        self.assertEqual((got["ContentType"], got["Metadata"], got["ETag"]), ("application/x-test", {"who": "me"}, put["ETag"]))
        ranged = s3.get_object(Bucket=bucket, Key="a folder/ünï+code &=?.bin", Range="bytes=10-19")
        self.assertEqual((ranged["Body"].read(), ranged["ContentRange"]), (body[10:20], f"bytes 10-19/{len(body)}"))
        self.assertEqual(s3.get_object(Bucket=bucket, Key="a folder/ünï+code &=?.bin", Range="bytes=-5")["Body"].read(), body[-5:])
        self.refused("InvalidRange", s3.get_object, Bucket=bucket, Key="a folder/ünï+code &=?.bin", Range="bytes=999999999-")
        head = s3.head_object(Bucket=bucket, Key="a folder/ünï+code &=?.bin")
        self.assertEqual(head["ContentLength"], len(body))
        self.refused("304", s3.get_object, Bucket=bucket, Key="a folder/ünï+code &=?.bin", IfNoneMatch=put["ETag"])
        self.refused("PreconditionFailed", s3.get_object, Bucket=bucket, Key="a folder/ünï+code &=?.bin", IfMatch='"other"')
        self.refused("304", s3.get_object, Bucket=bucket, Key="a folder/ünï+code &=?.bin", IfModifiedSince=datetime.datetime.now(datetime.timezone.utc))
        self.refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="nothing")
        self.refused("404", s3.head_object, Bucket=bucket, Key="nothing")

    def test_checksums(self):
        """Each algorithm that this boto3 can compute, sent as a header or as a trailer of an aws-chunked body."""
        names = ["SHA1", "SHA256", "CRC32"]
        for name in names:
            with self.subTest(name=name):
                import io
                self.s3.put_object(Bucket=self.bucket, Key=name, Body=io.BytesIO(b"some bytes" * 10000), ChecksumAlgorithm=name)
                got = self.s3.get_object(Bucket=self.bucket, Key=name, ChecksumMode="ENABLED")
                self.assertTrue(got[f"Checksum{name}"])
                self.assertEqual(got["Body"].read(), b"some bytes" * 10000)
        self.refused("BadDigest", self.s3.put_object, Bucket=self.bucket, Key="k", Body=b"x", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")

    def test_listing(self):
        for key in ("a/1", "a/2", "b", "c/3"):
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=b"x")
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Delimiter="/")
        self.assertEqual([entry["Key"] for entry in listed["Contents"]], ["b"])
        self.assertEqual([entry["Prefix"] for entry in listed["CommonPrefixes"]], ["a/", "c/"])
        first = self.s3.list_objects_v2(Bucket=self.bucket, Prefix="a/", MaxKeys=1)
        self.assertTrue(first["IsTruncated"])
        second = self.s3.list_objects_v2(Bucket=self.bucket, Prefix="a/", ContinuationToken=first["NextContinuationToken"])
        self.assertEqual([entry["Key"] for entry in first["Contents"] + second["Contents"]], ["a/1", "a/2"])
        done = self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": [{"Key": key} for key in ("a/1", "a/2", "b", "c/3", "never")]})
        self.assertEqual(len(done["Deleted"]), 5)
        self.assertEqual(self.s3.list_objects_v2(Bucket=self.bucket)["KeyCount"], 0)

    def test_presigned(self):
        """A URL works as it is, and no other URL does."""
        import urllib.error
        import urllib.request
        from botocore.config import Config
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        s3 = server.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "path"}))
        s3.put_object(Bucket=self.bucket, Key="k", Body=b"presigned")
        url = s3.generate_presigned_url("get_object", Params={"Bucket": self.bucket, "Key": "k"}, ExpiresIn=60)
        self.assertEqual(opener.open(url).read(), b"presigned")
        with self.assertRaises(urllib.error.HTTPError) as caught:
            opener.open(url.replace("/k?", "/l?"))
        self.assertEqual(caught.exception.code, 403)
        self.assertIn(b"SignatureDoesNotMatch", caught.exception.read())

    def test_what_is_absent_is_named(self):
        self.refused("NotImplemented", self.s3.put_bucket_accelerate_configuration, Bucket=self.bucket, AccelerateConfiguration={"Status": "Enabled"})


class DynamoDb(Case):
    @classmethod
    def setUpClass(cls):
        cls.db = server.client("dynamodb")
        cls.table = "T-" + uuid.uuid4().hex[:8]
        cls.made = cls.db.create_table(
            TableName=cls.table, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in (("pk", "S"), ("sk", "N"), ("g", "S"))],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            GlobalSecondaryIndexes=[{"IndexName": "by_g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}])
        cls.db.get_waiter("table_exists").wait(TableName=cls.table, WaiterConfig={"Delay": 1})

    def test_tables(self):
        self.assertEqual(self.made["TableDescription"]["TableArn"], f"arn:aws:dynamodb:{server.region}:{server.account}:table/{self.table}")
        described = self.db.describe_table(TableName=self.table)["Table"]
        self.assertEqual((described["TableStatus"], described["GlobalSecondaryIndexes"][0]["IndexName"]), ("ACTIVE", "by_g"))
        self.assertIn(self.table, self.db.list_tables()["TableNames"])
        self.refused("ResourceInUseException", self.db.create_table, TableName=self.table, BillingMode="PAY_PER_REQUEST",
                     AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}], KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}])
        self.db.create_table(TableName="gone-soon", BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                             KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}])
        self.db.get_waiter("table_exists").wait(TableName="gone-soon", WaiterConfig={"Delay": 1})
        self.db.delete_table(TableName="gone-soon")
        self.db.get_waiter("table_not_exists").wait(TableName="gone-soon", WaiterConfig={"Delay": 1})

    def test_expiry_and_backups(self):
        self.db.update_time_to_live(TableName=self.table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
        description = self.db.describe_time_to_live(TableName=self.table)["TimeToLiveDescription"]
        self.assertIn(description["TimeToLiveStatus"], ("ENABLED", "ENABLING"))
        self.assertEqual(description["AttributeName"], "expires")
        self.db.update_continuous_backups(TableName=self.table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
        backups = self.db.describe_continuous_backups(TableName=self.table)["ContinuousBackupsDescription"]
        self.assertEqual(backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"], "ENABLED")

    def test_items(self):
        db, table = self.db, self.table
        item = {"pk": {"S": "items"}, "sk": {"N": "1"}, "g": {"S": "g"}, "n": {"N": "1234567890123456789012345678901234567.8"}, "b": {"B": b"\x00\xff"},
                "m": {"M": {"l": {"L": [{"BOOL": True}, {"NULL": True}]}}}, "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": [b"x"]}}
        db.put_item(TableName=table, Item=item)
        key = {"pk": item["pk"], "sk": item["sk"]}
        got = db.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
        self.assertEqual({**got, "ss": {"SS": sorted(got["ss"]["SS"])}, "ns": {"NS": sorted(got["ns"]["NS"])}}, item)
        refusal = self.refused("ConditionalCheckFailedException", db.put_item, TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        self.assertEqual(refusal["Error"]["Message"], "The conditional request failed")
        updated = db.update_item(TableName=table, Key=key, ReturnValues="ALL_NEW",
                                 UpdateExpression="SET #c = if_not_exists(#c, :z) + :one, m.l[1] = :t REMOVE b ADD ns :more DELETE ss :a",
                                 ConditionExpression="size(ss) = :two AND g BETWEEN :a1 AND :z1", ExpressionAttributeNames={"#c": "count"},
                                 ExpressionAttributeValues={":z": {"N": "0"}, ":one": {"N": "1"}, ":t": {"S": "t"}, ":more": {"NS": ["3"]}, ":a": {"SS": ["a"]},
                                                            ":two": {"N": "2"}, ":a1": {"S": "a"}, ":z1": {"S": "z"}})["Attributes"]
        self.assertEqual((updated["count"], updated["m"]["M"]["l"]["L"][1], updated["ss"], sorted(updated["ns"]["NS"])),
                         ({"N": "1"}, {"S": "t"}, {"SS": ["b"]}, ["1", "2", "3"]))
        self.assertNotIn("b", updated)
        old = db.delete_item(TableName=table, Key=key, ReturnValues="ALL_OLD")["Attributes"]
        self.assertEqual(old["count"], {"N": "1"})
        self.assertNotIn("Item", db.get_item(TableName=table, Key=key))

    def test_queries(self):
        db, table = self.db, self.table
        for number in range(10):
            db.put_item(TableName=table, Item={"pk": {"S": "q"}, "sk": {"N": str(number - 5)}, "g": {"S": "even" if number % 2 == 0 else "odd"}})
        values = {":p": {"S": "q"}, ":low": {"N": "-3"}, ":high": {"N": "2"}}
        found = db.query(TableName=table, KeyConditionExpression="pk = :p AND sk BETWEEN :low AND :high", ExpressionAttributeValues=values)
        self.assertEqual([entry["sk"]["N"] for entry in found["Items"]], ["-3", "-2", "-1", "0", "1", "2"])
        page = db.query(TableName=table, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "q"}}, Limit=3, ScanIndexForward=False)
        self.assertEqual([entry["sk"]["N"] for entry in page["Items"]], ["4", "3", "2"])
        rest = db.query(TableName=table, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "q"}}, ScanIndexForward=False,
                        ExclusiveStartKey=page["LastEvaluatedKey"], ProjectionExpression="sk")
        self.assertEqual(rest["Items"][0], {"sk": {"N": "1"}})
        by_index = db.query(TableName=table, IndexName="by_g", KeyConditionExpression="g = :g", FilterExpression="sk > :z", Select="COUNT",
                            ExpressionAttributeValues={":g": {"S": "even"}, ":z": {"N": "0"}})
        self.assertEqual((by_index["Count"], by_index["ScannedCount"]), (2, 5))
        scanned = db.scan(TableName=table, FilterExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "q"}})
        self.assertEqual(scanned["Count"], 10)

    def test_batches(self):
        db, table = self.db, self.table
        puts = [{"PutRequest": {"Item": {"pk": {"S": "batch"}, "sk": {"N": str(number)}}}} for number in range(25)]
        self.assertEqual(db.batch_write_item(RequestItems={table: puts})["UnprocessedItems"], {})
        self.refused("ValidationException", db.batch_write_item, RequestItems={table: [puts[0], puts[0]]})
        keys = [{"pk": {"S": "batch"}, "sk": {"N": str(number)}} for number in range(30)]
        self.assertEqual(len(db.batch_get_item(RequestItems={table: {"Keys": keys}})["Responses"][table]), 25)

    def test_partiql(self):
        db, table = self.db, self.table
        insert = f"INSERT INTO \"{table}\" VALUE {{'pk': ?, 'sk': ?, 'v': ?}}"
        parameters = [{"S": "partiql"}, {"N": "1"}, {"S": "x"}]
        answers = db.batch_execute_statement(Statements=[{"Statement": insert, "Parameters": parameters},
                                                         {"Statement": insert, "Parameters": [{"S": "partiql"}, {"N": "2"}, {"S": "y"}]}])["Responses"]
        self.assertFalse(any("Error" in answer for answer in answers))
        again = db.batch_execute_statement(Statements=[{"Statement": insert, "Parameters": parameters}])["Responses"]
        self.assertEqual(again[0]["Error"]["Code"], "DuplicateItem")
        self.refused("DuplicateItemException", db.execute_statement, Statement=insert, Parameters=parameters)
        found = db.execute_statement(Statement=f"SELECT * FROM \"{table}\" WHERE pk = ? AND sk = ?", Parameters=[{"S": "partiql"}, {"N": "2"}])["Items"]
        self.assertEqual(found, [{"pk": {"S": "partiql"}, "sk": {"N": "2"}, "v": {"S": "y"}}])

    def test_limits(self):
        self.refused("ValidationException", self.db.put_item, TableName=self.table, Item={"pk": {"S": "big"}, "sk": {"N": "1"}, "v": {"S": "x" * 410000}})
        self.refused("ValidationException", self.db.put_item, TableName=self.table, Item={"pk": {"S": "n"}, "sk": {"N": "1" * 39}})
        self.refused("ResourceNotFoundException", self.db.get_item, TableName="no-such-table", Key={"pk": {"S": "x"}})


if __name__ == "__main__":
    print(f"# boto3 {boto3.__version__}", flush=True)
    main()
