"""Runs every suite and counts. Called by ./test, which builds first.

A suite is a program; harness.py says what it prints. Programs of gtest are suites, too. Suites run one after the other (they measure,
kill and use up to all of the machine), and a suite that ends without having said what failed has itself failed.
"""

import importlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import clients
from harness import BUILD, PROGRAM, ROOT

DEBIAN_PYTHON = "/usr/bin/python3"


def suites():
    """Name, command, seconds at most, what it needs first (a function that answers why it can't be had, or nothing)."""
    result = [(path.stem, [str(path)], 600, None) for path in sorted((BUILD / "bin").glob("*_test"))]
    here = ROOT / "tests"
    python = str(clients.PYTHON)
    result += [
        ("tidy", [DEBIAN_PYTHON, here / "tidy/tidy.py"], 300, None),
        ("fuzz", [DEBIAN_PYTHON, here / "fuzz/fuzz.py"], 900, None),
        ("wire", [DEBIAN_PYTHON, here / "wire/run.py"], 600, None),
        ("models", [python, here / "models/models.py"], 300, clients.python),
        ("deploy-requests", [python, here / "pipeline/deploy_requests.py"], 600, clients.python),
        ("deploy-cli-debian", [DEBIAN_PYTHON, here / "pipeline/deploy_cli.py"], 300, None),
        ("deploy-cli-current", [python, here / "pipeline/deploy_cli.py"], 300, clients.python),
        ("boto3-debian", [DEBIAN_PYTHON, here / "sdk/boto3_operations.py"], 600, None),
        ("boto3-current", [python, here / "sdk/boto3_operations.py"], 600, clients.python),
        ("boto3-compute-debian", [DEBIAN_PYTHON, here / "sdk/boto3_compute.py"], 600, None),
        ("boto3-compute-current", [python, here / "sdk/boto3_compute.py"], 600, clients.python),
        ("cli-debian", [DEBIAN_PYTHON, here / "sdk/cli_operations.py", "/usr/bin/aws"], 900, None),
        ("cli-current", [DEBIAN_PYTHON, here / "sdk/cli_operations.py", str(clients.AWS)], 900, clients.python),
        ("sdk-js", [DEBIAN_PYTHON, here / "sdk/js_operations.py"], 600, clients.javascript),
        ("signatures", [DEBIAN_PYTHON, here / "sdk/signatures.py"], 300, None),
        ("serve", [DEBIAN_PYTHON, here / "pipeline/serve.py"], 300, None),
        ("packages", [DEBIAN_PYTHON, here / "pipeline/packages.py"], 300, None),
        ("events", [DEBIAN_PYTHON, here / "pipeline/events.py"], 600, None),
        ("segment", [DEBIAN_PYTHON, here / "pipeline/segment.py"], 300, clients.javascript),
        ("sdks", [DEBIAN_PYTHON, here / "pipeline/sdks.py"], 300, clients.javascript),
        ("failures", [DEBIAN_PYTHON, here / "pipeline/failures.py"], 300, clients.javascript),
        ("browsers", [DEBIAN_PYTHON, here / "pipeline/browsers.py"], 300, clients.javascript),
        ("webhooks", [DEBIAN_PYTHON, here / "pipeline/webhooks.py"], 600, clients.javascript),
        ("settings", [DEBIAN_PYTHON, here / "pipeline/settings.py"], 300, None),
        ("privacy", [DEBIAN_PYTHON, here / "pipeline/privacy.py"], 300, None),
        ("operators", [DEBIAN_PYTHON, here / "pipeline/operators.py"], 300, None),
        ("both-ways", [DEBIAN_PYTHON, here / "pipeline/both_ways.py"], 1200, None),
        ("linked", [DEBIAN_PYTHON, here / "pipeline/linked.py"], 600, None),
        ("least-privilege", [DEBIAN_PYTHON, here / "pipeline/least_privilege.py"], 900, None),
        ("least-privilege-processes", [DEBIAN_PYTHON, here / "pipeline/least_privilege.py", "--functions", "process"], 900, None),
        ("load-hostile", [DEBIAN_PYTHON, here / "load/hostile.py"], 600, None),
        ("load-overload", [DEBIAN_PYTHON, here / "load/overload.py"], 600, None),
        ("crash", [DEBIAN_PYTHON, here / "crash/crash.py"], 1200, None),
        ("crash-services", [DEBIAN_PYTHON, here / "crash/services.py"], 600, None),
        ("crash-disk-full", [DEBIAN_PYTHON, here / "crash/disk_full.py"], 600, None),
        ("crash-corruption", [DEBIAN_PYTHON, here / "crash/corruption.py"], 300, None),
    ]
    return [entry for entry in result if not isinstance(entry[1][-1], pathlib.Path) or entry[1][-1].exists()]


