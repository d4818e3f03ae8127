"""Every operation of Lambda, Step Functions, CloudWatch Logs and CloudWatch, through boto3. The rest is in boto3_operations.py."""

import base64
import hashlib
import io
import json
import time
import unittest
import uuid
import zipfile

import boto3
from botocore.exceptions import ClientError

import functions
from harness import Server, main, wait_for

server = Server("--empty")
PACKAGE = functions.package()


def role(name, services=("lambda.amazonaws.com", "states.amazonaws.com")):
    iam = server.client("iam")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": list(services)}}]}
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    try:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(allow))
    except iam.exceptions.EntityAlreadyExistsException:
        pass
    return f"arn:aws:iam::{server.account}:role/{name}"


def make_function(name, **more):
    options = dict(FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Role=role("worker"), Code={"ZipFile": PACKAGE}, Timeout=5)
    made = server.client("lambda").create_function(**{**options, **more})
    server.client("lambda").get_waiter("function_active").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    return made


class Case(unittest.TestCase):
    def refused(self, code, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception.response


class Lambda(Case):
    def setUp(self):
        self.aws = server.client("lambda")

    def invoke(self, name, event, **more):
        answer = self.aws.invoke(FunctionName=name, Payload=json.dumps(event), **more)
        return answer, json.loads(answer["Payload"].read() or b"null")

    def test_functions(self):
        made = make_function("f1", Environment={"Variables": {"ANSWER": "1"}}, Tags={"t": "v"})
        self.assertEqual(made["CodeSha256"], base64.b64encode(hashlib.sha256(PACKAGE).digest()).decode())
        self.refused("ResourceConflictException", self.aws.create_function, FunctionName="f1", Runtime="provided.al2023", Handler="b", Role=role("worker"), Code={"ZipFile": PACKAGE})
        self.assertEqual(self.aws.get_function(FunctionName="f1")["Tags"], {"t": "v"})
        self.assertIn("f1", [entry["FunctionName"] for entry in self.aws.list_functions()["Functions"]])
        self.aws.update_function_configuration(FunctionName="f1", Timeout=7, Environment={"Variables": {"ANSWER": "2"}})
        self.aws.get_waiter("function_updated").wait(FunctionName="f1", WaiterConfig={"Delay": 1})
        configuration = self.aws.get_function_configuration(FunctionName="f1")
        self.assertEqual((configuration["Timeout"], configuration["Environment"]["Variables"]), (7, {"ANSWER": "2"}))
        self.assertEqual(self.invoke("f1", {"do": "environment", "names": ["ANSWER"]})[1], {"ANSWER": "2"})
        other = functions.package(functions.BOOTSTRAP + "\n# another\n")
        server.client("s3").create_bucket(Bucket="code-of-functions")
        server.client("s3").put_object(Bucket="code-of-functions", Key="f1.zip", Body=other)
        updated = self.aws.update_function_code(FunctionName="f1", S3Bucket="code-of-functions", S3Key="f1.zip")
        self.assertEqual(updated["CodeSha256"], base64.b64encode(hashlib.sha256(other).digest()).decode())
        self.aws.put_function_concurrency(FunctionName="f1", ReservedConcurrentExecutions=3)
        self.assertEqual(self.aws.get_function_concurrency(FunctionName="f1")["ReservedConcurrentExecutions"], 3)
        self.aws.delete_function_concurrency(FunctionName="f1")
        self.assertNotIn("ReservedConcurrentExecutions", self.aws.get_function_concurrency(FunctionName="f1"))
        self.aws.delete_function(FunctionName="f1")
        self.refused("ResourceNotFoundException", self.aws.get_function, FunctionName="f1")

    def test_invocations(self):
        make_function("f2", Timeout=2)
        answer, result = self.invoke("f2", {"x": [1, "ü"]}, LogType="Tail")
        self.assertEqual((answer["StatusCode"], result), (200, {"x": [1, "ü"]}))
        tail = base64.b64decode(answer["LogResult"]).decode()
        for word in ("START RequestId", "END RequestId", "REPORT RequestId", "did None"):
            self.assertIn(word, tail)
        answer, result = self.invoke("f2", {"do": "fail", "type": "MyError", "message": "as asked"})
        self.assertEqual((answer["FunctionError"], result["errorType"], result["errorMessage"]), ("Unhandled", "MyError", "as asked"))
        answer, result = self.invoke("f2", {"do": "exit"})
        self.assertEqual((answer["FunctionError"], result["errorType"]), ("Unhandled", "Runtime.ExitError"))
        answer, result = self.invoke("f2", {"do": "sleep", "seconds": 30})
        self.assertIn("Task timed out after 2.00 seconds", result["errorMessage"])
        self.assertEqual(self.invoke("f2", {"after": "all that"})[1], {"after": "all that"})
        self.assertEqual(self.aws.invoke(FunctionName="f2", InvocationType="DryRun")["StatusCode"], 204)
        self.assertEqual(self.aws.invoke(FunctionName="f2", InvocationType="Event", Payload=b"{}")["StatusCode"], 202)
        self.refused("ResourceNotFoundException", self.aws.invoke, FunctionName="f-of-nobody")
        self.refused("InvalidRequestContentException", self.aws.invoke, FunctionName="f2", Payload=b"{not json")

    def test_process_sees_its_own_only(self):
        """The role's credentials, not ours; the package, not the server's data."""
        make_function("f3")
        seen = self.invoke("f3", {"do": "environment", "names": ["AWS_ACCESS_KEY_ID", "AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION", "LAMBDA_TASK_ROOT", "HOME"]})[1]
        self.assertTrue(seen["AWS_ACCESS_KEY_ID"].startswith("ASIA"))
        self.assertEqual((seen["AWS_LAMBDA_FUNCTION_NAME"], seen["AWS_REGION"]), ("f3", server.region))
        data = server.folder / "data"
        for path in (data / "credentials", data):
            self.assertIn("refused", self.invoke("f3", {"do": "read" if path.name == "credentials" else "list", "path": str(path)})[1], path)

    def test_url_and_permissions(self):
        make_function("f4")
        made = self.aws.create_function_url_config(FunctionName="f4", AuthType="NONE")
        self.assertRegex(made["FunctionUrl"], r"^http://[a-z0-9]+\.lambda-url\.")
        self.assertEqual(self.aws.get_function_url_config(FunctionName="f4")["FunctionUrl"], made["FunctionUrl"])
        self.aws.update_function_url_config(FunctionName="f4", AuthType="AWS_IAM")
        self.aws.update_function_url_config(FunctionName="f4", AuthType="NONE")
        self.aws.add_permission(FunctionName="f4", StatementId="s", Action="lambda:InvokeFunctionUrl", Principal="*", FunctionUrlAuthType="NONE")
        statement = json.loads(self.aws.get_policy(FunctionName="f4")["Policy"])["Statement"][0]
        self.assertEqual((statement["Sid"], statement["Condition"]), ("s", {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}))
        self.aws.remove_permission(FunctionName="f4", StatementId="s")
        self.refused("ResourceNotFoundException", self.aws.get_policy, FunctionName="f4")
        self.aws.delete_function_url_config(FunctionName="f4")
        self.refused("ResourceNotFoundException", self.aws.get_function_url_config, FunctionName="f4")

    def test_bad_packages(self):
        """What isn't a zip is refused; a zip that points outside of its folder never writes there."""
        self.refused("InvalidParameterValueException", self.aws.create_function, FunctionName="bad", Runtime="provided.al2023", Handler="b", Role=role("worker"), Code={"ZipFile": b"not a zip"})


class StepFunctions(Case):
    def setUp(self):
        self.sfn = server.client("stepfunctions")

    def make(self, name, states, start, **more):
        return self.sfn.create_state_machine(name=name, roleArn=role("worker"), definition=json.dumps({"StartAt": start, "States": states}), **more)["stateMachineArn"]

    def finished(self, execution):
        def done():
            described = self.sfn.describe_execution(executionArn=execution)
            return described if described["status"] != "RUNNING" else None
        return wait_for("the execution's end", done)

    def test_standard(self):
        arn = self.make("standard", {"choose": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 1, "Next": "big"}], "Default": "small"},
                                     "big": {"Type": "Pass", "Parameters": {"sum.$": "States.MathAdd($.n, 1)"}, "End": True},
                                     "small": {"Type": "Fail", "Error": "TooSmall", "Cause": "it is"}}, "choose")
        self.assertIn(arn, [entry["stateMachineArn"] for entry in self.sfn.list_state_machines()["stateMachines"]])
        execution = self.sfn.start_execution(stateMachineArn=arn, name="one", input='{"n": 2}')["executionArn"]
        self.assertEqual(json.loads(self.finished(execution)["output"]), {"sum": 3})
        events = [event["type"] for event in self.sfn.get_execution_history(executionArn=execution)["events"]]
        self.assertEqual(events, ["ExecutionStarted", "ChoiceStateEntered", "ChoiceStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"])
        failed = self.finished(self.sfn.start_execution(stateMachineArn=arn, input='{"n": 0}')["executionArn"])
        self.assertEqual((failed["status"], failed["error"], failed["cause"]), ("FAILED", "TooSmall", "it is"))
        self.assertEqual(len(self.sfn.list_executions(stateMachineArn=arn)["executions"]), 2)
        self.sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps({"StartAt": "wait", "States": {"wait": {"Type": "Wait", "Seconds": 60, "End": True}}}))
        self.assertIn("wait", self.sfn.describe_state_machine(stateMachineArn=arn)["definition"])
        waiting = self.sfn.start_execution(stateMachineArn=arn)["executionArn"]
        self.sfn.stop_execution(executionArn=waiting, error="Stopped", cause="by a test")
        self.assertEqual(self.finished(waiting)["status"], "ABORTED")
        self.sfn.delete_state_machine(stateMachineArn=arn)
        self.refused("InvalidDefinition", self.sfn.create_state_machine, name="bad", roleArn=role("worker"), definition='{"StartAt": "nowhere", "States": {}}')

    def test_express_with_lambda(self):
        make_function("task")
        task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "OutputPath": "$.Payload",
                "Parameters": {"FunctionName": "task", "Payload.$": "$"}, "End": True,
                "Retry": [{"ErrorEquals": ["Flaky"], "IntervalSeconds": 1, "MaxAttempts": 1}],
                "Catch": [{"ErrorEquals": ["MyError"], "ResultPath": "$.error", "Next": "caught"}]}
        arn = self.make("express", {"task": task, "caught": {"Type": "Pass", "End": True}}, "task", type="EXPRESS")
        done = self.sync(arn, {"x": 1})
        self.assertEqual((done["status"], json.loads(done["output"])), ("SUCCEEDED", {"x": 1}))
        caught = json.loads(self.sync(arn, {"do": "fail", "type": "MyError", "message": "m"})["output"])
        self.assertEqual(caught["error"]["Error"], "MyError")
        self.assertEqual(self.sync(arn, {"do": "fail", "type": "Other"})["status"], "FAILED")
        started = self.sfn.start_execution(stateMachineArn=arn, input="{}")["executionArn"]
        with self.assertRaises(ClientError):
            self.sfn.describe_execution(executionArn=started)

    def sync(self, arn, document):
        # StartSyncExecution has a host name of its own, sync-states.…; with an endpoint of one's own the SDKs must not prefix it.
        from botocore.config import Config
        client = server.client("stepfunctions", config=Config(inject_host_prefix=False))
        return client.start_sync_execution(stateMachineArn=arn, input=json.dumps(document))


