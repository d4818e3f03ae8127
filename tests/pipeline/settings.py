"""deploy/settings.json is the deployment's: what it says, localcloud's own first start brings about (deploy/up: both_ways.py); and deploy/cost counts."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import uuid

from flows import Flow
from harness import BUILD, ROOT, Server, main


class Settings(unittest.TestCase):
    def test_they_are_brought_about(self):
        """Another type of state machine, which carries events as well, other retention, reserved concurrency, addresses kept in part."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        tree = pathlib.Path(folder.name)
        for name in ("deploy", "pipeline"):
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("*.cpp", "*.hpp"))
        path = tree / "deploy/settings.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "StateMachineType": "STANDARD", "RawDays": 7, "RowDays": 3, "EventsMin": 12, "CollectConcurrency": 5,
                                    "Address": "truncate", "UserAgent": "keep"}))
        server = Server("--deployment", str(tree), "--packages", str(BUILD / "dist"))
        self.addCleanup(server.close)
        flow = Flow(server)
        self.assertEqual(flow.stepfunctions.describe_state_machine(stateMachineArn=flow.state_machine)["type"], "STANDARD")
        self.assertEqual(flow.s3.get_bucket_lifecycle_configuration(Bucket=flow.bucket)["Rules"][0]["Expiration"], {"Days": 7})
        self.assertEqual(flow.metrics.describe_alarms(AlarmNames=["event-pipeline-no-events"])["MetricAlarms"][0]["Threshold"], 12)
        self.assertEqual(flow.lambda_.get_function_concurrency(FunctionName="collect_to_s3")["ReservedConcurrentExecutions"], 5)
        self.assertNotIn("ReservedConcurrentExecutions", flow.lambda_.get_function_concurrency(FunctionName="parse_validate"))
        event = {"type": "click", "event_id": str(uuid.uuid4()), "user_id": "settings", "properties": {"element": "buy"}}
        self.assertEqual(server.send(event, headers={"user-agent": "settings/1.0"})[0], 200)
        row = flow.row(event)
        self.assertEqual(row["address"], "127.0.0.0")
        line = json.loads(flow.object(row["raw"].split("#")[0]))
        self.assertEqual((line["address"], line["user_agent"]), ("127.0.0.0", "settings/1.0"))
        self.assertLess(int(row["expires_at"]) - 3 * 86400 - 60, time.time())

    def test_cost_counts_what_is_billed(self):
        """Of 200 events in two requests: two objects, two executions, four invocations, two write units a row."""
        done = subprocess.run([str(ROOT / "deploy/cost"), "--events", "200", "--batch", "100"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[-800:])
        counted = {name.strip(): number for name, number in re.findall(r"^  (\S.*?)  +([\d,.]+) +[\d.]+ \$$", done.stdout, re.M)}
        for name, number in {"S3: PUT": "10,000.00", "Step Functions EXPRESS: requests": "10,000.00", "Lambda: requests": "20,000.00",
                             "DynamoDB: write units": "2,000,000.00", "DynamoDB: read units": "0.00"}.items():
            self.assertEqual(counted.get(name), number, f"{name} in {done.stdout}")
        self.assertIn("50,000 transitions", done.stdout)


if __name__ == "__main__":
    main()
