#!/usr/bin/python3
"""Measures the window while it trains, beside the headless run of the same minute, on a virtual display of 1280x720.

Turn about, N times: `fallline train`, then the window with nobody touching it as fast as it goes, with the camera
dragged all the time, and at the lesson's own pace. Prints medians of N: images a second and their share of the headless
run's, pictures a second, the 95th percentile of the time between pictures over its median, the first step, when
the surface was within 5 and 1 %, and how long a hand on the camera waited for its picture. For a quiet machine. Uses
the standard library, xvfb-run and xdotool.
"""

import argparse
import csv
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SETTLED = 3.0  # seconds after the first step that are not counted
SPEED = re.compile(r"([0-9.,]+) images/s")


def on_display():
    """Runs this script anew on a virtual display, unless it is on one already."""
    if os.environ.get("FALLLINE_BENCH_DISPLAY"):
        return
    for tool, package in (("xvfb-run", "xvfb"), ("xdotool", "xdotool")):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing; install {package}.")
    environment = dict(os.environ, FALLLINE_BENCH_DISPLAY="1")
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1280x720x24"]
    os.execvpe(screen[0], [*screen, sys.executable, *sys.argv], environment)


def headless(options, folder):
    """Images a second of `fallline train`."""
    command = [options.program, "train", options.lesson, "--set", f"train.epochs={options.epochs}", "--out", folder / "run", "--replace"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    return float(SPEED.findall(done.stdout)[-1].replace(",", ""))


def drag(seconds):
    """Turns the camera with the left button, sixty moves a second, by one process: a hand costs no processor."""
    moves = ["mousemove", "300", "300", "mousedown", "1"]
    for number in range(1, int(60 * seconds) + 1):
        x, y = 300 + 200 * abs((number % 120) / 60 - 1), 300 + 60 * abs((number % 90) / 45 - 1)
        moves += ["mousemove", str(int(x)), str(int(y)), "sleep", f"{1 / 60:.4f}"]
    subprocess.run(["xdotool", *moves, "mouseup", "1"], check=True)


def window(options, folder, overrides, dragged):
    """Figures of a window that is open for options.seconds."""
    live = folder / "live.csv"
    command = [options.program, options.lesson]
    for override in overrides:
        command += ["--set", override]
    with subprocess.Popen(command, env=dict(os.environ, FALLLINE_LIVE=str(live)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(4)
        if dragged:
            drag(options.seconds - 4)
        else:
            time.sleep(options.seconds - 4)
        process.terminate()
    with open(live, newline="", encoding="ascii") as lines:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(lines) if None not in row.values()]
    stepped = [row for row in rows if row["step"] > 0]
    if not stepped:
        sys.exit("The window made no step.")
    first = stepped[0]["seconds"]
    steady = [row for row in rows if row["seconds"] >= first + SETTLED]
    time_of = steady[-1]["seconds"] - steady[0]["seconds"]
    gaps = sorted(b["seconds"] - a["seconds"] for a, b in zip(steady, steady[1:]))
    within = {share: [row["seconds"] - first for row in rows if row["error"] <= share] for share in (0.05, 0.01)}
    shown = [row["error"] for row in steady]
    answered = sorted(row["answered"] for row in steady if row["answered"] > 0)
    return {
        "steps/s": (steady[-1]["step"] - steady[0]["step"]) / time_of,
        "pictures/s": (len(steady) - 1) / time_of,
        "gap p95/median": gaps[int(0.95 * (len(gaps) - 1))] / statistics.median(gaps),
        "first step shown s": first,
        "surface within 5 % after s": within[0.05][0] if within[0.05] else float("inf"),
        "surface within 1 % after s": within[0.01][0] if within[0.01] else float("inf"),
        "surface's error, median %": 100 * statistics.median(shown),
        "points at the end": rows[-1]["points"],
        "answer to the hand, median ms": 1000 * statistics.median(answered) if answered else 0,
        "answer to the hand, p95 ms": 1000 * answered[int(0.95 * (len(answered) - 1))] if answered else 0,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/engine/app/fallline", type=Path)
    parser.add_argument("--lesson", default=ROOT / "scenes/3-balanced.toml")
    parser.add_argument("--batch", type=int, default=16, help="images a step of that lesson")
    parser.add_argument("--epochs", type=int, default=3, help="of the headless run")
    parser.add_argument("--seconds", type=float, default=16, help="each window is open")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    on_display()
    full = ["view.steps_per_second=0", "train.epochs=1000"]
    cases = {"nobody touching": (full, False), "camera dragged": (full, True), "own pace": ([], False)}
    speeds, told = [], {name: [] for name in cases}
    with tempfile.TemporaryDirectory() as place:
        for _ in range(options.runs):
            speeds.append(headless(options, Path(place)))
            for name, (overrides, dragged) in cases.items():
                told[name].append(window(options, Path(place), overrides, dragged))
    alone = statistics.median(speeds)
    print(f"headless: {alone:.0f} images/s (from {min(speeds):.0f} to {max(speeds):.0f})")
    result = {"headless images/s": speeds}
    for name, runs in told.items():
        medians = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        share = medians["steps/s"] * options.batch / alone
        print(f"{name}: {medians['steps/s']:.1f} steps/s ({100 * share:.0f} % of headless)")
        for key, value in medians.items():
            print(f"  {key}: {value:.3g}")
        result[name] = runs
    if options.json:
        options.json.write_text(json.dumps(result, indent=1), encoding="ascii")


if __name__ == "__main__":
    main()
