"""The functions' packages as they are uploaded: what the zips hold, and that each runs in an empty root, where there is nothing but the package,
/etc/resolv.conf and /tmp: names are resolved, TLS is verified, events arrive."""

import datetime
import json
import os
import pathlib
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
import uuid
import zipfile

from flows import Flow
from harness import BUILD, Server, main
from lambdas import Bootstrap, RuntimeApi, unpacked, url_event, variables

FUNCTIONS = ("collect_to_s3", "parse_validate")
DNS_ADDRESS = "127.53.0.1"  # port 53 of an address that nobody else listens on
NAME = "aws.test"


class Zip(unittest.TestCase):
    def test_holds_one_static_program(self):
        """bootstrap, executable, for this architecture, that asks for no loader and no library."""
        for name in FUNCTIONS:
            with self.subTest(function=name), zipfile.ZipFile(BUILD / f"dist/{name}.zip") as archive:
                entry, = archive.infolist()
                self.assertEqual((entry.filename, entry.external_attr >> 16), ("bootstrap", 0o100755))
                program = archive.read(entry)
                self.assertLess(entry.compress_size, 4_000_000)
                self.assertEqual(program[:5], b"\x7fELF\x02")
                self.assertIn(struct.unpack_from("<H", program, 18)[0], (62, 183), "x86_64 or arm64")
                offset, size, count = struct.unpack_from("<Q", program, 32)[0], *struct.unpack_from("<HH", program, 54)
                kinds = [struct.unpack_from("<I", program, offset + size * index)[0] for index in range(count)]
                self.assertNotIn(3, kinds, "PT_INTERP")
                self.assertNotIn(2, kinds, "PT_DYNAMIC")

    def test_follows_from_the_program_alone(self):
        """Packed again, elsewhere, later, under another mask and time zone: the same bytes."""
        for name in FUNCTIONS:
            with self.subTest(function=name), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "bootstrap"
                with zipfile.ZipFile(BUILD / f"dist/{name}.zip") as archive:
                    self.assertEqual(archive.infolist()[0].date_time, (1980, 1, 1, 0, 0, 0))
                    path.write_bytes(archive.read("bootstrap"))
                subprocess.run(f"umask 077; chmod 755 {path} && TZ=UTC touch -d 1980-01-01T00:00:00 {path} && TZ=UTC zip -X -q -j {folder}/again.zip {path}",
                               shell=True, check=True, env=dict(os.environ, TZ="Asia/Tokyo"))
                self.assertEqual((pathlib.Path(folder) / "again.zip").read_bytes(), (BUILD / f"dist/{name}.zip").read_bytes())


class Names(threading.Thread):
    """A name server that knows one name."""

    def __init__(self):
        super().__init__(daemon=True)
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((DNS_ADDRESS, 53))
        self.start()

    def run(self):
        while True:
            query, sender = self.socket.recvfrom(512)
            end = query.index(b"\0", 12) + 5
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            kind, = struct.unpack(">H", query[end - 4:end - 2])
            self.asked.append(".".join(labels))
            is_known = self.asked[-1] == NAME
            answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + socket.inet_aton("127.0.0.1") if is_known and kind == 1 else b""
            head = query[:2] + struct.pack(">HHHHH", 0x8180 if is_known else 0x8183, 1, 1 if answer else 0, 0, 0)
            self.socket.sendto(head + query[12:end] + answer, sender)


