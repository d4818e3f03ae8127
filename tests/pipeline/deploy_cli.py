"""Every request of the deployment, and every other call of the scripts' that changes something, passes the AWS CLI's own parameter validation: run in
this Python's AWS CLI, Debian's or PyPI's, against a port where nobody listens: what gets so far as to say that has passed."""

import contextlib
import io
import json
import os
import pathlib
import re
import sys
import tempfile
import unittest

import deployed
import functions
from harness import ROOT, main

os.environ.update(AWS_DATA_PATH=str(ROOT / "deploy/models"), AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE="/dev/null", AWS_ACCESS_KEY_ID="x",
                  AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="us-east-1", AWS_PAGER="", AWS_MAX_ATTEMPTS="1")
import awscli.clidriver  # noqa: E402


def aws(*words):
    """What it said."""
    out, err = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            awscli.clidriver.create_clidriver().main([str(word) for word in words])
        except SystemExit:
            pass
    return err.getvalue()


class Requests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def validate(self, file, request):
        _, service, operation, *_ = file.split(".")
        request, options = dict(request), []
        for member, option, form in (("Code", "--zip-file", "fileb://%s"), ("Body", "--body", "%s")):
            if member in request:
                blob = request.pop(member)
                (self.folder / "blob").write_bytes(functions.package() if member == "Code" else blob)
                options += [option, form % (self.folder / "blob")]
        (self.folder / "input.json").write_text(json.dumps(request))
        return aws(service, operation, "--cli-input-json", f"file://{self.folder}/input.json", *options, "--endpoint-url", "http://127.0.0.1:1")

    def test_each_request(self):
        count = 0
        for file, _, _, request in deployed.requests():
            with self.subTest(file=file):
                self.assertIn("Could not connect", self.validate(file, request))
                count += 1
        self.assertGreater(count, 35)

    def test_what_is_wrong_is_found(self):
        """The validation is one: a wrong type and an unknown member are told."""
        by_name = {file: request for file, _, _, request in deployed.requests()}
        for change in ({"BillingMode": 5}, {"KeySchema": [{"NoSuchMember": "x"}]}):
            said = self.validate("40.dynamodb.create-table.json", {**by_name["40.dynamodb.create-table.json"], **change})
            self.assertIn("Parameter validation failed", said)

    def test_every_operation_of_the_scripts_is_one(self):
        """call, look, attempt and patiently name operations that the CLI has."""
        text = "".join((ROOT / "deploy" / name).read_text() for name in ("up", "status", "down", "lib/common.sh", "lib/resources.sh"))
        services = "s3api|logs|iam|dynamodb|lambda|stepfunctions|cloudwatch|sts"
        calls = set(re.findall(rf"\b({services}) (?!wait )([a-z][a-z-]+[a-z0-9]) (?=--|\\)", text))
        self.assertGreater(len(calls), 40)
        driver = awscli.clidriver.create_clidriver()
        for service, operation in sorted(calls):
            commands = driver.subcommand_table[service].subcommand_table if hasattr(driver, "subcommand_table") else driver._get_command_table()[service]._get_command_table()
            self.assertIn(operation, commands, service)


if __name__ == "__main__":
    main()
