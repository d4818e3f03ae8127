"""A disk that is full, read-only, or fails to sync, for a while: writes get clear errors, health says why, reads go on, and once the disk takes writes again so
does the server, by itself, with everything that it has acknowledged and nothing that it has refused half done.

The disk is a real one that refuses by order (disk.cpp), so no mounts and no root are needed.
"""

import http.client
import json
import pathlib
import random
import shutil
import tempfile
import threading
import time
import unittest
import urllib.parse

import writers
from harness import BUILD, main, wait_for
from services import LIBRARY, Stage
from signed import Refused, Signed, Unanswered

SAID = {"ENOSPC": "No space left on device", "EROFS": "Read-only file system", "EIO": "Input/output error"}


class Refusing(Signed):
    """Tells an answer of 500 and more from no answer."""

    def attempt(self, what):
        try:
            what()
            return "200"
        except Refused as refused:
            return f"{refused.status} {refused.body.decode()}"
        except Unanswered as failed:
            return str(failed)


@unittest.skipUnless(LIBRARY.exists(), f"{LIBRARY} isn't built")
class DiskFull(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = Stage(random.randrange(1 << 32))
        cls.stage.prepare()
        cls.wire = Refusing(cls.stage.address)
        cls.large, cls.small = random.randbytes(200_000), random.randbytes(1000)

    @classmethod
    def tearDownClass(cls):
        cls.stage.close()

    def tearDown(self):
        self.stage.disk.command("")

    def health(self):
        url = urllib.parse.urlsplit(self.stage.server.endpoint)
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
        connection.request("GET", "/_localcloud/health")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def put(self, key, body):
        return self.wire.s3("PUT", f"/{writers.BUCKET}/{key}", body=body)

    def get(self, key):
        return self.wire.s3("GET", f"/{writers.BUCKET}/{key}")[2]

    def item(self, key):
        return self.wire.dynamodb("PutItem", TableName=writers.TABLE, Item={"pk": {"S": "full"}, "sk": {"S": key}, "filler": {"S": "x" * 300}})

    def refuse(self, error, where="*"):
        self.stage.disk.command(f"fail {error} {where}")

    def kill_and_start(self):
        self.stage.server.kill()
        self.stage.disk.replay()
        self.stage.server.start()

    def comes_back(self):
        """The disk takes writes again: so does the server, at once."""
        self.stage.disk.command("")
        wait_for("durable writes", lambda: self.health()[0] == 200, 5)
        self.assertEqual(self.health()[1], {"status": "ok", "durable_writes": True})

    def refused(self, error):
        """Every kind of write is refused in the words of its service, and what is there can be read."""
        self.put(f"kept {error}", self.large)
        self.refuse(error)
        self.assertIn("503", self.wire.attempt(lambda: self.put(f"refused {error}", self.large)))
        for _ in range(3):
            for answer in (self.wire.attempt(lambda: self.put(f"refused {error}", self.small)), self.wire.attempt(lambda: self.put(f"kept {error}", self.small))):
                self.assertRegex(answer, "503.*<Code>ServiceUnavailable</Code>")
            self.assertRegex(self.wire.attempt(lambda: self.item(f"refused {error}")), "503.*ServiceUnavailable")
        status, _, body = self.stage.server.send([{"type": "click", "user_id": "u", "properties": {}}])
        self.assertEqual(status, 503, body)
        status, health = self.health()
        self.assertEqual((status, health["status"], health["durable_writes"]), (503, "can't write", False))
        self.assertIn(SAID[error], health["reason"])
        self.assertEqual(self.get(f"kept {error}"), self.large)
        self.comes_back()
        self.put(f"after {error}", self.small)
        for _ in range(2):
            self.assertEqual(self.get(f"kept {error}"), self.large)
            self.assertEqual(self.get(f"after {error}"), self.small)
            self.assertIn("404", self.wire.attempt(lambda: self.get(f"refused {error}")))
            self.kill_and_start()
        self.assertEqual(len(list((self.stage.run / "data/blobs").iterdir())), self.bodies())

    def bodies(self):
        """How many objects lie in files of their own."""
        count = 0
        for bucket in (writers.BUCKET, f"event-pipeline-{self.stage.server.account}-us-east-1"):
            listed = self.wire.s3("GET", f"/{bucket}", {"list-type": "2"}.items())[2].decode()
            count += sum(int(size.split("<")[0]) > writers.LARGE for size in listed.split("<Size>")[1:])
        return count

    def test_a_full_disk(self):
        self.refused("ENOSPC")

    def test_a_read_only_disk(self):
        self.refused("EROFS")

    def test_a_disk_that_fails_to_write(self):
        self.refused("EIO")

    def test_the_log_alone_is_refused(self):
        """Straight after a start there is nothing that resuming would have to write, but the log in which a refused write may stand must not be used again."""
        for error in SAID:
            self.kill_and_start()
            for count in range(4):
                self.refuse(error, "*/store/*.log")
                self.assertIn("503", self.wire.attempt(lambda: self.item(f"log {error} {count} refused")))
                self.comes_back()
                self.item(f"log {error} {count}")
            self.kill_and_start()
            rows = self.wire.dynamodb("Query", TableName=writers.TABLE, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "full"}})["Items"]
            found = {row["sk"]["S"] for row in rows if row["sk"]["S"].startswith(f"log {error} ")}
            self.assertEqual(found, {f"log {error} {count}" for count in range(4)})

    def test_again_and_again_under_load(self):
        """Writers on every service while the disk refuses now and then; kill -9 in the end."""
        everybody = writers.everybody(self.stage, self.stage.chance)
        self.assertEqual(writers.all_at_once(lambda writer: writer.prepare(), everybody), [])
        for error in (*SAID, *SAID):
            until = threading.Event()
            threads = [threading.Thread(target=each.run, args=(until,), daemon=True) for each in everybody]
            for thread in threads:
                thread.start()
            time.sleep(0.3)
            self.refuse(error)
            time.sleep(0.3)
            until.set()
            for thread in threads:
                thread.join()
            self.comes_back()
            if error == "EIO":
                self.kill_and_start()
            self.assertEqual(self.stage.wrong + writers.all_at_once(lambda writer: writer.check(), everybody), [])
        self.assertEqual(writers.all_at_once(lambda writer: writer.check_at_end(), everybody), [])

    def test_a_start_on_a_full_disk(self):
        """It says what is wrong, harms nothing, and starts when there is space."""
        self.put("before", self.large)
        self.stage.server.kill()
        self.stage.disk.replay()
        self.refuse("ENOSPC")
        with self.assertRaisesRegex(RuntimeError, SAID["ENOSPC"]):
            self.stage.server.start()
        self.stage.disk.command("")
        self.stage.server.start()
        self.assertEqual(self.get("before"), self.large)


if __name__ == "__main__":
    main()
