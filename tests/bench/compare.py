#!/usr/bin/python3
"""Measures Fall Line and PyTorch turn about on this machine; prints a table and writes all figures as JSON.

Turn about, because a machine's speed drifts: what slows it for a minute slows both. Build the release preset
with FALLLINE_BENCH=ON first. Uses the standard library only; the peer is Debian's python3-torch.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEER_PYTHON = "/usr/bin/python3"  # the interpreter that Debian's python3-torch belongs to


def run(command, policy=None):
    environment = dict(os.environ)
    environment.pop("OMP_WAIT_POLICY", None)
    if policy:
        environment["OMP_WAIT_POLICY"] = policy
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed with status {done.returncode}; what it said stands above.")
    return json.loads(done.stdout)


def install_peer():
    if subprocess.run([PEER_PYTHON, "-c", "import torch"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        return
    print("Installing with apt-get: python3-torch")
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    install = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    if subprocess.run([*as_root, *install, "python3-torch"], check=False).returncode != 0:
        sys.exit("apt-get could not install python3-torch; its reason stands above.")


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


class Figures:
    """Values of one side by figure, in the order they were first told."""

    def __init__(self):
        self.subject = ""
        self.values = {}
        self.units = {}

    def add(self, *told):
        """One turn; of several tellings the larger value of each figure counts."""
        self.subject = told[0]["subject"]
        for figures in zip(*(one["figures"] for one in told)):
            name = figures[0]["name"]
            self.values.setdefault(name, []).append(max(figure["value"] for figure in figures))
            self.units[name] = figures[0]["unit"]

    def median(self, name):
        return statistics.median(self.values[name])

    def spread(self, name):
        values = self.values[name]
        return (max(values) - min(values)) / statistics.median(values)

    def as_json(self):
        return {
            "subject": self.subject,
            "figures": [
                {"name": name, "unit": self.units[name], "median": self.median(name), "values": values}
                for name, values in self.values.items()
            ],
        }


def print_table(ours, peer):
    print(f"\n{'':<28}{'Fall Line':>12}{'spread':>8}{'PyTorch':>12}{'spread':>8}{'ratio':>8}")
    for name in ours.values:
        row = f"{name:<28}{ours.median(name):>12.1f}{ours.spread(name):>8.0%}"
        if name in peer.values:
            row += f"{peer.median(name):>12.1f}{peer.spread(name):>8.0%}{ours.median(name) / peer.median(name):>8.2f}"
        else:
            row += " " * 28
        print(f"{row}  {ours.units[name]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=ROOT / "build/release", help="build folder with the benchmarks")
    parser.add_argument("--runs", type=int, default=5, help="turns of each side")
    parser.add_argument("--seconds", type=float, default=2, help="of measuring, for each figure and turn")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "out/bench.json")
    parser.add_argument("--no-frame", action="store_true", help="without the drawing benchmark")
    parser.add_argument("--install", action="store_true", help="install python3-torch where it is missing")
    options = parser.parse_args()
    if options.install:
        install_peer()

    arguments = ["--threads", str(options.threads), "--seconds", str(options.seconds)]
    ours, peer = Figures(), Figures()
    for turn in range(options.runs):
        print(f"turn {turn + 1} of {options.runs}", file=sys.stderr)
        # Ours as the program runs it, with idle threads asleep. The peer as it comes and in our way, whichever
        # is faster: threads that spin win on an idle machine and lose tenfold on a busy one.
        for name in ("bench_train", "bench_slice"):
            ours.add(run([str(options.build / "tests/bench" / name), *arguments, "--json"], policy="passive"))
        peer_command = [PEER_PYTHON, str(HERE / "peer_torch.py"), *arguments]
        peer.add(run(peer_command), run(peer_command, policy="passive"))
    device = ours.subject
    if not options.no_frame:
        for _ in range(options.runs):
            ours.add(run([str(options.build / "tests/bench/bench_frame"), "--seconds", str(options.seconds), "--json"]))
    drawn_on, ours.subject = ours.subject, device

    print(f"{processor()}, {os.cpu_count()} hardware threads\n{ours.subject}; {peer.subject}")
    if not options.no_frame:
        print(f"Frames: {drawn_on}")
    print_table(ours, peer)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    result = {"processor": processor(), "runs": options.runs, "ours": ours.as_json(), "peer": peer.as_json()}
    if not options.no_frame:
        result["drawn_on"] = drawn_on
    options.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"\nAll figures: {options.out}")


if __name__ == "__main__":
    main()
