#!/usr/bin/env python3
"""The table and the JSON at the end of check.sh; exit code 1 where a check failed or a bar was missed."""

import argparse
import datetime
import json
import pathlib
import re
import sys

# Training: at least so many times the peer's images/s, by batch.
TRAIN_BARS = {16: 2.0, 64: 2.0, 256: 1.2}
SLICE_BAR = 10.0
SURFACE_POINTS = 129 * 129
SURFACE_SECONDS = 3.0


def read_rows(path):
    return [line.split("\t") for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines() if line]


def compare(figures):
    """Rows (what, ours, peer, ratio, bar); peer, ratio and bar are None where there is none."""
    rows = []
    for name, ours in figures.items():
        kind, _, rest = name.partition(" ")
        if kind == "peer":
            continue
        peer = {f["name"]: f["value"] for f in figures.get(f"peer {rest}", {"figures": []})["figures"]}
        for figure in ours["figures"]:
            other = peer.get(figure["name"])
            bar = None
            if other is not None:
                batch = re.search(r"batch (\d+)", figure["name"])
                bar = TRAIN_BARS.get(int(batch.group(1))) if batch else SLICE_BAR
            ratio = figure["value"] / other if other else None
            rows.append((f"{rest}: {figure['name']}", figure["unit"], figure["value"], other, ratio, bar))
    return rows


def surface_seconds(figures):
    for figure in figures.get("slice ct-small fp32", {"figures": []})["figures"]:
        if figure["name"] == "landscape, probe of 512":
            return SURFACE_POINTS / figure["value"]
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gpu", required=True)
    parser.add_argument("--checks", required=True)
    parser.add_argument("--figures", required=True)
    parser.add_argument("--tests", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()

    checks = [{"name": n, "exit_code": int(c), "seconds": int(s)} for n, c, s in read_rows(options.checks)]
    figures = {name: json.loads(text) for name, text in read_rows(options.figures)}
    tests = {}
    if pathlib.Path(options.tests).exists():
        whole = json.loads(pathlib.Path(options.tests).read_text(encoding="utf-8"))
        cases = [case for suite in whole["testsuites"] for case in suite["testsuite"]]
        tests = {
            "run": len(cases),
            "failed": sum(1 for case in cases if case.get("failures")),
            "skipped": sum(1 for case in cases if case.get("result") == "SKIPPED"),
        }

    well = bool(tests) and tests["failed"] == 0 and tests["skipped"] == 0
    print(f"\n{options.gpu}\n")
    print(f"{'check':<44} {'result':>10} {'seconds':>8}")
    for check in checks:
        good = check["exit_code"] == 0
        well &= good
        print(f"{check['name']:<44} {'ok' if good else 'FAILED':>10} {check['seconds']:>8}")
    if tests:
        print(f"{'tests: run, failed, skipped':<44} {tests['run']:>4} {tests['failed']:>4} {tests['skipped']:>4}")

    print(f"\n{'figure':<52} {'ours':>12} {'peer':>12} {'ratio':>7} {'bar':>5}")
    rows = compare(figures)
    for what, unit, ours, peer, ratio, bar in rows:
        missed = bar is not None and ratio is not None and ratio < bar
        well &= not missed
        print(
            f"{what:<52} {ours:>12.0f} {'' if peer is None else format(peer, '.0f'):>12} "
            f"{'' if ratio is None else format(ratio, '.2f'):>7} {'' if bar is None else bar:>5} {unit}"
            f"{'  MISSED' if missed else ''}"
        )
    surface = surface_seconds(figures)
    if surface is not None:
        missed = surface >= SURFACE_SECONDS
        well &= not missed
        print(f"{'ct-small: 129x129 surface, probe of 512':<52} {surface:>12.2f} s, bar {SURFACE_SECONDS}{'  MISSED' if missed else ''}")

    options.out.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", options.gpu.lower()).strip("-")
    path = options.out / f"{name}.json"
    result = {
        "gpu": options.gpu,
        "date": datetime.date.today().isoformat(),
        "checks": checks,
        "tests": tests,
        "figures": figures,
        "compared": [dict(zip(("what", "unit", "ours", "peer", "ratio", "bar"), row)) for row in rows],
        "surface_seconds": surface,
        "well": well,
    }
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"\n{'All is well.' if well else 'NOT all is well.'} All figures: {path}")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
