"""A proxy before the collector that makes the first request with events fail, once, in one way, and passes everything else on."""

import collections
import http.client
import http.server
import re
import socket
import struct
import threading
import time
import urllib.parse

# 503 and 429 ask to wait a second; "silence" is an answer that doesn't come, until the connection is closed; of "lost" the
# collector has stored the events, and only its answer is lost.
FAULTS = ("500", "503", "429", "reset", "silence", "lost")
SILENCE_S = 3
EVENTS_BY_GET = re.compile(r"^/(i|track|engage|groups|matomo\.php)/?\?")


def stored(flow):
    """How often each event is in the table, by its name: client.fault.number."""
    found = collections.Counter()
    for row in flow.rows():
        found[row["p"].get("element") or row["p"].get("url", "").rpartition("/")[2]] += 1
    return found


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_request(self):
        body = self.read_body()
        self.server.preflights += self.command == "OPTIONS"
        has_events = self.command == "POST" and not self.path.startswith("/flags") or self.command == "GET" and EVENTS_BY_GET.match(self.path)
        fault = self.server.fault if has_events and self.server.count() == 1 else None
        if fault in ("500", "503", "429"):
            headers = [("content-type", "text/plain")] + ([] if fault == "500" else [("retry-after", "1")])
            if self.headers.get("origin"):  # as every answer of the collector
                headers += [("access-control-allow-origin", self.headers["origin"]), ("access-control-allow-credentials", "true"),
                            ("access-control-expose-headers", "retry-after")]
            self.answer(int(fault), headers, b"not now")
        elif fault == "reset":
            self.reset()
        elif fault == "silence":
            time.sleep(SILENCE_S)
            self.close_connection = True
        else:
            answer, content = self.forward(body)
            if fault == "lost":
                self.reset()
            else:
                self.answer(answer.status, [(name, value) for name, value in answer.getheaders() if name.lower() not in ("connection", "content-length", "date")], content)

    do_GET = do_POST = do_OPTIONS = do_HEAD = handle_request

    def read_body(self):
        if "chunked" not in self.headers.get("transfer-encoding", ""):
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def forward(self, body):
        connection = http.client.HTTPConnection(self.server.target, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "content-length", "transfer-encoding")}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    def answer(self, status, headers, content):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.server.shutdown_request = self.server.close_request  # no FIN before the RST

    def log_message(self, *_):
        pass


class Proxy(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, events, fault):
        super().__init__(("127.0.0.1", 0), Handler)
        self.target, self.fault = urllib.parse.urlsplit(events).netloc, fault
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.lock, self.requests, self.preflights = threading.Lock(), 0, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def count(self):
        """One more request with events; how many there have been."""
        with self.lock:
            self.requests += 1
            return self.requests

    def handle_error(self, *_):
        pass  # clients that go away
