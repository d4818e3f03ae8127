"""The deployed pipeline as its operator sees it: rows, raw objects, quarantine, metrics, logs. A client of the wire like any other."""

import datetime
import json
import time

from harness import wait_for


def plain(value):
    """An attribute value as Python has it; numbers as text."""
    (kind, content), = value.items()
    if kind == "M":
        return {name: plain(member) for name, member in content.items()}
    if kind == "L":
        return [plain(member) for member in content]
    return None if kind == "NULL" else content


class Flow:
    def __init__(self, server):
        self.server = server
        self.s3, self.db = server.client("s3"), server.client("dynamodb")
        self.stepfunctions, self.lambda_ = server.client("stepfunctions"), server.client("lambda")
        self.metrics, self.log = server.client("cloudwatch"), server.client("logs")
        self.bucket = f"event-pipeline-{server.account}-{server.region}"
        self.state_machine = f"arn:aws:states:{server.region}:{server.account}:stateMachine:event-pipeline"

    def query(self, condition, values, **more):
        found, start = [], {}
        while True:
            page = self.db.query(TableName="events", KeyConditionExpression=condition,
                                 ExpressionAttributeValues={name: {"S": value} for name, value in values.items()}, **more, **start)
            found += [plain({"M": item}) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return found
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def rows(self):
        """All of them."""
        found, start = [], {}
        while True:
            page = self.db.scan(TableName="events", **start)
            found += [plain({"M": item}) for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return found
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def row(self, event):
        """The event's row, as soon as it is there."""
        identity = f'user#{event["user_id"]}' if "user_id" in event else f'anonymous#{event["anonymous_id"]}'
        identifier = event.get("event_id")
        return wait_for(f"the row of {identifier}", lambda: [
            row for row in self.query("pk = :p", {":p": identity}) if row["id"] == identifier])[0]

    def keys(self, prefix):
        found, start = set(), {}
        while True:
            page = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix, **start)
            found |= {entry["Key"] for entry in page.get("Contents", [])}
            if not page["IsTruncated"]:
                return found
            start = {"ContinuationToken": page["NextContinuationToken"]}

    def object(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()

    def quarantined(self, raw_key):
        """The quarantine's entries of that raw object; none where there are none yet."""
        key = raw_key.replace("raw/", "quarantine/", 1)
        if key not in self.keys(key):
            return []
        return [json.loads(line) for line in self.object(key).splitlines()]

    def parse_validate(self, key):
        """Invokes the second function on a raw object, as the state machine does."""
        answer = self.lambda_.invoke(FunctionName="parse_validate", Payload=json.dumps({"bucket": self.bucket, "key": key}))
        return json.loads(answer["Payload"].read())

    def count(self, metric):
        now = datetime.datetime.now(datetime.timezone.utc)
        points = self.metrics.get_metric_statistics(Namespace="EventPipeline", MetricName=metric, Period=60, Statistics=["Sum"],
                                                    StartTime=now - datetime.timedelta(hours=1), EndTime=now + datetime.timedelta(minutes=2))["Datapoints"]
        return int(sum(point["Sum"] for point in points))

    def counts(self):
        return {name: self.count(name) for name in ("EventsReceived", "EventsStored", "EventsDuplicate", "EventsQuarantined")}

    def settled_counts(self):
        """The counts once nothing is under way any more: metrics come a moment after what they count."""
        counts = self.counts()
        while True:
            time.sleep(1.5)
            before, counts = counts, self.counts()
            if counts == before:
                return counts

    def logs(self, function, stream=None):
        which = {"logStreamNames": [stream]} if stream else {}
        events = self.log.filter_log_events(logGroupName=f"/aws/lambda/{function}", limit=500, **which)["events"]
        return [event["message"].rstrip("\n") for event in events]

    def lines_since(self, function, since_ms):
        """What the function printed at that time or later, as log events."""
        pages = self.log.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}", startTime=since_ms)
        return [line for page in pages for line in page["events"]]