class Logs(Case):
    def test_groups_streams_events(self):
        logs = server.client("logs")
        logs.create_log_group(logGroupName="/test/a", tags={"k": "v"})
        self.refused("ResourceAlreadyExistsException", logs.create_log_group, logGroupName="/test/a")
        logs.put_retention_policy(logGroupName="/test/a", retentionInDays=7)
        group = logs.describe_log_groups(logGroupNamePrefix="/test/")["logGroups"][0]
        self.assertEqual((group["logGroupName"], group["retentionInDays"]), ("/test/a", 7))
        logs.create_log_stream(logGroupName="/test/a", logStreamName="s")
        now = int(time.time() * 1000)
        events = [{"timestamp": now + number, "message": message} for number, message in enumerate(
            ["plain ERROR line", json.dumps({"level": "info", "latency": 12}), json.dumps({"level": "error", "latency": 120})])]
        logs.put_log_events(logGroupName="/test/a", logStreamName="s", logEvents=events)
        got = logs.get_log_events(logGroupName="/test/a", logStreamName="s", startFromHead=True)["events"]
        self.assertEqual([entry["message"] for entry in got], [entry["message"] for entry in events])
        self.assertEqual(logs.describe_log_streams(logGroupName="/test/a")["logStreams"][0]["logStreamName"], "s")
        for pattern, wanted in (("ERROR", [0]), ("{ $.latency > 100 }", [2]), ('{ $.level = "info" || $.latency = 120 }', [1, 2]), ("", [0, 1, 2])):
            found = logs.filter_log_events(logGroupName="/test/a", filterPattern=pattern)["events"]
            self.assertEqual([entry["message"] for entry in found], [events[index]["message"] for index in wanted], pattern)
        logs.delete_log_group(logGroupName="/test/a")
        self.refused("ResourceNotFoundException", logs.describe_log_streams, logGroupName="/test/a")


