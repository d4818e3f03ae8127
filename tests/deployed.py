"""deploy/requests as localcloud and deploy/up read them (deploy/README.md): placeholders, then references."""

import base64
import json
import os
import re

from harness import ROOT

REQUESTS = ROOT / "deploy/requests"


def placeholders(account="123456789012", region="us-east-1", prefix="event-pipeline", packages="/nonexistent", key_hash="0" * 64):
    settings = {name: "" if value is None else str(value) for name, value in json.loads((ROOT / "deploy/settings.json").read_text()).items()}
    return {**settings, "AccountId": account, "Region": region, "Prefix": prefix, "NamePrefix": "" if prefix == "event-pipeline" else prefix + "-",
            "Bucket": f"{prefix}-{account}-{region}", "Architecture": "x86_64", "Packages": packages, "WriteKeySha256": key_hash}


def fill(text, values):
    return re.sub(r"\$\{(\w+)\}", lambda match: values.get(match[1], match[0]), text)


def resolve(value, values):
    if isinstance(value, dict):
        return {name: resolve(member, values) for name, member in value.items()}
    if isinstance(value, list):
        return [resolve(member, values) for member in value]
    if isinstance(value, str) and value.startswith("@number:"):
        return json.loads(value[8:] or "null")
    if isinstance(value, str) and value.startswith("@random:"):
        return os.urandom(int(value[8:])).hex().encode()
    match = re.fullmatch(r"@(json|text|bytes):([^#]*)(?:#/(.*))?", value) if isinstance(value, str) else None
    if not match:
        return value
    kind, file, part = match.groups()
    path = ROOT / file
    if kind == "bytes":
        return path.read_bytes() if path.exists() else b"a package"
    text = fill(path.read_text(), values)
    if kind == "text":
        return text.encode()
    document = json.loads(text)
    for name in part.split("/") if part else []:
        document = document[name]
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def requests(**who):
    """Each request in order, but those whose number isn't set: file's name, service, operation in the API's words, input."""
    for path in sorted(REQUESTS.glob("*.json")):
        _, service, operation, *_ = path.name.split(".")
        operation = "".join(word.capitalize() for word in operation.split("-"))
        text = path.read_text()
        schemas = sorted(str(schema.relative_to(ROOT / "pipeline/schemas")) for schema in (ROOT / "pipeline/schemas").glob("*/*.json"))
        for schema in schemas if "${Schema}" in text else [""]:
            values = dict(placeholders(**who), Schema=schema)
            request = resolve(json.loads(fill(text, values)), values)
            if request.get("ReservedConcurrentExecutions", 0) is not None:
                yield path.name, service.replace("s3api", "s3"), operation, request


def printable(value):
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
