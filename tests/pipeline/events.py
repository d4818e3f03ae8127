"""Events in, rows out: the whole way from an HTTP request to the table or the quarantine, on a server that deployed itself."""

import base64
import gzip
import hashlib
import json
import os
import unittest
import uuid

from flows import Flow
from harness import SHARED, Server, main, wait_for

server = Server()
flow = Flow(server)


def click(**more):
    return {"type": "click", "event_id": str(uuid.uuid4()), "timestamp": "2026-11-22T12:45:58.440Z", "user_id": f"u-{uuid.uuid4().hex[:8]}",
            "properties": {"element": "buy"}, **more}


class Forms(unittest.TestCase):
    def test_one_event(self):
        """It is stored under its user and time, with what belongs to it, and found by type and day too."""
        event = click()
        status, _, answer = server.send(event)
        self.assertEqual((status, answer["received"], answer["ids"]), (200, 1, [event["event_id"]]))
        row = flow.row(event)
        self.assertEqual(row["pk"], f'user#{event["user_id"]}')
        self.assertEqual(row["sk"], f'2026-11-22T12:45:58.440Z#{event["event_id"]}')
        self.assertEqual((row["type"], row["p"]), ("click", event["properties"]))
        self.assertTrue(row["raw"].startswith(answer["key"] + "#"))
        self.assertGreater(int(row["expires_at"]), 1_700_000_000)
        found = [item for shard in range(4) for item in flow.query("gpk = :p", {":p": f"click#2026-11-22#{shard}"}, IndexName="by_type")]
        self.assertIn(event["event_id"], [item["id"] for item in found])

    def test_raw_is_kept_byte_for_byte(self):
        """The envelope's raw is the very text that was sent, blanks, order and escapes included."""
        event = click()
        text = json.dumps(event, indent=3).replace('"buy"', '"b\\u0075y \\ud83d\\ude00"') + "  "
        _, _, answer = server.send(text.encode())
        line = json.loads(flow.object(answer["key"]).splitlines()[0])
        self.assertEqual(json.loads(line["raw"]), json.loads(text))
        self.assertIn('"b\\u0075y \\ud83d\\ude00"', line["raw"])

    def test_array(self):
        events = [click() for _ in range(5)]
        status, _, answer = server.send(events)
        self.assertEqual((status, answer["received"]), (200, 5))
        for event in events:
            flow.row(event)

    def test_ndjson_with_a_bad_line(self):
        """The bad line is quarantined, with a reason; its neighbours are stored."""
        events = [click(), click()]
        body = (json.dumps(events[0]) + "\n{\"type\": \"click\", oops\n" + json.dumps(events[1]) + "\n").encode()
        status, _, answer = server.send(body, headers={"content-type": "application/x-ndjson"})
        self.assertEqual((status, answer["received"]), (200, 3))
        for event in events:
            flow.row(event)
        self.assertEqual(len(flow.quarantined(answer["key"])), 1)

    def test_gzip(self):
        """With the header, and without it, as some SDKs send."""
        for headers in ({"content-encoding": "gzip"}, {"content-type": "text/plain"}):
            event = click()
            status, _, _ = server.send(gzip.compress(json.dumps(event).encode()), headers=headers)
            self.assertEqual(status, 200)
            flow.row(event)

    def test_text_plain_and_no_content_type(self):
        """Browsers' beacons say text/plain."""
        for content_type in ("text/plain;charset=UTF-8", "application/x-www-form-urlencoded"):
            event = click()
            self.assertEqual(server.send(event, headers={"content-type": content_type})[0], 200)
            flow.row(event)

    def test_undecodable_body(self):
        """400 that says where; the bytes are kept in the quarantine."""
        before = flow.keys("quarantine/")
        status, _, answer = server.send(b'{"type": "click", nonsense')
        self.assertEqual(status, 400)
        self.assertRegex(json.dumps(answer), r"\d")
        kept = wait_for("the bytes in quarantine/", lambda: flow.keys("quarantine/") - before)
        self.assertIn("nonsense", flow.object(kept.pop()))

    def test_user_and_anonymous(self):
        anonymous = {"type": "page_view", "event_id": str(uuid.uuid4()), "timestamp": "2026-11-22T10:00:00+02:00", "anonymous_id": "anon-1",
                     "properties": {"url": "https://example.com/a"}}
        server.send(anonymous)
        row = flow.row(anonymous)
        self.assertEqual((row["pk"], row["sk"][:24]), ("anonymous#anon-1", "2026-11-22T08:00:00.000Z"))

    def test_without_a_time(self):
        """A constant stands where the client sent none, so that a retry meets itself."""
        event = click()
        del event["timestamp"]
        server.send(event)
        self.assertTrue(flow.row(event)["sk"].startswith("0000-00-00T00:00:00.000Z#"))


