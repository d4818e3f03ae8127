"""Writers on every service at once; kill -9 or a power loss at random and at named moments; a restart, itself killed now and then; and a comparison with what
was acknowledged: nothing of it is missing, nothing is half there, nothing is there twice.

    services.py [--rounds N] [--minutes M] [--seed S] [--kills]     --kills: no power losses; a seed plays the same orders and data again
"""

import argparse
import collections
import os
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

import writers
from harness import BUILD, REGION, Server, say_failed, say_ok, say_skipped
from power_loss import Disk
from signed import Signed

LIBRARY = BUILD / "bin/crash/libdisk.so"
# Where the server is killed: call and path of the disk's order, and how many such calls there are in a round, about.
POINTS = {
    "at random": None,
    "before the commit": ("before fdatasync */store/*.log", 400),
    "within the commit": ("after write */store/*.log", 400),
    "after the commit, before the answer": ("after fdatasync */store/*.log", 400),
    "between a body's file and its name": ("before rename */blobs/*", 20),
    "between blob and record": ("after fsync */blobs", 20),
    "before a replaced body goes": ("before unlink */blobs/*", 12),
    "while a function is unpacked": ("before fsync */functions/*", 3),
}
RECOVERY_CALLS = 60


class Stage:
    """The server, its disk and what is told about the rounds."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="event-pipeline-crash-"))
        self.run, self.beside = self.top / "run", self.top / "beside"
        self.run.mkdir()
        self.beside.mkdir()
        self.disk = Disk(self.run, self.beside)
        self.wrong, self.unanswered, self.again, self.ways = [], [], 0, collections.Counter()
        self.killed, self.restarts = collections.Counter(), []
        self.server = Server(data=self.run, variables=self.disk.variables(LIBRARY))

    def address(self):
        return self.server.endpoint, self.server.access_key, self.server.secret_key, None, REGION

    def close(self):
        self.server.close()
        shutil.rmtree(self.top, ignore_errors=True)

    def prepare(self):
        wire, text = Signed(self.address), "S"
        wire.s3("PUT", f"/{writers.BUCKET}")
        wire.dynamodb("CreateTable", TableName=writers.TABLE, BillingMode="PAY_PER_REQUEST",
                      AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in (("pk", text), ("sk", text), ("g", text), ("n", "N"))],
                      KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                      GlobalSecondaryIndexes=[{"IndexName": "by_number", "Projection": {"ProjectionType": "ALL"}, "KeySchema": [
                          {"AttributeName": "g", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}]}])
        allow = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",%s}]}'
        for action, more in (("CreateRole", {"AssumeRolePolicyDocument": allow % '"Principal":{"Service":["lambda.amazonaws.com","states.amazonaws.com"]},"Action":"sts:AssumeRole"'}),
                             ("PutRolePolicy", {"PolicyName": "all", "PolicyDocument": allow % '"Action":"*","Resource":"*"'})):
            wire.form("iam", "2010-05-08", action, RoleName=writers.ROLE, **more)
        self.role = f"arn:aws:iam::{self.server.account}:role/{writers.ROLE}"

    def die(self, point, everybody):
        """Lets all write until the server is killed at the point, or after a while."""
        until = threading.Event()
        where = POINTS[point]
        if where:
            self.disk.command(f"kill {where[0]} {self.chance.randint(1, where[1])}")
        threads = [threading.Thread(target=each.run, args=(until,), daemon=True) for each in everybody]
        for thread in threads:
            thread.start()
        try:
            self.server.process.wait(3 if where else self.chance.uniform(0.1, 1))
            self.killed[point] += 1
        except Exception:  # its moment didn't come
            self.killed["at random"] += 1
        self.server.kill()
        until.set()
        for thread in threads:
            thread.join()

    def restart(self, loses_power):
        """Starts it again, with a kill during recovery in every other round. Answers what the picture of the disk couldn't hold."""
        strange = []
        for recovery in (self.chance.random() < 0.5, False):
            strange += self.disk.replay()
            if loses_power:
                self.ways[self.disk.lose_power(self.chance)] += 1
            if recovery:
                self.disk.command(f"kill before any * {self.chance.randint(1, RECOVERY_CALLS)}")
            else:
                self.disk.command("")
            began = time.monotonic()
            try:
                self.server.start()
                self.restarts.append(time.monotonic() - began)
            except RuntimeError:
                if self.server.process.wait() != -9:
                    raise
                self.killed["during recovery"] += 1
                continue
            self.disk.command("")
            return strange


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=2 * len(POINTS))
    options.add_argument("--minutes", type=float)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options.add_argument("--kills", action="store_true")
    options = options.parse_args()
    if not LIBRARY.exists():
        say_skipped("every service", f"{LIBRARY} isn't built")
        return 0
    stage = Stage(options.seed)
    wrong, strange, done, began = stage.wrong, [], 0, time.monotonic()
    try:
        stage.prepare()
        everybody = writers.everybody(stage, stage.chance)
        wrong += writers.all_at_once(lambda writer: writer.prepare(), everybody)
        while not wrong and (time.monotonic() - began < 60 * options.minutes if options.minutes else done < options.rounds):
            point = list(POINTS)[done % len(POINTS)]
            loses_power = not options.kills and done // len(POINTS) % 2 == 1
            stage.die(point, everybody)
            strange += stage.restart(loses_power)
            wrong += [f"after {point}{', power lost' if loses_power else ''}, round {done}: {each}" for each in
                      writers.all_at_once(lambda writer: writer.check(), everybody)]
            done += 1
        if not wrong:
            wrong += writers.all_at_once(lambda writer: writer.check_at_end(), everybody)
    except RuntimeError as error:
        wrong.append(f"it doesn't start again after round {done}: {error}")
    answered = {writer.name: writer.answered for writer in everybody}
    print(f"# seed {options.seed}: {done} rounds in {time.monotonic() - began:.0f} s; killed " + ", ".join(f"{point} {count}" for point, count in stage.killed.items()))
    print("# power lost: " + (", ".join(f"{way} {count}" for way, count in stage.ways.items()) or "never"))
    print(f"# {sum(answered.values())} writes acknowledged: " + ", ".join(f"{name} {count}" for name, count in answered.items()))
    print(f"# {len(stage.unanswered)} weren't answered; {stage.again} tasks ran again; a restart took {max(stage.restarts):.2f} s at most")
    for name, found in (("what was acknowledged is there, whole and once", wrong), ("the disk did nothing that the harness can't undo", strange)):
        say_failed(name, f"{len(found)} (seed {options.seed}): " + "; ".join(found[:4])) if found else say_ok(name)
    if wrong and os.environ.get("CRASH_KEEP"):
        stage.server.kill()
        print(f"# kept: {stage.top}")
        os._exit(1)
    stage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
