"""Clients that hurt: idle, slow, half gone, huge. Each time a neighbour who behaves gets its answers as before, and the server's memory stays bounded."""

import json
import resource
import socket
import struct
import time
import unittest

from harness import Server, main, wait_for
from client import Neighbour, ask, connect, descriptors, dynamodb, receive, resident_mib, signed

# On a machine that does nothing else, p99 is some milliseconds. A neighbour who is really held up waits for seconds.
P99_MAX_MS = 250


class Neighbourhood(unittest.TestCase):
    """A server, a neighbour's item, and the connections that a test opens."""

    @classmethod
    def setUpClass(cls):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 1 << 16) if hard != resource.RLIM_INFINITY else 1 << 16, hard))
        cls.descriptors_max = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        cls.server = Server("--empty")
        create = {"TableName": "load", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                  "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]}
        assert ask(cls.server, dynamodb(cls.server, "CreateTable", json.dumps(create).encode())).status == 200
        put = b'{"TableName":"load","Item":{"pk":{"S":"a"},"v":{"S":"vvvvvvvv"}}}'
        assert ask(cls.server, dynamodb(cls.server, "PutItem", put)).status == 200

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def setUp(self):
        self.before_mib, self.before_descriptors = resident_mib(self.server), descriptors(self.server)
        self.connections = []

    def tearDown(self):
        for connection in self.connections:
            connection.close()
        wait_for("the server closes what its clients have closed", lambda: descriptors(self.server) <= self.before_descriptors + 20)

    def open(self, count, source="127.0.0.1"):
        self.connections += [connect(self.server, source) for _ in range(count)]
        return self.connections[-count:]

    def unharmed(self, neighbour, what, memory_mib_max):
        self.assertEqual([], neighbour.failures)
        self.assertGreater(len(neighbour.times), 20)
        grown = resident_mib(self.server) - self.before_mib
        print(f"# {what}: p99 beside it {neighbour.p99_ms():.1f} ms of {len(neighbour.times)} answers, {grown:.0f} MiB more in memory", flush=True)
        self.assertLess(neighbour.p99_ms(), P99_MAX_MS)
        self.assertLess(grown, memory_mib_max)


class Idle(Neighbourhood):
    def need_descriptors(self):
        if self.descriptors_max < 12_300:
            self.skipTest(f"the hard limit of descriptors is {self.descriptors_max}")

    def test_ten_thousand_idle_connections(self):
        self.need_descriptors()
        with Neighbour(self.server) as neighbour:
            for source in ("127.0.0.3", "127.0.0.4"):
                self.open(5000, source)
            wait_for("all are accepted", lambda: descriptors(self.server) >= self.before_descriptors + 10_000)
            time.sleep(3)
        self.unharmed(neighbour, "10,000 idle connections", 100)

    def test_ten_thousand_that_have_asked_once(self):
        self.need_descriptors()
        with Neighbour(self.server) as neighbour:
            for source in ("127.0.0.3", "127.0.0.4"):
                for connection in self.open(5000, source):
                    connection.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\nx-padding: " + b"p" * 20_000 + b"\r\n\r\n")
                    self.assertEqual(403, receive(connection).status)
            time.sleep(1)
        self.unharmed(neighbour, "10,000 connections that have asked once", 150)


class Hostile(Neighbourhood):
    def test_heads_a_byte_at_a_time(self):
        slow = self.open(500)
        with Neighbour(self.server) as neighbour:
            for at in range(5):
                for connection in slow:
                    connection.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\nx: "[at * 8:at * 8 + 8])
                time.sleep(1)
        self.unharmed(neighbour, "500 heads, 8 bytes a second", 50)

    def test_bodies_a_byte_at_a_time(self):
        slow = self.open(500)
        for connection in slow:
            connection.sendall(b"POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: DynamoDB_20120810.GetItem\r\ncontent-length: 1000000\r\n\r\n")
        with Neighbour(self.server) as neighbour:
            for _ in range(5):
                for connection in slow:
                    connection.sendall(b"x")
                time.sleep(1)
        self.unharmed(neighbour, "500 bodies, a byte a second", 50)

    def test_what_drips_is_cut_off(self):
        head, body = self.open(2)
        head.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\nx: ")
        body.sendall(b"POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: DynamoDB_20120810.GetItem\r\ncontent-length: 1000000\r\n\r\n")
        left, until = {head, body}, time.monotonic() + 45
        while left and time.monotonic() < until:
            for connection in list(left):
                try:
                    connection.sendall(b"x")
                except OSError:
                    left.remove(connection)
            time.sleep(0.5)
        self.assertFalse(left)

    def test_answers_that_nobody_reads(self):
        ask(self.server, signed(self.server, "s3", method="PUT", path="/unread"))
        self.assertEqual(200, ask(self.server, signed(self.server, "s3", b"u" * 60_000, method="PUT", path="/unread/small")).status)
        self.assertEqual(200, ask(self.server, signed(self.server, "s3", b"u" * 20_000_000, method="PUT", path="/unread/large")).status)
        unread = self.open(500)
        for number, connection in enumerate(unread):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(signed(self.server, "s3", method="GET", path="/unread/" + ("small", "large")[number % 2]))
        with Neighbour(self.server) as neighbour:
            time.sleep(4)
        self.unharmed(neighbour, "500 answers that nobody reads", 120)

    def test_uploads_that_stall(self):
        ask(self.server, signed(self.server, "s3", method="PUT", path="/stalled"))
        with Neighbour(self.server) as neighbour:
            for number, connection in enumerate(self.open(3000)):
                whole = signed(self.server, "s3", b"s" * 300_000, method="PUT", path=f"/stalled/{number}")
                connection.setblocking(False)
                try:
                    connection.send(whole[:60_000])
                except BlockingIOError:
                    pass
            time.sleep(2)
        self.unharmed(neighbour, "3,000 uploads that stall after 60 KB", 450)

    def test_half_open_connections(self):
        with Neighbour(self.server) as neighbour:
            for connection in self.open(300):
                connection.sendall(b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nhalf")
                connection.shutdown(socket.SHUT_WR)
            for connection in self.open(300):
                connection.sendall(b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nhalf")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()
            wait_for("those that are half gone are closed", lambda: descriptors(self.server) <= self.before_descriptors + 320)
            time.sleep(1)
        self.unharmed(neighbour, "600 half-open connections", 50)

    def test_huge_heads(self):
        self.assertEqual(431, ask(self.server, b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"h" * 70_000 + b"\r\n\r\n").status)
        with Neighbour(self.server) as neighbour:
            for _ in range(5):
                for connection in self.open(100):
                    connection.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"h" * 60_000)
                time.sleep(0.5)
        self.unharmed(neighbour, "500 heads of 60 KB that never end", 120)

    def test_huge_bodies(self):
        head = b"POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: DynamoDB_20120810.PutItem\r\ncontent-length: %d\r\n\r\n"
        self.assertEqual(413, ask(self.server, head % (1 << 40) + b"b" * 18_000_000).status)
        with Neighbour(self.server) as neighbour:
            for connection in self.open(60):
                try:
                    connection.sendall(head % 16_000_000 + b"b" * 10_000_000)
                except OSError:
                    pass  # refused on the way
            time.sleep(1)
        self.unharmed(neighbour, "60 bodies of 16 MB", 450)


if __name__ == "__main__":
    main()
