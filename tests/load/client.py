"""Raw connections for the load tests: requests as bytes, signed, and a neighbour who behaves and says how long its answers took."""

import datetime
import hashlib
import hmac
import http.client
import multiprocessing
import pathlib
import socket
import time
import urllib.parse


def address(url):
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port


def signed(server, service, body=b"", method="POST", path="/", query="", headers=None, region=None):
    """The request as bytes, head and body."""
    region = region or server.region
    now = datetime.datetime.now(datetime.timezone.utc)
    stamp, digest = now.strftime("%Y%m%dT%H%M%SZ"), hashlib.sha256(body).hexdigest()
    host = ":".join(map(str, address(server.endpoint)))
    sent = {"host": host, "x-amz-date": stamp, **{name.lower(): value for name, value in (headers or {}).items()}}
    if service == "s3":
        sent["x-amz-content-sha256"] = digest
    names = ";".join(sorted(sent))
    canonical = "\n".join([method, path, query, *(f"{name}:{sent[name]}" for name in sorted(sent)), "", names, digest])
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    key = ("AWS4" + server.secret_key).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    sent["authorization"] = f"AWS4-HMAC-SHA256 Credential={server.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    sent["content-length"] = str(len(body))
    target = path + ("?" + query if query else "")
    return f"{method} {target} HTTP/1.1\r\n".encode() + b"".join(f"{name}: {value}\r\n".encode() for name, value in sent.items()) + b"\r\n" + body


def dynamodb(server, operation, body):
    return signed(server, "dynamodb", body, headers={"x-amz-target": f"DynamoDB_20120810.{operation}", "content-type": "application/x-amz-json-1.0"})


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()


def connect(server, source="127.0.0.1", timeout=30, url=None):
    return socket.create_connection(address(url or server.endpoint), timeout, (source, 0))


def receive(connection):
    response = http.client.HTTPResponse(connection)
    response.begin()
    return Answer(response)


def ask(server, request, **options):
    with connect(server, **options) as connection:
        connection.sendall(request)
        return receive(connection)


def resident_mib(server):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def descriptors(server):
    return len(list(pathlib.Path(f"/proc/{server.process.pid}/fd").iterdir()))


class Neighbour:
    """Asks for an item every few milliseconds, from an address of its own and in a process of its own, while `with` lasts."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        self.stop, self.out = multiprocessing.Event(), multiprocessing.SimpleQueue()
        self.process = multiprocessing.Process(target=self.run, daemon=True)
        self.process.start()
        return self

    def run(self):
        times, failures = [], []
        connection = connect(self.server, "127.0.0.2")
        while not self.stop.is_set():
            began = time.monotonic()
            connection.sendall(dynamodb(self.server, "GetItem", b'{"TableName":"load","Key":{"pk":{"S":"a"}}}'))
            answer = receive(connection)
            times.append(time.monotonic() - began)
            if answer.status != 200:
                failures.append(f"{answer.status} {answer.body[:200]}")
            time.sleep(0.005)
        self.out.put((times, failures))

    def __exit__(self, *error):
        self.stop.set()
        self.times, self.failures = self.out.get()
        self.process.join()
        self.times.sort()

    def p99_ms(self):
        return self.times[len(self.times) * 99 // 100] * 1000
