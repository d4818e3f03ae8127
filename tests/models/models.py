"""What each operation declares (`event-pipeline describe`) against AWS's service models, those of the installed botocore.

Models judge; they never generate. For each operation: every member of ours is in the model, with its name, whether it is required, its limits,
its place in the request and its enum; every member of the model is declared by us or refused by name, so that none is dropped silently.
"""

import json
import subprocess
import sys

import botocore.loaders

from harness import PROGRAM, say_failed, say_ok

SERVICES = {"dynamodb": "dynamodb", "s3": "s3", "lambda": "lambda", "states": "stepfunctions", "stepfunctions": "stepfunctions", "logs": "logs",
            "metrics": "cloudwatch", "monitoring": "cloudwatch", "cloudwatch": "cloudwatch", "iam": "iam", "sts": "sts"}


# Members that a model doesn't know because they belong to HTTP, not to the API.
OF_THE_TRANSPORT = {("s3", "ContentMD5"), ("s3", "DecodedContentLength"), ("s3", "Trailer")}
# Limits where the newest model says something else than the service's documented quotas, which are kept: a timeout of 900 s and 10,240 MB.
ALLOWED = {("lambda", "max"): ("Timeout", "MemorySize", "EphemeralStorage.Size", "ReservedConcurrentExecutions")}


class Model:
    def __init__(self, service):
        self.service = service
        self.model = botocore.loaders.Loader().load_service_model(service, "service-2")
        self.shapes = self.model["shapes"]

    def operation(self, name):
        return self.model["operations"].get(name)


def compare_input(model, ours, shape, where, found, depth=0):
    members = shape.get("members", {})
    required, service = set(shape.get("required", [])), model.service
    declared = {member["name"]: member for member in ours["members"]}
    for name, member in declared.items():
        if name not in members and (service, name) in OF_THE_TRANSPORT:
            continue
        if name not in members:
            found.append(f"{where}{name} is not in the model")
            continue
        target = model.shapes[members[name]["shape"]]
        place = members[name].get("location", "payload" if shape.get("payload") == name else "body")
        # A query parameter, header or body is declared without saying so: the operation asks for it in its own words.
        if member["required"] != (name in required) and (place in ("body", "uri") or member["required"]):
            found.append(f"{where}{name} is {'required' if name in required else 'optional'} in the model")
        if member.get("place", "body") != place:
            found.append(f"{where}{name} travels as {place} in the model, as {member.get('place')} here")
        elif place in ("header", "querystring", "headers") and (member.get("wire_name") or name).lower() != members[name]["locationName"].lower():
            found.append(f"{where}{name} is called {members[name]['locationName']} on the wire")
        if target["type"] in ("string", "list", "integer", "long", "map", "blob"):
            for limit in ("min", "max"):
                if limit == "min" and member.get(limit, 0) == 0 and target.get(limit, 0) == 0 or (limit == "min" and place == "uri"):
                    continue  # a label is never empty
                if service == "s3":
                    continue  # it answers for lengths in words of its own, which its operations' tests pin
                if where + name in ALLOWED.get((service, limit), ()):
                    continue
                if limit in member and member[limit] != target.get(limit):
                    found.append(f"{where}{name}: {limit} is {member[limit]} here, {target.get(limit)} in the model")
                if limit not in member and limit in target and target["type"] != "blob" and "enum" not in target:
                    found.append(f"{where}{name}: no {limit}; the model says {target[limit]}")
        if member["type"] == "string" and place in ("header", "querystring") and target["type"] in ("timestamp", "integer"):
            continue  # the operation reads the text itself, since AWS answers for it in words of its own
        compare_type(model, member["type"], target, f"{where}{name}", found, depth)
    refused = set(ours.get("refused", []))
    for name in sorted(refused - set(members)):
        found.append(f"{where}{name} is refused, and not in the model")
    missing = sorted(set(members) - set(declared) - refused)
    if missing:
        found.append(f"{where or 'input'}: neither declared nor refused: {', '.join(missing)}")


def compare_type(model, ours, target, where, found, depth):
    if depth > 6 or ours == "own":
        return
    kind = target["type"]
    if isinstance(ours, str):
        fits = {"string": ("string", "character"), "integer": ("integer", "long"), "double": ("double", "float"), "boolean": ("boolean",),
                "timestamp": ("timestamp",), "blob": ("blob", "string")}
        if kind not in fits.get(ours, (kind,)):
            found.append(f"{where} is a {kind} in the model, a {ours} here")
    elif "enum" in ours:
        model_enum = target.get("enum")
        if model_enum is None or not set(ours["enum"]) <= set(model_enum):
            found.append(f"{where}: the enum {ours['enum']} is {model_enum} in the model")
    elif "list" in ours:
        if kind != "list":
            found.append(f"{where} is a {kind} in the model, a list here")
        else:
            compare_type(model, ours["list"], model.shapes[target["member"]["shape"]], f"{where}[]", found, depth + 1)
    elif "map" in ours:
        if kind != "map":
            found.append(f"{where} is a {kind} in the model, a map here")
        else:
            compare_type(model, ours["map"], model.shapes[target["value"]["shape"]], f"{where}{{}}", found, depth + 1)
    elif "members" in ours:
        if kind != "structure":
            found.append(f"{where} is a {kind} in the model, a structure here")
        else:
            compare_input(model, ours, target, f"{where}.", found, depth + 1)


def compare_output(model, ours, shape, found):
    members = shape.get("members", {}) if shape else {}
    for member in ours["members"]:
        if member["name"] not in members and member.get("place") not in ("statusCode", "payload"):
            found.append(f"answers {member['name']}, which is not in the model")


def main():
    described = subprocess.run([str(PROGRAM), "describe"], capture_output=True, text=True, check=True).stdout
    models = {}
    for line in described.splitlines():
        operation = json.loads(line)
        service = SERVICES.get(operation["service"])
        name = f'{operation["service"]}.{operation["operation"]}'
        if not service:
            say_failed(name, "a service that isn't AWS's")
            continue
        model = models.setdefault(service, Model(service))
        target = model.operation(operation["operation"])
        if not target:
            say_failed(name, "the model has no such operation")
            continue
        found = []
        compare_input(model, operation["input"], model.shapes[target["input"]["shape"]] if "input" in target else {}, "", found)
        compare_output(model, operation["output"], model.shapes[target["output"]["shape"]] if "output" in target else None, found)
        if found:
            say_failed(name, "; ".join(found))
        else:
            say_ok(name)
    return 0 if described else 1


if __name__ == "__main__":
    sys.exit(main())
