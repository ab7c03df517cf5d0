#!/usr/bin/env python3
"""The table and the JSON at the end of check.sh.

Exit codes: 0 every bound holds, 1 one does not, 3 none is broken, but this machine lacks what some rows need.
"""

import argparse
import datetime
import json
import pathlib
import re
import sys

# Training: at least so many times the peer's images/s, by batch. At 256 the arithmetic decides, and PyTorch's layout
# (channels last) is the faster one.
TRAIN_BARS = {16: 2.0, 64: 2.0, 256: 0.9}
# Landscape: at least so many times the points/s of PyTorch's loop, by images of the probe: fewer images are launches
# that our graphs save, many are arithmetic and memory that both need.
SLICE_BARS = {50: 7.0, 256: 1.5, 512: 1.5}
SURFACE_SECONDS = 15.0
DRAWING_COST = 0.05
# CUDA and Vulkan take turns on a card; where a picture takes longer than this, its time is the training's loss.
PICTURE_MS = 1.0
BUNDLE_MIB = 60
TOTAL_SECONDS = 560  # of the 600 that a call may take
PARTS = ("tests", "sanitize", "bench")

# What has to hold, the bound in words, and the tests that show it, by "suite.case".
PROPERTIES = (
    ("operators as on the CPU, fp32", "NMSE 1e-7", r"Operators\."),
    ("operators as on the CPU, TF32", "NMSE 2e-4", r"Tf32\."),
    ("losses of 5 or 20 steps as on the CPU", "2e-3", r"Optimizers\.StepsFollowTheCpu"),
    ("the same bits each time; graphs as by hand", "equal", r"SameBitsEachTimeByHandAndFromGraphs|ABurstIsIts"),
    ("landscape points as on the CPU", "2e-5", r"Slices\."),
    ("CUDA and Vulkan in turn, values seen by both", "0 foreign", r"CudaRing\.BothSides"),
    ("ten thousand publishes, drawn meanwhile", "0 torn", r"CudaRing\.TenThousand"),
    ("frame from CUDA's slots as from the host's", "2/255, .05 %", r"SharedPicture\."),
    ("all of a frame but its header never left the GPU", "header alone", r"SlotBytes\."),
    ("everything else", "", r""),
)
GREEN, RED, SKIPPED, LEFT_OUT, TO_COME = "green", "RED", "SKIPPED", "left out", "to come"
OUT_OF_TIME = 124


def read_rows(path):
    return [line.split("\t") for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines() if line]


def read_cases(path):
    """Cases as (name, GREEN | RED | SKIPPED, why) out of a GoogleTest's log, which tells of all that ran even where the
    program did not come to its end. The case that it was in then is RED."""
    cases = []
    running, why, expected = "", "", False
    for line in pathlib.Path(path).read_text(encoding="utf-8", errors="replace").splitlines():
        if begun := re.search(r"\[ RUN {6}\] (\S+)", line):
            running, why = begun[1], "no reason given"
        elif running and (ended := re.search(r"\[ +(OK|FAILED|SKIPPED) +\] " + re.escape(running) + r"(?![\w/.])", line)):
            state = {"OK": GREEN, "FAILED": RED, "SKIPPED": SKIPPED}[ended[1]]
            cases.append((running, state, why if state == SKIPPED else ""))
            running = ""
        elif expected:
            why = line
        expected = line.endswith(": Skipped")
    if running:
        cases.append((running, RED, "did not end"))
    return cases


def read_figures(path, checks):
    """The measured figures by name; what is not the JSON it should be becomes a failed check."""
    figures = {}
    for name, text in read_rows(path):
        try:
            figures[name] = json.loads(text)
            figures[name]["figures"]
        except (ValueError, KeyError, TypeError):
            figures.pop(name, None)
            checks.append({"name": name, "exit_code": 0, "seconds": 0, "state": RED, "note": "printed no figures"})
    return figures


def read_checks(path):
    """Rows of check.sh: name, exit code or "skip", seconds, note."""
    checks = []
    for name, code, seconds, note in read_rows(path):
        if code == "skip":
            state = SKIPPED
        else:
            state = GREEN if int(code) == 0 else RED
            if not note and state == RED:
                note = "ran out of time" if int(code) == OUT_OF_TIME else f"exit code {code}"
        exit_code = None if code == "skip" else int(code)
        checks.append({"name": name, "exit_code": exit_code, "seconds": int(seconds), "state": state, "note": note})
    return checks


