"""Runs every benchmark, prints what each found, and keeps it in bench/results/latest.json. Called by bench/run, which builds first."""

import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ["services_bench", "pipeline_bench"]


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
    if row.get("failed"):
        text += f'  {row["failed"]} failed'
    return text


def main(arguments):
    rows, worst = [], 0
    for program in PROGRAMS:
        process = subprocess.Popen([ROOT / "build/release/bin" / program, "--json", *arguments], stdout=subprocess.PIPE, text=True)
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
    sys.exit(main(sys.argv[1:]))
