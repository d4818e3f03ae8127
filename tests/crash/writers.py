"""One client for each kind of write, each with a model of what the server owes it.

A writer works alone on keys of its own, a request at a time. What was answered is in its model; of what wasn't, both outcomes are right, but no third.
check() compares, after a restart, everything that the server shows with the model, and takes over which of the outcomes it was.
"""

import base64
import hashlib
import json
import threading
import time
import urllib.parse
import xml.etree.ElementTree

from functions import package
from items import Items, Transactions
from signed import Refused, Unanswered
from writer import BUCKET, LARGE, ROLE, TABLE, Writer, one_of


class Objects(Writer):
    """S3: small bodies, which lie in the store, and large ones in files; replaced and deleted."""

    def prepare(self):
        self.keys = [f"{self.name}/{number}" for number in range(12)]
        self.model = dict.fromkeys(self.keys)  # nothing, or the MD5 that is its ETag
        self.unknown = None  # the key and what it may be now

    def step(self):
        key, what = self.chance.choice(self.keys), self.chance.random()
        body = self.chance.randbytes(self.chance.randint(0, 3000)) if what < 0.5 else self.chance.randbytes(self.chance.randint(LARGE, 5 * LARGE))
        new = None if what > 0.85 else hashlib.md5(body).hexdigest()
        self.unknown = key, new
        if new is None:
            self.wire.s3("DELETE", f"/{BUCKET}/{key}")
        else:
            etag = self.wire.s3("PUT", f"/{BUCKET}/{key}", body=body)[1]["ETag"]
            assert etag == f'"{new}"', etag
        self.model[key], self.unknown = new, None

    def check(self):
        wrong, listed = [], {}
        answer = xml.etree.ElementTree.fromstring(self.wire.s3("GET", f"/{BUCKET}", {"list-type": "2", "prefix": self.name + "/"}.items())[2])
        space = {"s3": "http://s3.amazonaws.com/doc/2006-03-01/"}
        for entry in answer.findall("s3:Contents", space):
            listed[entry.find("s3:Key", space).text] = entry.find("s3:ETag", space).text.strip('"')
        for key in self.keys:
            try:
                _, headers, body = self.wire.s3("GET", f"/{BUCKET}/{key}")
                found = hashlib.md5(body).hexdigest()
                wrong += one_of(f"the ETag of {key}", headers["ETag"].strip('"'), [found])
            except Refused as error:
                found = None if error.status == 404 else str(error)
            wrong += one_of(f"{key} in the list", listed.get(key), [found])
            wrong += one_of(key, found, [self.model[key]] + ([self.unknown[1]] if self.unknown and self.unknown[0] == key else []))
            self.model[key] = found
        self.unknown = None
        return wrong


