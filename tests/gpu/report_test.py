#!/usr/bin/env python3
"""The verdict at the end of check.sh, for measurements made up here: what is green, what is not, what a machine lacks."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

REPORT = pathlib.Path(__file__).with_name("report.py")
NO_RING = "the GPU that trains has no Vulkan driver"
RING = ("CudaRing.BothSides", "CudaRing.TenThousand", "SharedPicture.Same", "SlotBytes.OfTheHost")
OTHERS = (
    "Operators.Forward",
    "Tf32.Forward",
    "Optimizers.StepsFollowTheCpu",
    "Training.SameBitsEachTimeByHandAndFromGraphs",
    "Slices.LossesFollowTheCpu",
    "Else.Anything",
)


def figures(values, subject=""):
    rows = [{"name": name, "unit": "", "value": value} for name, value in values.items()]
    return {"subject": subject, "figures": rows}


def all_figures():
    drawn = {"steps, not drawn": 100.0, "steps, drawn": 98.0, "frames": 60.0}
    everything = {"drawn ct-small fp32": figures(drawn, "GPU, drawn on it, frames in GPU memory")}
    for which in ("ct-small fp32", "ct-small tf32", "ct-resnet fp32", "ct-resnet tf32"):
        rates = {f"train, batch {batch}": 300.0 for batch in (16, 64, 256)}
        points = {f"landscape, probe of {probe}": 1000.0 for probe in (50, 256, 512)}
        facts = {"arithmetic an image": 1.0, "traffic an image": 1.0}
        everything[f"train {which}"] = figures(rates | facts)
        everything[f"slice {which}"] = figures(points | {"129x129 surface, probe of 512": 1.5})
        everything[f"peer {which}"] = figures({k: 100.0 for k in rates} | {k: 10.0 for k in points})
    return everything


class Verdict(unittest.TestCase):
    def setUp(self):
        self.results = {name: "COMPLETED" for name in RING + OTHERS}
        self.failed = set()
        self.checks = {name: 0 for name in ("doctor", "tests", "memcheck", "racecheck")}
        self.figures = all_figures()

    def report(self):
        """Exit code, rows of the table by name, and the last line."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            suites = []
            log = ""
            for case, result in self.results.items():
                suite, test = case.split(".")
                row = {"name": test, "result": result} | ({"failures": [1]} if case in self.failed else {})
                suites.append({"name": suite, "testsuite": [row]})
                if result == "SKIPPED":
                    log += f"[ RUN      ] {case}\nx.cpp:1: Skipped\n{NO_RING}\n"
            (folder / "tests.json").write_text(json.dumps({"testsuites": suites}))
            (folder / "tests.log").write_text(log)
            (folder / "checks").write_text("".join(f"{n}\t{c}\t1\n" for n, c in self.checks.items()))
            (folder / "figures").write_text("".join(f"{n}\t{json.dumps(f)}\n" for n, f in self.figures.items()))
            (folder / "bundle").mkdir()
            command = [sys.executable, REPORT, "--gpu", "A card", "--seconds", "100", "--out", folder]
            for option in ("checks", "figures", "bundle"):
                command += [f"--{option}", folder / option]
            command += ["--tests", folder / "tests.json", "--tests-log", folder / "tests.log"]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
            result = json.loads((folder / "a-card.json").read_text())
            self.assertEqual(result["well"], ran.returncode == 0)
            rows = {row["what"]: row for row in result["table"]}
            return ran.returncode, rows, ran.stdout.splitlines()[-1]

    def test_all_is_well(self):
        code, rows, last = self.report()
        self.assertEqual({row["state"] for row in rows.values()}, {"green"})
        self.assertEqual(code, 0, last)
        self.assertEqual(rows["what the picture costs the training"]["measured"], "2.0 %")
        self.assertEqual(rows["ct-small fp32: train, batch 16"]["measured"], "3.00 x")

    def test_a_machine_without_a_vulkan_driver_is_not_a_fault(self):
        for case in RING:
            self.results[case] = "SKIPPED"
        self.checks["drawn ct-small fp32"] = 1
        del self.figures["drawn ct-small fp32"]
        code, rows, last = self.report()
        self.assertEqual(code, 3, last)
        skipped = [row for row in rows.values() if row["state"] == "SKIPPED"]
        self.assertEqual(len(skipped), 6)
        self.assertEqual({row["note"] for row in skipped}, {NO_RING})
        self.assertIn("6 rows could not be checked", last)

    def test_a_failed_case_a_failed_check_a_missing_figure_and_a_bar_not_met_are(self):
        for spoil, row in (
            (lambda: self.failed.add("CudaRing.BothSides"), "CUDA and Vulkan in turn, values seen by both"),
            (lambda: self.checks.update(racecheck=9), "racecheck"),
            (lambda: self.figures.pop("slice ct-resnet tf32"), "ct-resnet tf32: landscape, probe of 50"),
            (lambda: self.figures.pop("drawn ct-small fp32"), "what the picture costs the training"),
            (
                lambda: self.figures.update({"peer ct-small fp32": figures({"train, batch 64": 151.0})}),
                "ct-small fp32: train, batch 64",
            ),
        ):
            self.setUp()
            spoil()
            code, rows, last = self.report()
            self.assertEqual((code, rows[row]["state"]), (1, "RED"), last)

    def test_without_a_peer_its_bars_are_left_out(self):
        for name in [name for name in self.figures if name.startswith("peer ")]:
            del self.figures[name]
        code, rows, last = self.report()
        self.assertEqual(code, 0, last)
        self.assertEqual(sum(row["state"] == "left out" for row in rows.values()), 24)


if __name__ == "__main__":
    unittest.main()
