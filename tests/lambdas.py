"""A function run as Lambda runs it, without Lambda: its package unpacked, its process started, a Runtime API that gives it events."""

import http.server
import json
import os
import queue
import subprocess
import threading
import time
import zipfile

DEADLINE_S = 30


def unpacked(package, folder):
    """As Lambda does, with the modes that the zip says."""
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():
            path = archive.extract(entry, folder)
            os.chmod(path, entry.external_attr >> 16 & 0o777)


def url_event(body, write_key, path="/v1/events", method="POST"):
    """What a function URL makes of a request."""
    return {"version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "isBase64Encoded": False, "body": body,
            "headers": {"content-type": "application/json", "x-write-key": write_key},
            "requestContext": {"http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test"}}}


def variables(server, **more):
    """Of both functions, for the pipeline that the server has deployed itself: nothing is inherited."""
    return {"AWS_REGION": server.region, "AWS_ACCESS_KEY_ID": server.access_key, "AWS_SECRET_ACCESS_KEY": server.secret_key, "AWS_ENDPOINT_URL": server.endpoint,
            "BUCKET": f"event-pipeline-{server.account}-{server.region}", "TABLE": "events",
            "STATE_MACHINE_ARN": f"arn:aws:states:{server.region}:{server.account}:stateMachine:event-pipeline", **more}


class RuntimeApi:
    """https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html for one process."""

    def __init__(self):
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                api.asked = api.asked or time.monotonic()
                api.has_asked.set()
                event = api.events.get()
                if event is None:
                    return
                body = json.dumps(event).encode()
                self.send_response(200)
                for name, value in (("Lambda-Runtime-Aws-Request-Id", "00000000-0000-4000-8000-000000000000"), ("Lambda-Runtime-Invoked-Function-Arn",
                                    "arn:aws:lambda:us-east-1:123456789012:function:f"), ("Lambda-Runtime-Deadline-Ms", int((time.time() + DEADLINE_S) * 1000)),
                                    ("Content-Type", "application/json"), ("Content-Length", len(body))):
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()
                api.answers.put(json.loads(body))

            def log_message(self, *_):
                pass

        self.events, self.answers = queue.Queue(), queue.Queue()
        self.asked, self.has_asked = None, threading.Event()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a process that was ended while it waited
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.events.put(None)
        self.server.shutdown()
        self.server.server_close()

    def wait_for_next(self):
        assert self.has_asked.wait(DEADLINE_S), "the function asked for no event"

    def invoke(self, event):
        self.events.put(event)
        return self.answers.get(timeout=DEADLINE_S)


class Bootstrap:
    """The process. The command is the bootstrap, or what starts it elsewhere."""

    def __init__(self, command, api, variables):
        environment = {**variables, "AWS_LAMBDA_RUNTIME_API": api.address, "LAMBDA_TASK_ROOT": "/var/task", "_HANDLER": "bootstrap", "TZ": ":UTC"}
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.output = self.process.stdout.read()
        self.process.stdout.close()
        self.process.wait()

    def resident_kb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
