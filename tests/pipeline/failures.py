"""Each client for servers in clients.py, unmodified, whose first request fails once: nothing is lost, nothing is sent again and again, and what is sent twice is stored once.
What a client loses by its own nature is named here, and in the table of pipeline/README.md."""

import concurrent.futures
import json
import pathlib
import subprocess
import time
import unittest

import clients
from faults import FAULTS, Proxy, stored
from flows import Flow
from harness import Server, main, wait_for

server = Server()
flow = Flow(server)
SCRIPT = pathlib.Path(__file__).with_suffix(".mjs")
SENT = 4  # by each client to each proxy
# The faults after which a client gives up the event that it was sending, or stores it twice, since it gives its events no ids.
NEVER = set(FAULTS) - {"lost"}
LOSES = {"jitsu": NEVER, "mixpanel-node": NEVER, "matomo-node": NEVER, "umami-node": NEVER, "amplitude-node": {"reset", "silence"},
         "otlp-json": {"500"}, "otlp-protobuf": {"500"}}
DOUBLES = {"otlp-json": {"lost"}}
CLIENTS = ("segment-node", "rudderstack-node", "jitsu", "posthog-node", "posthog-node-v1", "snowplow-node", "snowplow-node-get", "otlp-json", "otlp-protobuf",
           "amplitude-node", "mixpanel-node", "matomo-node", "umami-node")


class Run:
    """One client, until it has had time for all that it does."""

    def __init__(self, name):
        self.name = name
        self.proxies = {fault: Proxy(server.events, fault) for fault in FAULTS}
        environment = server.environment(CLIENTS=str(clients.CLIENTS), WRITE_KEY=server.write_key, PROXIES=json.dumps({fault: proxy.url for fault, proxy in self.proxies.items()}))
        if name.endswith("-v1"):
            environment["POSTHOG_CAPTURE_MODE"] = "v1"
        process = subprocess.Popen([str(clients.node()), str(SCRIPT), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        try:
            self.told = process.stdout.readline()
            wanted = {f"{name}.{fault}.{number}" for fault in set(FAULTS) - LOSES.get(name, set()) for number in range(SENT)}
            until = time.monotonic() + 25
            while not wanted <= set(stored(flow)) and time.monotonic() < until:
                time.sleep(0.5)
            time.sleep(4)  # for what it would send again
        finally:
            _, self.errors = process.communicate("", timeout=20)


pool = concurrent.futures.ThreadPoolExecutor(len(CLIENTS))
runs = {name: pool.submit(Run, name) for name in CLIENTS}


class Failures(unittest.TestCase):
    def check(self, name):
        run = runs[name].result()
        self.assertEqual(run.told, "sent\n", run.errors[-1000:])
        found = stored(flow)
        lost, doubled, requests = set(), set(), {}
        for fault in FAULTS:
            count = [found[f"{name}.{fault}.{number}"] for number in range(SENT)]
            if 0 in count:
                lost.add(fault)
                self.assertEqual(count.count(0), 1, f"{fault}: of its events at most the one whose request failed may be lost: {count}")
            if max(count) > 1:
                doubled.add(fault)
            requests[fault] = run.proxies[fault].requests
        self.assertEqual((lost, doubled), (LOSES.get(name, set()), DOUBLES.get(name, set())), f"what it loses and doubles; requests: {requests}")
        for fault, count in requests.items():
            self.assertLessEqual(count, SENT + 2, f"{fault}: {SENT} events, one of which failed once")


for each in CLIENTS:
    setattr(Failures, "test_" + each.replace("-", "_"), lambda self, each=each: self.check(each))

if __name__ == "__main__":
    main()
