"""The deployment's files by themselves, without a server: AWS's own models, and linters where they can be had, find nothing to say."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import botocore.loaders
import botocore.model
import botocore.validate

import clients
import deployed
from harness import ROOT, main


class Requests(unittest.TestCase):
    def test_each_request_is_what_its_operation_takes(self):
        """botocore's parameter validation: names, types, required members, lengths."""
        loader = botocore.loaders.Loader(extra_search_paths=[str(ROOT / "deploy/models")])
        count = 0
        for file, service, operation, request in deployed.requests():
            with self.subTest(file=file):
                model = botocore.model.ServiceModel(loader.load_service_model(service, "service-2"), service)
                report = botocore.validate.ParamValidator().validate(request, model.operation_model(operation).input_shape)
                self.assertFalse(report.has_errors(), report.generate_report())
                count += 1
        self.assertGreater(count, 30)

    def test_each_resource_that_can_have_a_tag_has_ours(self):
        """A resource without it would never be recognised as ours again."""
        for file, service, operation, request in deployed.requests(prefix="p-1"):
            if operation in ("CreateLogGroup", "CreateRole", "CreateTable", "CreateFunction", "CreateStateMachine", "PutMetricAlarm", "PutBucketTagging"):
                with self.subTest(file=file):
                    self.assertIn("event-pipeline", json.dumps(request.get("Tags") or request.get("tags") or request.get("Tagging")))
                    self.assertIn("p-1", json.dumps(request.get("Tags") or request.get("tags") or request.get("Tagging")))

    def test_no_placeholder_is_left(self):
        for file, _, _, request in deployed.requests():
            for name in deployed.placeholders():
                self.assertNotIn("${%s}" % name, json.dumps(request, default=deployed.printable), file)

    def test_another_prefix_shares_no_name(self):
        """Two deployments in one account are apart: every name and ARN differs."""
        first, second = list(deployed.requests()), list(deployed.requests(prefix="second"))
        for (file, _, _, one), (_, _, _, other) in zip(first, second):
            for name in ("Bucket", "RoleName", "TableName", "FunctionName", "name", "logGroupName", "DashboardName", "AlarmName"):
                if name in one:
                    self.assertNotEqual(one[name], other[name], file)