class Executions(Writer):
    """Step Functions: executions that write a row each. An acknowledged one runs to its end, once; its task may run again where a crash met it."""

    kinds = ("STANDARD", "EXPRESS")

    def prepare(self):
        self.kind = self.kinds[self.number % 2]
        retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 20, "BackoffRate": 1}]
        task = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "ResultPath": None, "Retry": retry, "Parameters": {
            "TableName": TABLE, "Key": {"pk": {"S": self.name}, "sk": {"S.$": "$.name"}}, "UpdateExpression": "ADD runs :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}}}}
        definition = {"StartAt": "Begin", "States": {"Begin": {"Type": "Pass", "Next": "Write"}, "Write": {**task, "Next": "End"}, "End": {"Type": "Succeed"}}}
        self.machine = self.wire.states("CreateStateMachine", name=self.name, type=self.kind, definition=json.dumps(definition),
                                        roleArn=self.stage.role)["stateMachineArn"]
        self.started, self.unknown, self.count, self.crashes = {}, [], 0, 0

    def step(self):
        self.count += 1
        name = f"e{self.count}"
        self.unknown.append(name)
        self.started[name] = self.wire.states("StartExecution", stateMachineArn=self.machine, name=name, input=json.dumps({"name": name}))["executionArn"]
        self.unknown.pop()

    def check(self):
        self.crashes += 1
        return []

    def check_at_end(self):
        until, left, wrong = time.monotonic() + 30, set(self.started), []
        while left and time.monotonic() < until:
            runs, start = {}, {}
            while True:
                page = self.wire.dynamodb("Query", TableName=TABLE, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": self.name}}, **start)
                runs.update({item["sk"]["S"]: int(item["runs"]["N"]) for item in page["Items"]})
                if "LastEvaluatedKey" not in page:
                    break
                start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
            left = set(self.started) - set(runs)
        wrong += [f"{self.name}: {len(left)} acknowledged executions never ran, such as {sorted(left)[:3]}"] if left else []
        wrong += [f"{self.name}: {name} ran {count} times" for name, count in runs.items() if count > 1 + self.crashes]
        wrong += [f"{self.name}: {name} ran, which nobody started" for name in set(runs) - set(self.started) - set(self.unknown)]
        self.stage.again += sum(count - 1 for count in runs.values())
        if self.kind == "STANDARD":
            for name in self.chance.sample(sorted(self.started), min(20, len(self.started))) + sorted(self.started)[-3:]:
                wrong += self.check_history(name)
        return wrong

    def check_history(self, name):
        until = time.monotonic() + 10
        while (status := self.wire.states("DescribeExecution", executionArn=self.started[name])["status"]) == "RUNNING" and time.monotonic() < until:
            time.sleep(0.05)
        events = [each["type"] for each in self.wire.states("GetExecutionHistory", executionArn=self.started[name])["events"]]
        once = all(events.count(each) == 1 for each in ("ExecutionStarted", "TaskSucceeded", "ExecutionSucceeded"))
        return [] if status == "SUCCEEDED" and once else [f"{self.name}: {name} is {status}, its history {events}"]


class Lines(Writer):
    """CloudWatch Logs: what was put is there once, in its order, a request's lines all or none."""

    def prepare(self):
        self.wire.logs("CreateLogGroup", logGroupName=self.name)
        self.streams, self.stream, self.opened = {}, None, 0

    def open_stream(self):
        name = f"s{self.opened}"
        self.opened += 1  # one whose opening wasn't answered may be there
        self.streams[name] = {"known": [], "unknown": []}
        self.stream = name
        try:
            self.wire.logs("CreateLogStream", logGroupName=self.name, logStreamName=name)
        except Unanswered:
            del self.streams[name]
            self.stream = None
            raise

    def step(self):
        if self.stream is None:
            self.open_stream()
        stream = self.streams[self.stream]
        first = len(stream["known"])
        stream["unknown"] = [f"line {first + number}" for number in range(self.chance.choice((1, 3, 20)))]
        now = int(time.time() * 1000)
        self.wire.logs("PutLogEvents", logGroupName=self.name, logStreamName=self.stream, logEvents=[{"timestamp": now, "message": line} for line in stream["unknown"]])
        stream["known"] += stream["unknown"]
        stream["unknown"] = []

    def read(self, stream):
        found, token = [], {}
        while True:
            page = self.wire.logs("GetLogEvents", logGroupName=self.name, logStreamName=stream, startFromHead=True, **token)
            found += [event["message"] for event in page["events"]]
            if token.get("nextToken") == page["nextForwardToken"]:
                return found
            token = {"nextToken": page["nextForwardToken"]}

    def check(self):
        wrong = []
        if self.stream is not None:
            stream, found = self.streams[self.stream], self.read(self.stream)
            allowed = [stream["known"], stream["known"] + stream["unknown"]]
            wrong += [] if found in allowed else [f"{self.name}/{self.stream}: {len(found)} lines, not {len(allowed[0])} or {len(allowed[1])}"]
            stream["known"], stream["unknown"] = found, []
        self.stream = None
        return wrong

    def check_at_end(self):
        return [f"{self.name}/{name}: {len(self.read(name))} lines, not {len(stream['known'])}" for name, stream in self.streams.items()
                if self.read(name) != stream["known"]]


class Values(Writer):
    """CloudWatch: the sum of what was put."""

    def prepare(self):
        self.sum, self.unknown, self.began = 0, 0, time.time()

    def step(self):
        value = self.chance.randint(1, 100)
        self.unknown = value
        self.wire.form("monitoring", "2010-08-01", "PutMetricData", Namespace="Crash", **{
            "MetricData.member.1.MetricName": self.name, "MetricData.member.1.Value": value, "MetricData.member.1.Unit": "Count"})
        self.sum, self.unknown = self.sum + value, 0

    def check(self):
        times = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(each)) for each in (self.began - 120, time.time() + 120)]
        answer = self.wire.form("monitoring", "2010-08-01", "GetMetricStatistics", Namespace="Crash", MetricName=self.name, Period=60, StartTime=times[0],
                                EndTime=times[1], **{"Statistics.member.1": "Sum"})
        found = int(sum(float(each.text) for each in xml.etree.ElementTree.fromstring(answer).iter() if each.tag.endswith("}Sum")))
        wrong = one_of(f"{self.name}: the sum", found, [self.sum, self.sum + self.unknown])
        self.sum, self.unknown = found, 0
        return wrong


