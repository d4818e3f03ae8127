"""Real GitHub activity (@octokit/webhooks-examples) through the collector as custom types, with GitHub's own schemas (@octokit/webhooks-schemas) put into
the bucket: what ajv calls valid is stored, what was mutated is quarantined for the right reason."""

import collections
import json
import pathlib
import subprocess
import unittest
import uuid

import clients
from flows import Flow
from harness import Server, main, wait_for

server = Server()
flow = Flow(server)


def events():
    script = pathlib.Path(__file__).with_suffix(".mjs")
    done = subprocess.run([str(clients.node()), str(script)], capture_output=True, text=True, check=True, env=server.environment(CLIENTS=str(clients.CLIENTS)))
    return [json.loads(line) for line in done.stdout.splitlines()]


class Webhooks(unittest.TestCase):
    def test_valid_are_stored_and_mutated_are_quarantined(self):
        sent = events()
        for event in sent:
            if "schema" in event:
                flow.s3.put_object(Bucket=flow.bucket, Key=f'schemas/{event["type"]}/1-0-0.json', Body=json.dumps(event["schema"]))
        self.assertGreater(sum(event["valid"] for event in sent), 150)
        self.assertGreater(sum(not event["valid"] for event in sent), 500)
        objects = []
        for event in sent:
            event["id"] = str(uuid.uuid4())
        for begin in range(0, len(sent), 40):
            batch = [{"type": event["type"], "event_id": event["id"], "user_id": "github", "timestamp": "2026-11-22T12:00:00Z", "properties": event["properties"]}
                     for event in sent[begin:begin + 40]]
            status, _, answer = server.send(batch, timeout=60)
            self.assertEqual(status, 200, answer)
            objects.append(answer["key"])
        valid = {event["id"] for event in sent if event["valid"]}
        rows = wait_for(f"{len(valid)} rows", lambda: len(found := flow.query("pk = :p", {":p": "user#github"})) >= len(valid) and found, 120)
        wrong = {row["id"] for row in rows} - valid
        told = [(event["type"], event["errors"][:2]) for event in sent if event["id"] in wrong]
        self.assertEqual((len(rows), told), (len(valid), []), "stored, and ajv calls them invalid")
        quarantined = {}
        for key in objects:
            def entries(key=key):
                count = sum(not event["valid"] for event in sent[objects.index(key) * 40:objects.index(key) * 40 + 40])
                found = flow.quarantined(key)
                return len(found) >= count and (found or [None])
            quarantined.update({entry["id"]: entry for entry in wait_for(f"the quarantine of {key}", entries, 60) if entry})
        self.assertEqual(set(quarantined), {event["id"] for event in sent} - valid)
        other = collections.Counter()
        for event in sent:
            if event["valid"]:
                continue
            ours = {(reason["keyword"], reason["path"]) for reason in quarantined[event["id"]]["reasons"]}
            if not any(keyword == error["keyword"] and path.endswith(error["path"]) for keyword, path in ours for error in event["errors"]):
                other[(str(sorted(ours)[:2]), str(event["errors"][:2]))] += 1
        self.assertEqual(other.most_common(5), [], "reasons that ajv doesn't give")


if __name__ == "__main__":
    main()
