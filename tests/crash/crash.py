"""Events at full speed, kill -9 at random moments, restart, twenty rounds: what was acknowledged is in the table exactly once or in quarantine.

Four senders post batches without a pause, some events invalid, some sent twice. A batch that isn't answered is sent again after the restart, as SDKs do, with the
same ids. In the end every acknowledged event is found exactly once, no event is found twice, and the counts of each raw object close.
"""

import collections
import http.client
import json
import random
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid

from flows import Flow
from harness import Server, say_failed, say_ok

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
SENDERS = 4
seed = random.randrange(1 << 32)
chance = random.Random(seed)


class Sender(threading.Thread):
    def __init__(self, number, acknowledged, server):
        super().__init__(daemon=True)
        self.number, self.acknowledged, self.chance = number, acknowledged, random.Random(seed + number)
        self.server, self.stopping, self.sent, self.unanswered = server, False, 0, None

    def batch(self):
        events = []
        for _ in range(self.chance.choice((1, 1, 5, 25))):
            self.sent += 1
            event = {"event_id": str(uuid.UUID(int=self.chance.getrandbits(128))), "type": "click", "user_id": f"user-{self.number}-{self.sent % 50}",
                     "timestamp": "2026-11-22T12:00:00.000Z", "properties": {"element": "buy"}}
            if self.sent % 20 == 0:
                event["type"] = "no_such_type"
            events.append(event)
        if self.chance.random() < 0.1:
            events.append(events[0])
        return events

    def run(self):
        connection = None
        while not self.stopping:
            batch = self.unanswered or self.batch()
            self.unanswered = batch
            try:
                if connection is None:
                    url = urllib.parse.urlsplit(self.server.events)
                    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=30)
                connection.request("POST", "/v1/events", json.dumps(batch), {"x-write-key": self.server.write_key, "content-type": "application/json"})
                answer = connection.getresponse()
                body = answer.read()
                if answer.status == 200:
                    assert len(json.loads(body)["ids"]) == len(batch)
                    self.acknowledged.update((event["event_id"], event["type"]) for event in batch)
                    self.unanswered = None
                elif answer.status != 503:
                    raise AssertionError(f"{answer.status} {body[:200]}")
            except (OSError, http.client.HTTPException):
                connection = None
                time.sleep(0.02)


def rounds(folder, acknowledged, restarts):
    server = Server(data=folder)
    senders = [Sender(number, acknowledged, server) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    for _ in range(ROUNDS):
        time.sleep(chance.uniform(0.2, 1.5))
        server.kill()
        began = time.monotonic()
        server.start()
        restarts.append(time.monotonic() - began)
    time.sleep(0.5)
    for sender in senders:
        sender.stopping = True
    for sender in senders:
        sender.join(40)
    # Those that were sent and not answered may or may not be stored; both are right.
    return server


def settled(flow):
    """Waits until neither table nor quarantine grows any more, and answers what they hold."""
    last, since = None, time.monotonic()
    until = time.monotonic() + 240
    while time.monotonic() < until:
        now = (len(flow.rows()), len(flow.keys("quarantine/")))
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > 6:
            break
        time.sleep(0.5)
    return flow.rows()


def main():
    acknowledged, restarts = {}, []
    with tempfile.TemporaryDirectory(prefix="event-pipeline-crash-") as folder:
        server = rounds(folder, acknowledged, restarts)
        flow = Flow(server)
        rows = settled(flow)
        print(f"# seed {seed}: {len(acknowledged)} events acknowledged in {ROUNDS} rounds, restart at most {max(restarts):.2f} s", flush=True)
        stored = collections.Counter(row["id"] for row in rows)
        raw, quarantined, lines = collections.Counter(), collections.Counter(), 0
        for key in flow.keys("raw/"):
            for line in flow.object(key).splitlines():
                raw[json.loads(json.loads(line)["raw"])["event_id"]] += 1
                lines += 1
        for key in flow.keys("quarantine/"):
            for line in flow.object(key).splitlines():
                quarantined[json.loads(line)["id"]] += 1

        def check(name, found):
            say_failed(name, f"{len(found)}, such as {found[:3]} (seed {seed})") if found else say_ok(name)

        check("enough was sent", [] if len(acknowledged) > 100 * ROUNDS // 10 else [len(acknowledged)])
        check("every acknowledged event is stored or quarantined", [each for each in acknowledged if not stored[each] and not quarantined[each]])
        check("no event is stored twice", [each for each, count in stored.items() if count > 1])
        check("no event is both stored and quarantined", [each for each in stored if quarantined[each]])
        check("valid ones are stored, invalid ones quarantined", [each for each, kind in acknowledged.items()
                                                                   if (stored if kind == "click" else quarantined)[each] == 0])
        check("every event in a raw object is accounted for", [each for each in raw if not stored[each] and not quarantined[each]])
        check("nothing is stored that wasn't received", [each for each in list(stored) + list(quarantined) if not raw[each]])
        failed = flow.keys("failed/")
        check("no execution was given up", sorted(failed))
        counts = [flow.parse_validate(key) for key in chance.sample(sorted(flow.keys("raw/")), min(50, len(flow.keys("raw/"))))]
        check("the counts of each raw object close", [each for each in counts if each["received"] != each["stored"] + each["duplicate"] + each["quarantined"]])
        check("a restart takes less than two seconds", [f"{each:.2f}" for each in restarts if each > 2])
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
