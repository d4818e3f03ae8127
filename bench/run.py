"""Runs every benchmark, prints what each found, and keeps it in bench/results/latest.json. Called by bench/run, which builds first."""

import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# One program a question, in this order; each prints a JSON object a line where it is given --json. A further one is a line here.
PROGRAMS = ["http_bench", "services_bench", "objects_bench", "pipeline_bench"]
# Those that take minutes, and the switch that asks for them.
LONG_PROGRAMS = {"--growth": ["growth_bench"]}
# Scripts of this folder, and the name that their figures share; they have no switches.
SCRIPTS = {"cold_start": "cold start", "validate": "validator"}


def machine():
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    memory_kib = int(next(line.split()[1] for line in open("/proc/meminfo") if line.startswith("MemTotal")))
    return {"cpu": cpu, "cores": os.cpu_count(), "memory_gib": round(memory_kib / 2**20, 1), "kernel": platform.release()}


def commit():
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def told(row):
    """A row as a line for people."""
    text = f'{row["name"]:<36} {row["value"]:>12,.{1 if row["value"] < 100 else 0}f} {row["unit"]:<10}'
    if "limit" in row:
        text += f'  {row["ratio"]:.2f} of {row["limit"]["name"]} ({row["limit"]["value"]:,.0f})'
    if "goal" in row:
        text += f'  goal {row["goal"]:,.0f}'
    if "p50_ms" in row:
        text += f'  p50 {row["p50_ms"]:.1f}  p99 {row["p99_ms"]:.1f}  p99.9 {row["p999_ms"]:.1f} ms'
    if "server_cpu_us" in row:
        text += f'  {row["server_cpu_us"]:.1f} µs CPU'
    if row.get("client_cpu_us"):
        text += f' (the client {row["client_cpu_us"]:.1f})'
    if row.get("failed"):
        text += f'  {row["failed"]} failed'
    return text


def commands(arguments):
    """Name and command line of all that is to run."""
    passed_on = ["--json", *(argument for argument in arguments if argument not in LONG_PROGRAMS)]
    for program in PROGRAMS + [program for switch in LONG_PROGRAMS if switch in arguments for program in LONG_PROGRAMS[switch]]:
        yield program, [ROOT / "build/release/bin" / program, *passed_on]
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else ""
    for script, figures in SCRIPTS.items():
        if only in figures:
            yield script, [ROOT / "bench" / script, "--json"]


def main(arguments):
    rows, worst = [], 0
    for name, command in commands(arguments):
        print(f"{name}:", file=sys.stderr, flush=True)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for line in process.stdout:
            rows.append(json.loads(line))
            print(told(rows[-1]), flush=True)
        worst = max(worst, abs(process.wait()))
    results = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "commit": commit(),
               "machine": machine(), "rows": rows}
    path = ROOT / "bench/results/latest.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(results, indent=2) + "\n")
    print(f"written to {path.relative_to(ROOT)}", file=sys.stderr)
    return worst


if __name__ == "__main__":
    if sys.argv[1:] == ["--programs"]:
        print(*PROGRAMS, *(program for programs in LONG_PROGRAMS.values() for program in programs))
        sys.exit()
    sys.exit(main(sys.argv[1:]))