class Once(unittest.TestCase):
    def test_the_same_event_again(self):
        """Sent twice, and twice within a request: one row, and the others counted as duplicates."""
        event = click()
        before = flow.count("EventsDuplicate")
        server.send([event, event])
        flow.row(event)
        server.send(event)
        wait_for("two duplicates", lambda: flow.count("EventsDuplicate") >= before + 2, 30)
        self.assertEqual(len(flow.query("pk = :p", {":p": f'user#{event["user_id"]}'})), 1)

    def test_the_same_object_again(self):
        """An execution repeated on the same object changes nothing, and its counts close."""
        events = [click(), click(), {"type": "no_such_type", "user_id": "u1"}]
        _, _, answer = server.send(events)
        flow.row(events[0])
        counts = flow.parse_validate(answer["key"])
        self.assertEqual((counts["received"], counts["stored"], counts["duplicate"], counts["quarantined"]), (3, 2, 0, 1))


class Invalid(unittest.TestCase):
    def reasons(self, event):
        _, _, answer = server.send(event)
        entries = wait_for("its quarantine", lambda: flow.quarantined(answer["key"]))
        return entries[0]["reasons"]

    def test_reasons(self):
        """What is wrong, where, and by which rule."""
        table = [({"type": "no_such_type", "user_id": "u"}, "no_such_type"),
                 ({"type": "click"}, "user_id"),
                 ({"type": "click", "user_id": "u", "timestamp": "yesterday"}, "timestamp"),
                 ({"type": "click", "user_id": "u", "propertees": {}}, "propertees"),
                 ({"type": "Click!", "user_id": "u"}, "type"),
                 ({"type": "purchase", "user_id": "u", "properties": {}}, "required"),
                 ("just a string", "object")]
        for event, word in table:
            with self.subTest(event=str(event)):
                reasons = self.reasons([event] if isinstance(event, str) else event)
                self.assertIn(word, json.dumps(reasons))
                self.assertEqual(set(reasons[0]), {"path", "keyword", "message"})

    def test_a_bad_event_does_not_harm_its_neighbours(self):
        events = [click(), {"type": "click"}, click()]
        _, _, answer = server.send(events)
        flow.row(events[0])
        flow.row(events[2])
        self.assertEqual(len(wait_for("its quarantine", lambda: flow.quarantined(answer["key"]))), 1)


class Doors(unittest.TestCase):
    def test_write_keys(self):
        for key in ("", "wrong"):
            self.assertEqual(server.send(click(), key=False, headers={"x-write-key": key} if key else {})[0], 401)
        basic = base64.b64encode(f"{server.write_key}:".encode()).decode()
        for headers in ({"authorization": f"Basic {basic}"}, {"authorization": f"Bearer {server.write_key}"}):
            self.assertEqual(server.send(click(), key=False, headers=headers)[0], 200, headers)
        self.assertEqual(server.send(click(), key=False, path=f"/v1/events?writeKey={server.write_key}")[0], 200)

    def test_only_its_hash_is_stored(self):
        stored = flow.object("config/write_keys.json")
        self.assertNotIn(server.write_key, stored)
        self.assertIn(hashlib.sha256(server.write_key.encode()).hexdigest(), stored)

    def test_cors(self):
        """A preflight is answered by the function to any origin, with what SDKs send."""
        status, headers, _ = server.send(None, method="OPTIONS", key=False, headers={
            "origin": "https://shop.example", "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type,x-retry-count"})
        self.assertIn(status, (200, 204))
        self.assertIn(headers["access-control-allow-origin"], ("https://shop.example", "*"))
        self.assertIn("POST", headers["access-control-allow-methods"])
        for name in ("authorization", "content-type", "x-retry-count"):
            self.assertIn(name, headers["access-control-allow-headers"].lower())
        status, headers, _ = server.send(click(), headers={"origin": "https://shop.example"})
        self.assertEqual((status, headers["access-control-allow-origin"] in ("https://shop.example", "*")), (200, True))

    def test_other_paths_and_methods(self):
        self.assertEqual(server.send(click(), path="/v1/nowhere")[0], 404)
        self.assertEqual(server.send(None, method="DELETE")[0], 405)
        self.assertEqual(server.send(None, method="GET", path="/v1/health", key=False)[0], 200)


