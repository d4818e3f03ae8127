"""Signed requests over one connection, with nothing but Python's own library: quick enough to keep the server busy, and small enough to be part of a
function's package."""

import datetime
import hashlib
import hmac
import http.client
import json
import urllib.parse


class Unanswered(Exception):
    """Nobody knows whether it was done: the connection broke, or the server said that it failed."""


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status} {body[:300]!r}")
        self.status, self.body = status, body


def quoted(text, safe="-_.~"):
    return urllib.parse.quote(text, safe=safe)


class Signed:
    """`address`: a function that answers endpoint, access key, secret key, session token (or None) and region as they are now."""

    def __init__(self, address, timeout_s=30):
        self.address, self.timeout_s, self.connection, self.at = address, timeout_s, None, None

    def headers(self, service, method, host, path, query, headers, body, key, secret, token, region):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        digest = hashlib.sha256(body).hexdigest()
        headers = {"host": host, "x-amz-date": now, "x-amz-content-sha256": digest, **headers}
        if token:
            headers["x-amz-security-token"] = token
        names = ";".join(sorted(headers))
        canonical = "\n".join([method, path, query, *(f"{name}:{headers[name]}" for name in sorted(headers)), "", names, digest])
        scope = f"{now[:8]}/{region}/{service}/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        sign = ("AWS4" + secret).encode()
        for part in (now[:8], region, service, "aws4_request"):
            sign = hmac.digest(sign, part.encode(), "sha256")
        signature = hmac.digest(sign, to_sign.encode(), "sha256").hex()
        headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"
        return headers

    def request(self, service, method, path, query=(), headers=None, body=b""):
        """Answers status, headers, body; of 200s only, else Refused. A path comes as it is signed: encoded."""
        endpoint, *who = self.address()
        query = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in sorted(query))
        try:
            if self.connection is None or self.at != endpoint:
                url = urllib.parse.urlsplit(endpoint)
                self.connection, self.at = http.client.HTTPConnection(url.hostname, url.port, timeout=self.timeout_s), endpoint
            host = urllib.parse.urlsplit(endpoint).netloc
            signed = self.headers(service, method, host, path, query, headers or {}, body, *who)
            self.connection.request(method, path + ("?" + query if query else ""), body, signed)
            answer = self.connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection = None
            raise Unanswered(str(error)) from None
        if answer.status >= 500:
            raise Unanswered(f"{answer.status} {data[:300]!r}")
        if answer.status >= 300:
            raise Refused(answer.status, data)
        return answer.status, answer.headers, data

    def json(self, service, target, version, **payload):
        """awsJson: DynamoDB, Step Functions, CloudWatch Logs."""
        headers = {"x-amz-target": target, "content-type": f"application/x-amz-json-{version}"}
        return json.loads(self.request(service, "POST", "/", (), headers, json.dumps(payload).encode())[2] or b"{}")

    def dynamodb(self, operation, **payload):
        return self.json("dynamodb", "DynamoDB_20120810." + operation, "1.0", **payload)

    def states(self, operation, **payload):
        return self.json("states", "AWSStepFunctions." + operation, "1.0", **payload)

    def logs(self, operation, **payload):
        return self.json("logs", "Logs_20140328." + operation, "1.1", **payload)

    def form(self, service, version, action, **parameters):
        """awsQuery: IAM, CloudWatch."""
        body = urllib.parse.urlencode({"Action": action, "Version": version, **parameters}).encode()
        return self.request(service, "POST", "/", (), {"content-type": "application/x-www-form-urlencoded"}, body)[2]

    def s3(self, method, path, query=(), body=b"", **headers):
        return self.request("s3", method, quoted(path, "/-_.~"), query, headers, body)