class Tls(threading.Thread):
    """Takes TLS connections and passes what they bring to the server, and back."""

    def __init__(self, server, folder):
        super().__init__(daemon=True)
        self.certificate = pathlib.Path(folder) / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
                        f"subjectAltName=DNS:{NAME}", "-keyout", f"{folder}/key.pem", "-out", str(self.certificate)], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, f"{folder}/key.pem")
        self.to = int(server.endpoint.rsplit(":", 1)[1])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"https://{NAME}:{self.listener.getsockname()[1]}"
        self.start()

    def run(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        def pump(source, sink):
            try:
                while data := source.recv(65536):
                    sink.sendall(data)
                sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        try:
            inside = self.context.wrap_socket(client, server_side=True)
        except OSError:
            return
        server = socket.create_connection(("127.0.0.1", self.to))
        threading.Thread(target=pump, args=(server, inside), daemon=True).start()
        pump(inside, server)


class EmptyRoot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="event-pipeline-root-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.server = Server()
        cls.flow = Flow(cls.server)
        cls.names = Names()
        cls.tls = Tls(cls.server, cls.folder)

    def run_in_empty_root(self, function, event, **more):
        root = self.folder / uuid.uuid4().hex
        for name in ("var/task", "etc", "tmp"):
            (root / name).mkdir(parents=True)
        unpacked(BUILD / f"dist/{function}.zip", root / "var/task")
        (root / "etc/resolv.conf").write_text(f"nameserver {DNS_ADDRESS}\noptions timeout:1 attempts:1\n")
        if "AWS_CA_BUNDLE" in more:
            shutil.copy(self.tls.certificate, root / more["AWS_CA_BUNDLE"][1:])
        values = variables(self.server, **{"AWS_ENDPOINT_URL": self.tls.endpoint, "ANSWER_MS_MAX": "3000", **more})
        with RuntimeApi() as api, Bootstrap([shutil.which("chroot"), str(root), "/var/task/bootstrap"], api, values) as process:
            api.wait_for_next()
            answer = api.invoke(event)
        self.output = process.output
        return answer

    def test_events_arrive(self):
        """Over TLS, by a name that a name server knows: the keys are read, the object is stored, the execution started; then the other function on that object."""
        event = {"type": "click", "event_id": str(uuid.uuid4()), "user_id": "empty-root", "properties": {"element": "buy"}}
        answer = self.run_in_empty_root("collect_to_s3", url_event(json.dumps(event), self.server.write_key), AWS_CA_BUNDLE="/tmp/ca.pem")
        self.assertEqual(answer["statusCode"], 200, f"{answer} {self.output}")
        self.assertIn(NAME, self.names.asked)
        self.assertEqual(self.flow.row(event)["p"], event["properties"])
        key = f"raw/{datetime.date.today():year=%Y/month=%m/day=%d}/hour=00/{uuid.uuid4()}.json"
        raw = self.flow.object(json.loads(answer["body"])["key"]).replace(event["event_id"], "again").encode()
        self.server.client("s3").put_object(Bucket=self.flow.bucket, Key=key, Body=raw)
        counts = self.run_in_empty_root("parse_validate", {"bucket": self.flow.bucket, "key": key}, AWS_CA_BUNDLE="/tmp/ca.pem")
        self.assertEqual((counts.get("received"), counts.get("stored")), (1, 1), f"{counts} {self.output}")
        self.flow.row(dict(event, event_id="again"))

    def test_only_amazon_is_trusted(self):
        """Without AWS_CA_BUNDLE another authority's certificate is refused, and nothing is sent."""
        answer = self.run_in_empty_root("collect_to_s3", url_event("{}", self.server.write_key))
        self.assertEqual(answer["statusCode"], 503, answer)
        self.assertIn("certificate verify failed", self.output)

    def test_an_unknown_name_is_an_answer(self):
        answer = self.run_in_empty_root("collect_to_s3", url_event("{}", self.server.write_key), AWS_ENDPOINT_URL="http://nobody.test:1")
        self.assertEqual(answer["statusCode"], 503, answer)
        self.assertIn("nobody.test", self.output)


if __name__ == "__main__":
    if os.geteuid() != 0:
        # Another root and port 53 take a root's rights: those of a namespace of one's own will do.
        os.execvp("unshare", ["unshare", "--map-root-user", "--net", "sh", "-c", f"ip link set lo up && exec {sys.executable} {sys.argv[0]}"])
    main()
