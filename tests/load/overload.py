"""More work than the server takes on: each service refuses in its own words, what is in hand finishes, memory stays bounded, and everything acknowledged is there."""

import base64
import concurrent.futures
import hashlib
import json
import select
import threading
import time
import unittest

from harness import Server, main, wait_for
from client import ask, connect, dynamodb, receive, resident_mib, signed

MIB = 1 << 20
MEMORY_MIB = 256  # what ServerOptions::memory_bytes_max says
SMALL = 9000  # more than what is taken on without being counted
PADDING = b"p" * 2 * SMALL  # more than what is left where SMALL doesn't fit
MD5_OF_PADDING = base64.b64encode(hashlib.md5(PADDING).digest()).decode()


def is_answered(connection, within_s=0.1):
    """Within so short a time that the first of fifty aren't cut as slow before the last is there."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(within_s * 1000))


class Overload(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        create = {"TableName": "load", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                  "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]}
        assert ask(cls.server, dynamodb(cls.server, "CreateTable", json.dumps(create).encode())).status == 200
        assert ask(cls.server, signed(cls.server, "s3", method="PUT", path="/load")).status == 200

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def put(self, key, value):
        return dynamodb(self.server, "PutItem", json.dumps({"TableName": "load", "Item": {"pk": {"S": key}, "v": {"S": value}}}).encode())

    def get(self, key):
        answer = ask(self.server, dynamodb(self.server, "GetItem", json.dumps({"TableName": "load", "ConsistentRead": True, "Key": {"pk": {"S": key}}}).encode()))
        return json.loads(answer.body).get("Item")

    def fill_memory(self):
        """Requests that are whole but for a byte, large ones, then ever smaller ones, until not even those are taken on."""
        held = []
        for size in (12 * MIB, MIB, 100_000, SMALL):
            while True:
                key = f"held-{len(held)}"
                # White space makes the body large, not the item.
                body = json.dumps({"TableName": "load", "Item": {"pk": {"S": key}, "v": {"S": "held"}}}).encode().ljust(size)
                request = dynamodb(self.server, "PutItem", body)
                connection = connect(self.server)
                connection.sendall(request[:-1])
                if is_answered(connection):
                    connection.close()
                    break
                held.append((key, connection, request[-1:]))
        return held

    def test_each_service_in_its_own_words(self):
        throttled = {
            "dynamodb": (dynamodb(self.server, "PutItem", PADDING), 400, b"ThrottlingException"),
            "states": (signed(self.server, "states", PADDING, headers={"x-amz-target": "AWSStepFunctions.StartExecution"}), 400, b"ThrottlingException"),
            "logs": (signed(self.server, "logs", PADDING, headers={"x-amz-target": "Logs_20140328.PutLogEvents"}), 400, b"ThrottlingException"),
            "monitoring": (signed(self.server, "monitoring", PADDING, headers={"content-type": "application/x-www-form-urlencoded"}), 400, b"<Code>Throttling</Code>"),
            "iam": (signed(self.server, "iam", PADDING, headers={"content-type": "application/x-www-form-urlencoded"}), 400, b"<Code>Throttling</Code>"),
            "sts": (signed(self.server, "sts", PADDING, headers={"content-type": "application/x-www-form-urlencoded"}), 400, b"<Code>Throttling</Code>"),
            "lambda": (signed(self.server, "lambda", PADDING, path="/2015-03-31/functions/parse_validate/invocations"), 429, b"Rate exceeded"),
            "s3": (signed(self.server, "s3", PADDING, path="/load", query="delete=", headers={"content-md5": MD5_OF_PADDING}), 503, b"<Code>SlowDown</Code>"),
        }
        held = self.fill_memory()
        answers = {service: ask(self.server, request) for service, (request, _, _) in throttled.items()}
        collector = self.server.send([{"type": "click", "user_id": "u", "properties": {"element": "b" * 2 * SMALL}}])
        self.assertGreaterEqual(len(held), MEMORY_MIB // 16 - 1)
        for service, (_, status, words) in throttled.items():
            with self.subTest(service):
                self.assertEqual(status, answers[service].status, answers[service].body)
                self.assertIn(words, answers[service].body)
        with self.subTest("collector"):
            self.assertEqual(429, collector[0], collector)
            self.assertEqual("1", collector[1].get("retry-after"))
        with self.subTest("what is little is taken on"):
            self.assertEqual(200, ask(self.server, self.put("little", "v")).status)
        statuses = []
        for _, connection, missing in held:
            connection.sendall(missing)
            statuses.append(receive(connection).status)
            connection.close()
        self.assertGreaterEqual(statuses.count(200), MEMORY_MIB // 16 - 1)
        for (key, _, _), status in zip(held, statuses):
            if status == 200:
                self.assertIsNotNone(self.get(key))
        self.assertEqual(200, ask(self.server, self.put("after", "v" * SMALL)).status)

    def test_everything_acknowledged_is_there(self):
        """Sixty-four writers of large items beside those who fill the memory; then kill -9."""
        before_mib, peak_mib, ended = resident_mib(self.server), 0, threading.Event()

        def watch():
            nonlocal peak_mib
            while not ended.is_set():
                peak_mib = max(peak_mib, resident_mib(self.server))
                time.sleep(0.02)

        def write(number):
            value = hashlib.sha256(str(number).encode()).hexdigest() * 4000  # 256 KB
            for attempt in range(200):
                answer = ask(self.server, self.put(f"item-{number}", value), timeout=60)
                if answer.status == 200:
                    return number, attempt
                if b"ThrottlingException" not in answer.body:
                    return number, f"{answer.status} {answer.body[:200]}"
                time.sleep(0.05)
            return number, "never let in"

        watcher = threading.Thread(target=watch)
        watcher.start()
        held = self.fill_memory()
        release = threading.Timer(1, lambda: [connection.close() for _, connection, _ in held])
        release.start()
        with concurrent.futures.ThreadPoolExecutor(64) as writers:
            written = list(writers.map(write, range(400)))
        ended.set()
        watcher.join()
        self.assertEqual([], [outcome for outcome in written if isinstance(outcome[1], str)])
        refused = sum(attempts for _, attempts in written)
        print(f"# {len(written)} items of 256 KB written, {refused} times refused; {before_mib:.0f} MiB in memory before, {peak_mib:.0f} at most", flush=True)
        self.assertGreater(refused, 0)
        self.assertLess(peak_mib - before_mib, MEMORY_MIB * 2)
        self.server.kill()
        self.server.start()
        for number, _ in written:
            item = self.get(f"item-{number}")
            self.assertEqual(hashlib.sha256(str(number).encode()).hexdigest() * 4000, item["v"]["S"])


class Executions(unittest.TestCase):
    """Executions that wait hold what they were given: they are bounded by that, whatever their number."""
    MIB_OF_ALL = 128  # serve --memory
    WAIT_S = 30

    @classmethod
    def setUpClass(cls):
        cls.server = Server("--memory", str(cls.MIB_OF_ALL))
        cls.states = cls.server.client("stepfunctions")
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        role = cls.server.client("iam").create_role(RoleName="waits", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": cls.WAIT_S, "End": True}}}
        cls.standard, cls.express = (cls.states.create_state_machine(name=kind, type=kind, roleArn=role, definition=json.dumps(wait))["stateMachineArn"]
                                     for kind in ("STANDARD", "EXPRESS"))

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def start(self, machine, given, name=None):
        body = {"stateMachineArn": machine, "input": given, **({"name": name} if name else {})}
        return ask(self.server, signed(self.server, "states", json.dumps(body).encode(), headers={"x-amz-target": "AWSStepFunctions.StartExecution"}))

    def test_are_bounded_by_what_they_hold(self):
        largest = "[" + ",".join(["0"] * 100_000) + "]"  # 200 KB of text, forty bytes in memory for two of it
        before_mib = resident_mib(self.server)
        answers = [self.start(self.standard, largest, f"waits-{number}") for number in range(20)]
        answers += [self.start(self.standard, "{}", f"small-{number}") for number in range(1000)]
        peak_mib = resident_mib(self.server)
        taken_on = [json.loads(answer.body)["executionArn"] for answer in answers if answer.status == 200]
        refused = [answer.body for answer in answers if answer.status != 200]
        print(f"# {len(taken_on)} executions taken on, {len(refused)} refused; {before_mib:.0f} MiB in memory before, {peak_mib:.0f} after", flush=True)
        self.assertLess(peak_mib - before_mib, self.MIB_OF_ALL)
        self.assertGreater(len(taken_on), 2)
        self.assertTrue(refused)
        for body in refused:
            self.assertIn(b"ExecutionLimitExceeded", body)
        answer = self.start(self.express, largest)
        self.assertEqual((400, "ThrottlingException"), (answer.status, json.loads(answer.body)["__type"]))
        # What was taken on runs to its end, also when the server starts again with more of it than it would take on.
        self.server.kill()
        self.server.start()
        states = self.server.client("stepfunctions")
        wait_for("the executions' ends", lambda: not states.list_executions(stateMachineArn=self.standard, statusFilter="RUNNING")["executions"], self.WAIT_S + 60)
        for arn in taken_on[:100]:
            self.assertEqual("SUCCEEDED", states.describe_execution(executionArn=arn)["status"])
        self.assertEqual(200, self.start(self.standard, largest, "after").status)


if __name__ == "__main__":
    main()
