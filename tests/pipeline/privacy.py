"""What is stored of events otherwise than they came, and what is added to them, with the functions linked and as processes: the deployment's key and settings, rules, the
schemas' word, ua-parser's rules, a geographical database; the same rows both ways."""

import hashlib
import hmac
import json
import pathlib
import shutil
import struct
import subprocess
import tempfile
import unittest

from flows import Flow
from harness import BUILD, PROGRAM, ROOT, Server, main

UAP_CORE = pathlib.Path("/usr/share/uap-core/regexes.yaml")
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.71 Safari/537.36"
RULES = {"rules": [{"path": "/properties/phone", "action": "drop"}, {"type": "signup", "path": "/properties/email", "action": "hash"},
                   {"path": "/context/*/password", "action": "mask"}]}
ENRICHMENT = {"user_agent": {"rules": "config/enrichment/regexes.yaml"}, "bots": {}, "geo": {"database": "config/enrichment/places.mmdb"}, "campaign": {}, "sessions": {}}


def encoded(value):
    """A value of a database in MaxMind's format."""
    if isinstance(value, str):
        return bytes([2 << 5 | len(value)]) + value.encode()
    if isinstance(value, int):
        return bytes([5 << 5 | 2]) + struct.pack(">H", value)
    if isinstance(value, list):
        return bytes([len(value), 4]) + b"".join(map(encoded, value))
    return bytes([7 << 5 | len(value)]) + b"".join(encoded(name) + encoded(member) for name, member in value.items())


def database(first_byte, place):
    """Where the addresses are that begin so: a tree of eight nodes of IPv4."""
    nodes = b""
    for bit in range(8):
        side = first_byte >> (7 - bit) & 1
        records = [8, 8]
        records[side] = bit + 1 if bit < 7 else 8 + 16
        nodes += b"".join(struct.pack(">I", record)[1:] for record in records)
    metadata = {"record_size": 24, "ip_version": 4, "database_type": "Test", "languages": [], "binary_format_major_version": 2,
                "binary_format_minor_version": 0, "description": {}}
    wider = encoded("node_count") + bytes([6 << 5 | 4]) + struct.pack(">I", 8) + encoded("build_epoch") + bytes([8, 2]) + struct.pack(">Q", 1)
    return nodes + bytes(16) + encoded(place) + b"\xab\xcd\xefMaxMind.com" + bytes([7 << 5 | 9]) + encoded(metadata)[1:] + wider


class Way:
    def __init__(self, functions):
        self.folder = tempfile.TemporaryDirectory()
        tree = pathlib.Path(self.folder.name)
        for name in ("deploy", "pipeline"):
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("*.cpp", "*.hpp"))
        path = tree / "deploy/settings.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "Address": "truncate", "UserAgent": "keep"}))
        self.server = Server("--functions", functions, "--deployment", str(tree), "--packages", str(BUILD / "dist"))
        self.flow = Flow(self.server)
        for key, body in (("config/privacy.json", json.dumps(RULES)), ("config/enrichment.json", json.dumps(ENRICHMENT)),
                          ("config/enrichment/regexes.yaml", UAP_CORE.read_text()),
                          ("config/enrichment/places.mmdb", database(127, {"country": {"iso_code": "DE"}, "city": {"names": {"en": "Berlin"}}}))):
            self.flow.s3.put_object(Bucket=self.flow.bucket, Key=key, Body=body if isinstance(body, bytes) else body.encode())
        self.key = self.flow.object("config/pseudonym_key")
        self.event = {"type": "signup", "event_id": "e-1", "user_id": "u1", "timestamp": "2026-11-22T12:00:00Z",
                      "properties": {"email": "Alice@example.org", "phone": "0301234", "url": "https://shop.example/?utm_source=news&gclid=g1", "method": "password"},
                      "context": {"form": {"password": "hunter2"}, "session_id": "s1"}}
        status, _, self.answer = self.server.send(self.event, headers={"user-agent": CHROME})
        assert status == 200, self.answer
        self.row = self.flow.row(self.event)


if not UAP_CORE.exists():
    print("skip privacy: Debian's package uap-core isn't installed")
    raise SystemExit
ways = [Way("linked"), Way("process")]


class Privacy(unittest.TestCase):
    maxDiff = None

    def test_the_row_is_what_the_rules_leave(self):
        for way in ways:
            mail = hmac.new(way.key.encode(), b"alice@example.org", hashlib.sha256).hexdigest()
            self.assertEqual(way.row["p"], {"email": mail, "url": way.event["properties"]["url"], "method": "password"})
            self.assertEqual(way.row["ctx"], {"form": {"password": "***"}, "session_id": "s1"})
            self.assertEqual(way.row["address"], "127.0.0.0")

    def test_what_is_added(self):
        expected = {"user_agent": {"browser": "Chrome", "browser_version": "120.0.6099", "os": "Windows", "os_version": "10", "device": "Other"}, "bot": False,
                    "geo": {"country": "DE", "city": "Berlin"}, "campaign": {"source": "news", "click": {"gclid": "g1"}}, "session": {"id": "s1", "by": "sdk"}}
        for way in ways:
            self.assertEqual(way.row["enriched"], expected)

    def test_query_shows_it(self):
        server = ways[0].server
        done = subprocess.run([PROGRAM, "query", "--data", server.folder / "data", "--endpoint-url", server.endpoint, "--user", "u1", "--from", "2026-11-01", "--json"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(json.loads(done.stdout.splitlines()[0])["enriched"]["geo"]["city"], "Berlin", done.stderr)

    def test_the_key_is_random_and_not_for_the_collector(self):
        keys = [way.key for way in ways]
        self.assertNotEqual(*keys)
        for key in keys:
            self.assertRegex(key, "^[0-9a-f]{64}$")
        policies = json.loads((ROOT / "pipeline/iam_policies.json").read_text())
        readers = [role for role, documents in policies.items() if "pseudonym_key" in json.dumps(documents)]
        self.assertEqual(readers, ["parse_validate"])

    def test_sent_again_it_is_a_duplicate_and_changed_it_is_seen(self):
        for way in ways:
            self.assertEqual(way.flow.parse_validate(way.answer["key"])["stored"], 1)
            again = way.server.send(way.event)[2]["key"]
            self.assertEqual(way.flow.parse_validate(again)["duplicate"], 1)
            other = way.server.send({**way.event, "properties": {**way.event["properties"], "phone": "0309999"}})[2]["key"]
            self.assertEqual(way.flow.parse_validate(other)["quarantined"], 1)
            self.assertEqual(way.flow.quarantined(other)[0]["failure"], "id_reused")

    def test_nothing_hidden_is_anywhere_but_in_raw(self):
        for way in ways:
            bad = way.server.send({"type": "signup", "event_id": "e-2", "user_id": "u2", "properties": {"email": "bob at example.org", "phone": "0305678"}})[2]["key"]
            self.assertEqual(way.flow.parse_validate(bad)["quarantined"], 1)
            elsewhere = "".join(way.flow.object(key) for key in way.flow.keys("quarantine/")) + json.dumps(way.flow.rows())
            elsewhere += "".join("".join(way.flow.logs(function)) for function in ("collect_to_s3", "parse_validate"))
            for hidden in ("0301234", "0305678", "hunter2", "lice@example.org", "bob at", "127.0.0.1"):
                self.assertNotIn(hidden, elsewhere)
            self.assertIn("0305678", way.flow.object(bad))


if __name__ == "__main__":
    main()
