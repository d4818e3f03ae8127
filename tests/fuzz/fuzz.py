"""Every parser takes any bytes: each fuzz target over its corpus and 20,000 mutations of it, no input for longer than a second."""

import subprocess
import sys

from harness import BUILD, ROOT, one_line, say_failed, say_ok

RUNS = 20000


def main():
    corpora = ROOT / "tests/fuzz/corpus"
    for program in sorted((BUILD / "bin/fuzz").iterdir()):
        try:
            done = subprocess.run([program, corpora / program.name, "--runs", str(RUNS)], capture_output=True, text=True, errors="replace", timeout=120)
        except subprocess.TimeoutExpired:
            say_failed(program.name, "not done within 120 s")
            continue
        if done.returncode == 0:
            say_ok(program.name)
        else:
            say_failed(program.name, one_line(done.stderr))
    return 0


if __name__ == "__main__":
    sys.exit(main())
