"""Segment's client for Node from npm, unmodified, with its host pointed at the collector."""

import json
import pathlib
import subprocess
import unittest

import clients
from flows import Flow
from harness import Server, main, wait_for

server = Server()
flow = Flow(server)


class Segment(unittest.TestCase):
    def test_every_kind_of_call(self):
        """26 events are sent in batches, none is refused, and each is in the table under its type."""
        script = pathlib.Path(__file__).with_suffix(".mjs")
        done = subprocess.run([str(clients.node()), str(script)], capture_output=True, text=True, timeout=120, env=server.environment(
            CLIENTS=str(clients.CLIENTS), WRITE_KEY=server.write_key, EVENTS_HOST=server.events.rstrip("/"), USER_ID="segment-user"))
        self.assertEqual(json.loads(done.stdout), {"errors": []}, done.stderr)
        rows = wait_for("26 rows", lambda: len(found := flow.query("pk = :p", {":p": "user#segment-user"})) >= 26 and found, 30)
        kinds = {row["type"] for row in rows}
        self.assertEqual(kinds, {"signup", "page_view", "identify", "group", "alias", "screen_view"})
        self.assertTrue(all(row["sk"].startswith("2026-11-22T12:00:00.123Z#") for row in rows))


if __name__ == "__main__":
    main()