class Table:
    """Rows (what, bound, measured, state, note): printed, and kept for the JSON. While check.sh is going on, what is
    not measured is to come."""

    def __init__(self, going):
        self.rows = []
        self.going = going

    def add(self, what, bound, measured, state, note=""):
        self.rows.append({"what": what, "bound": bound, "measured": measured, "state": state, "note": note})

    def judge(self, what, bound, measured, holds, note=""):
        self.add(what, bound, measured, GREEN if holds else RED, note)

    def missing(self, what, bound):
        if self.going:
            self.add(what, bound, "", TO_COME)
        else:
            self.add(what, bound, "", RED, "not measured")

    def exit_code(self):
        states = {row["state"] for row in self.rows}
        return 1 if RED in states or self.going else 3 if SKIPPED in states else 0

    def verdict(self):
        if self.going:
            return "NOT finished: check.sh is still going on, or was killed."
        skipped = [row for row in self.rows if row["state"] == SKIPPED]
        return {
            0: "All is well.",
            1: "NOT all is well.",
            3: f"Nothing is wrong, but {len(skipped)} rows could not be checked here.",
        }[self.exit_code()]

    def lines(self):
        yield f"{'what':<52} {'bound':>16} {'measured':>16}  state"
        for row in self.rows:
            note = f": {row['note']}" if row["note"] else ""
            yield f"{row['what']:<52} {row['bound']:>16} {row['measured']:>16}  {row['state']}{note}"


def why_no_ring(cases):
    """Why CUDA and Vulkan share no memory on this machine; empty where they do, or where nobody knows."""
    ring = [case for case in cases if case[0].startswith("CudaRing.")]
    return ring[0][2] if ring and all(state == SKIPPED for _, state, _ in ring) else ""


def judge_checks(table, checks):
    for check in checks:
        table.add(check["name"], "exit code 0", f"{check['seconds']} s", check["state"], check["note"])


def judge_sanitizers(table, checks):
    for tool in ("memcheck", "racecheck"):
        if all(check["name"] != tool for check in checks):
            table.missing(tool, "exit code 0")


def judge_tests(table, cases):
    left = list(cases)
    for what, bound, pattern in PROPERTIES:
        mine = [case for case in left if re.search(pattern, case[0])]
        left = [case for case in left if case not in mine]
        if not mine:
            table.missing(what, bound)
            continue
        failed = [f"{name} {why}".strip() for name, state, why in mine if state == RED]
        skipped = [why for _, state, why in mine if state == SKIPPED]
        measured = f"{sum(state == GREEN for _, state, _ in mine)} of {len(mine)}"
        if failed:
            table.add(what, bound, measured, RED, ", ".join(failed[:3]))
        elif skipped:
            table.add(what, bound, measured, SKIPPED, skipped[0])
        else:
            table.add(what, bound, measured, GREEN)


def values_of(figures, name):
    return {figure["name"]: figure["value"] for figure in figures.get(name, {"figures": []})["figures"]}


def judge_peers(table, figures):
    for network in ("ct-small", "ct-resnet"):
        for math in ("fp32", "tf32"):
            which = f"{network} {math}"
            peer = values_of(figures, f"peer {which}")
            ours = values_of(figures, f"train {which}") | values_of(figures, f"slice {which}")
            bars = {f"train, batch {batch}": bar for batch, bar in TRAIN_BARS.items()}
            bars |= {f"landscape, probe of {probe}": bar for probe, bar in SLICE_BARS.items()}
            for name, bar in bars.items():
                what, bound = f"{which}: {name}", f">= {bar:g} x PyTorch"
                if name not in ours:
                    table.missing(what, bound)
                elif name not in peer:
                    table.add(what, bound, f"{ours[name]:.0f} /s", LEFT_OUT, "PyTorch with CUDA did not run here")
                else:
                    ratio = ours[name] / peer[name]
                    table.judge(what, bound, f"{ratio:.2f} x", ratio >= bar, f"{ours[name]:.0f} and {peer[name]:.0f} /s")


def judge_surface(table, figures):
    what, bound = "ct-small: 129x129 surface, probe of 512", f"< {SURFACE_SECONDS:g} s"
    values = values_of(figures, "slice ct-small fp32")
    seconds = values.get("129x129 surface, probe of 512")
    if seconds is None:
        table.missing(what, bound)
    else:
        rows = values["129x129 surface, rows timed"]
        table.judge(what, bound, f"{seconds:.2f} s", seconds < SURFACE_SECONDS, f"from {rows:.0f} of 129 rows")


