"""Stores that aren't ours, from their makers' own packages, and AWS's own emulator of Lambda: fetched into build/clients/peers, run on free ports."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import urllib.request
import uuid
import zipfile

import clients
from harness import CLIENTS, wait_for

PEERS = CLIENTS / "peers"
DYNAMODB_LOCAL = "2.6.1"
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>peers</groupId><artifactId>peers</artifactId><version>1</version><dependencies><dependency>
<groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId><version>{DYNAMODB_LOCAL}</version></dependency></dependencies></project>"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def answers(url):
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2).close()
    except urllib.error.HTTPError:
        pass
    except OSError:
        return False
    return True


def fetch():
    """Answers why one of them can't be had, or nothing."""
    for program in ("radosgw", "ceph-mon", "ceph-osd", "mvn", "java"):
        if not shutil.which(program):
            return f"{program} isn't installed: ./test --peers installs it"
    return clients.python() or fetch_dynamodb_local() or fetch_emulator()


def fetch_dynamodb_local():
    folder = PEERS / "dynamodb"
    if (folder / f"lib/DynamoDBLocal-{DYNAMODB_LOCAL}.jar").exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pom.xml").write_text(POM)
    return clients.fetch(["mvn", "-B", "-q", "-f", str(folder / "pom.xml"), "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}/lib"])


def fetch_emulator():
    """AWS's SAM CLI brings the Runtime Interface Emulator with it, ready built."""
    program = PEERS / "aws-lambda-rie"
    if program.exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        why = clients.fetch([str(clients.PYTHON), "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "aws-sam-cli"])
        if why:
            return why
        wheel, = pathlib.Path(folder).glob("*.whl")
        machine = "arm64" if os.uname().machine == "aarch64" else "x86_64"
        PEERS.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            program.write_bytes(archive.read(f"samcli/local/rapid/aws-lambda-rie-{machine}"))
        program.chmod(0o755)
    return None


class Process:
    """A child in a folder of its own that both go at the end."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="event-pipeline-peer-"))
        self.children = []

    def start(self, name, command, **more):
        log = open(self.folder / f"{name}.log", "wb")
        self.children.append(subprocess.Popen([str(part) for part in command], stdout=log, stderr=subprocess.STDOUT, **more))

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")[-1500:]

    def close(self):
        for child in reversed(self.children):
            child.terminate()
        for child in reversed(self.children):
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class RadosGateway(Process):
    """Ceph's S3 gateway over a cluster of one monitor and one store in memory, with one user."""

    def __init__(self, access_key, secret_key):
        super().__init__()
        monitor, port, cluster = free_port(), free_port(), str(uuid.uuid4())
        self.endpoint = f"http://127.0.0.1:{port}"
        self.configuration = self.folder / "ceph.conf"
        self.configuration.write_text(f"""[global]
fsid = {cluster}
mon_host = [v2:127.0.0.1:{monitor}]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
keyring = {self.folder}/keyring
mon_data = {self.folder}/mon
osd_data = {self.folder}/osd
osd_objectstore = memstore
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_osd_crush_smoke_test = false
run_dir = {self.folder}
admin_socket = {self.folder}/$name.$pid.asok
pid_file =
log_file = {self.folder}/$name.ceph.log
mon_cluster_log_file = {self.folder}/cluster.log
""")
        keyring, monitors = self.folder / "keyring", self.folder / "monmap"
        self.tool("monmaptool", "--create", "--fsid", cluster, "--addv", "a", f"[v2:127.0.0.1:{monitor}]", monitors)
        for name, *rights in (("mon.", "mon", "allow *"), ("client.admin", "mon", "allow *", "osd", "allow *"), ("osd.0", "mon", "allow profile osd", "osd", "allow *")):
            caps = [word for kind, right in zip(rights[::2], rights[1::2]) for word in ("--cap", kind, right)]
            self.tool("ceph-authtool", keyring, *([] if keyring.exists() else ["--create-keyring"]), "--gen-key", "-n", name, *caps)
        (self.folder / "mon").mkdir()
        (self.folder / "osd").mkdir()
        self.ceph("ceph-mon", "--mkfs", "-i", "a", "--monmap", monitors, "--keyring", keyring)
        self.start("mon", ["ceph-mon", "-c", self.configuration, "-i", "a", "-f"])
        store = str(uuid.uuid4())
        self.ceph("ceph", "osd", "new", store)
        self.ceph("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", store)
        self.start("osd", ["ceph-osd", "-c", self.configuration, "-i", "0", "-f"])
        self.start("gateway", ["radosgw", "-c", self.configuration, "-n", "client.admin", "-f", f"--rgw_frontends=beast endpoint=127.0.0.1:{port}"])
        self.ceph("radosgw-admin", "user", "create", "--uid=pipeline", "--display-name=pipeline", f"--access-key={access_key}", f"--secret={secret_key}")
        wait_for("radosgw", lambda: answers(self.endpoint), 120)

    def tool(self, *words):
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{' '.join(map(str, words))}: {done.stderr[-600:]}"

    def ceph(self, program, *words):
        self.tool(program, "-c", self.configuration, *words)


class DynamoDbLocal(Process):
    """Amazon's own, in memory."""

    def __init__(self):
        super().__init__()
        port, library = free_port(), PEERS / "dynamodb/lib"
        self.endpoint = f"http://127.0.0.1:{port}"
        self.start("dynamodb", ["java", f"-Djava.library.path={library}", "-cp", f"{library}/*", "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
                                "-inMemory", "-port", port, "-disableTelemetry"], cwd=self.folder)
        wait_for("DynamoDB Local", lambda: answers(self.endpoint), 120)


class Emulator(Process):
    """A package, unpacked, under AWS's Runtime Interface Emulator."""

    def __init__(self, package, variables):
        super().__init__()
        task, port = self.folder / "task", free_port()
        with zipfile.ZipFile(package) as archive:
            archive.extract("bootstrap", task)
        (task / "bootstrap").chmod(0o755)
        self.url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
        self.start("emulator", [PEERS / "aws-lambda-rie", "--runtime-interface-emulator-address", f"127.0.0.1:{port}", "--runtime-api-address", f"127.0.0.1:{free_port()}",
                                "--log-level", "info", task / "bootstrap"], env={**variables, "PATH": os.environ["PATH"]}, cwd=task)
        wait_for("the emulator", lambda: answers(f"http://127.0.0.1:{port}/"))

    def invoke(self, event):
        request = urllib.request.Request(self.url, data=json.dumps(event).encode(), headers={"content-type": "application/json"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.loads(answer.read())