class StateMachine(unittest.TestCase):
    def definition(self):
        return json.loads(next(request for _, _, operation, request in deployed.requests() if operation == "CreateStateMachine")["definition"])

    def test_every_task_is_retried_with_jitter_and_caught(self):
        for name, state in self.definition()["States"].items():
            if state["Type"] == "Task":
                self.assertTrue(all(retry["JitterStrategy"] == "FULL" and retry["BackoffRate"] > 1 for retry in state["Retry"]), name)
                if name != "record_failed":
                    self.assertEqual(state["Catch"][0]["ErrorEquals"], ["States.ALL"], name)

    def test_asl_validator_accepts_it(self):
        why = clients.javascript()
        if why:
            self.skipTest(why)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "definition.json"
            path.write_text(json.dumps(self.definition()))
            done = subprocess.run([str(clients.node()), str(clients.CLIENTS / "node_modules/asl-validator/dist/bin/asl-validator.js"),
                                   "--json-path", str(path)], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Policies(unittest.TestCase):
    def policies(self):
        text = deployed.fill((ROOT / "pipeline/iam_policies.json").read_text(), deployed.placeholders())
        return json.loads(text)

    def test_no_action_and_no_resource_is_a_wildcard(self):
        """Least privilege: an action is one action; only log delivery, which knows no resources, has the resource *."""
        for role, documents in self.policies().items():
            for statement in documents["permissions"]["Statement"]:
                for action in [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]:
                    self.assertNotIn("*", action, role)
                resources = [statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]
                if statement["Sid"] != "DeliverItsLogWhichKnowsNoResource":
                    self.assertNotIn("*", resources, f'{role} {statement["Sid"]}')

    def test_parliament_finds_nothing(self):
        """Summit Route's linter of policies, from PyPI."""
        program = clients.CLIENTS / "python/bin/parliament"
        if not program.exists():
            why = clients.fetch([str(clients.PYTHON), "-m", "pip", "install", "--quiet", "parliament", "setuptools<81"])
            if why:
                self.skipTest(why)
        for role, documents in self.policies().items():
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "policy.json"
                path.write_text(json.dumps(documents["permissions"]))
                done = subprocess.run([str(program), "--file", str(path)], capture_output=True, text=True)
                with self.subTest(role=role):
                    # It doesn't know that log delivery has no resources of its own to name.
                    found = [line for line in done.stdout.splitlines() if "RESOURCE_STAR" not in line]
                    self.assertEqual(found, [], done.stderr[-300:])


# An AWS CLI of an empty account: it says that nothing is there, and keeps what it is given to do.
EMPTY_ACCOUNT = r"""#!/bin/bash
[ "$1" != --version ] || { echo aws-cli/2.9.19; exit; }
while [[ $1 = --* ]]; do shift 2; done
absent() { echo "An error occurred ($1) when calling it: Not Found" >&2; exit 254; }
case "$1 $2" in
  "configure get") ;;
  "sts get-caller-identity") echo '{"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:root"}' ;;
  "s3api head-bucket") absent 404 ;;
  "s3api get-public-access-block") absent NoSuchPublicAccessBlockConfiguration ;;
  "s3api get-bucket-encryption") absent ServerSideEncryptionConfigurationNotFoundError ;;
  "s3api get-bucket-lifecycle-configuration") absent NoSuchLifecycleConfiguration ;;
  "s3api get-object") absent NoSuchKey ;;
  "iam get-role" | "iam get-role-policy") absent NoSuchEntity ;;
  "stepfunctions describe-state-machine") absent StateMachineDoesNotExist ;;
  "cloudwatch get-dashboard") absent ResourceNotFound ;;
  *" describe-alarms" | *" describe-log-groups") echo null ;;
  *" describe-"* | *" get-"*) absent ResourceNotFoundException ;;
  *) while [ $# -gt 2 ] && [ "$3" != --cli-input-json ]; do set -- "$1" "$2" "${@:4}"; done
     [ -z "${4:-}" ] || { number=$(ls "$GIVEN" | wc -l); cp "${4#file://}" "$GIVEN/$(printf %03d "$number").$1.$2"; } ;;
esac
"""


class Scripts(unittest.TestCase):
    def up(self, *options, **variables):
        """What deploy/up gives to the CLI for an empty account: service, operation, input, in order."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        base = pathlib.Path(folder.name)
        for name in ("bin", "given", "packages"):
            (base / name).mkdir()
        (base / "bin/aws").write_text(EMPTY_ACCOUNT)
        (base / "bin/aws").chmod(0o755)
        for name in ("collect_to_s3", "parse_validate"):
            (base / f"packages/{name}.zip").write_bytes(b"a package")
        tree = base / "tree"
        for name in ("deploy", "pipeline"):
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("*.cpp", "*.hpp"))
        environment = {"PATH": f"{base}/bin:{os.environ['PATH']}", "GIVEN": f"{base}/given", "EVENT_PIPELINE_PACKAGES": f"{base}/packages", **variables}
        done = subprocess.run([str(tree / "deploy/up"), *options], capture_output=True, text=True, env=environment)
        self.assertEqual(done.returncode, 0, done.stdout[-500:] + done.stderr)
        for path in sorted((base / "given").iterdir()):
            _, service, operation = path.name.split(".")
            yield service.replace("s3api", "s3"), "".join(word.capitalize() for word in operation.split("-")), json.loads(path.read_text())

    def test_up_sends_what_localcloud_carries_out(self):
        """Placeholders, references, numbers and settings are read alike by the shell and by everyone else; blobs go beside the input."""
        for options, who in (((), {}), (("--prefix", "second", "--region", "eu-west-1"), {"prefix": "second", "region": "eu-west-1"})):
            wanted = [(service, operation, {name: value for name, value in request.items() if name not in ("Body", "Code")})
                      for _, service, operation, request in deployed.requests(**who)]
            for _, operation, request in wanted:
                if operation == "CreateBucket" and not who:
                    del request["CreateBucketConfiguration"]  # S3 takes none for us-east-1
            self.assertEqual(list(self.up(*options)), wanted)

    def test_a_variable_goes_before_the_settings(self):
        given = list(self.up(EVENT_PIPELINE_RAW_DAYS="7", EVENT_PIPELINE_STATE_MACHINE_TYPE="STANDARD", EVENT_PIPELINE_COLLECT_CONCURRENCY="5",
                             EVENT_PIPELINE_QUARANTINED_PERCENT_MAX="2.5", EVENT_PIPELINE_ARCHITECTURE="arm64"))
        inputs = {operation: request for _, operation, request in reversed(given)}
        self.assertEqual(inputs["PutBucketLifecycleConfiguration"]["LifecycleConfiguration"]["Rules"][0]["Expiration"], {"Days": 7})
        self.assertEqual(inputs["CreateStateMachine"]["type"], "STANDARD")
        self.assertEqual(inputs["PutFunctionConcurrency"], {"FunctionName": "collect_to_s3", "ReservedConcurrentExecutions": 5})
        self.assertEqual(inputs["PutMetricAlarm"]["Threshold"], 2.5)
        self.assertEqual(inputs["CreateFunction"]["Architectures"], ["arm64"])

    def test_they_are_bash_and_explain_themselves(self):
        for name in ("up", "status", "down"):
            subprocess.run(["bash", "-n", str(ROOT / "deploy" / name)], check=True)
            done = subprocess.run([str(ROOT / "deploy" / name), "--help"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0)
            self.assertIn("--endpoint-url", done.stdout)

    def test_unreachable_endpoint_says_what_to_do(self):
        environment = dict(os.environ, AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y", AWS_MAX_ATTEMPTS="1")
        done = subprocess.run([str(ROOT / "deploy/up"), "--endpoint-url", "http://127.0.0.1:1"], capture_output=True, text=True, env=environment)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("what to do: see that http://127.0.0.1:1 answers", done.stderr)

    def test_json_awk_reads_what_python_reads(self):
        """The scripts' own JSON reader, against every JSON file of the deployment and some awkward ones."""
        awkward = ['{"a":"\\"}]\\\\","b":[{},[],"",-1.5e3,true,null],"c":{"d e":"x,y:{"}}', "[]", '"x"', "12"]
        texts = [path.read_text() for folder in ("deploy", "deploy/requests", "pipeline") for path in (ROOT / folder).glob("*.json")]
        for text in texts + awkward:
            done = subprocess.run(["awk", "-f", str(ROOT / "deploy/lib/json.awk"), "-v", "mode=text"], input=text, capture_output=True, text=True)
            self.assertEqual(json.loads(done.stdout), json.loads(text))
        for text in ('{"a":}', "[1,2", '{"a" 1}', "[1] 2", '"x'):
            done = subprocess.run(["awk", "-f", str(ROOT / "deploy/lib/json.awk"), "-v", "mode=text"], input=text, capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, text)


if __name__ == "__main__":
    main()
