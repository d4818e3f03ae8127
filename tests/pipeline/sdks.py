"""Analytics SDKs from npm, unmodified, for browsers and servers: what each sends is in the table, or in quarantine with its reason."""

import hashlib
import pathlib
import subprocess
import time
import unittest

import clients
from flows import Flow
from harness import Server, main, wait_for

server = Server()
flow = Flow(server)
SCRIPT = pathlib.Path(__file__).with_suffix(".mjs")


class Sdks(unittest.TestCase):
    def visitor(self, browser):
        """As collect_to_s3/visitor.cpp has it, today."""
        today = time.strftime("%Y-%m-%d", time.gmtime())
        return hashlib.sha256("\n".join([today, "default", "127.0.0.1", browser]).encode()).hexdigest()[:32]

    def run_sdk(self, name, kinds, user=None, kind="user", browser=None, timed=True, **environment):
        user = user or f"{name}-user"
        done = subprocess.run([str(clients.node()), str(SCRIPT), name], capture_output=True, text=True, timeout=120, env=server.environment(
            CLIENTS=str(clients.CLIENTS), WRITE_KEY=server.write_key, EVENTS=server.events.rstrip("/"), USER_ID=browser or user, **environment))
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        rows = wait_for(f"{len(kinds)} rows", lambda: len(found := flow.query("pk = :p", {":p": f"{kind}#{user}"})) >= len(kinds) and found, 30)
        self.assertEqual(sorted(row["type"] for row in rows), sorted(kinds))
        if timed:
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

    def test_opentelemetry(self):
        """The same records as JSON and as Protocol Buffers become the same events."""
        found = []
        for name in ("otlp-json", "otlp-protobuf"):
            self.run_sdk(name, ["page_view", "signup"], user=name)
            found.append([{key: row[key] for key in ("type", "p")} for row in sorted(flow.query("pk = :p", {":p": f"user#{name}"}), key=lambda row: row["type"])])
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0][1]["p"], {"method": "password", "order": {"price": "1.5", "seats": "3"}, "session.id": "s1"})

    def test_amplitude_for_node(self):
        self.run_sdk("amplitude-node", ["identify", "signup", "page_view"])

    def test_amplitude_in_batches(self):
        """At the path that it shares with PostHog."""
        self.run_sdk("amplitude-batch", ["signup"])

    def test_mixpanel_for_node(self):
        self.run_sdk("mixpanel-node", ["signup", "click", "click", "click", "identify", "alias"], timed=False)
        wait_for("the group", lambda: [row for row in flow.query("pk = :p", {":p": "anonymous#org:mixpanel-node-user"}) if row["type"] == "group"])

    def test_matomo_for_node(self):
        self.run_sdk("matomo-node", ["page_view", "page_view", "signup"])

    def test_umami_for_node(self):
        """Whoever sends them is told by address and browser."""
        self.run_sdk("umami-node", ["page_view", "signup", "identify"], kind="anonymous", user=self.visitor("umami-node-user"), browser="umami-node-user", timed=False)

    def test_plausible_for_browsers(self):
        self.run_sdk("plausible", ["page_view", "signup"], kind="anonymous", user=self.visitor("node"), timed=False)

    def test_clickstream_for_browsers(self):
        """It also says when a profile is set, for the first time without a user's attributes."""
        self.run_sdk("clickstream", ["identify", "identify", "signup"])


if __name__ == "__main__":
    main()