class Policies(Writer):
    """IAM: a role's inline policies, put and deleted."""

    def prepare(self):
        self.trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        self.iam("CreateRole", RoleName=self.name, AssumeRolePolicyDocument=json.dumps(self.trust))
        self.model, self.unknown, self.count = {}, None, 0

    def iam(self, action, **parameters):
        return self.wire.form("iam", "2010-05-08", action, **parameters)

    def step(self):
        name = f"p{self.chance.randrange(5)}"
        self.count += 1
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::b/{self.count}"}]}
        new = None if name in self.model and self.chance.random() < 0.3 else json.dumps(document)
        self.unknown = name, new
        if new is None:
            self.iam("DeleteRolePolicy", RoleName=self.name, PolicyName=name)
            del self.model[name]
        else:
            self.iam("PutRolePolicy", RoleName=self.name, PolicyName=name, PolicyDocument=new)
            self.model[name] = new
        self.unknown = None

    def check(self):
        answer = self.iam("ListRolePolicies", RoleName=self.name)
        found = {}
        for member in (each.text for each in xml.etree.ElementTree.fromstring(answer).iter() if each.tag.endswith("}member")):
            policy = xml.etree.ElementTree.fromstring(self.iam("GetRolePolicy", RoleName=self.name, PolicyName=member))
            found[member] = urllib.parse.unquote(next(each.text for each in policy.iter() if each.tag.endswith("}PolicyDocument")))
        allowed = [dict(self.model)]
        if self.unknown:
            other = {**self.model, self.unknown[0]: self.unknown[1]}
            allowed.append({name: text for name, text in other.items() if text is not None})
        wrong = one_of(f"{self.name}: the policies", found, allowed)
        self.model, self.unknown = found, None
        return wrong


BOOTSTRAP = r'''#!/usr/bin/python3
import http.client, json, os, sys
sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
from signed import Signed
VERSION = "@VERSION@"
name = os.environ.get
wire = Signed(lambda: (name("AWS_ENDPOINT_URL"), name("AWS_ACCESS_KEY_ID"), name("AWS_SECRET_ACCESS_KEY"), name("AWS_SESSION_TOKEN"), name("AWS_REGION")))
while True:
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request("GET", "/2018-06-01/runtime/invocation/next")
    answer = connection.getresponse()
    event = json.loads(answer.read())
    if "row" in event:
        wire.dynamodb("UpdateItem", TableName="crash", Key={"pk": {"S": event["writer"]}, "sk": {"S": event["row"]}}, UpdateExpression="ADD runs :one",
                      ExpressionAttributeValues={":one": {"N": "1"}})
    path = "/2018-06-01/runtime/invocation/" + answer.headers["Lambda-Runtime-Aws-Request-Id"] + "/response"
    connection.request("POST", path, json.dumps(VERSION), {"content-type": "application/json"})
    connection.getresponse().read()
    connection.close()
'''