def judge_drawing(table, figures, why_not):
    drawn = figures.get("drawn ct-small fp32")
    cost_row = ("what the picture costs the training", f"< {100 * DRAWING_COST:g} %")
    place_row = ("frames are written and drawn in GPU memory", "GPU memory")
    if why_not:
        table.add(*cost_row, "", SKIPPED, why_not)
        table.add(*place_row, "", SKIPPED, why_not)
        return
    if drawn is None:
        table.missing(*cost_row)
        table.missing(*place_row)
        return
    values = values_of(figures, "drawn ct-small fp32")
    cost = 1 - values["steps, drawn"] / values["steps, not drawn"]
    picture = values["a picture"]
    if picture < PICTURE_MS:
        note = f"{values['frames']:.0f} frames/s, a picture takes {picture:.2f} ms"
        table.judge(*cost_row, f"{100 * cost:.1f} %", cost < DRAWING_COST, note)
    else:
        note = f"a picture takes {picture:.1f} ms on this card, which then does not train"
        table.add(*cost_row, f"{100 * cost:.1f} %", SKIPPED, note)
    where = "frames in GPU memory"
    table.judge(*place_row, "", drawn["subject"].endswith(where), drawn["subject"].rpartition(", frames")[2].strip())


def shares(figures):
    """Rows (what, images/s, share of the arithmetic ceiling, share of the copy ceiling) of whole training steps."""
    ceiling = values_of(figures, "ceiling")
    rows = []
    for network in ("ct-small", "ct-resnet"):
        for math in ("fp32", "tf32"):
            ours = values_of(figures, f"train {network} {math}")
            for batch in TRAIN_BARS:
                rate = ours.get(f"train, batch {batch}")
                if rate is None or not ceiling:
                    continue
                arithmetic = rate * ours["arithmetic an image"] / 1e3 / ceiling[f"product, {math}"]
                copy = rate * ours["traffic an image"] / 1e3 / ceiling["copy"]
                rows.append((f"{network} {math}, batch {batch}", rate, arithmetic, copy))
    return rows


def figure_lines(figures):
    if not figures:
        return
    yield f"{'figure':<64} {'value':>14}"
    for name, measured in figures.items():
        for figure in measured["figures"]:
            yield f"{name + ': ' + figure['name']:<64} {figure['value']:>14.5g} {figure['unit']}"
    yield f"\n{'training step':<44} {'images/s':>10} {'of arithmetic':>14} {'of copying':>11}"
    for what, rate, arithmetic, copy in shares(figures):
        yield f"{what:<44} {rate:>10.0f} {100 * arithmetic:>12.1f} % {100 * copy:>9.1f} %"
    yield ""


def folder_mib(folder):
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and "results" not in f.parts) / 2**20


def replace(path, text):
    """Whole or not at all: somebody may be stopped in the middle of it."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gpu", required=True)
    parser.add_argument("--part", choices=("all",) + PARTS, required=True)
    parser.add_argument("--going", action="store_true", help="check.sh has not come to its end")
    parser.add_argument("--checks", required=True)
    parser.add_argument("--figures", required=True)
    parser.add_argument("--tests-log", required=True)
    parser.add_argument("--seconds", type=int, required=True, help="that all of it took")
    parser.add_argument("--bundle", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    parts = PARTS if options.part == "all" else (options.part,)

    checks = read_checks(options.checks)
    figures = read_figures(options.figures, checks)
    cases = read_cases(options.tests_log)
    drawing = [check for check in checks if check["name"].startswith("drawn ")]
    why_not_drawn = why_no_ring(cases) or next((check["note"] for check in drawing if check["state"] == SKIPPED), "")
    if why_not_drawn:
        checks = [check for check in checks if check not in drawing]
    table = Table(options.going)
    if "tests" in parts:
        judge_tests(table, cases)
    judge_checks(table, checks)
    if "sanitize" in parts:
        judge_sanitizers(table, checks)
    if "bench" in parts:
        judge_surface(table, figures)
        judge_drawing(table, figures, why_not_drawn)
        judge_peers(table, figures)
    mib = folder_mib(options.bundle)
    table.judge("the bundle's size", f"< {BUNDLE_MIB} MiB", f"{mib:.0f} MiB", mib < BUNDLE_MIB)
    table.judge("all of this", f"< {TOTAL_SECONDS} s", f"{options.seconds} s", options.seconds < TOTAL_SECONDS)

    name = re.sub(r"[^a-z0-9]+", "-", options.gpu.lower()).strip("-")
    path = options.out / (f"{name}.json" if options.part == "all" else f"{name}-{options.part}.json")
    result = {
        "gpu": options.gpu,
        "part": options.part,
        "finished": not options.going,
        "date": datetime.date.today().isoformat(),
        "table": table.rows,
        "checks": checks,
        "tests": [{"name": n, "state": s, "why": w} for n, s, w in cases],
        "figures": figures,
        "shares": [dict(zip(("what", "images_per_second", "of_arithmetic", "of_copying"), row)) for row in shares(figures)],
        "well": table.exit_code() == 0,
    }
    replace(path, json.dumps(result, indent=2) + "\n")
    lines = ["", options.gpu, *figure_lines(figures), *table.lines(), "", f"{table.verdict()} All figures: {path}"]
    replace(options.out / "table.txt", "\n".join(lines) + "\n")
    sys.exit(table.exit_code())


if __name__ == "__main__":
    main()
