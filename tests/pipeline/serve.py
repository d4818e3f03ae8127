"""`event-pipeline serve` as a person meets it: options, what it prints, where it keeps things, how it ends and begins again."""

import json
import os
import re
import stat
import subprocess
import tempfile
import unittest
import urllib.request

from flows import Flow
from harness import PROGRAM, Server, main, wait_for

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Serve(unittest.TestCase):
    def test_first_start_and_second(self):
        """The first start makes an account and deploys; the second finds all in place, with what was stored, in well under a second."""
        with tempfile.TemporaryDirectory() as folder:
            first = Server(data=folder)
            self.assertEqual(first.send({"type": "click", "event_id": "e1", "user_id": "u1", "properties": {"element": "buy"}})[0], 200)
            row = Flow(first).row({"event_id": "e1", "user_id": "u1"})
            self.assertEqual(first.stop(), 0, "Ctrl-C ends it cleanly")
            second = Server(data=folder)
            self.assertLess(second.ready_s, 1.0)
            self.assertEqual((second.account, second.write_key, second.access_key), (first.account, first.write_key, first.access_key))
            self.assertEqual(Flow(second).row({"event_id": "e1", "user_id": "u1"}), row)
            second.stop()

    def test_credentials(self):
        """An AWS profile for its owner alone; the CLI works with it."""
        server = Server("--empty")
        path = server.folder / "data/credentials"
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        profile = re.search(r"^\[([^\]]+)\]", path.read_text(), re.M)[1]
        environment = {**server.environment(AWS_PROFILE=profile, AWS_SHARED_CREDENTIALS_FILE=str(path))}
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del environment[name]
        done = subprocess.run(["/usr/bin/aws", "--endpoint-url", server.endpoint, "sts", "get-caller-identity"], capture_output=True, text=True, env=environment)
        self.assertEqual(json.loads(done.stdout)["Account"], server.account, done.stderr)
        server.close()

    def test_what_it_prints_works_as_it_stands(self):
        """Without --json it prints for people: the curl line stores an event, and the aws line finds it."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_") and "proxy" not in name.lower()}
        environment["PATH"] = "/usr/bin:/bin"
        with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "printed"), "wb") as printed:
            process = subprocess.Popen([str(PROGRAM), "serve", "--data", "data", "--port", "0", "--events-port", "0"], cwd=folder, env=environment, stdout=printed)
            try:
                def lines():
                    with open(printed.name) as file:
                        text = file.read().replace("\\\n", " ")
                    found = [re.search(f"^.*?((?:[A-Z_]+=\\S+ )*{word}.*)$", text, re.M) for word in ("curl ", "aws .*dynamodb query")]
                    return all(found) and [match[1] for match in found]

                curl, aws = wait_for("a curl and an aws line", lines)
                done = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, cwd=folder, env=environment)
                self.assertIn('"ids"', done.stdout, f"{curl}: {done.stderr}")

                def count():
                    asked = subprocess.run(["bash", "-c", aws], capture_output=True, text=True, cwd=folder, env=environment)
                    self.assertEqual(asked.returncode, 0, f"{aws}: {asked.stderr}")
                    return json.loads(asked.stdout)["Count"]

                wait_for("the event that curl sent", count)
            finally:
                process.send_signal(2)
                process.wait(20)

    def test_health(self):
        server = Server("--ephemeral", "--empty")
        answer = opener.open(server.endpoint + "/_localcloud/health")
        self.assertEqual(answer.status, 200)
        self.assertIsInstance(json.loads(answer.read()), dict)
        server.close()

    def test_ephemeral_leaves_nothing(self):
        before = set(os.listdir(tempfile.gettempdir()))
        server = Server("--ephemeral", "--empty")
        server.stop()
        server.close()
        left = [name for name in set(os.listdir(tempfile.gettempdir())) - before if "localcloud" in name or name.startswith("event-pipeline")]
        self.assertEqual(left, [])

    def test_further_accounts(self):
        """Each account has its own resources; one doesn't see the other's."""
        server = Server("--ephemeral", "--empty", "--account", "222222222222:AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        own = dict(aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        self.assertEqual(server.client("sts", **own).get_caller_identity()["Account"], "222222222222")
        server.client("dynamodb").create_table(TableName="mine", BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
                                               KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}])
        self.assertEqual(server.client("dynamodb", **own).list_tables()["TableNames"], [])
        self.assertEqual(server.client("dynamodb", region_name="eu-west-1").list_tables()["TableNames"], [])
        self.assertEqual(server.client("dynamodb").list_tables()["TableNames"], ["mine"])
        server.close()

    def test_starts_fast_when_empty(self):
        """A test suite can have an AWS of its own in milliseconds."""
        times = []
        for _ in range(3):
            server = Server("--ephemeral", "--empty")
            times.append(server.ready_s)
            server.close()
        self.assertLess(min(times), 0.5)

    def test_bad_options_are_told(self):
        for options in (["--port", "x"], ["--no-such-option"], ["--account", "12"]):
            done = subprocess.run([str(PROGRAM), "serve", "--ephemeral", *options], capture_output=True, text=True, timeout=20)
            self.assertNotEqual(done.returncode, 0, options)
            self.assertTrue(done.stderr or done.stdout)


if __name__ == "__main__":
    main()
