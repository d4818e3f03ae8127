"""Nothing is granted that isn't needed: each action of pipeline/iam_policies.json, on each resource it names, is taken away in turn, and its named effect is seen."""

import copy
import json
import sys
import time
import uuid

import deployed
from flows import Flow
from harness import ROOT, Server, say_failed, say_ok, wait_for

server = Server(*sys.argv[1:])
flow = Flow(server)
iam = server.client("iam")
PREFIX = "event-pipeline"
VALUES = deployed.placeholders(account=server.account, region=server.region)
POLICIES = json.loads(deployed.fill((ROOT / "pipeline/iam_policies.json").read_text(), VALUES))


def listed(value):
    return value if isinstance(value, list) else [value]


def put(role, policy):
    iam.put_role_policy(RoleName=f"{PREFIX}-{role}", PolicyName="permissions", PolicyDocument=json.dumps(policy))


def without(policy, action, resource):
    """The policy less that action on that resource."""
    result = copy.deepcopy(policy)
    statements = []
    for statement in result["Statement"]:
        if action in listed(statement["Action"]) and resource in listed(statement["Resource"]):
            others = [each for each in listed(statement["Resource"]) if each != resource]
            if others:
                statements.append({**statement, "Sid": statement["Sid"] + "Others", "Action": action, "Resource": others})
            statement["Action"] = [each for each in listed(statement["Action"]) if each != action]
            if not statement["Action"]:
                continue
        statements.append(statement)
    result["Statement"] = statements
    return result


def event(kind="click"):
    return {"type": kind, "event_id": str(uuid.uuid4()), "user_id": f"u-{uuid.uuid4().hex[:6]}", "timestamp": "2026-11-22T12:00:00Z", "properties": {"element": "buy"}}


def fresh(function):
    """New processes: no cached write keys or schemas, a log stream of their own."""
    flow.lambda_.update_function_configuration(FunctionName=function, Description=f"fresh {uuid.uuid4()}")
    flow.lambda_.get_waiter("function_updated").wait(FunctionName=function, WaiterConfig={"Delay": 1})


def refused_503():
    status, headers, body = server.send(event())
    assert status == 503, f"answered {status} {body}"


def undecodable_503():
    status, _, body = server.send(b"{nonsense")
    assert status == 503, f"answered {status} {body}"


def no_log(function):
    def effect():
        one = event()
        # What processes from before printed may still be on its way into streams of their own.
        since_ms = int(time.time() * 1000)
        server.send(one)
        flow.row(one)
        time.sleep(1.5)
        late = [line["message"] for line in flow.lines_since(function, since_ms)]
        assert not late, f"log lines arrived all the same: {late[:3]}"
    return effect


def recorded(body=None, start=None):
    """The execution fails, and what it was given lies under failed/."""
    def effect():
        before = flow.keys("failed/")
        if start:
            flow.stepfunctions.start_execution(stateMachineArn=flow.state_machine, input=json.dumps(start()))
        else:
            server.send(body())
        wait_for("a record under failed/", lambda: flow.keys("failed/") - before, 90)
    return effect


def rate_is_not_shared():
    """Each instance keeps to the rate for itself, and says so."""
    key = json.loads(flow.s3.get_object(Bucket=flow.bucket, Key="config/write_keys.json")["Body"].read())
    limited = copy.deepcopy(key)
    limited["keys"][0]["events_per_second"] = 1000
    flow.s3.put_object(Bucket=flow.bucket, Key="config/write_keys.json", Body=json.dumps(limited).encode())
    try:
        fresh("collect_to_s3")
        since_ms = int(time.time() * 1000)
        assert server.send(event())[0] == 200
        wait_for("a warning", lambda: [line for line in flow.lines_since("collect_to_s3", since_ms) if "a rate is kept by each instance alone" in line["message"]])
    finally:
        flow.s3.put_object(Bucket=flow.bucket, Key="config/write_keys.json", Body=json.dumps(key).encode())


def nothing_is_stored_plain():
    rules = {"rules": [{"path": "/properties/element", "action": "mask"}]}
    flow.s3.put_object(Bucket=flow.bucket, Key="config/privacy.json", Body=json.dumps(rules).encode())
    try:
        fresh("parse_validate")
        recorded(event)()
    finally:
        flow.s3.delete_object(Bucket=flow.bucket, Key="config/privacy.json")


def not_enriched(what):
    """Stored all the same, and the log says why it is stored as it came."""
    def effect():
        flow.s3.put_object(Bucket=flow.bucket, Key="config/enrichment.json", Body=b'{"user_agent": {"rules": "config/enrichment/rules.yaml"}}')
        flow.s3.put_object(Bucket=flow.bucket, Key="config/enrichment/rules.yaml", Body=b"user_agent_parsers: [{regex: '(x)'}]")
        try:
            fresh("parse_validate")
            one, since_ms = event(), int(time.time() * 1000)
            server.send(one)
            assert "enriched" not in flow.row(one)
            wait_for("a warning", lambda: [line for line in flow.lines_since("parse_validate", since_ms) if f"{what}: AccessDenied" in line["message"]])
        finally:
            for key in ("config/enrichment.json", "config/enrichment/rules.yaml"):
                flow.s3.delete_object(Bucket=flow.bucket, Key=key)
    return effect


