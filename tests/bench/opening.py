#!/usr/bin/python3
"""Measures how soon the window stands and how smoothly it does while something loads, for a quiet machine.

Starts the program N times for each of five things to open, on a virtual display of its own, and reads what the
program logs: when the window stands, when the lesson is there, its first picture and its first step, and the longest
turn that the window's thread took meanwhile. Lesson 3 is opened with no phantoms kept from an earlier start, then once
more. Beside it, the processor time until the window stands, of its thread and of the whole
process, which a busy machine changes less. Uses the standard library, xvfb-run and xdotool; the images are made with "fallline data".
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STANDS = re.compile(r"^the window stands ([0-9.]+) s")
OPENED = re.compile(r"^opened in ([0-9.]+) s; .* took ([0-9]+) ms, ([0-9]+) of them")
FIRST = re.compile(r"^first (picture|step) ([0-9.]+) s")
EVERYTHING = {"window s", "opened s", "first picture s", "first step s"}


def on_display():
    """Runs this script anew on a virtual display, unless it is on one already."""
    if os.environ.get("FALLLINE_BENCH_DISPLAY"):
        return
    if not shutil.which("xvfb-run"):
        sys.exit("xvfb-run is missing; install xvfb.")
    environment = dict(os.environ, FALLLINE_BENCH_DISPLAY="1")
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    os.execvpe(screen[0], [*screen, sys.executable, *sys.argv], environment)


def many_images(program, folder, count):
    """A folder of class folders with so many images in all: phantoms, and copies of them."""
    marker = folder / "complete"
    if marker.exists():
        return folder / "images"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    some = 250
    subprocess.run([program, "data", "--phantom", str(some), "-o", folder / "images"], check=True)
    for of_class in [place for place in sorted((folder / "images").iterdir()) if place.is_dir()]:
        images = sorted(of_class.iterdir())
        for number in range(count // 2 - len(images)):
            source = images[number % len(images)]
            shutil.copyfile(source, of_class / f"copy {number:05}.png")
    marker.touch()
    return folder / "images"


def processor_seconds(stat):
    try:
        fields = Path(stat).read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start_once(program, what, seconds):
    """One start: the figures that it logged by the time its lesson is shown and learns, or it ended."""
    figures = {}
    begun = time.monotonic()
    with subprocess.Popen([program, what], stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if found := STANDS.match(line):
                figures["window s"] = float(found[1])
                figures["its thread s"] = processor_seconds(f"/proc/{process.pid}/task/{process.pid}/stat")
                figures["all threads s"] = processor_seconds(f"/proc/{process.pid}/stat")
            if found := OPENED.match(line):
                figures["opened s"] = float(found[1])
                figures["longest turn ms"] = float(found[2])
                figures["worked in it ms"] = float(found[3])
            if found := FIRST.match(line):
                figures[f"first {found[1]} s"] = float(found[2])
            if line.startswith("error"):
                figures["sentence s"] = time.monotonic() - begun
            if EVERYTHING <= figures.keys() or time.monotonic() - begun > seconds:
                break
        process.terminate()
        process.stderr.read()
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build/release/engine/app/fallline"))
    parser.add_argument("--work", type=Path, default=ROOT / "build/bench-opening", help="where images are made")
    parser.add_argument("--project", type=Path, help="a Teachable Machine project (.tm)")
    parser.add_argument("--images", type=int, default=10000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60, help="how long one start may take")
    parser.add_argument("--json", type=Path, help="write all figures here")
    options = parser.parse_args()
    on_display()

    folder = many_images(options.program, options.work / "many", options.images)
    broken = options.work / "broken.toml"
    broken.write_text("title = [\n", encoding="utf-8")
    lesson = ROOT / "scenes/3-balanced.toml"
    things = {"lesson 3": lesson, "lesson 3 again": lesson, f"{options.images} images": folder, "broken file": broken}
    if options.project:
        things["project"] = options.project
    # The phantoms of these starts alone. The first start fills the caches that the system's libraries keep there, too.
    cache = (options.work / "cache").resolve()
    os.environ["XDG_CACHE_HOME"] = str(cache)
    start_once(options.program, lesson, options.seconds)
    everything = {}
    # Turn about: what slows the machine for a minute slows all of them.
    for _ in range(options.times):
        shutil.rmtree(cache / "fallline", ignore_errors=True)
        for name, what in things.items():
            for figure, value in start_once(options.program, what, options.seconds).items():
                everything.setdefault(name, {}).setdefault(figure, []).append(value)
    print(f"{'median of ' + str(options.times):<16}{'figure':<18}{'median':>8}{'least':>8}{'most':>8}")
    for name, figures in everything.items():
        for figure, values in figures.items():
            values = [value for value in values if value is not None]
            print(f"{name:<16}{figure:<18}{statistics.median(values):8.2f}{min(values):8.2f}{max(values):8.2f}")
    if options.json:
        options.json.write_text(json.dumps(everything, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
