#!/usr/bin/python3
"""Measures Fall Line and its peers turn about on this machine; prints a table and writes all figures as JSON.

Turn about, because a machine's speed drifts: what slows it for a minute slows both. Build the release preset
with FALLLINE_BENCH=ON first. Uses the standard library only; the peers are Debian's python3-torch
and, for drawing, python3-matplotlib.
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
AVX2 = {"DNNL_MAX_CPU_ISA": "AVX2", "ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}
# Idle threads of ours, as the program itself asks for them.
OURS = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "2000"}


def run(command, *settings):
    environment = dict(os.environ)
    environment.pop("OMP_WAIT_POLICY", None)
    for setting in settings:
        environment.update(setting)
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed with status {done.returncode}; what it said stands above.")
    return json.loads(done.stdout)


def install_peer(module):
    if subprocess.run([PEER_PYTHON, "-c", f"import {module}"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        return
    print(f"Installing with apt-get: python3-{module}")
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    install = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    if subprocess.run([*as_root, *install, f"python3-{module}"], check=False).returncode != 0:
        sys.exit(f"apt-get could not install python3-{module}; its reason stands above.")


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


def print_table(ours, peer, peer_name):
    print(f"\n{'':<28}{'Fall Line':>12}{'spread':>8}{peer_name:>12}{'spread':>8}{'ratio':>8}")
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
    parser.add_argument("--install", action="store_true", help="install the peers where they are missing")
    parser.add_argument("--peer", action="append", default=[], metavar="PYTHON", help="interpreter of another PyTorch, beside Debian's")
    parser.add_argument("--avx2", action="store_true", help="all sides without AVX-512")
    parser.add_argument("--no-train", action="store_true", help="without training and landscape")
    options = parser.parse_args()
    if options.install:
        for module in ([] if options.no_train else ["torch"]) + ([] if options.no_frame else ["matplotlib"]):
            install_peer(module)

    arguments = ["--threads", str(options.threads), "--seconds", str(options.seconds)]
    limit = AVX2 if options.avx2 else {}
    ours, peers = Figures(), [Figures() for _ in [PEER_PYTHON, *options.peer]]
    for turn in range(0 if options.no_train else options.runs):
        print(f"turn {turn + 1} of {options.runs}", file=sys.stderr)
        # Ours as the program runs it, with idle threads asleep. The peer as it comes and in our way, whichever
        # is faster: threads that spin win on an idle machine and lose tenfold on a busy one.
        for name in ("bench_train", "bench_slice"):
            ours.add(run([str(options.build / "tests/bench" / name), *arguments, "--json"], limit, OURS))
        for python, peer in zip([PEER_PYTHON, *options.peer], peers):
            peer_command = [python, str(HERE / "peer_torch.py"), *arguments]
            peer.add(run(peer_command, limit), run(peer_command, limit, OURS))
    drawn, drawn_peer = Figures(), Figures()
    for _ in range(0 if options.no_frame else options.runs):
        drawn.add(run([str(options.build / "tests/bench/bench_frame"), "--seconds", str(options.seconds), "--json"]))
        drawn_peer.add(run([PEER_PYTHON, str(HERE / "peer_matplotlib.py"), "--seconds", str(options.seconds)]))

    print(f"{processor()}, {os.cpu_count()} hardware threads")
    result = {"processor": processor(), "runs": options.runs}
    if not options.no_train:
        for peer in peers:
            print(f"\n{ours.subject}; {peer.subject}")
            print_table(ours, peer, "PyTorch")
        result |= {"avx2": options.avx2, "ours": ours.as_json(), "peers": [peer.as_json() for peer in peers]}
    if not options.no_frame:
        print(f"\n{drawn.subject}; {drawn_peer.subject}")
        print_table(drawn, drawn_peer, "matplotlib")
        result |= {"drawn": drawn.as_json(), "drawn_peer": drawn_peer.as_json()}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"\nAll figures: {options.out}")


if __name__ == "__main__":
    main()