class Metrics(Case):
    def setUp(self):
        self.cloudwatch = server.client("cloudwatch")

    def test_data(self):
        import datetime
        now = datetime.datetime.now(datetime.timezone.utc)
        dimensions = [{"Name": "d", "Value": "1"}]
        self.cloudwatch.put_metric_data(Namespace="Test", MetricData=[
            {"MetricName": "m", "Dimensions": dimensions, "Value": value, "Unit": "Count", "Timestamp": now} for value in (1.0, 2.0, 6.0)])
        span = dict(StartTime=now - datetime.timedelta(minutes=5), EndTime=now + datetime.timedelta(minutes=5))
        metrics = self.cloudwatch.list_metrics(Namespace="Test")["Metrics"]
        self.assertEqual(metrics[0]["Dimensions"], dimensions)
        point = self.cloudwatch.get_metric_statistics(Namespace="Test", MetricName="m", Dimensions=dimensions, Period=60, Statistics=["Sum", "Average", "Maximum", "Minimum", "SampleCount"], **span)["Datapoints"][0]
        self.assertEqual((point["Sum"], point["Average"], point["Maximum"], point["Minimum"], point["SampleCount"]), (9, 3, 6, 1, 3))
        queries = [{"Id": "m", "MetricStat": {"Metric": {"Namespace": "Test", "MetricName": "m", "Dimensions": dimensions}, "Period": 60, "Stat": "Sum"}, "ReturnData": False},
                   {"Id": "e", "Expression": "100 * m / 3"}]
        results = self.cloudwatch.get_metric_data(MetricDataQueries=queries, **span)["MetricDataResults"]
        self.assertEqual((results[0]["Id"], results[0]["Values"]), ("e", [300]))

    def test_alarms(self):
        self.cloudwatch.put_metric_alarm(AlarmName="a", Namespace="Test", MetricName="never", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
                                         ComparisonOperator="LessThanThreshold", TreatMissingData="breaching")
        alarm = self.cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"][0]
        self.assertEqual((alarm["Threshold"], alarm["TreatMissingData"]), (1.0, "breaching"))
        self.cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="a test")
        self.assertEqual(self.cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"][0]["StateValue"], "ALARM")
        self.cloudwatch.delete_alarms(AlarmNames=["a"])
        self.assertEqual(self.cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"], [])

    def test_alarms_call_functions(self):
        """What an alarm tells its function, once the function's policy lets it."""
        logging = functions.BOOTSTRAP.replace('print("did", what, flush=True)', "print(json.dumps(event), flush=True)")
        server.client("logs").create_log_group(logGroupName="/aws/lambda/f-of-alarm")
        function = make_function("f-of-alarm", Code={"ZipFile": functions.package(logging)})["FunctionArn"]
        self.cloudwatch.put_metric_alarm(AlarmName="calls", AlarmDescription="Too many", AlarmActions=[function], Namespace="Test", MetricName="never", Statistic="Sum",
                                         Period=86400, EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold", TreatMissingData="ignore")
        alarm = self.cloudwatch.describe_alarms(AlarmNames=["calls"])["MetricAlarms"][0]["AlarmArn"]

        def set_off(reason):
            self.cloudwatch.set_alarm_state(AlarmName="calls", StateValue="OK", StateReason="calm")
            self.cloudwatch.set_alarm_state(AlarmName="calls", StateValue="ALARM", StateReason=reason)

        set_off("not allowed")
        server.client("lambda").add_permission(FunctionName="f-of-alarm", StatementId="s", Action="lambda:InvokeFunction",
                                               Principal="lambda.alarms.cloudwatch.amazonaws.com", SourceAccount=server.account, SourceArn=alarm)
        set_off("allowed")

        def told():
            events = server.client("logs").filter_log_events(logGroupName="/aws/lambda/f-of-alarm", filterPattern='{ $.source = "aws.cloudwatch" }')["events"]
            return [json.loads(event["message"]) for event in events]
        event, = wait_for("the alarm's event", told)
        self.assertEqual((event["alarmArn"], event["accountId"], event["region"]), (alarm, server.account, server.region))
        self.assertEqual((event["alarmData"]["state"]["value"], event["alarmData"]["state"]["reason"]), ("ALARM", "allowed"))
        self.assertEqual(event["alarmData"]["previousState"]["value"], "OK")
        self.assertEqual(event["alarmData"]["configuration"]["description"], "Too many")
        history = self.cloudwatch.describe_alarm_history(AlarmName="calls", HistoryItemType="Action", ScanBy="TimestampAscending")["AlarmHistoryItems"]
        self.assertEqual([item["HistorySummary"].split(" ")[0] for item in history], ["Failed", "Successfully"])

    def test_dashboards(self):
        body = json.dumps({"widgets": [{"type": "text", "x": 0, "y": 0, "width": 6, "height": 2, "properties": {"markdown": "hello"}}]})
        self.cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body)
        self.assertEqual(json.loads(self.cloudwatch.get_dashboard(DashboardName="d")["DashboardBody"]), json.loads(body))
        self.assertEqual([entry["DashboardName"] for entry in self.cloudwatch.list_dashboards()["DashboardEntries"]], ["d"])
        self.cloudwatch.delete_dashboards(DashboardNames=["d"])
        self.assertEqual(self.cloudwatch.list_dashboards()["DashboardEntries"], [])


if __name__ == "__main__":
    print(f"# boto3 {boto3.__version__}", flush=True)
    main()