def peers():
    """The long ones of ./test --peers."""
    here = ROOT / "tests/peers"
    return [
        ("peers", [str(clients.PYTHON), here / "peers.py"], 900, lambda: importlib.import_module("peers.stores").fetch()),
        ("reproducible", [DEBIAN_PYTHON, here / "reproducible.py"], 3600, None),
    ]


class Count:
    def __init__(self):
        self.passed, self.failed, self.skipped, self.failures = 0, 0, 0, []

    def fail(self, suite, test, why):
        self.failed += 1
        self.failures.append((suite, test, why))


def run_gtest(name, command, seconds, words, count):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        only = "" if not words else ":".join(f"*{word}*" for word in words)
        command = command + [f"--gtest_output=json:{report.name}"] + ([f"--gtest_filter={only}"] if only else [])
        environment = dict(os.environ, PIPELINE_SHARED=str(os.environ.get("PIPELINE_SHARED", ROOT.parent / "shared")))
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds, env=environment, cwd=ROOT)
        try:
            tests = [(f'{suite["name"]}.{test["name"]}', test) for suite in json.load(open(report.name))["testsuites"]
                     for test in suite["testsuite"]]
        except ValueError:
            tests = []
    bad = 0
    for test_name, test in tests:
        if test.get("failures"):
            bad += 1
            count.fail(name, test_name, test["failures"][0]["failure"].strip().replace("\n", " ")[:400])
        elif test.get("result") == "SKIPPED":
            count.skipped += 1
        elif test.get("status") == "RUN":
            count.passed += 1
    if done.returncode != 0 and not bad:
        last = re.findall(r"\[ RUN +\] (\S+)", done.stdout)
        count.fail(name, last[-1] if last else "start", f"exit status {done.returncode}: " + (done.stderr or done.stdout).strip()[-400:])


def run_lines(name, command, seconds, words, count):
    environment = dict(os.environ, TEST_ONLY=" ".join(words), PYTHONDONTWRITEBYTECODE="1", PYTHONPATH=str(ROOT / "tests"))
    command = [str(part) for part in command]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", env=environment, cwd=ROOT)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
        try:
            out, err = process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        count.fail(name, "time", f"not done within {seconds} s")
    bad = 0
    for line in out.splitlines():
        if line.startswith("ok "):
            count.passed += 1
        elif line.startswith("not ok "):
            bad += 1
            test, _, why = line[7:].partition(": ")
            count.fail(name, test, why)
        elif line.startswith("skip "):
            count.skipped += 1
            print(f"  {line}")
        elif line.startswith("# "):
            print(f"  {line[2:]}")
    if process.returncode != 0 and not bad and process.returncode is not None:
        count.fail(name, "suite", f"exit status {process.returncode}: " + (err or out).strip()[-600:])


def main(words, suites):
    count = Count()
    names = [name for name, *_ in suites]
    chosen = [word for word in words if any(word in name for name in names)]
    tests = [word for word in words if word not in chosen]
    for name, command, seconds, needs in suites:
        if chosen and not any(word in name for word in chosen):
            continue
        began = time.monotonic()
        before = (count.passed, count.failed, count.skipped)
        why = needs() if needs else None
        if why:
            count.skipped += 1
            print(f"{name}: skipped: {why}", flush=True)
            continue
        try:
            (run_gtest if name.endswith("_test") else run_lines)(name, command, seconds, tests, count)
        except (OSError, subprocess.TimeoutExpired) as error:
            count.fail(name, "suite", str(error))
        passed, failed, skipped = (now - then for now, then in zip((count.passed, count.failed, count.skipped), before))
        print(f"{name}: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "") +
              f" ({time.monotonic() - began:.1f} s)", flush=True)
    if count.failures:
        print("\nFailed:")
        for suite, test, why in count.failures:
            print(f"  {suite} {test}: {why}\n    again: ./test {suite}" + (f" '{test}'" if test not in ("suite", "time", "start") else ""))
        print()
    print(f"{count.passed} passed, {count.failed} failed" + (f", {count.skipped} skipped" if count.skipped else ""))
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    wanted = peers() if "--peers" in arguments else suites()
    if "--list" in arguments:
        print("\n".join(name for name, *_ in wanted))
        sys.exit(0)
    if not PROGRAM.exists():
        sys.exit(f"{PROGRAM} isn't there: ./test builds it")
    sys.exit(main([word for word in arguments if word != "--peers"], wanted))
