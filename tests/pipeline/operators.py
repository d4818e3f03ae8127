"""The operators' verbs against a running pipeline: send, tail, query, balance, replay, schema, erase, doctor; as a person at a shell uses them."""

import json
import subprocess
import sys
import tempfile
import pathlib
import unittest
import uuid

from flows import Flow
from harness import PROGRAM, Server, main, wait_for

server = Server()
flow = Flow(server)
folder = pathlib.Path(tempfile.mkdtemp(dir=server.folder))


def run(*words, given=None, status=0):
    """What the verb prints; a status of None takes any."""
    where = [] if words[:2] == ("schema", "check") else ["--data", server.folder / "data", "--endpoint-url", server.endpoint, "--events-url", server.events]
    verb = words[:2] if words[0] == "schema" else words[:1]
    done = subprocess.run([PROGRAM, *verb, *where, *map(str, words[len(verb):])], input=given, capture_output=True, text=True, timeout=120)
    assert status in (None, done.returncode), f"exit status {done.returncode}: {done.stdout[-600:]} {done.stderr[-600:]}"
    return done.stdout or done.stderr


def lines(*words, **more):
    return [json.loads(line) for line in run(*words, "--json", **more).splitlines()]


def user():
    return f"u-{uuid.uuid4().hex[:8]}"


def event(who, kind="click", **properties):
    return {"type": kind, "event_id": str(uuid.uuid4()), "user_id": who, "timestamp": "2026-11-22T12:00:00Z", "properties": properties or {"element": "buy"}}


def send(*events):
    """Sends them, and waits until each has its verdict."""
    run("send", "-", given="\n".join(json.dumps(one) for one in events))
    wait_for("verdicts", lambda: all(each["missing"] == 0 for each in lines("balance", status=None)))


def schema_file(name, document):
    path = folder / name
    path.write_text(json.dumps(document))
    return path


