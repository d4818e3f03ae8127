"""What the tests share: where things are, a server to test against, signed and unsigned requests, and the lines that a suite prints.

A suite is a program that prints one line for each test, and nothing else that begins so:
    ok NAME            not ok NAME: why            skip NAME: why
A suite written with unittest ends with harness.main(). tests/run.py runs the suites and counts.
"""

import atexit
import configparser
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("EVENT_PIPELINE_BUILD", ROOT / "build/release"))
PROGRAM = BUILD / "bin/event-pipeline"
CLIENTS = ROOT / "build/clients"
SHARED = pathlib.Path(os.environ.get("PIPELINE_SHARED", ROOT.parent / "shared"))
REGION = "us-east-1"
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a suite that is stopped stops its server


class Server:
    """A server of one's own: `serve` on free ports, in a folder of its own that goes when the server does."""

    def __init__(self, *options, data=None, keep=False, variables=None):
        self.folder = pathlib.Path(data) if data else pathlib.Path(tempfile.mkdtemp(prefix="event-pipeline-test-"))
        self.keep = keep or data is not None
        self.options = options
        self.variables = variables or {}  # of its environment, beside this process's own
        self.process = None
        self.start()
        atexit.register(self.close)

    def start(self):
        command = [str(PROGRAM), "serve", "--data", str(self.folder / "data"), "--port", "0", "--json", *self.options]
        if "--empty" not in self.options:
            command += ["--events-port", "0"]
        self.log = open(self.folder / "server.log", "ab")
        began = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True, cwd=self.folder,
                                        env={**os.environ, **self.variables})
        self.printed = []
        ready = None
        for line in self.process.stdout:
            self.printed.append(line.rstrip("\n"))
            if line.startswith("{"):
                ready = json.loads(line)
                break
        if ready is None:
            raise RuntimeError("the server did not start:\n" + "\n".join(self.printed) + "\n" + self.log_text()[-2000:])
        self.ready_s = time.monotonic() - began
        self.ready = ready
        self.endpoint = ready["endpoint"]
        self.events = ready.get("events")
        self.write_key = ready.get("write_key")
        self.account = ready["account"]
        self.region = ready.get("region", REGION)
        profile = configparser.ConfigParser()
        profile.read(ready["credentials"])
        self.access_key = profile["default"]["aws_access_key_id"]
        self.secret_key = profile["default"]["aws_secret_access_key"]

    def log_text(self):
        return (self.folder / "server.log").read_text(errors="replace")

    def kill(self):
        """kill -9, as a power cut would: nothing gets to finish."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def stop(self):
        """Ctrl-C; answers the exit status."""
        self.process.send_signal(2)
        try:
            status = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = "still running 20 s after SIGINT"
        self.process.stdout.close()
        self.log.close()
        return status

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self, **more):
        """For a child: the real clients, pointed here."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("AWS_") and "proxy" not in key.lower()}
        env.update(AWS_ACCESS_KEY_ID=self.access_key, AWS_SECRET_ACCESS_KEY=self.secret_key, AWS_REGION=self.region,
                   AWS_DEFAULT_REGION=self.region, AWS_ENDPOINT_URL=self.endpoint, AWS_EC2_METADATA_DISABLED="true", AWS_PAGER="",
                   AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null", AWS_MAX_ATTEMPTS="2",
                   PYTHONDONTWRITEBYTECODE="1")
        env.update(more)
        return env

    def client(self, service, **more):
        """A boto3 client of this Python's boto3."""
        import boto3
        from botocore.config import Config
        config = Config(retries={"max_attempts": 2}, connect_timeout=5, read_timeout=70, s3={"addressing_style": "path"})
        options = dict(endpoint_url=self.endpoint, region_name=self.region, aws_access_key_id=self.access_key,
                       aws_secret_access_key=self.secret_key, config=config)
        return boto3.client(service, **{**options, **more})

    def send(self, body, path="/v1/events", method="POST", key=True, headers=None, timeout=30):
        """A plain HTTP request to the collector. Answers status, headers, body (as JSON where it is)."""
        url = urllib.parse.urlsplit(self.events)
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=timeout)
        send_headers = {"content-type": "application/json"}
        if key:
            send_headers["x-write-key"] = self.write_key if key is True else key
        send_headers.update(headers or {})
        if not isinstance(body, (bytes, type(None))):
            body = json.dumps(body).encode()
        connection.request(method, path, body, send_headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        try:
            data = json.loads(data)
        except ValueError:
            pass
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, data


def wait_for(what, condition, timeout_s=20):
    """Asks until the answer is true, and answers it; says what it waited for where it never is."""
    until = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {timeout_s} s")
        time.sleep(0.05)


def say_ok(name):
    print(f"ok {name}", flush=True)


def say_failed(name, why):
    print(f"not ok {name}: {one_line(why)}", flush=True)


def say_skipped(name, why):
    print(f"skip {name}: {one_line(why)}", flush=True)


def one_line(text, length=600):
    return re.sub(r"\s+", " ", str(text)).strip()[:length]


class LineResult(unittest.TestResult):
    """unittest's results as lines."""

    def name(self, test):
        return test.id().split(".", 1)[-1] if test.id().startswith("__main__.") else test.id()

    def reason(self, error):
        kind, value, trace = error
        at = next((f"{pathlib.Path(frame.filename).name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(trace))
                   if str(ROOT / "tests") in frame.filename), "")
        return f"{kind.__name__}: {value} ({at})"

    def addSuccess(self, test):
        super().addSuccess(test)
        say_ok(self.name(test))

    def addFailure(self, test, error):
        super().addFailure(test, error)
        say_failed(self.name(test), self.reason(error))

    addError = addFailure

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        say_skipped(self.name(test), reason)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error:
            say_failed(self.name(subtest), self.reason(error))


def main():
    """Runs the unittest cases of the program that calls this, those whose name holds a word of TEST_ONLY where it is set."""
    sys.stdout.reconfigure(line_buffering=True)
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    words = os.environ.get("TEST_ONLY", "").split()

    def each(tests):
        for test in tests:
            if isinstance(test, unittest.TestSuite):
                yield from each(test)
            elif not words or any(word in test.id() for word in words):
                yield test

    result = LineResult()
    unittest.TestSuite(each(suite)).run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