class Execution(unittest.TestCase):
    def test_started_with_a_raw_event(self):
        """The state machine takes an event itself, too: it has collect_to_s3 store it first."""
        event = click()
        flow.stepfunctions.start_execution(stateMachineArn=flow.state_machine, input=json.dumps(event))
        self.assertEqual(flow.row(event)["src"], "direct")

    def test_what_fails_is_recorded(self):
        """An object that isn't there: the input and the error lie under failed/."""
        before = flow.keys("failed/")
        key = f"raw/{uuid.uuid4()}.json"
        flow.stepfunctions.start_execution(stateMachineArn=flow.state_machine, input=json.dumps({"bucket": flow.bucket, "key": key}))
        record = wait_for("a record under failed/", lambda: flow.keys("failed/") - before, 60).pop()
        self.assertEqual(json.loads(flow.object(record))["input"]["key"], key)


class Watching(unittest.TestCase):
    def test_counts_close(self):
        """received = stored + duplicate + quarantined, in the metrics as in the rows."""
        events = [click() for _ in range(7)] + [{"type": "click"}]
        before = flow.settled_counts()
        server.send(events)
        after = wait_for("the counts", lambda: (now := flow.counts())["EventsReceived"] - before["EventsReceived"] >= 8 and
                         sum(now[name] - before[name] for name in ("EventsStored", "EventsDuplicate", "EventsQuarantined")) >= 8 and now, 30)
        self.assertEqual(after["EventsReceived"] - before["EventsReceived"], 8)

    def test_logs_are_json(self):
        server.send(click())
        for function in ("collect_to_s3", "parse_validate"):
            messages = wait_for("log lines", lambda: flow.logs(function))
            lines = [message for message in messages if message.startswith("{")]
            self.assertTrue(all(isinstance(json.loads(line), dict) for line in lines) and lines, function)

    def test_captured_requests(self):
        """What the real Segment client sent, byte by byte as it was captured: each event arrives, and the counts close."""
        path = SHARED / "captures/segment-node.json"
        if not path.exists():
            self.skipTest(f"{path} isn't there")
        for request in json.loads(path.read_text()):
            body = request["body"]
            body["writeKey"] = server.write_key
            for event in body["batch"]:
                event["messageId"] += uuid.uuid4().hex[:4]
            status, _, answer = server.send(body, path=request["url"], key=False)
            self.assertEqual((status, answer["received"]), (200, len(body["batch"])), answer)
            counts = flow.parse_validate(answer["key"])
            self.assertEqual(counts["received"], counts["stored"] + counts["duplicate"] + counts["quarantined"])

    def test_captured_requests_of_every_client(self):
        """What each client sent when it was captured is taken, and each of its events can be read; what is quarantined is so by the schemas alone."""
        if not (SHARED / "captures").exists():
            self.skipTest(f"{SHARED}/captures isn't there")
        sent = 0
        for path in sorted((SHARED / "captures").glob("*.json")):
            for request in json.loads(path.read_text()):
                if request["method"] == "OPTIONS" or "/sourceConfig/" in request["url"] or request["url"].endswith("/settings"):
                    continue
                with self.subTest(client=path.stem, url=request["url"][:40]):
                    body = request["body"] if isinstance(request["body"], dict | list) else request["body"].encode()
                    own = {name: value for name, value in request["headers"].items() if name.startswith("ce-") or name in ("content-type", "user-agent")}
                    before = flow.keys("raw/")
                    status, _, answer = server.send(body or None, path=request["url"].replace("/ce", "/v1/cloudevents", 1), method=request["method"],
                                                    headers={"content-type": "", **own})
                    self.assertIn(status, (200, 202, 204), answer)
                    key, = flow.keys("raw/") - before
                    counts = flow.parse_validate(key)
                    self.assertEqual(counts["received"], counts["stored"] + counts["duplicate"] + counts["quarantined"])
                    reasons = {reason["keyword"] for entry in flow.quarantined(key) for reason in entry["reasons"]}
                    # The page view that was captured of OpenTelemetry has a path for its url.
                    self.assertLessEqual(reasons, {"format"} if path.stem == "otlp" else {"unknownType"}, flow.object(key)[:300])
                    sent += 1
        self.assertGreater(sent, 30)


if __name__ == "__main__":
    os.environ.setdefault("TZ", "UTC")
    main()
