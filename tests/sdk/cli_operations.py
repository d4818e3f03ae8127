"""The AWS CLI against every service: Debian's 2.9.19 and PyPI's current, whichever the first argument names. The CLI is run as people run it."""

import json

import pathlib
import subprocess
import sys
import tempfile
import unittest

import functions
from harness import Server, main, wait_for

AWS = sys.argv.pop(1) if len(sys.argv) > 1 else "/usr/bin/aws"
server = Server("--empty")
folder = pathlib.Path(tempfile.mkdtemp())
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                                                             "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]}}]})
ALLOW_ALL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def aws(*words, refused=None):
    done = subprocess.run([AWS, "--endpoint-url", server.endpoint, "--output", "json", *words], capture_output=True, text=True, env=server.environment())
    if refused:
        assert done.returncode != 0 and f"({refused})" in done.stderr, f"{words}: wanted {refused}, got {done.stdout}{done.stderr}"
        return None
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr.strip()}"
    return json.loads(done.stdout) if done.stdout.strip().startswith(("{", "[")) else done.stdout.strip()


class Cli(unittest.TestCase):
    def test_identity_and_roles(self):
        self.assertEqual(aws("sts", "get-caller-identity")["Account"], server.account)
        aws("iam", "create-role", "--role-name", "cli", "--assume-role-policy-document", TRUST)
        aws("iam", "put-role-policy", "--role-name", "cli", "--policy-name", "all", "--policy-document", ALLOW_ALL)
        self.assertEqual(aws("iam", "get-role-policy", "--role-name", "cli", "--policy-name", "all")["PolicyDocument"], json.loads(ALLOW_ALL))
        aws("iam", "get-role", "--role-name", "nobody", refused="NoSuchEntity")

    def test_s3(self):
        """The high-level commands: copy up and down, sync, list, remove; multipart sizes stay out."""
        aws("s3", "mb", "s3://cli-bucket")
        (folder / "up").mkdir()
        for name in ("a.json", "b.json"):
            (folder / "up" / name).write_text(name * 1000)
        aws("s3", "cp", str(folder / "up/a.json"), "s3://cli-bucket/one/a.json")
        aws("s3", "sync", str(folder / "up"), "s3://cli-bucket/two/")
        self.assertIn("a.json", aws("s3", "ls", "s3://cli-bucket/one/"))
        aws("s3", "cp", "s3://cli-bucket/two/", str(folder / "down"), "--recursive")
        self.assertEqual((folder / "down/b.json").read_text(), "b.json" * 1000)
        self.assertEqual(len(aws("s3api", "list-objects-v2", "--bucket", "cli-bucket")["Contents"]), 3)
        aws("s3", "rb", "s3://cli-bucket", "--force")
        aws("s3api", "head-object", "--bucket", "cli-bucket", "--key", "x", refused="404")

    def test_dynamodb(self):
        aws("dynamodb", "create-table", "--table-name", "cli-table", "--billing-mode", "PAY_PER_REQUEST", "--attribute-definitions", "AttributeName=pk,AttributeType=S",
            "--key-schema", "AttributeName=pk,KeyType=HASH")
        aws("dynamodb", "wait", "table-exists", "--table-name", "cli-table")
        aws("dynamodb", "put-item", "--table-name", "cli-table", "--item", '{"pk": {"S": "a"}, "n": {"N": "1.50"}}')
        found = aws("dynamodb", "query", "--table-name", "cli-table", "--key-condition-expression", "pk = :p", "--expression-attribute-values", '{":p": {"S": "a"}}')
        self.assertEqual(found["Items"], [{"pk": {"S": "a"}, "n": {"N": "1.5"}}])
        aws("dynamodb", "describe-table", "--table-name", "nothing", refused="ResourceNotFoundException")
        aws("dynamodb", "delete-table", "--table-name", "cli-table")

    def test_lambda_and_stepfunctions(self):
        aws("iam", "create-role", "--role-name", "cli-worker", "--assume-role-policy-document", TRUST)
        aws("iam", "put-role-policy", "--role-name", "cli-worker", "--policy-name", "all", "--policy-document", ALLOW_ALL)
        arn = f"arn:aws:iam::{server.account}:role/cli-worker"
        (folder / "f.zip").write_bytes(functions.package())
        aws("lambda", "create-function", "--function-name", "cli-f", "--runtime", "provided.al2023", "--handler", "bootstrap", "--role", arn, "--zip-file", f"fileb://{folder}/f.zip")
        aws("lambda", "wait", "function-active", "--function-name", "cli-f")
        (folder / "event.json").write_text('{"hello": "you"}')
        answer = aws("lambda", "invoke", "--function-name", "cli-f", "--payload", f"fileb://{folder}/event.json", str(folder / "answer.json"))
        self.assertEqual((answer["StatusCode"], json.loads((folder / "answer.json").read_text())), (200, {"hello": "you"}))
        groups = wait_for("the function's log", lambda: aws("logs", "describe-log-groups", "--log-group-name-prefix", "/aws/lambda/cli-f")["logGroups"])
        self.assertEqual(groups[0]["logGroupName"], "/aws/lambda/cli-f")
        wait_for("its REPORT line", lambda: aws("logs", "filter-log-events", "--log-group-name", "/aws/lambda/cli-f", "--filter-pattern", "REPORT")["events"])
        machine = aws("stepfunctions", "create-state-machine", "--name", "cli-m", "--role-arn", arn, "--definition",
                      json.dumps({"StartAt": "p", "States": {"p": {"Type": "Pass", "End": True}}}))["stateMachineArn"]
        execution = aws("stepfunctions", "start-execution", "--state-machine-arn", machine, "--input", '{"a": 1}')["executionArn"]
        done = wait_for("its end", lambda: [d for d in [aws("stepfunctions", "describe-execution", "--execution-arn", execution)] if d["status"] != "RUNNING"])[0]
        self.assertEqual(json.loads(done["output"]), {"a": 1})

    def test_cloudwatch(self):
        aws("cloudwatch", "put-metric-data", "--namespace", "Cli", "--metric-name", "m", "--value", "3", "--dimensions", "a=b")
        self.assertEqual(aws("cloudwatch", "list-metrics", "--namespace", "Cli")["Metrics"][0]["Dimensions"], [{"Name": "a", "Value": "b"}])
        aws("cloudwatch", "put-metric-alarm", "--alarm-name", "cli", "--namespace", "Cli", "--metric-name", "m", "--statistic", "Sum", "--period", "60", "--evaluation-periods", "1",
            "--threshold", "1", "--comparison-operator", "GreaterThanThreshold")
        self.assertEqual(aws("cloudwatch", "describe-alarms", "--alarm-names", "cli")["MetricAlarms"][0]["AlarmName"], "cli")
        aws("cloudwatch", "put-dashboard", "--dashboard-name", "cli", "--dashboard-body", '{"widgets": []}')
        aws("cloudwatch", "delete-dashboards", "--dashboard-names", "cli")


if __name__ == "__main__":
    version = subprocess.run([AWS, "--version"], capture_output=True, text=True).stdout.split()
    print(f"# {version[0] if version else AWS}", flush=True)
    main()
