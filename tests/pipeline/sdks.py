"""Analytics SDKs from npm, unmodified, for browsers and servers: what each sends is in the table, or in quarantine with its reason."""

import pathlib
import subprocess
import unittest

import clients
from flows import Flow
from harness import Server, main, wait_for

server = Server()
flow = Flow(server)
SCRIPT = pathlib.Path(__file__).with_suffix(".mjs")


class Sdks(unittest.TestCase):
    def run_sdk(self, name, kinds, user=None, **environment):
        user = user or f"{name}-user"
        done = subprocess.run([str(clients.node()), str(SCRIPT), name], capture_output=True, text=True, timeout=120, env=server.environment(
            CLIENTS=str(clients.CLIENTS), WRITE_KEY=server.write_key, EVENTS=server.events.rstrip("/"), USER_ID=user, **environment))
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        rows = wait_for(f"{len(kinds)} rows", lambda: len(found := flow.query("pk = :p", {":p": f"user#{user}"})) >= len(kinds) and found, 30)
        self.assertEqual(sorted(row["type"] for row in rows), sorted(kinds))
        self.assertTrue(all(row["sk"].startswith("20") for row in rows), "every event has its client's time")

    def test_segment_for_browsers(self):
        self.run_sdk("segment-browser", ["identify", "page_view", "signup", "group", "alias"])

    def test_rudderstack_for_node(self):
        self.run_sdk("rudderstack-node", ["identify", "page_view", "signup", "group", "alias"])

    def test_rudderstack_for_browsers(self):
        self.run_sdk("rudderstack-browser", ["identify", "page_view", "signup", "group", "alias"])

    def test_jitsu(self):
        self.run_sdk("jitsu", ["identify", "page_view", "signup", "group"])

    def test_posthog_for_node(self):
        self.run_sdk("posthog-node", ["identify", "page_view", "signup", "alias"])

    def test_posthog_for_node_capture_v1(self):
        """Its newer wire, which wants a result for each event."""
        self.run_sdk("posthog-node", ["identify", "page_view", "signup", "alias"], user="posthog-v1-user", POSTHOG_CAPTURE_MODE="v1")

    def test_posthog_for_browsers(self):
        self.run_sdk("posthog-browser", ["identify", "page_view", "signup"])

    def test_snowplow_for_node(self):
        self.run_sdk("snowplow-node", ["page_view", "signup", "click"])

    def test_snowplow_by_get(self):
        self.run_sdk("snowplow-node-get", ["page_view"])

    def test_snowplow_for_browsers(self):
        self.run_sdk("snowplow-browser", ["page_view", "signup"])

    def test_cloudevents(self):
        self.run_sdk("cloudevents", ["page_view", "click"])

    def test_clickstream_for_browsers(self):
        """It also says when a profile is set, for the first time without a user's attributes."""
        self.run_sdk("clickstream", ["identify", "identify", "signup"])


if __name__ == "__main__":
    main()