def retry_is_not_recognised():
    one = event()
    _, _, answer = server.send(one)
    flow.row(one)
    counts = flow.parse_validate(answer["key"])
    assert counts.get("stored") != 1, f"counted all the same: {counts}"


def nothing_recorded():
    before, key = flow.keys("failed/"), f"raw/{uuid.uuid4()}.json"
    failures = flow.count_failed()
    flow.stepfunctions.start_execution(stateMachineArn=flow.state_machine, input=json.dumps({"bucket": flow.bucket, "key": key}))
    wait_for("the execution's failure", lambda: flow.count_failed() > failures, 90)
    assert flow.keys("failed/") == before, "recorded all the same"


def create_is_refused():
    """A state machine that logs can't be made with a role that may not deliver logs."""
    from botocore.exceptions import ClientError
    described = flow.stepfunctions.describe_state_machine(stateMachineArn=flow.state_machine)
    try:
        made = flow.stepfunctions.create_state_machine(name="probe", type="EXPRESS", roleArn=described["roleArn"], definition=described["definition"],
                                                       loggingConfiguration=described["loggingConfiguration"])
    except ClientError as error:
        assert "not authorized to access the Log Destination" in str(error) or "AccessDenied" in str(error), error
        return
    flow.stepfunctions.delete_state_machine(stateMachineArn=made["stateMachineArn"])
    raise AssertionError("the state machine was created all the same")


def failed_count():
    import datetime
    now = datetime.datetime.now(datetime.timezone.utc)
    points = flow.metrics.get_metric_statistics(Namespace="AWS/States", MetricName="ExecutionsFailed", Period=60, Statistics=["Sum"], StartTime=now - datetime.timedelta(hours=1),
                                                EndTime=now + datetime.timedelta(minutes=2), Dimensions=[{"Name": "StateMachineArn", "Value": flow.state_machine}])["Datapoints"]
    return sum(point["Sum"] for point in points)


flow.count_failed = failed_count


def effect_of(role, action, resource):
    bucket_part = resource.split(":::")[-1].split("/", 1)[-1]
    table = {
        ("collect_to_s3", "s3:PutObject", "raw/*"): ("503, not durable", refused_503),
        ("collect_to_s3", "s3:PutObject", "quarantine/*"): ("503, the undecodable body is not kept", undecodable_503),
        ("collect_to_s3", "s3:GetObject", "config/write_keys.json"): ("503, no key can be checked", refused_503),
        ("parse_validate", "s3:GetObject", "raw/*"): ("the execution fails and is recorded", recorded(event)),
        ("parse_validate", "s3:GetObject", "schemas/*"): ("the execution fails and is recorded", recorded(event)),
        ("parse_validate", "s3:GetObject", "config/validation.json"): ("the execution fails and is recorded", recorded(event)),
        ("parse_validate", "s3:GetObject", "config/privacy.json"): ("the execution fails and is recorded", recorded(event)),
        ("parse_validate", "s3:GetObject", "config/pseudonym_key"): ("the execution of an event with something to hide fails and is recorded", nothing_is_stored_plain),
        ("parse_validate", "s3:GetObject", "config/enrichment.json"): ("the event is stored, and a warning says what is missing", not_enriched("config/enrichment.json")),
        ("parse_validate", "s3:GetObject", "config/enrichment/*"): ("the event is stored, and a warning says what is missing", not_enriched("config/enrichment/rules.yaml")),
        ("parse_validate", "s3:PutObject", "quarantine/*"): ("the execution fails and is recorded", recorded(lambda: {"type": "click"})),
        ("state_machine", "s3:PutObject", "failed/*"): ("no record of what failed", nothing_recorded),
    }
    if (role, action, bucket_part) in table:
        return table[role, action, bucket_part]
    if action == "lambda:InvokeFunction":
        return "the execution fails and is recorded", recorded(start=event)
    return {
        "states:StartExecution": ("503, the execution isn't started", refused_503),
        "logs:CreateLogStream": ("an absent log", no_log(role)),
        "logs:PutLogEvents": ("an absent log", no_log(role)),
        "s3:ListBucket": ("the execution fails: the newest version of a schema can't be found", recorded(lambda: event("never_heard_of"))),
        "dynamodb:PartiQLInsert": ("a rate isn't shared", rate_is_not_shared) if role == "collect_to_s3" else ("the execution fails and is recorded", recorded(event)),
        "dynamodb:PartiQLSelect": ("a retry can't be told from a duplicate", retry_is_not_recognised),
    }.get(action) or ("a failed create", create_is_refused)


def main():
    one = event()
    assert server.send(one)[0] == 200
    flow.row(one)
    for role, documents in POLICIES.items():
        whole = documents["permissions"]
        for statement in whole["Statement"]:
            for action in listed(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    what, effect = effect_of(role, action, resource)
                    name = f"{role} without {action} on {resource.split(':', 5)[-1]}: {what}"
                    try:
                        put(role, without(whole, action, resource))
                        if role != "state_machine":
                            fresh(role)
                        effect()
                        say_ok(name)
                    except Exception as error:
                        say_failed(name.replace(": ", ", "), error)
                    finally:
                        put(role, whole)
                        if role != "state_machine":
                            fresh(role)
    again = event()
    status = server.send(again)[0]
    flow.row(again)
    say_ok("with all of them it works again") if status == 200 else say_failed("with all of them it works again", status)


if __name__ == "__main__":
    sys.exit(main())
