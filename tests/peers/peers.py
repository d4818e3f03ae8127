"""The packages under AWS's own Runtime Interface Emulator, against localcloud, and against stores that aren't ours: Ceph's radosgw as S3 and Amazon's DynamoDB
Local, with executions on localcloud. Events are sent through both functions, and found."""

import hashlib
import json
import unittest
import uuid

import boto3
from botocore.config import Config

import deployed
import stores
from harness import BUILD, ROOT, Server, main
from lambdas import url_event
from flows import plain

WRITE_KEY = "peers"
BUCKET = "peers-events"


def click(**more):
    return {"type": "click", "event_id": str(uuid.uuid4()), "user_id": "u1", "timestamp": "2026-11-22T12:45:58.440Z", "properties": {"element": "buy", "price": 12.50}, **more}


class Localcloud(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def open_stores(cls):
        """Where S3 and DynamoDB are."""
        return cls.cloud.endpoint, cls.cloud.endpoint

    @classmethod
    def setUpClass(cls):
        cls.cloud = Server("--empty")
        s3_endpoint, table_endpoint = cls.open_stores()
        cls.make_stores(s3_endpoint, table_endpoint)
        variables = {"AWS_REGION": cls.cloud.region, "AWS_ACCESS_KEY_ID": cls.cloud.access_key, "AWS_SECRET_ACCESS_KEY": cls.cloud.secret_key,
                     "AWS_ENDPOINT_URL_S3": s3_endpoint, "AWS_ENDPOINT_URL_DYNAMODB": table_endpoint, "AWS_ENDPOINT_URL_SFN": cls.cloud.endpoint,
                     "BUCKET": BUCKET, "TABLE": "events", "STATE_MACHINE_ARN": cls.machine}
        cls.functions = {}
        for name in ("collect_to_s3", "parse_validate"):
            cls.functions[name] = stores.Emulator(BUILD / f"dist/{name}.zip", variables)
            cls.addClassCleanup(cls.functions[name].close)

    @classmethod
    def make_stores(cls, s3_endpoint, table_endpoint):
        """What the deployment would have made."""
        cls.s3 = cls.cloud.client("s3", endpoint_url=s3_endpoint)
        cls.db = cls.cloud.client("dynamodb", endpoint_url=table_endpoint)
        cls.s3.create_bucket(Bucket=BUCKET)
        key_hash = hashlib.sha256(WRITE_KEY.encode()).hexdigest()
        for _, _, operation, request in deployed.requests(key_hash=key_hash):
            if operation == "PutObject":
                cls.s3.put_object(**dict(request, Bucket=BUCKET))
            elif operation in ("CreateTable", "UpdateTimeToLive"):
                getattr(cls.db, {"CreateTable": "create_table", "UpdateTimeToLive": "update_time_to_live"}[operation])(**request)
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        role = cls.cloud.client("iam").create_role(RoleName="peers", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        cls.executions = cls.cloud.client("stepfunctions")
        cls.machine = cls.executions.create_state_machine(name="peers", roleArn=role, definition=json.dumps({"StartAt": "one", "States": {"one": {"Type": "Succeed"}}}))["stateMachineArn"]

    def collect(self, events):
        answer = self.functions["collect_to_s3"].invoke(url_event(json.dumps(events), WRITE_KEY))
        self.assertEqual(answer.get("statusCode"), 200, f'{answer} {self.functions["collect_to_s3"].log("emulator")}')
        return json.loads(answer["body"])

    def execution_input(self, key):
        for execution in self.executions.list_executions(stateMachineArn=self.machine)["executions"]:
            text = self.executions.describe_execution(executionArn=execution["executionArn"])["input"]
            if json.loads(text)["key"] == key:
                return json.loads(text)
        self.fail(f"no execution was started with {key}")

    def validate(self, event):
        counts = self.functions["parse_validate"].invoke(event)
        self.assertNotIn("errorType", counts, self.functions["parse_validate"].log("emulator"))
        return tuple(counts[name] for name in ("received", "stored", "duplicate", "quarantined"))

    def rows(self):
        return {item["id"]: item for item in (plain({"M": row}) for row in self.db.scan(TableName="events", ConsistentRead=True)["Items"])}

    def test_events_are_found(self):
        """Sixty events, two of them bad, in one request: each is a row or in the quarantine; again, and sent twice, nothing is doubled."""
        events = [click() for _ in range(58)] + [click(properties={}), click(type="nobody_knows")]
        collected = self.collect(events)
        self.assertEqual(collected["received"], 60)
        start = self.execution_input(collected["key"])
        self.assertEqual(start["bucket"], BUCKET)
        self.assertEqual(self.validate(start), (60, 58, 0, 2))
        rows = self.rows()
        for event in events[:58]:
            self.assertEqual(rows[event["event_id"]]["p"], {"element": "buy", "price": "12.5"})
        quarantined = self.s3.get_object(Bucket=BUCKET, Key=collected["key"].replace("raw/", "quarantine/", 1))["Body"].read().decode().splitlines()
        self.assertEqual({json.loads(line)["id"] for line in quarantined}, {event["event_id"] for event in events[58:]})
        self.assertEqual(self.validate(start), (60, 58, 0, 2), "the same object again: the same outcome")
        self.assertEqual(self.validate(self.execution_input(self.collect(events[:3])["key"])), (3, 0, 3, 0), "the same events again: duplicates")
        self.assertEqual(len(self.rows()), len(rows))

    def test_what_the_stores_refuse_is_told(self):
        """An object that isn't there, an unknown write key."""
        self.assertEqual(self.functions["parse_validate"].invoke({"bucket": BUCKET, "key": "raw/none.json"})["errorType"], "Pipeline.BadInput")
        answer = self.functions["collect_to_s3"].invoke(url_event("{}", "another"))
        self.assertEqual(answer["statusCode"], 401, answer)


class OtherStores(Localcloud):
    @classmethod
    def open_stores(cls):
        s3_store = stores.RadosGateway(cls.cloud.access_key, cls.cloud.secret_key)
        cls.addClassCleanup(s3_store.close)
        table_store = stores.DynamoDbLocal()
        cls.addClassCleanup(table_store.close)
        return s3_store.endpoint, table_store.endpoint


if __name__ == "__main__":
    main()
