#!/usr/bin/env python3
"""Runs the .test files: each request against a server, its reply compared with the file's. README.md says how they are written."""

import http.client
import json
import pathlib
import re
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import harness

HERE = pathlib.Path(__file__).resolve().parent
SECRET = "wire-tests-secret-key-of-forty-characters"
TARGETS = {"dynamodb": ("dynamodb", "DynamoDB_20120810", "1.0"), "stepfunctions": ("states", "AWSStepFunctions", "1.0"),
           "logs": ("logs", "Logs_20140328", "1.1"), "metrics": ("monitoring", "GraniteServiceVersion20100801", "1.0")}
QUERIES = {"iam": ("iam", "2010-05-08"), "sts": ("sts", "2011-06-15"), "metrics-query": ("monitoring", "2010-08-01")}


class Step:
    """One request and the reply that is expected, as they stand in the file."""

    def __init__(self, comment, request, reply, line):
        self.comment, self.request, self.reply, self.line = comment, request, reply, line


def parse(text):
    steps, comment, request, reply, state, at = [], [], [], [], "comment", 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("> ") or (line.startswith("# ") and state == "reply"):
            if state == "reply":
                steps.append(Step(comment, request, reply, at))
                comment, request, reply = [], [], []
            if line.startswith("> "):
                request, state, at = [line[2:]], "request", number
            else:
                comment, state = [line], "comment"
        elif state == "comment":
            comment.append(line)
        elif line == "----" and state == "request":
            state = "reply"
        elif state == "request":
            request.append(line)
        else:
            reply.append(line)
    if request:
        steps.append(Step(comment, request, reply, at))
    return steps


def strip_blank_end(lines):
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


