"""A Lambda function for tests: a `bootstrap` in Python that speaks the Runtime API and does what its event says."""

import io
import zipfile

BOOTSTRAP = r'''#!/usr/bin/python3
import http.client, json, os, sys, time
host = os.environ["AWS_LAMBDA_RUNTIME_API"]
while True:
    connection = http.client.HTTPConnection(host)
    connection.request("GET", "/2018-06-01/runtime/invocation/next")
    answer = connection.getresponse()
    event = json.loads(answer.read() or b"null")
    request_id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
    what = event.get("do") if isinstance(event, dict) else None
    path, result = f"/2018-06-01/runtime/invocation/{request_id}/response", event
    if what == "fail":
        path = f"/2018-06-01/runtime/invocation/{request_id}/error"
        result = {"errorType": event.get("type", "Failed"), "errorMessage": event.get("message", "as asked"), "stackTrace": []}
    elif what == "exit":
        sys.exit(7)
    elif what == "sleep":
        time.sleep(event["seconds"])
    elif what == "environment":
        result = {name: os.environ.get(name) for name in event["names"]}
    elif what == "read":
        try:
            result = open(event["path"]).read()
        except OSError as error:
            result = {"refused": type(error).__name__}
    elif what == "list":
        try:
            result = sorted(os.listdir(event["path"]))
        except OSError as error:
            result = {"refused": type(error).__name__}
    print("did", what, flush=True)
    connection.request("POST", path, json.dumps(result), {"content-type": "application/json"})
    connection.getresponse().read()
    connection.close()
'''


def package(bootstrap=BOOTSTRAP, modules=None):
    """The zip: the bootstrap, and what it imports by file name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("bootstrap")
        info.external_attr = 0o100755 << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, bootstrap)
        for name, text in (modules or {}).items():
            archive.writestr(name, text)
    return buffer.getvalue()