class Operators(unittest.TestCase):
    maxDiff = None

    def test_send_takes_words_files_and_standard_input(self):
        who = user()
        run("send", "--type", "click", "--user", who, "element=buy", "position=3")
        path = folder / "events.json"
        path.write_text(json.dumps([event(who), event(who)], indent=2))
        self.assertEqual(lines("send", path)[0]["sent"], 2)
        self.assertEqual(lines("send", "-", given=json.dumps(event(who)) + "\n")[0]["sent"], 1)
        rows = wait_for("four rows", lambda: (found := lines("query", "--user", who)) if len(lines("query", "--user", who)) == 4 else None)
        self.assertIn({"element": "buy", "position": 3}, [row["p"] for row in rows])

    def test_a_file_that_isnt_json_says_where(self):
        path = folder / "broken.json"
        path.write_text('{"type": "click"}\n{"type": \n')
        self.assertIn("before line 3", run("send", path, status=1))

    def test_query_by_type_is_the_newest_first(self):
        """Whatever shard of the index each lies in, and on whatever day."""
        who = user()
        times = [f"2026-11-{day}T{hour:02}:00:00.000Z" for day in (20, 21) for hour in range(24)]
        send(*({**event(who, "logout", reason="user"), "timestamp": time} for time in times))
        for limit in (5, 30):
            found = lines("query", "--type", "logout", "--from", "2026-11-20", "--to", "2026-11-22", "--limit", limit)
            self.assertEqual([row["sk"].split("#")[0] for row in found if row["user_id"] == who], times[:-limit - 1:-1])

    def test_tail_tells_each_verdict(self):
        who, one = user(), event(user())
        one["user_id"] = who
        send(one)
        send(one)  # again: a duplicate
        send(event(who, "click", nothing=True))
        seen = lines("tail", "--last", "10m", "--once", "--user", who)
        self.assertEqual([each["verdict"] for each in seen], ["stored", "duplicate", "quarantined"])
        self.assertEqual(seen[2]["reason"], "required /properties")

    def test_balance_closes_and_counts_every_kind(self):
        def sums():
            return {name: sum(each[name] for each in lines("balance", status=None)) for name in ("received", "stored", "duplicate", "quarantined", "missing")}
        before, one = sums(), event(user())
        send(one, one, event(user(), "never_heard_of"))
        server.send(b"{nonsense")
        after = wait_for("the sum", lambda: (found := sums()) if sums()["received"] == before["received"] + 4 else None)
        self.assertEqual({name: after[name] - before[name] for name in after}, {"received": 4, "stored": 1, "duplicate": 1, "quarantined": 2, "missing": 0})

    def test_balance_tells_of_an_event_that_went_astray(self):
        who = user()
        one = event(who)
        send(one)
        row = flow.row(one)
        flow.db.delete_item(TableName="events", Key={"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}})
        self.assertEqual(sum(each["missing"] for each in lines("balance", status=1)), 1)
        run("replay")
        self.assertEqual(sum(each["missing"] for each in lines("balance")), 0)
        self.assertEqual(flow.row(one)["id"], one["event_id"])

    def test_replay_frees_what_a_new_schema_allows(self):
        kind, who = f"spin_{uuid.uuid4().hex[:6]}", user()
        send(event(who, kind, speed=1), event(who, kind, speed="fast"))
        path = schema_file("spin.json", {"type": "object", "properties": {"speed": {"type": "integer"}}})
        run("schema", "add", kind, path)
        wait_for("the schema", lambda: lines("replay", "--quarantined", "--dry-run")[0]["freed"] >= 1)
        self.assertEqual(lines("query", "--user", who), [])  # a dry run changes nothing
        wait_for("the function's schemas", lambda: lines("replay", "--quarantined") and lines("query", "--user", who))
        again = lines("replay")[0]
        self.assertEqual((again["freed"], again["newly_quarantined"], again["failures"]), (0, 0, []))
        self.assertEqual([row["p"] for row in lines("query", "--user", who)], [{"speed": 1}])
        reasons = {(each["type"], each["reason"]): each for each in again["reasons"]}
        self.assertEqual(reasons[kind, "type /properties/speed"]["after"], 1)

    def test_what_a_retired_key_sent_is_held_back_until_it_is_taken_in(self):
        who, where = user(), {"Bucket": flow.bucket, "Key": "config/write_keys.json"}
        keys = json.loads(flow.s3.get_object(**where)["Body"].read())
        retired = {"keys": [{**keys["keys"][0], "retired_at": "2026-01-01T00:00:00Z", "grace_days": 3650}]}
        flow.s3.put_object(**where, Body=json.dumps(retired).encode())
        flow.lambda_.update_function_configuration(FunctionName="collect_to_s3", Description=f"fresh {uuid.uuid4()}")  # no cached keys
        try:
            send(event(who))
        finally:
            flow.s3.put_object(**where, Body=json.dumps(keys).encode())
            flow.lambda_.update_function_configuration(FunctionName="collect_to_s3", Description=f"fresh {uuid.uuid4()}")
        self.assertEqual([each["reason"] for each in lines("tail", "--last", "10m", "--once", "--user", who)], ["retiredKey "])
        run("replay", "--quarantined", "--take-held")
        self.assertEqual(len(lines("query", "--user", who)), 1)

    def test_a_schema_that_would_fail_todays_events_is_not_added(self):
        kind = f"turn_{uuid.uuid4().hex[:6]}"
        run("schema", "add", kind, schema_file("turn1.json", {"type": "object"}))
        send(*(event(user(), kind, side=side) for side in ("left", "right", "up")))
        strict = schema_file("turn2.json", {"type": "object", "properties": {"side": {"enum": ["left", "right"]}}, "required": ["side"]})
        would = lines("schema", "backtest", kind, strict, status=1)[0]
        self.assertEqual((would["events"], would["would_fail"]), (3, 1))
        self.assertEqual((would["fails"][0]["path"], would["fails"][0]["keyword"], would["fails"][0]["events"]), ("/side", "enum", 1))
        run("schema", "add", kind, strict, status=1)
        self.assertEqual(lines("schema", "add", kind, strict, "--new-model")[0]["version"], "2-0-0")
        self.assertEqual(lines("schema", "add", kind, schema_file("turn3.json", {"type": "object", "title": "Turn"}), "--version", "1-0-1")[0]["added"], True)
        self.assertEqual(lines("schema", "backtest", kind, strict, status=1)[0]["would_fail"], 1)

    def test_a_version_is_named_by_what_it_changes(self):
        kind = f"bend_{uuid.uuid4().hex[:6]}"
        def added(name, document, *words):
            found = lines("schema", "add", kind, schema_file(name, document), *words)[0]
            return found["version"], found["added"]
        loose, strict = {"type": "object"}, {"type": "object", "required": ["angle"]}
        self.assertEqual(added("bend1.json", loose), ("1-0-0", True))
        self.assertEqual(added("bend1.json", loose), ("1-0-0", False))
        first, second = event(user(), kind, angle=1), event(user(), kind, side="left")
        send(first, second)
        self.assertEqual(flow.row(first)["schema_version"], "1-0-0")
        self.assertEqual(added("bend2.json", {**loose, "title": "Bend"}), ("1-0-1", True))  # nothing that passed fails
        self.assertEqual(added("bend3.json", strict, "--allow-breaking"), ("1-1-0", True))
        self.assertEqual(added("bend4.json", strict | {"title": "Bend"}), ("1-1-1", True))
        def judged_by(one):
            send(one)
            return flow.row(one)["schema_version"]
        wait_for("the newest version", lambda: judged_by(event(user(), kind, angle=2)) == "1-1-1", 60)
        exact = {**event(user(), kind, side="left"), "schema_version": "1-0-1"}
        self.assertEqual(judged_by(exact), "1-0-1")

    def test_a_version_never_changes(self):
        kind = f"hop_{uuid.uuid4().hex[:6]}"
        path = schema_file("hop.json", {"type": "object"})
        run("schema", "add", kind, path, "--version", "1-0-0")
        self.assertIn("nothing was added", run("schema", "add", kind, path, "--version", "1-0-0"))
        other = schema_file("other.json", {"type": "object", "title": "Hop"})
        self.assertIn("never changes", run("schema", "add", kind, other, "--version", "1-0-0", status=1))
        self.assertIn("1-0-2", run("schema", "add", kind, other, "--version", "1", status=1))

    def test_check_says_what_is_wrong_with_a_schema(self):
        self.assertIn("can be used", run("schema", "check", schema_file("good.json", {"type": "object"})))
        self.assertIn("can't be used", run("schema", "check", schema_file("bad.json", {"$ref": "#/$defs/x"}), status=1))
        for verb in (("check",), ("add", "thing")):
            told = run("schema", *verb, schema_file("bad.json", {"type": "object", "properties": {"a": {"type": "thing"}, "b": {"uniqueItems": 1}}}), status=1)
            self.assertIn("/properties/a/type must match one of 2 alternatives", told)
            self.assertIn("/properties/b/uniqueItems must be boolean", told)

    def test_schemas_refer_to_each_other(self):
        tag = uuid.uuid4().hex[:6]
        point, path_ = f"point_{tag}", f"path_{tag}"
        documents = {point: {"required": ["x"], "properties": {"x": {"type": "number"}}}, path_: {"properties": {"from": {"$ref": f"../{point}/1-0-0.json"}}}}
        for kind, document in documents.items():
            (folder / kind).mkdir()
            (folder / kind / "1-0-0.json").write_text(json.dumps(document))
        missing = run("schema", "add", path_, folder / path_ / "1-0-0.json", status=1)
        self.assertIn(f'refers to "registry:/{point}/1-0-0.json", which is not registered', missing)
        self.assertIn("can be used", run("schema", "check", folder / path_ / "1-0-0.json"))  # beside the other, as in the bucket
        for kind in documents:
            run("schema", "add", kind, folder / kind / "1-0-0.json")
        good, bad = event(user(), path_, **{"from": {"x": 1}}), event(user(), path_, **{"from": {"x": "1"}})
        send(good, bad)
        self.assertEqual(flow.row(good)["schema_version"], "1-0-0")
        self.assertEqual(lines("tail", "--last", "10m", "--once", "--user", bad["user_id"])[0]["reason"], "type /properties/from/x")
        self.assertTrue(all(part["well"] for part in lines("doctor")))

    def test_policies_observe_and_omit(self):
        kind, where = f"knot_{uuid.uuid4().hex[:6]}", {"Bucket": flow.bucket, "Key": "config/validation.json"}
        run("schema", "add", kind, schema_file("knot.json", {"additionalProperties": False, "properties": {"loops": {"type": "integer"}}}))
        def judged(rule, **properties):
            """What tail and query say of one event under a rule."""
            flow.s3.put_object(**where, Body=json.dumps({"rules": [{"type": kind, **rule}]}).encode())
            flow.lambda_.update_function_configuration(FunctionName="parse_validate", Description=f"fresh {uuid.uuid4()}")  # no cached policies
            one = event(user(), kind, **properties)
            send(one)
            seen = lines("tail", "--last", "10m", "--once", "--user", one["user_id"])[0]
            return seen["verdict"], seen["reason"], lines("query", "--user", one["user_id"])
        try:
            verdict, reason, rows = judged({"invalid": "omit"}, loops=1, colour="red")
            self.assertEqual((verdict, reason, rows[0]["p"], rows[0]["omitted_properties"]), ("stored", "without /colour", {"loops": 1}, {"/colour": "red"}))
            verdict, reason, rows = judged({"invalid": "observe"}, loops="two", colour="red")
            self.assertEqual((verdict, reason, rows[0]["p"]), ("stored", "violates type /properties/loops, and 1 more", {"loops": "two", "colour": "red"}))
            self.assertEqual([each["keyword"] for each in rows[0]["violations"]], ["type", "additionalProperties"])
            would = lines("schema", "backtest", kind, schema_file("knot2.json", {"required": ["ends"]}))[0]
            self.assertEqual((would["events"], would["valid_before"], would["would_fail"]), (2, 0, 0))
            verdict, reason, rows = judged({"source": "nobody", "invalid": "observe"}, loops=2, colour="red")
            self.assertEqual((verdict, reason, rows), ("quarantined", "additionalProperties /properties/colour", []))
            judged({"invalid": "observe"}, loops=3)
            would = lines("schema", "backtest", kind, schema_file("knot2.json", {"required": ["ends"]}), status=1)[0]
            self.assertEqual((would["events"], would["would_fail"], would["would_be_quarantined"]), (4, 1, 0))
            self.assertEqual(lines("replay", "--quarantined", "--dry-run")[0]["failures"], [])
            self.assertEqual(sum(each["missing"] for each in lines("balance")), 0)
            flow.s3.put_object(**where, Body=b'{"rules": [{"invalid": "drop"}]}')
            self.assertEqual([part["part"] for part in lines("doctor", status=1) if not part["well"]], ["policies"])
        finally:  # its own type stays observed: a replay of everything would quarantine what was stored
            flow.s3.put_object(**where, Body=json.dumps({"rules": [{"type": kind, "invalid": "observe"}]}).encode())
            flow.lambda_.update_function_configuration(FunctionName="parse_validate", Description=f"fresh {uuid.uuid4()}")

    def test_infer_drafts_what_was_seen(self):
        kind = f"view_{uuid.uuid4().hex[:6]}"
        run("schema", "add", kind, schema_file("any.json", {"type": "object"}))
        send(*(event(user(), kind, page=f"https://example.com/{i}", size=i, tags=["a"], letter="ab"[i % 2], **({"late": True} if i else {})) for i in range(24)))
        draft = json.loads(run("schema", "infer", kind))
        self.assertEqual(draft["required"], ["letter", "page", "size", "tags"])
        self.assertEqual(draft["properties"]["page"], {"type": "string", "format": "uri"})
        self.assertEqual(draft["properties"]["letter"], {"type": "string", "enum": ["a", "b"]})
        self.assertEqual(draft["properties"]["size"], {"type": "integer"})
        self.assertEqual(run("schema", "backtest", kind, schema_file("draft.json", draft)).splitlines()[1][:12], "0 would fail")

    def test_erase_removes_a_person_everywhere_and_leaves_a_record(self):
        who, other = f"{user()}@example.com", user()
        kept = event(other)
        send(event(who), event(who, "click", nothing=True), kept)
        server.send(f'{{"user_id": "{who}", nonsense'.encode())
        self.assertIn("--yes", run("erase", "--user", who, given="", status=1))
        record = lines("erase", "--user", who, "--yes")[0]
        self.assertEqual((record["rows"], record["raw_events"], record["quarantined"]), (1, 2, 2))
        everything = "".join(flow.s3.get_object(Bucket=flow.bucket, Key=key)["Body"].read().decode()
                             for prefix in ("raw/", "quarantine/", "failed/", "erasures/", "balance/") for key in flow.keys(prefix))
        self.assertNotIn(who, everything)
        self.assertNotIn(who, json.dumps(flow.rows()))
        self.assertEqual(flow.row(kept)["id"], kept["event_id"])
        self.assertEqual(sum(each["missing"] for each in lines("balance")), 0)
        self.assertEqual(lines("replay")[0]["failures"], [])
        self.assertEqual(lines("query", "--user", who), [])
        again = lines("erase", "--user", who, "--yes")[0]
        self.assertEqual((again["rows"], again["raw_events"], again["quarantined"]), (0, 0, 0))

    def test_doctor_finds_everything_well_and_what_isnt(self):
        self.assertTrue(all(part["well"] for part in lines("doctor")))
        keys = flow.s3.get_object(Bucket=flow.bucket, Key="config/write_keys.json")["Body"].read()
        flow.s3.put_object(Bucket=flow.bucket, Key="config/write_keys.json", Body=b"{}")
        wrong = [part["part"] for part in lines("doctor", status=1) if not part["well"]]
        flow.s3.put_object(Bucket=flow.bucket, Key="config/write_keys.json", Body=keys)
        self.assertEqual(wrong, ["write keys"])
        for key, body in (("config/privacy.json", b'{"rules": [{}]}'), ("config/enrichment.json", b'{"geo": {"database": "config/enrichment/none.mmdb"}}')):
            flow.s3.put_object(Bucket=flow.bucket, Key=key, Body=body)
        told = {part["part"]: part["told"] for part in lines("doctor", status=1) if not part["well"]}
        for key in ("config/privacy.json", "config/enrichment.json"):
            flow.s3.delete_object(Bucket=flow.bucket, Key=key)
        self.assertEqual(set(told), {"privacy", "enrichment"})
        self.assertIn('rule 1: "path" must be', told["privacy"])
        self.assertIn("config/enrichment/none.mmdb is missing", told["enrichment"])

    def test_the_local_pipelines_own_credentials_dont_lead_to_aws(self):
        """Who follows the README has the AWS CLI told of them by the environment."""
        data = server.folder / "data"
        done = subprocess.run([PROGRAM, "query", "--user", "nobody", "--data", data, "--endpoint-url", server.endpoint], capture_output=True, text=True,
                              env={"AWS_SHARED_CREDENTIALS_FILE": str(data / "credentials")})
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_place_without_a_pipeline_says_what_to_do(self):
        done = subprocess.run([PROGRAM, "query", "--user", "u", "--data", "/nonexistent"], capture_output=True, text=True, env={})
        self.assertEqual(done.returncode, 1)
        self.assertIn("say --data DIR", done.stderr)


if __name__ == "__main__":
    sys.exit(main())