class File:
    def __init__(self, path, server, account):
        self.path, self.server, self.account = path, server, account
        self.known = {"account": account, "region": server.region}
        self.key = f"AKIAWIRETEST{account[-4:]}"
        self.now = int(time.time())

    def fill(self, text):
        text = text.replace("${account}", self.account).replace("${region}", self.server.region)
        text = re.sub(r"\$\{now(_ms)?([+-]\d+)?\}", lambda match: str(self.now * (1000 if match[1] else 1) + int(match[2] or 0)), text)
        return re.sub(r"\{\{(\w+)\}\}", lambda match: self.known.get(match[1], match[0]), text)

    def build(self, step):
        """Method, target, headers, body, the service to sign for, and with which key."""
        first = self.fill(step.request[0]).split(" ")
        lines = strip_blank_end([self.fill(line) for line in step.request[1:]])
        key, secret = self.key, SECRET
        if first[0] == "unsigned":
            key, first = None, first[1:]
        elif first[0] == "as":
            key, secret = first[1].split(":", 1)
            first = first[2:]
        service, what = first[0], " ".join(first[1:])
        if service in TARGETS:
            signing, prefix, version = TARGETS[service]
            headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": f"{prefix}.{what}"}
            return "POST", "/", headers, "\n".join(lines).encode(), signing, key, secret
        if service in QUERIES:
            signing, version = QUERIES[service]
            form = [("Action", what), ("Version", version)] + [tuple(line.split("=", 1)) for line in lines]
            headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
            return "POST", "/", headers, urllib.parse.urlencode(form).encode(), signing, key, secret
        method, target = what.split(" ", 1)
        headers = {}
        while lines and lines[0]:
            name, value = lines.pop(0).split(":", 1)
            headers[name] = value.strip()
        return method, target, headers, "\n".join(lines[1:]).encode(), service, key, secret

    def send(self, step):
        method, target, headers, body, service, key, secret = self.build(step)
        if key:
            request = AWSRequest(method, self.server.endpoint + target, data=body, headers=headers)
            kind = S3SigV4Auth if service == "s3" else SigV4Auth
            kind(Credentials(key, secret), service, self.server.region).add_auth(request)
            headers = dict(request.headers)
        url = urllib.parse.urlsplit(self.server.endpoint)
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=30)
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        data = answer.read().decode("utf-8", "surrogateescape")
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, data

    def compare(self, step, status, headers, body):
        """What differs, or nothing."""
        lines = strip_blank_end([self.fill(line) for line in step.reply])
        if not lines:
            return "the file has no reply; --rewrite writes it"
        if lines[0] != str(status):
            return f"status {status}, expected {lines[0]}: {body}"
        lines = lines[1:]
        while lines and re.match(r"^[a-z0-9-]+: ", lines[0]):
            name, value = lines.pop(0).split(": ", 1)
            if not self.matches(value, headers.get(name, "(absent)")):
                return f"header {name} is {headers.get(name)!r}, expected {value!r}"
        expected = "\n".join(lines)
        try:
            wanted, got = json.loads(expected), json.loads(body)
        except ValueError:
            return None if self.matches(expected, body.rstrip("\n")) else f"body {body!r}, expected {expected!r}"
        where = self.json_differs(wanted, got, "$")
        return f"{where}: body {body}" if where else None

    def json_differs(self, wanted, got, path):
        if isinstance(wanted, str) and "{{" in wanted:
            return None if self.matches(wanted, got if isinstance(got, str) else json.dumps(got)) else f"{path} is {got!r}, expected {wanted!r}"
        if type(wanted) is not type(got) and not (isinstance(wanted, (int, float)) and isinstance(got, (int, float))):
            return f"{path} is {got!r}, expected {wanted!r}"
        if isinstance(wanted, dict):
            if set(wanted) != set(got):
                return f"{path} has {sorted(got)}, expected {sorted(wanted)}"
            return next((d for name in wanted if (d := self.json_differs(wanted[name], got[name], f"{path}.{name}"))), None)
        if isinstance(wanted, list):
            if len(wanted) != len(got):
                return f"{path} has {len(got)} elements, expected {len(wanted)}"
            return next((d for i, (w, g) in enumerate(zip(wanted, got)) if (d := self.json_differs(w, g, f"{path}[{i}]"))), None)
        return None if wanted == got else f"{path} is {got!r}, expected {wanted!r}"

    def matches(self, pattern, text):
        names = []

        def token(match):
            if match[1]:
                names.append(match[1])
                return "(.*?)"
            return ".*?"

        expression = "".join(re.sub(r"\{\{(?:(\w+)=)?\*\}\}", token, part) if part.startswith("{{") else re.escape(part)
                             for part in re.split(r"(\{\{(?:\w+=)?\*\}\})", pattern))
        found = re.fullmatch(expression, text, re.S)
        if found:
            self.known.update(zip(names, found.groups()))
        return bool(found)

    def run(self):
        for step in parse(self.path.read_text()):
            why = self.compare(step, *self.send(step))
            if why:
                return f"line {step.line}: {why}"
        return None

    def rewrite(self):
        out = []
        for step in parse(self.path.read_text()):
            status, headers, body = self.send(step)
            same = self.compare(step, status, headers, body) is None
            kept = [line for line in step.reply[1:] if re.match(r"^[a-z0-9-]+: ", line)]
            reply = step.reply if same else [str(status), *kept, mask(body, self.account, self.server.region), ""]
            out += [*step.comment, "> " + step.request[0], *step.request[1:], "----", *reply]
        self.path.write_text("\n".join(out).rstrip("\n") + "\n")


def mask(body, account, region):
    body = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "{{*}}", body)
    body = re.sub(r"\b20\d\d-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:?\d\d)", "{{*}}", body)
    body = re.sub(r'(?<=[:\[,])1[7-9]\d{8}(\d{3}|\.\d+)?(?=[,}\]])', '"{{*}}"', body)
    return body.replace(account, "${account}")


def main():
    rewriting = "--rewrite" in sys.argv
    words = [word for word in sys.argv[1:] if word != "--rewrite"]
    only = __import__("os").environ.get("TEST_ONLY", "").split()
    paths = [pathlib.Path(word).resolve() for word in words] or sorted(HERE.glob("*/*.test"))
    paths = [path for path in paths if not only or any(word in str(path) for word in only)]
    accounts = [f"{200000000000 + number}" for number in range(len(paths))]
    options = [option for account in accounts for option in ("--account", f"{account}:AKIAWIRETEST{account[-4:]}:{SECRET}")]
    server = harness.Server("--empty", "--ephemeral", *options)
    for path, account in zip(paths, accounts):
        file = File(path, server, account)
        name = str(path.relative_to(HERE).with_suffix(""))
        if rewriting:
            file.rewrite()
            print(f"wrote {name}")
            continue
        try:
            why = file.run()
        except (OSError, ValueError, KeyError) as error:
            why = f"{type(error).__name__}: {error}"
        harness.say_failed(name, why) if why else harness.say_ok(name)


if __name__ == "__main__":
    main()
