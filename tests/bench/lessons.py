#!/usr/bin/env python3
"""Trains the lessons' scenes over several seeds and prints the medians beside the bars they must meet.

A seed draws new phantoms, a new split, new weights and a new order. Never part of CTest: five seeds of all
lessons take a quarter of an hour on two idle cores.

    tests/bench/lessons.py build/release/engine/app/fallline [--seeds 1 2 3 4 5] [--lessons 1 2 3 4 5]
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENES = {
    "1": ["1-too-few-images"],
    "2": ["2-imbalance"],
    "3": ["3-balanced"],
    "4": ["4-overfitting"],
    "4-250": ["4-overfitting-250"],
    "5": ["5-colour-coded", "5-uncoloured"],
    "transfer": ["transfer", "transfer network.backbone=phantom"],
}


def train(program, scene, seed, overrides, folder):
    report = folder / f"{scene}-{seed}.json"
    file, *own = scene.split()  # what a key of the window does to a scene stands behind its name
    command = [program, "train", str(ROOT / "scenes" / f"{file}.toml"), "--set", f"train.seed={seed}"]
    for override in own + overrides:
        command += ["--set", override]
    command += ["--set", "train.threads=1", "--out", str(folder / f"{scene}-{seed}"), "--json", str(report)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{scene}, seed {seed}: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(report.read_text())


def figures(report):
    """What the bars are about, from one report."""
    last = report["epochs"][-1]
    by_class = {c["class"]: c["accuracy"] for c in report["accuracy_per_class"]}
    lowest = min(e["test_loss"] for e in report["epochs"])
    return {
        "train": last["accuracy"],
        "test": last["test_accuracy"],
        "blood": by_class["Hemorrhage"],
        "normal": by_class["Normal"],
        "balanced": report["balanced_accuracy"],
        "rise": last["test_loss"] / lowest - 1,
    }


# Each bar: what it says, and whether the medians m (of all scenes, by name) meet it.
BARS = {
    "1-too-few-images": [
        ("test below 0.75", lambda m: m["1-too-few-images"]["test"] < 0.75),
        ("train above test", lambda m: m["1-too-few-images"]["train"] > m["1-too-few-images"]["test"]),
    ],
    "2-imbalance": [
        ("test at least 0.95", lambda m: m["2-imbalance"]["test"] >= 0.95),
        ("at most 1 haemorrhage in 5 found", lambda m: m["2-imbalance"]["blood"] <= 0.2),
    ],
    "3-balanced": [
        ("test 0.70 to 0.92", lambda m: 0.70 <= m["3-balanced"]["test"] <= 0.92),
        ("both classes above 0.6", lambda m: min(m["3-balanced"]["blood"], m["3-balanced"]["normal"]) > 0.6),
    ],
    "4-overfitting": [
        ("train at least 0.97", lambda m: m["4-overfitting"]["train"] >= 0.97),
        ("test loss ends 30 % above its minimum", lambda m: m["4-overfitting"]["rise"] >= 0.3),
    ],
    "4-overfitting-250": [],
    "5-colour-coded": [
        ("test at least 0.90", lambda m: m["5-colour-coded"]["test"] >= 0.90),
    ],
    "transfer": [
        ("test at most 0.70", lambda m: m["transfer"]["test"] <= 0.70),
    ],
    "transfer network.backbone=phantom": [
        ("test at least 0.88", lambda m: m["transfer network.backbone=phantom"]["test"] >= 0.88),
    ],
    "5-uncoloured": [
        ("colour gains at least 0.10", lambda m: m["5-colour-coded"]["test"] - m["5-uncoloured"]["test"] >= 0.10),
    ],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the fallline to measure")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--lessons", nargs="+", choices=list(SCENES), default=["1", "2", "3", "4", "5", "transfer"])
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="trainings at once, of one thread each")
    parser.add_argument("--set", action="append", default=[], metavar="TABLE.KEY=VALUE", dest="overrides")
    arguments = parser.parse_args()

    medians, all_met = {}, True
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        names = [name for lesson in arguments.lessons for name in SCENES[lesson]]
        columns = ["train", "test", "blood", "normal", "balanced", "rise"]
        print(f"{'scene':<36}" + "".join(f"{c:>9}" for c in columns) + "   test accuracy by seed")
        waiting = {
            name: [
                pool.submit(train, arguments.program, name, seed, arguments.overrides, pathlib.Path(folder))
                for seed in arguments.seeds
            ]
            for name in names
        }
        for name in names:
            runs = [figures(run.result()) for run in waiting[name]]
            medians[name] = {c: statistics.median(run[c] for run in runs) for c in columns}
            row = "".join(f"{medians[name][c]:>9.3f}" for c in columns)
            print(f"{name:<36}{row}   " + " ".join(f"{run['test']:.3f}" for run in runs), flush=True)
    for name in names:
        for text, met in BARS[name]:
            all_met &= met(medians)
            print(f"{'met    ' if met(medians) else 'NOT MET'}  {name}: {text}")
    sys.exit(0 if all_met else 1)


if __name__ == "__main__":
    main()
