"""The deployment's files by themselves, without a server: AWS's own models, and linters where they can be had, find nothing to say."""

import json
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


class Scripts(unittest.TestCase):
    def test_they_are_bash_and_explain_themselves(self):
        for name in ("up", "status", "down"):
            subprocess.run(["bash", "-n", str(ROOT / "deploy" / name)], check=True)
            done = subprocess.run([str(ROOT / "deploy" / name), "--help"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0)
            self.assertIn("--endpoint-url", done.stdout)

    def test_unreachable_endpoint_says_what_to_do(self):
        import os
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
