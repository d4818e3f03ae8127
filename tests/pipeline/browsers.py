"""The SDKs for browsers in a real headless Chromium, on pages of other origins: what they send before and while a page is left, and what comes of a request that
fails once. What an SDK loses by its own nature is named here, and in the table of pipeline/README.md."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import clients
from faults import FAULTS, Proxy, stored
from flows import Flow
from harness import Server, main, say_skipped

CHROMIUM = shutil.which("chromium")
if not CHROMIUM:
    say_skipped("browsers", "chromium isn't there")
    sys.exit(0)

server = Server()
flow = Flow(server)
SCRIPT = pathlib.Path(__file__).with_suffix(".mjs")
SENT = 4  # on each page; three on that which is left
# The faults after which an SDK gives up the event that it was sending; and those where it is Chromium's matter, which itself sends a request again whose
# connection had been open before.
LOSES = {"jitsu": {"500", "503", "429"}, "plausible": set(FAULTS) - {"lost"}, "posthog": {"429"}, "mixpanel": {"reset", "silence"}}
MAY_LOSE = {"jitsu": {"reset", "silence"}}
# It asks for no keepalive: what is under way when a page is left may or may not arrive.
CANCELLED_WITH_ITS_PAGE = ("jitsu",)
PREFLIGHTED = ("segment", "rudderstack", "snowplow", "jitsu", "clickstream")
SDKS = ("segment", "rudderstack", "posthog", "snowplow", "jitsu", "clickstream", "amplitude", "mixpanel", "plausible")


def visit_all():
    """All pages at once, until all that is to come has come. Answers the proxies, and what the pages complained of."""
    proxies = {(sdk, fault): Proxy(server.events, fault) for sdk in SDKS for fault in ("leaving",) + FAULTS}
    pages = [{"sdk": sdk, "fault": fault, "events": proxy.url} for (sdk, fault), proxy in proxies.items()]
    wanted = {f"{sdk}.{fault}.{number}" for sdk, fault in proxies
              if fault not in LOSES.get(sdk, set()) | MAY_LOSE.get(sdk, set()) and not (fault == "leaving" and sdk in CANCELLED_WITH_ITS_PAGE) for number in range(SENT - (fault == "leaving"))}
    with tempfile.TemporaryDirectory(prefix="event-pipeline-test-") as folder:
        process = subprocess.Popen([str(clients.node()), str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=server.environment(
            CLIENTS=str(clients.CLIENTS), CHROMIUM=CHROMIUM, WRITE_KEY=server.write_key, PAGES=json.dumps(pages), FOLDER=folder))
        try:
            process.stdout.readline()
            until = time.monotonic() + 20
            while not wanted <= set(stored(flow)) and time.monotonic() < until:
                time.sleep(0.5)
            time.sleep(4)  # for what would be sent again
        finally:
            _, errors = process.communicate("", timeout=30)
    return proxies, errors


class Browsers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.proxies, cls.errors = visit_all()
        cls.found = stored(flow)

    def count(self, sdk, fault):
        return [self.found[f"{sdk}.{fault}.{number}"] for number in range(SENT)]

    def check(self, sdk):
        if sdk not in CANCELLED_WITH_ITS_PAGE:
            self.assertEqual(self.count(sdk, "leaving")[:3], [1, 1, 1], f"what is sent when the page is left: {self.errors[-600:]}")
        counts = {fault: self.count(sdk, fault) for fault in FAULTS}
        requests = {fault: self.proxies[sdk, fault].requests for fault in FAULTS}
        self.assertEqual({fault for fault, count in counts.items() if 0 in count} - MAY_LOSE.get(sdk, set()), LOSES.get(sdk, set()), f"what it loses: {counts}, requests: {requests}")
        for fault, count in counts.items():
            self.assertLessEqual(count.count(0), 1, f"{fault}: at most the event whose request failed may be lost")
            self.assertLessEqual(max(count), 1, f"{fault}: an event is stored once")
            self.assertLessEqual(requests[fault], SENT + 3, f"{fault}: {SENT} events, one of which failed once")

    def test_preflights(self):
        """Pages are of other origins than the collector, so browsers ask first what SDKs with headers of their own may send."""
        for sdk in PREFLIGHTED:
            self.assertGreater(self.proxies[sdk, "503"].preflights, 0, sdk)


for each in SDKS:
    setattr(Browsers, "test_" + each, lambda self, each=each: self.check(each))

if __name__ == "__main__":
    main()
