"""What every writer of the crash tests is: alone on keys of its own, a request at a time."""

import random

from signed import Refused, Signed, Unanswered

TABLE, BUCKET, ROLE = "crash", "crash", "crash"
LARGE = 64 << 10  # S3 keeps a body beyond this in a file of its own


class Writer:
    def __init__(self, stage, number, chance):
        self.stage, self.number, self.chance = stage, number, random.Random(chance.getrandbits(64))
        self.name = f"{type(self).__name__}-{number}"
        self.wire = Signed(stage.address)
        self.answered = 0

    def prepare(self):
        """Once, before the first round."""

    def run(self, until):
        """Writes until the server is gone or `until` is set."""
        try:
            while not until.is_set():
                self.step()
                self.answered += 1
        except Unanswered as error:
            self.stage.unanswered.append(f"{self.name}: {error}")
        except (Refused, AssertionError) as error:
            self.stage.wrong.append(f"{self.name}: {error}")

    def step(self):
        """One write."""

    def check(self):
        """What is wrong, each in a sentence."""
        return []

    def check_at_end(self):
        """The same of what takes its time."""
        return []


def one_of(name, found, allowed):
    return [] if found in allowed else [f"{name} is {found}, which is none of {allowed}"]
