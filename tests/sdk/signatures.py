"""Signature Version 4 as a door: what isn't signed, wrongly signed, too old, or changed after it was signed is refused, in AWS's words, by every protocol."""

import datetime
import json
import types
import unittest
import unittest.mock
import urllib.error
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.credentials

from harness import Server, main

server = Server("--empty")
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def signed(service="dynamodb", method="POST", path="/", body=b"{}", headers=None, secret=None, key=None, region=None, hours=0):
    """A signed request as botocore makes it; `hours` shifts its clock."""
    request = botocore.awsrequest.AWSRequest(method, server.endpoint + path, data=body, headers={
        "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.ListTables"} if headers is None else headers)
    signer = (botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth)(
        botocore.credentials.Credentials(key or server.access_key, secret or server.secret_key), service, region or server.region)

    class Shifted(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return super().utcnow() + datetime.timedelta(hours=hours)

    # Debian's botocore asks the clock through this module.
    with unittest.mock.patch("botocore.auth.datetime", types.SimpleNamespace(datetime=Shifted)):
        signer.add_auth(request)
    return request


def send(request, body=None, change=None):
    headers = dict(request.headers.items())
    headers.update(change or {})
    http = urllib.request.Request(request.url, data=request.data if body is None else body, headers=headers, method=request.method)
    try:
        answer = opener.open(http)
        return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Signatures(unittest.TestCase):
    def refused(self, answer, status, code):
        self.assertEqual(answer[0], status, answer)
        self.assertIn(code, answer[1])

    def test_right_one(self):
        self.assertEqual(send(signed())[0], 200)

    def test_unsigned(self):
        request = signed()
        del request.headers["Authorization"]
        self.refused(send(request), 400, "MissingAuthenticationToken")
        plain = botocore.awsrequest.AWSRequest("GET", server.endpoint + "/some-bucket/key", data=b"")
        self.refused(send(plain), 403, "AccessDenied")

    def test_wrong_secret(self):
        self.refused(send(signed(secret="not it")), 400, "InvalidSignatureException")
        self.refused(send(signed(service="s3", method="GET", path="/b/k", body=b"", headers={}, secret="not it")), 403, "SignatureDoesNotMatch")

    def test_unknown_key(self):
        self.refused(send(signed(key="AKIAIOSFODNN7NOTHERE")), 400, "UnrecognizedClientException")
        self.refused(send(signed(service="s3", method="GET", path="/b/k", body=b"", headers={}, key="AKIAIOSFODNN7NOTHERE")), 403, "InvalidAccessKeyId")

    def test_changed_body_and_header(self):
        self.refused(send(signed(), body=b'{"Limit": 1}'), 400, "InvalidSignatureException")
        self.refused(send(signed(), change={"X-Amz-Target": "DynamoDB_20120810.DescribeTable"}), 400, "InvalidSignatureException")

    def test_old_and_early(self):
        for hours in (-1, 1):
            with self.subTest(hours=hours):
                self.refused(send(signed(hours=hours)), 400, "InvalidSignatureException")
        self.refused(send(signed(service="s3", method="GET", path="/b/k", body=b"", headers={}, hours=-1)), 403, "RequestTimeTooSkewed")

    def test_scope_of_another_service(self):
        """On one endpoint the scope says which service is meant: a signature for one never opens another."""
        for service in ("s3", "sqs", "no-such-service"):
            status, text = send(signed(service=service))
            self.assertIn(status, (400, 403, 404, 405), text)
            self.assertNotIn("TableNames", text)

    def test_query_protocol(self):
        headers = {"content-type": "application/x-www-form-urlencoded"}
        body = b"Action=GetCallerIdentity&Version=2011-06-15"
        status, text = send(signed("sts", body=body, headers=headers))
        self.assertEqual(status, 200, text)
        self.refused(send(signed("sts", body=body, headers=headers, secret="no")), 403, "SignatureDoesNotMatch")

    def test_unknown_operation_is_named(self):
        request = signed(headers={"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.CreateBackup"})
        status, text = send(request)
        self.assertEqual(status, 400)
        self.assertIn("UnknownOperationException", text)
        self.assertIn("CreateBackup", text)

    def test_nonsense_is_answered(self):
        """Hostile bytes are answered with a client's error, never with 500."""
        for body in (b"", b"[", b"null", b"[" * 100000, b'{"TableName": ' + b"9" * 10000 + b"}", "{\"Limit\": \"\ud83d\"}".encode("utf-8", "surrogatepass")):
            status, text = send(signed(body=body))
            self.assertIn(status, (200, 400), text[:200])
        self.assertEqual(json.loads(send(signed())[1]), {"TableNames": []})


if __name__ == "__main__":
    main()
