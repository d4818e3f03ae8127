"""Bytes that change on the disk, wherever they lie, are found by a checksum: what they belonged to is refused and reported, all else is served, and nothing that is
wrong is ever handed out as good."""

import http.client
import json
import os
import pathlib
import random
import unittest
import urllib.parse

import writers
from harness import Server, main
from signed import Refused, Signed, Unanswered

chance = random.Random(11)


def flip(path, offset):
    with open(path, "r+b") as file:
        byte = os.pread(file.fileno(), 1, offset)
        os.pwrite(file.fileno(), bytes([byte[0] ^ 0x40]), offset)


class Corruption(unittest.TestCase):
    def setUp(self):
        self.server = Server("--empty", keep=True)
        self.addCleanup(self.remove)
        self.data = self.server.folder / "data"
        self.wire = Signed(lambda: (self.server.endpoint, self.server.access_key, self.server.secret_key, None, self.server.region))
        self.wire.s3("PUT", f"/{writers.BUCKET}")

    def remove(self):
        self.server.keep = False
        self.server.close()

    def put(self, key, body):
        self.wire.s3("PUT", f"/{writers.BUCKET}/{key}", body=body)

    def get(self, key, **headers):
        return self.wire.s3("GET", f"/{writers.BUCKET}/{key}", **headers)[2]

    def fails(self, key, how, **headers):
        with self.assertRaisesRegex(Unanswered, how):
            self.get(key, **headers)

    def restart(self):
        self.server.kill()
        self.server.start()

    def refuses_to_start(self, why):
        with self.assertRaisesRegex(RuntimeError, why):
            self.server.start()

    def health(self):
        url = urllib.parse.urlsplit(self.server.endpoint)
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
        connection.request("GET", "/_localcloud/health")
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def is_reported(self, what):
        status, health = self.health()
        self.assertEqual((status, health["status"]), (200, "damaged"))
        self.assertIn(what, health["damage"])
        self.assertIn("damage was found on the disk", self.server.log_text())

    def holding(self, folder, bytes_):
        """The file that holds those bytes, and where."""
        for path in sorted((self.data / folder).iterdir()):
            at = path.read_bytes().find(bytes_) if path.is_file() else -1
            if at >= 0:
                return path, at
        raise AssertionError("no file holds them")

    def test_a_body_in_a_file(self):
        bodies = {key: chance.randbytes(300_000) for key in ("first", "later", "whole")}
        for key, body in bodies.items():
            self.put(key, body)
        for key, offset in (("first", 100), ("later", 200_000)):
            path, at = self.holding("blobs", bodies[key][:64])
            flip(path, at + offset)
        self.fails("first", "500.*InternalError")
        # The head has gone out before the damage is met: the connection is broken off, and the client knows that it hasn't all.
        self.fails("later", "IncompleteRead|closed")
        self.assertEqual(self.get("later", range="bytes=0-9999"), bodies["later"][:10_000])
        self.assertEqual(self.get("first", range="bytes=100000-100009"), bodies["first"][100_000:100_010])
        self.fails("later", "500.*InternalError", range="bytes=200000-200009")
        self.assertEqual(self.get("whole"), bodies["whole"])
        self.is_reported("fails its checksum")

    def test_a_body_cut_short(self):
        body = chance.randbytes(300_000)
        self.put("cut", body)
        path, _ = self.holding("blobs", body[:64])
        os.truncate(path, 250_000)
        self.fails("cut", "500.*InternalError")
        self.is_reported("corrupt")

    def test_a_record_in_a_table(self):
        bodies = {f"k{number}": chance.randbytes(9_000) for number in range(6)}
        for key, body in bodies.items():
            self.put(key, body)
        self.restart()  # writes the log's records into a table
        self.server.stop()
        places = {key: self.holding("store", body[4000:4040]) for key, body in bodies.items()}
        # Not the first in the file: what lies before it, and may be needed to start, shares its block.
        damaged = sorted(places, key=lambda key: places[key][1])[3]
        path, at = places[damaged]
        self.assertEqual(path.suffix, ".sst")
        flip(path, at)
        self.server.start()
        self.fails(damaged, "500.*InternalError")
        for key, body in bodies.items():
            if key != damaged:
                self.assertEqual(self.get(key), body)
        self.is_reported("the store: Corruption")
        self.put("new", b"written all the same")
        self.assertEqual(self.get("new"), b"written all the same")

    def test_the_logs_middle(self):
        """What was acknowledged after the damage isn't dropped in silence: nothing starts until somebody has decided."""
        bodies, size = [], 0
        while len(bodies) < 40 or size % 32768 < 20_000:
            bodies.append(chance.randbytes(2_000))
            self.put(f"k{len(bodies) - 1}", bodies[-1])
            path, at = self.holding("store", bodies[10 % len(bodies)][1000:1040])
            size = path.stat().st_size
        self.server.kill()
        self.assertEqual(path.suffix, ".log")
        whole = path.read_bytes()
        flipped = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]
        # RocksDB reads zeros where a record should begin as the end of the log's block, and drops what follows there without a word.
        record = self.record_after(whole, len(whole) // 32768 * 32768)
        zeroed = whole[:record] + bytes(1_000) + whole[record + 1_000:]
        for damaged in (flipped, zeroed):
            path.write_bytes(damaged)
            self.refuses_to_start("is corrupt at byte .* acknowledged writes follow")
            self.assertEqual(path.read_bytes(), damaged)
        path.write_bytes(whole)
        self.server.start()
        for number, body in enumerate(bodies):
            self.assertEqual(self.get(f"k{number}"), body)

    def record_after(self, log, offset):
        """Where the first record after the offset begins that lies in one block as a whole."""
        at = 0
        while True:
            if 32768 - at % 32768 < 7:
                at = (at // 32768 + 1) * 32768
            if at > offset and log[at + 6] == 1:
                return at
            at += 7 + int.from_bytes(log[at + 4:at + 6], "little")

    def test_the_logs_torn_end(self):
        """As a power loss leaves it: half of a record that nobody was told of."""
        for ending in ("cut", "zeros", "noise"):
            self.put("before", b"1")
            body = chance.randbytes(20_000)
            self.put("torn", body)
            self.server.kill()
            path, at = self.holding("store", body[:64])
            whole = path.read_bytes()
            end = {"cut": b"", "zeros": bytes(len(whole) - at - 9_000), "noise": chance.randbytes(len(whole) - at - 9_000)}[ending]
            path.write_bytes(whole[:at + 9_000] + end)
            with self.subTest(ending):
                self.server.start()
                self.assertEqual(self.get("before"), b"1")
                with self.assertRaisesRegex(Refused, "404"):
                    self.get("torn")

    def test_the_small_files(self):
        """A store whose key or account was changed doesn't pass for an empty one."""
        self.put("object", b"here")
        self.server.kill()
        for name, offset in (("secret.key", 7), ("account.json", (self.data / "account.json").read_text().index('"id"') + 10)):
            path = self.data / name
            whole = path.read_bytes()
            path.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1:])
            self.refuses_to_start(f"{name} isn't the one that the store was made with")
            path.write_bytes(whole)
            self.server.start()
            self.assertEqual(self.get("object"), b"here")
            self.server.kill()


if __name__ == "__main__":
    main()
