"""The pipeline's functions linked into the server do what their processes do: the same events both ways leave the same rows, objects, log lines and metrics, but for
ids and times. And only their own packages are linked."""

import base64
import gzip
import json
import os
import re
import time
import unittest

from flows import Flow
from functions import package
from harness import Server, main, wait_for

FUNCTIONS = ("collect_to_s3", "parse_validate")


def event(number, **more):
    return {"type": "click", "event_id": f"event-{number}", "timestamp": "2025-06-01T12:00:00Z", "user_id": f"user-{number % 3}", "properties": {"element": "buy"}, **more}


def masked(text, server):
    """Without what differs between any two servers or any two moments."""
    for pattern, mask in ((server.account, "ACCOUNT"), (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "UUID"), (r"\b01[0-9A-HJKMNP-TV-Z]{24}\b", "ULID"),
                          (r"year=\d+/month=\d+/day=\d+/hour=\d+", "HOUR"), (r"(?!2025-06-01)20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
                          (r"\b1[789]\d{11}\b", "MS"), (r"\b1[789]\d{8}\b", "SECONDS"), (r'("EndToEndLatency":)\d+', r"\1MS"), (r"\tInit Duration: [\d.]+ ms", ""),
                          (r"Duration: [\d.]+ ms", "Duration: MS"), (r"Max Memory Used: \d+ MB", "Max Memory Used: MB")):
        text = re.sub(pattern, mask, text)
    return text


def children(server):
    """The names of the server's child processes."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            status = open(f"/proc/{name}/status").read()
        except OSError:
            continue
        if f"\nPPid:\t{server.process.pid}\n" in status:
            found.append(status.split("\n", 1)[0].split("\t")[1])
    return found


class Way:
    """One of the two, and all that it was sent."""

    def __init__(self, functions):
        self.server = Server("--functions", functions)
        self.flow = Flow(self.server)
        self.answers = []

    def send(self, body, **more):
        status, headers, answer = self.server.send(body, **more)
        shown = {name: value for name, value in headers.items() if name not in ("date", "x-amzn-requestid", "content-length", "retry-after")}
        text = answer.decode() if isinstance(answer, bytes) else json.dumps(answer)
        self.answers.append([status, shown, masked(text, self.server)])
        return answer

    def invoke(self, function, payload):
        answer = self.flow.lambda_.invoke(FunctionName=function, Payload=payload, LogType="Tail")
        tail = base64.b64decode(answer["LogResult"]).decode()
        self.answers.append([answer.get("FunctionError"), masked(answer["Payload"].read().decode(), self.server), masked(tail, self.server)])

    def run(self):
        one = event(1)
        first = self.send(one)
        self.flow.row(one)  # so that what comes again comes later
        self.send(one)
        self.send([event(2), event(3, properties={}), event(4, type="never_heard_of"), event(2)])
        self.send("\n".join(json.dumps(event(number)) for number in range(10, 40)).encode(), headers={"content-type": "application/x-ndjson"})
        self.send(gzip.compress(json.dumps(event(5)).encode()), headers={"content-encoding": "gzip"})
        self.send(b"{nonsense")
        self.send([])
        self.send(event(6), key="not a key")
        self.send(event(7), key=False)
        self.send(None, method="GET")
        self.send(None, method="OPTIONS", headers={"origin": "https://shop.example", "access-control-request-method": "POST"})
        self.send(None, path="/v1/health", method="GET")
        self.send(None, path="/v1/elsewhere", method="GET")
        self.send({"batch": [{"type": "track", "event": "signup", "messageId": "m1", "userId": "u9", "timestamp": "2025-06-01T12:00:00Z", "properties": {"plan": "a"}}],
                   "writeKey": self.server.write_key}, path="/v1/batch", key=False)
        self.invoke("collect_to_s3", json.dumps(event(8)))
        self.invoke("collect_to_s3", "[]")
        self.invoke("parse_validate", json.dumps({"bucket": self.flow.bucket, "key": first["key"]}))
        self.invoke("parse_validate", json.dumps({"bucket": self.flow.bucket, "key": "raw/year=2025/absent.json"}))
        self.invoke("parse_validate", json.dumps({"bucket": "another", "key": "raw/x.json"}))
        self.counts = self.flow.settled_counts()

    def rows(self):
        return sorted(masked(json.dumps(row, sort_keys=True), self.server) for row in self.flow.rows())

    def objects(self):
        return sorted([masked(key, self.server), masked(self.flow.object(key), self.server)] for prefix in ("raw/", "quarantine/", "failed/") for key in self.flow.keys(prefix))

    def lines(self, function):
        return sorted(masked(line, self.server) for line in self.flow.logs(function))

    def lambda_metrics(self, function):
        """Counted as they arrive, some seconds after what they count."""
        names = {metric["MetricName"] for metric in self.flow.metrics.list_metrics(Namespace="AWS/Lambda", Dimensions=[{"Name": "FunctionName", "Value": function}])["Metrics"]}
        return names, {name: self.sum(name, function) for name in ("Invocations", "Errors")}

    def sum(self, name, function):
        now = time.time()
        points = self.flow.metrics.get_metric_statistics(Namespace="AWS/Lambda", MetricName=name, Period=60, Statistics=["Sum"], StartTime=now - 3600, EndTime=now + 120,
                                                         Dimensions=[{"Name": "FunctionName", "Value": function}])["Datapoints"]
        return sum(point["Sum"] for point in points)


process, linked = Way("process"), Way("linked")
for way in (process, linked):
    way.run()


class Linked(unittest.TestCase):
    maxDiff = 4000

    def test_1_where_they_run(self):
        self.assertEqual(set(children(process.server)), {"bootstrap"})
        self.assertEqual(children(linked.server), [])

    def test_2_answers(self):
        for one, other in zip(linked.answers, process.answers, strict=True):
            with self.subTest(answer=other):
                self.assertEqual(one, other)

    def test_3_rows(self):
        self.assertGreater(len(process.rows()), 30)
        self.assertEqual(linked.rows(), process.rows())

    def test_4_objects(self):
        self.assertGreater(len(process.objects()), 8)
        self.assertEqual(linked.objects(), process.objects())

    def test_5_log_lines(self):
        for function in FUNCTIONS:
            self.assertGreater(len(process.lines(function)), 15)
            self.assertEqual(linked.lines(function), process.lines(function))

    def test_6_metrics(self):
        self.assertEqual(linked.counts, process.counts)
        for function in FUNCTIONS:
            self.assertEqual(linked.lambda_metrics(function), process.lambda_metrics(function))

    def test_7_a_configuration_that_is_wrong(self):
        """The function refuses to start, and says why to whoever invokes it."""
        payloads = []
        for way in (process, linked):
            way.flow.lambda_.update_function_configuration(FunctionName="parse_validate", Environment={"Variables": {"BUCKET": way.flow.bucket}})
            answer = way.flow.lambda_.invoke(FunctionName="parse_validate", Payload="{}", LogType="Tail")
            payloads.append([answer.get("FunctionError"), json.loads(answer["Payload"].read()), masked(base64.b64decode(answer["LogResult"]).decode(), way.server)])
        self.assertEqual(payloads[0], payloads[1])
        self.assertIn("TABLE", payloads[0][1]["errorMessage"])

    def test_8_other_code_is_a_process(self):
        """A package of its own, and the pipeline's own package where its variables lead its calls elsewhere."""
        lambda_ = linked.flow.lambda_
        lambda_.update_function_code(FunctionName="parse_validate", ZipFile=package())
        answer = lambda_.invoke(FunctionName="parse_validate", Payload=json.dumps({"do": "environment", "names": ["AWS_LAMBDA_FUNCTION_NAME"]}))
        self.assertEqual(json.loads(answer["Payload"].read()), {"AWS_LAMBDA_FUNCTION_NAME": "parse_validate"})
        self.assertTrue(wait_for("the function's process", lambda: children(linked.server)))
        variables = lambda_.get_function_configuration(FunctionName="collect_to_s3")["Environment"]["Variables"]
        lambda_.update_function_configuration(FunctionName="collect_to_s3", Environment={"Variables": {**variables, "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"}})
        self.assertEqual(linked.server.send(event(9))[0], 503, "its calls go where its variables say")


if __name__ == "__main__":
    main()
