"""The real clients that the tests use, fetched from PyPI and npm into build/clients, and kept there between runs."""

import pathlib
import re
import shutil
import subprocess
import time

from harness import CLIENTS

PYTHON = CLIENTS / "python/bin/python"
AWS = CLIENTS / "python/bin/aws"
PYPI = ["boto3", "awscli"]
NPM = [f"@aws-sdk/client-{name}" for name in ("s3", "dynamodb", "lambda", "sfn", "cloudwatch", "cloudwatch-logs", "iam", "sts")] + [
    "@segment/analytics-node", "@segment/analytics-next", "@rudderstack/rudder-sdk-node", "@rudderstack/analytics-js", "@jitsu/js", "jsdom",
    "posthog-node", "posthog-js", "@snowplow/node-tracker", "@snowplow/browser-tracker", "cloudevents", "@aws/clickstream-web",
    "@opentelemetry/exporter-logs-otlp-http@0.223", "@opentelemetry/exporter-logs-otlp-proto@0.223", "@opentelemetry/sdk-logs@0.223",  # later ones want Node 22
    "@amplitude/analytics-node", "@amplitude/analytics-browser@2.9", "mixpanel", "mixpanel-browser", "matomo-tracker", "@umami/node", "@plausible-analytics/tracker",
    "esbuild", "playwright-core", "@octokit/webhooks-examples", "@octokit/webhooks-schemas", "asl-validator"]


def fetch(command):
    """Three times, since registries have bad moments. Answers why not, or nothing."""
    for attempt in range(3):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0:
            return None
        time.sleep(2 + 4 * attempt)
    lines = (done.stderr or done.stdout).strip().splitlines()
    return f"{command[0]} could not fetch them: {lines[-1] if lines else done.returncode}"


def python():
    stamp = CLIENTS / "python/fetched"
    if stamp.exists() and stamp.read_text() == " ".join(PYPI):
        return None
    CLIENTS.mkdir(parents=True, exist_ok=True)
    why = fetch(["/usr/bin/python3", "-m", "venv", str(CLIENTS / "python")]) or fetch(
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--upgrade", *PYPI])
    if not why:
        stamp.write_text(" ".join(PYPI))
    return why


def javascript():
    stamp = CLIENTS / "node_modules/.fetched"
    wanted = NPM if own_node() else NPM + ["node@22"]
    if stamp.exists() and stamp.read_text() == " ".join(wanted):
        return None
    CLIENTS.mkdir(parents=True, exist_ok=True)
    why = fetch(["npm", "install", "--prefix", str(CLIENTS), "--no-audit", "--no-fund", "--loglevel=error", *wanted])
    if not why:
        stamp.write_text(" ".join(wanted))
    return why


def own_node():
    """The machine's node where it is 20 or later, which the current SDKs want; Debian 12 has 18."""
    path = shutil.which("node")
    if not path:
        return None
    version = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
    match = re.match(r"v(\d+)", version)
    return path if match and int(match[1]) >= 20 else None


def node():
    return pathlib.Path(own_node() or CLIENTS / "node_modules/node/bin/node")