class Functions(Writer):
    """Lambda: code replaced, the code that is said to be there runs; events accepted for later are worked off, each at least once."""

    def prepare(self):
        self.version, self.unknown, self.events, self.unknown_events, self.count = 0, None, [], [], 0
        self.wire.request("lambda", "POST", "/2015-03-31/functions", body=json.dumps({
            "FunctionName": self.name, "Runtime": "provided.al2023", "Handler": "bootstrap", "Role": self.stage.role, "Timeout": 20,
            "Code": {"ZipFile": self.code(0)}}).encode())
        self.invoke({})

    def code(self, version):
        with open(__file__.replace("writers.py", "signed.py")) as signed:
            return base64.b64encode(package(BOOTSTRAP.replace("@VERSION@", str(version)), {"signed.py": signed.read()})).decode()

    def invoke(self, event, how="RequestResponse"):
        return self.wire.request("lambda", "POST", f"/2015-03-31/functions/{self.name}/invocations", headers={"x-amz-invocation-type": how},
                                 body=json.dumps(event).encode())[2]

    def step(self):
        self.count += 1
        if self.count % 25 == 0:
            self.unknown = self.version + 1
            self.wire.request("lambda", "PUT", f"/2015-03-31/functions/{self.name}/code", body=json.dumps({"ZipFile": self.code(self.unknown)}).encode())
            self.version, self.unknown = self.unknown, None
            return
        row = f"event {self.count}"
        self.unknown_events.append(row)
        self.invoke({"writer": self.name, "row": row}, "Event")
        self.unknown_events.pop()
        self.events.append(row)
        time.sleep(0.02)

    def check(self):
        try:
            found = int(json.loads(self.invoke({})))
        except (Refused, Unanswered, TypeError, ValueError) as error:
            found = repr(error)
        wrong = one_of(f"{self.name}: the version that runs", found, [self.version] + ([self.unknown] if self.unknown else []))
        self.version, self.unknown = found if isinstance(found, int) else self.version, None
        return wrong

    def check_at_end(self):
        until, left = time.monotonic() + 45, set(self.events)
        while left and time.monotonic() < until:
            page = self.wire.dynamodb("Query", TableName=TABLE, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": self.name}})
            runs = {item["sk"]["S"]: int(item["runs"]["N"]) for item in page["Items"]}
            left = set(self.events) - set(runs)
            time.sleep(0.1)
        wrong = [f"{self.name}: {len(left)} accepted events never ran, such as {sorted(left)[:3]}"] if left else []
        return wrong + [f"{self.name}: {row} ran, which nobody sent" for row in set(runs) - set(self.events) - set(self.unknown_events)] if self.events else wrong


class Events(Writer):
    """The pipeline: an acknowledged event is in the table, once, however often it was sent."""

    def prepare(self):
        self.acknowledged, self.unknown, self.count = [], None, 0

    def step(self):
        if self.unknown is None:
            self.count += 1
            self.unknown = [f"{self.name}-{self.count}-{number}" for number in range(self.chance.choice((1, 1, 10)))]
        events = [{"event_id": each, "type": "click", "user_id": self.name, "timestamp": "2026-11-22T12:00:00.000Z", "properties": {"element": "buy"}}
                  for each in self.unknown]
        try:
            status, _, body = self.stage.server.send(events)
        except OSError as error:
            raise Unanswered(str(error)) from None
        if status != 200:
            raise Unanswered(f"{status} {body}")
        self.acknowledged += self.unknown  # what wasn't answered was sent again, as SDKs do
        self.unknown = None

    def check_at_end(self):
        until, found = time.monotonic() + 45, []
        while time.monotonic() < until and set(self.acknowledged) - set(found):
            found, start = [], {}
            while True:
                page = self.wire.dynamodb("Query", TableName="events", KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "user#" + self.name}}, **start)
                found += [item["id"]["S"] for item in page["Items"]]
                if "LastEvaluatedKey" not in page:
                    break
                start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        missing = sorted(set(self.acknowledged) - set(found))
        wrong = [f"{self.name}: {len(missing)} acknowledged events aren't stored, such as {missing[:3]}"] if missing else []
        return wrong + ([f"{self.name}: {len(found) - len(set(found))} events are stored twice"] if len(found) != len(set(found)) else [])


KINDS = (Objects, Items, Transactions, Executions, Executions, Lines, Values, Policies, Functions, Events)


def everybody(stage, chance):
    return [kind(stage, number, chance) for number, kind in enumerate(KINDS)]


def all_at_once(what, writers):
    """Runs what(writer) for each writer on a thread of its own; answers what they answered, and what they threw as a sentence."""
    answers = [None] * len(writers)

    def one(number):
        try:
            answers[number] = what(writers[number])
        except Exception as error:  # a writer that can't go on is a finding like another
            answers[number] = [f"{writers[number].name}: {type(error).__name__}: {error}"]

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(len(writers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [each for answer in answers for each in answer or []]
