"""The same deployment both ways, localcloud's own at its first start and deploy/up with the AWS CLI, makes equal resources. Then deploy/up again, after an
edit, against a foreign resource; deploy/status; deploy/down."""

import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile
import unittest

from flows import Flow
from harness import BUILD, ROOT, Server, main

own = Server()
bare = Server("--empty")


def deploy(script, *options, tree=ROOT, server=bare, ok=True, answer=None, **settings):
    """With an answer there is a terminal that gives it."""
    environment = server.environment(EVENT_PIPELINE_PACKAGES=str(BUILD / "dist"), **settings)
    stdin = subprocess.DEVNULL
    if answer:
        keyboard, stdin = pty.openpty()
        os.write(keyboard, answer.encode() + b"\n")
    done = subprocess.run([str(tree / "deploy" / script), *options], stdin=stdin, capture_output=True, text=True, env=environment)
    if ok:
        assert done.returncode == 0, done.stdout + done.stderr
    return done


def describe(server):
    """Every resource of the pipeline as its service tells it, without what must differ: account, ids, times."""
    client = server.client
    s3, iam, db, functions = client("s3"), client("iam"), client("dynamodb"), client("lambda")
    machines, logs, metrics = client("stepfunctions"), client("logs"), client("cloudwatch")
    bucket = f"event-pipeline-{server.account}-{server.region}"
    result = {
        "public access": s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"],
        "encryption": s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"],
        "lifecycle": s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"],
        "bucket tags": s3.get_bucket_tagging(Bucket=bucket)["TagSet"],
        "objects": {entry["Key"]: entry["Size"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]},
        "schemas": {entry["Key"]: entry["ETag"] for entry in s3.list_objects_v2(Bucket=bucket, Prefix="schemas/")["Contents"]},
        "log groups": [{name: group.get(name) for name in ("logGroupName", "retentionInDays")}
                       for group in logs.describe_log_groups()["logGroups"] if group["logGroupName"] != "/x"],
        "table": db.describe_table(TableName="events")["Table"],
        "expiry": db.describe_time_to_live(TableName="events")["TimeToLiveDescription"],
        "backups": db.describe_continuous_backups(TableName="events")["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        "alarms": metrics.describe_alarms()["MetricAlarms"],
        "dashboard": json.loads(metrics.get_dashboard(DashboardName="event-pipeline")["DashboardBody"]),
    }
    for role in ("collect_to_s3", "parse_validate", "state_machine"):
        name = f"event-pipeline-{role}"
        result[f"role {role}"] = [iam.get_role(RoleName=name)["Role"], iam.get_role_policy(RoleName=name, PolicyName="permissions")["PolicyDocument"]]
    for name in ("collect_to_s3", "parse_validate"):
        function = functions.get_function(FunctionName=name)
        result[f"function {name}"] = [function["Configuration"], function.get("Tags")]
    result["url"] = functions.get_function_url_config(FunctionName="collect_to_s3")
    result["url permissions"] = json.loads(functions.get_policy(FunctionName="collect_to_s3")["Policy"])
    machine = machines.describe_state_machine(stateMachineArn=f"arn:aws:states:{server.region}:{server.account}:stateMachine:event-pipeline")
    machine["definition"] = json.loads(machine["definition"])
    result["state machine"] = machine
    changing = {"ResponseMetadata", "CreateDate", "RoleId", "RoleLastUsed", "CreationDateTime", "TableId", "LatestStreamArn", "LastModified", "RevisionId", "CreationTime",
                "LastModifiedTime", "creationDate", "revisionId", "FunctionUrl", "StateUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp", "StateReason",
                "StateReasonData", "StateValue", "StateTransitionedTimestamp", "ItemCount", "TableSizeBytes", "IndexSizeBytes", "LastUpdateToPayPerRequestDateTime"}

    def clean(value):
        if isinstance(value, dict):
            return {name: clean(member) for name, member in sorted(value.items()) if name not in changing}
        if isinstance(value, list):
            return [clean(member) for member in value]
        return value.replace(server.account, "ACCOUNT") if isinstance(value, str) else value

    return clean(result)


class BothWays(unittest.TestCase):
    maxDiff = 2000

    def test_1_deploy_up_makes_what_the_first_start_makes(self):
        done = deploy("up")
        self.assertIn("Write key", done.stdout)
        one, other = describe(own), describe(bare)
        for name in one:
            with self.subTest(resource=name):
                self.assertEqual(other[name], one[name])
        # And it works: the printed write key and URL take an event, which ends in the table.
        key = re.search(r"Write key +(\w+)", done.stdout)[1]
        url = re.search(r"Send events to +(\S+)", done.stdout)[1]
        host = re.match(r"http://([^/]+)", url)[1]
        answer = subprocess.run(["curl", "-sS", "--noproxy", "*", "-H", f"host: {host}", "-u", f"{key}:", "-d",
                                 '{"type":"click","event_id":"both-ways","user_id":"u1","properties":{"element":"buy"}}', f"{bare.endpoint}/v1/events"], capture_output=True, text=True)
        self.assertIn('"ids"', answer.stdout, answer.stderr)
        Flow(bare).row({"user_id": "u1", "event_id": "both-ways"})

    def test_2_a_second_up_changes_nothing(self):
        before = describe(bare)
        self.assertIn("Nothing changed", deploy("up").stdout)
        self.assertEqual(describe(bare), before)

    def test_3_up_over_the_first_start_changes_nothing(self):
        """What localcloud deployed itself, the script finds as it should be."""
        self.assertIn("Nothing changed", deploy("up", server=own).stdout)

    def test_4_an_edit_is_updated_in_place(self):
        with tempfile.TemporaryDirectory() as folder:
            tree = pathlib.Path(folder)
            for name in ("deploy", "pipeline"):
                shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("*.cpp", "*.hpp"))
            machine = tree / "pipeline/state_machine.json"
            machine.write_text(machine.read_text().replace('"MaxAttempts": 5', '"MaxAttempts": 4'))
            policies = tree / "pipeline/iam_policies.json"
            policies.write_text(policies.read_text().replace("QuarantineInvalidEvents", "QuarantineEvents"))
            function = tree / "deploy/requests/50.lambda.create-function.parse_validate.json"
            function.write_text(function.read_text().replace('"Timeout": 60', '"Timeout": 55'))
            settings = {"EVENT_PIPELINE_RAW_DAYS": "7", "EVENT_PIPELINE_QUARANTINED_PERCENT_MAX": "2.5", "EVENT_PIPELINE_COLLECT_CONCURRENCY": "5"}
            done = deploy("status", tree=tree, ok=False, **settings)
            self.assertEqual(done.returncode, 3, done.stdout)
            self.assertIn("0 absent, 6 different", done.stdout)
            self.assertIn("6 updated", deploy("up", tree=tree, **settings).stdout)
            self.assertEqual(bare.client("s3").get_bucket_lifecycle_configuration(Bucket=Flow(bare).bucket)["Rules"][0]["Expiration"], {"Days": 7})
            self.assertEqual(bare.client("cloudwatch").describe_alarms(AlarmNames=["event-pipeline-quarantine-rate"])["MetricAlarms"][0]["Threshold"], 2.5)
            self.assertEqual(bare.client("lambda").get_function_concurrency(FunctionName="collect_to_s3")["ReservedConcurrentExecutions"], 5)
            self.assertIn('"MaxAttempts": 4', bare.client("stepfunctions").describe_state_machine(
                stateMachineArn=Flow(bare).state_machine)["definition"].replace('"MaxAttempts":4', '"MaxAttempts": 4'))
            self.assertEqual(bare.client("lambda").get_function_configuration(FunctionName="parse_validate")["Timeout"], 55)
            table = tree / "deploy/requests/40.dynamodb.create-table.json"
            table.write_text(table.read_text().replace('"AttributeName": "sk"', '"AttributeName": "sort"'))
            done = deploy("up", tree=tree, ok=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("can't be updated in place", done.stderr)
            self.assertIn("what to do:", done.stderr)

    def test_5_a_foreign_resource_is_never_adopted(self):
        bare.client("lambda").get_function(FunctionName="collect_to_s3")
        logs = bare.client("logs")
        logs.create_log_group(logGroupName="/aws/lambda/other-collect_to_s3")
        done = deploy("up", "--prefix", "other", ok=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("it isn't ours", done.stderr)
        self.assertIn("what to do:", done.stderr)
        deploy("down", "--data", "--prefix", "other")
        self.assertTrue(logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/other-")["logGroups"], "down doesn't touch what isn't ours either")

    def test_6_down(self):
        """Without --data the events stay; with it nothing is left, however many objects there are."""
        done = deploy("down", answer="no")
        self.assertIn("Delete them for good?", done.stdout)
        self.assertIn("kept", done.stdout)
        s3 = bare.client("s3")
        for number in range(1005):
            s3.put_object(Bucket=Flow(bare).bucket, Key=f"raw/{number}", Body=b"{}")
        bare.client("dynamodb").describe_table(TableName="events")
        self.assertEqual(bare.client("lambda").list_functions()["Functions"], [])
        deploy("down", "--data")
        self.assertEqual(bare.client("dynamodb").list_tables()["TableNames"], [])
        self.assertEqual([bucket["Name"] for bucket in bare.client("s3").list_buckets()["Buckets"]], [])
        self.assertEqual(bare.client("iam").list_roles()["Roles"], [])


if __name__ == "__main__":
    main()
