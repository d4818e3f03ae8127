"""Starts a server and runs js_operations.mjs, the current AWS SDK for JavaScript, against it."""

import pathlib
import subprocess
import sys

import clients
import functions
from harness import Server

server = Server("--empty")
package = server.folder / "js.zip"
package.write_bytes(functions.package())
script = pathlib.Path(__file__).with_suffix(".mjs")
done = subprocess.run([str(clients.node()), str(script)], env=server.environment(CLIENTS=str(clients.CLIENTS), ACCOUNT=server.account, PACKAGE=str(package)))
server.close()
sys.exit(done.returncode)
