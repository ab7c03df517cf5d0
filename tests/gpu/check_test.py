#!/usr/bin/env python3
"""check.sh from its first line to its last, on a machine made of stubs: a driver, a sanitizer, a PyTorch and programs
that do well, fail, hang or are not there. What it says of a real GPU is not tested here; that it ends, in time, with
the right exit code, a table and the figures is."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from report import PROPERTIES
from report_test import NO_RING, OTHERS, RING, all_figures

HERE = pathlib.Path(__file__).resolve().parent
CHECK = (HERE / "check.sh").read_text(encoding="utf-8")
PROGRAMS = ("fallline", "test_gpu", "bench_train", "bench_slice", "bench_ceiling", "bench_drawn")
FIGURES = {
    "bench_train": "train ct-small fp32",
    "bench_slice": "slice ct-small fp32",
    "bench_drawn": "drawn ct-small fp32",
    "bench_ceiling": "ceiling",
    "peer_torch.py": "peer ct-small fp32",
}
LAST = "train ct-small any order"  # what check.sh does last

# Every program and tool, by the name it is called by. $STUBS: where the figures lie and notes are left;
# $HANG, $STUBBORN, $RED: names that hang, that hang and do not heed a signal, that fail.
STUB = r"""#!/bin/bash
name="${0##*/}"
printf '%s LD_LIBRARY_PATH=%s VK_DRIVER_FILES=%s EGL=%s %s\n' "$name" "${LD_LIBRARY_PATH-unset}" "${VK_DRIVER_FILES-unset}" \
  "${__EGL_VENDOR_LIBRARY_FILENAMES-unset}" "$*" >> "$STUBS/calls"
behave() {
  case " ${STUBBORN:-} " in *" $1 "*) trap '' TERM; while :; do sleep 1; done ;; esac
  case " ${HANG:-} " in *" $1 "*) exec sleep 1000 ;; esac
  case " ${RED:-} " in *" $1 "*) echo "[ RUN      ] Else.Red"; echo "[  FAILED  ] Else.Red (1 ms)"; exit 1 ;; esac
}
case "$name" in
  nvidia-smi) [[ -z "${NO_GPU:-}" ]] && echo "A card" ;;
  ldconfig) ;;
  python3)
    if [[ "$1" == -c ]]; then exit "${NO_TORCH:-0}"; fi
    if [[ "$1" == */peer_torch.py ]]; then behave peer; cat "$STUBS/peer_torch.py.json"; exit; fi
    exec "$PYTHON" "$@" ;;
  compute-sanitizer)
    behave "$name"
    case "$SANITIZER" in
      refuses) printf '========= COMPUTE-SANITIZER\n========= Error: Device not supported. Please refer to its manual.\n'; exit 1 ;;
      sees) case "$*" in *AKernelWritesBeyond*) exit 9 ;; esac ;;
      idle)
        case "$*" in *AKernelWritesBeyond*) exit 9 ;; *Probe*) ;; *) echo "========= ERROR SUMMARY: 0 errors"; exit 0 ;; esac ;;
    esac
    while [[ "$1" != */test_gpu ]]; do shift; done
    "$@" ;;
  fallline)
    behave "$name $1"
    behave "$name"
    if [[ "$1" == doctor ]]; then
      echo "CUDA        built with 13.0, runtime 13.0, driver 13.0, cuDNN 9.1.0"
      if [[ "${VK_DRIVER_FILES-unset}" == unset ]]; then echo "there is no Vulkan device"; exit 1; fi
    else
      while [[ "$1" != --out ]]; do shift; done
      mkdir -p "$2" && echo weights > "$2/weights.safetensors"
    fi ;;
  test_gpu)
    behave "$name"
    names="Probe.AKernelRuns"
    case "$*" in *Probe*) ;; *) names+=" $(cat "$STUBS/cases")" ;; esac
    for case in $names; do
      echo "[ RUN      ] $case"
      if [[ "${VK_DRIVER_FILES-unset}" == unset ]] && grep -qF " $case " "$STUBS/ring"; then
        printf 'x.cpp:1: Skipped\n%s\n[  SKIPPED ] %s (0 ms)\n' "$(cat "$STUBS/no_ring")" "$case"
      else
        echo "[       OK ] $case (0 ms)"
      fi
    done
    echo "[  PASSED  ] $(wc -w <<< "$names") tests." ;;
  bench_*) behave "$name"; cat "$STUBS/$name.json" ;;
esac
"""


def figures_of_stubs():
    made = all_figures()
    ceilings = {"copy": 1e6, "product, fp32": 1e6, "product, tf32": 1e6}
    made["ceiling"] = {"subject": "", "figures": [{"name": n, "unit": "", "value": v} for n, v in ceilings.items()]}
    return made


class Stubs(unittest.TestCase):
    """A bundle in a folder of its own, tools in another, files of a driver in a third."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.bundle = self.folder / "moved bundle"
        self.results = self.bundle / "results"
        tools = self.folder / "tools"
        for place in (tools, self.bundle / "bin", self.folder / "stubs"):
            place.mkdir(parents=True)
        for file in (HERE / "check.sh", HERE / "report.py", HERE.parent / "bench/peer_torch.py"):
            shutil.copy(file, self.bundle)
        for path in [self.bundle / "bin" / name for name in PROGRAMS] + [
            tools / name for name in ("nvidia-smi", "compute-sanitizer", "python3", "ldconfig")
        ]:
            path.write_text(STUB)
            path.chmod(0o755)
        stubs = self.folder / "stubs"
        (stubs / "cases").write_text(" ".join(RING + OTHERS))
        (stubs / "ring").write_text(" " + " ".join(RING) + " ")
        (stubs / "no_ring").write_text(NO_RING)
        made = figures_of_stubs()
        for name, figure in FIGURES.items():
            (stubs / f"{name}.json").write_text(json.dumps(made[figure]))
        share = self.folder / "driver/share"
        for name in ("vulkan/icd.d/nvidia_icd.json", "glvnd/egl_vendor.d/10_nvidia.json"):
            (share / name).parent.mkdir(parents=True)
            (share / name).write_text("{}")
        self.environment = {
            "PATH": f"{tools}:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "STUBS": str(stubs),
            "PYTHON": sys.executable,
            "SANITIZER": "sees",
            "FALLLINE_DRIVER_SHARES": f"{self.folder}/nowhere {share}",
        }

    def command(self, *arguments):
        return ["bash", str(self.bundle / "check.sh"), *arguments]

    def check(self, *arguments, **environment):
        """Exit code and output of check.sh; its rows by name in `rows`, once there are any."""
        began = time.monotonic()
        ran = subprocess.run(
            self.command(*arguments),
            env=self.environment | environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.took = time.monotonic() - began
        self.read_rows(next((part for part in ("tests", "sanitize", "bench") if part in arguments), "all"))
        return ran.returncode, ran.stdout + ran.stderr

    def read_rows(self, part):
        self.rows, self.result = {}, {}
        path = self.results / ("a-card.json" if part == "all" else f"a-card-{part}.json")
        if path.exists():
            self.result = json.loads(path.read_text())
            self.rows = {row["what"]: row for row in self.result["table"]}

    def state(self, row):
        return self.rows[row]["state"]

    def calls(self, name):
        lines = (self.folder / "stubs/calls").read_text().splitlines()
        return [line for line in lines if line.startswith(name + " ")]


class Codes(Stubs):
    def test_no_gpu(self):
        code, words = self.check(NO_GPU="1")
        self.assertEqual(code, 77, words)
        self.assertIn("finds no GPU", words)

    def test_no_driver(self):
        path = self.folder / "path"
        path.mkdir()
        for name in ("bash", "dirname"):
            (path / name).symlink_to(shutil.which(name))
        code, words = self.check(PATH=str(path))
        self.assertEqual(code, 77, words)
        self.assertIn("no nvidia-smi", words)

    def test_a_mistaken_call(self):
        for arguments in (["everything"], ["--deadline", "soon"], ["--deadline"], ["--seconds", "0.5"], ["--out"]):
            code, words = self.check(*arguments)
            self.assertEqual(code, 2, words)

    def test_all_is_well_in_a_moved_bundle(self):
        code, words = self.check(LD_LIBRARY_PATH="/its/own")
        self.assertEqual(code, 0, words)
        self.assertTrue(self.result["well"] and self.result["finished"])
        self.assertEqual({row["state"] for row in self.rows.values()}, {"green"})
        self.assertIn("All is well.", words.splitlines()[-1])
        # The driver's files are found where no loader looks; PyTorch gets the machine's libraries and not ours.
        share = self.folder / "driver/share"
        for call in self.calls("bench_drawn") + self.calls("test_gpu"):
            self.assertIn(f"VK_DRIVER_FILES={share}/vulkan/icd.d/nvidia_icd.json ", call)
            self.assertIn(f"EGL={share}/glvnd/egl_vendor.d/10_nvidia.json ", call)
            self.assertRegex(call, r" LD_LIBRARY_PATH=\S+/lib:/its/own")
        peers = [call for call in self.calls("python3") if "peer_torch.py" in call or " -c import torch" in call]
        self.assertEqual(len(peers), 5)
        for call in peers:
            self.assertIn(" LD_LIBRARY_PATH=/its/own ", call)
        # Only our kernels are instrumented, in every call.
        sanitized = self.calls("compute-sanitizer")
        self.assertEqual(len(sanitized), 4)
        for call in sanitized:
            self.assertIn("--kernel-name kns=2fl4cuda ", call)
        # Each part alone, into the same folder: no more files than a small machine's carrier takes.
        for part in ("tests", "sanitize", "bench"):
            code, words = self.check(part)
            self.assertEqual(code, 0, words)
        self.assertLessEqual(len(list(self.results.iterdir())), 8, list(self.results.iterdir()))
        self.assertFalse([path for path in self.folder.iterdir() if path.name.startswith("tmp.")])

    def test_no_manifest(self):
        self.environment["FALLLINE_DRIVER_SHARES"] = str(self.folder / "nowhere")
        for part, skipped in (("tests", "doctor"), ("bench", "what the picture costs the training")):
            code, words = self.check(part)
            self.assertEqual(code, 3, words)
            self.assertEqual({row["state"] for row in self.rows.values()}, {"green", "SKIPPED"})
            self.assertEqual(self.state(skipped), "SKIPPED")
            self.assertIn("no nvidia_icd.json", self.rows[skipped]["note"])

    def test_doctor_may_lack_vulkan_but_not_cuda(self):
        self.environment["FALLLINE_DRIVER_SHARES"] = str(self.folder / "nowhere")
        stub = self.bundle / "bin/fallline"
        stub.write_text(STUB.replace("runtime 13.0, driver", "\n            not used: the CUDA module cannot be loaded, driver"))
        code, words = self.check("tests")
        self.assertEqual(code, 1, words)
        self.assertEqual(self.state("the program uses CUDA"), "RED")
        self.assertIn("cannot be loaded", self.rows["the program uses CUDA"]["note"])

    def test_a_sanitizer_that_refuses_the_device_or_sees_nothing(self):
        for sanitizer, reason in (("refuses", "Device not supported"), ("blind", "does not see a fault that was planted")):
            code, words = self.check("sanitize", SANITIZER=sanitizer)
            self.assertEqual(code, 3, words)
            for tool in ("memcheck", "racecheck"):
                self.assertEqual(self.state(tool), "SKIPPED")
                self.assertIn(reason, self.rows[tool]["note"])

    def test_a_sanitizer_that_runs_nothing_is_no_pass(self):
        code, words = self.check("sanitize", SANITIZER="idle")
        self.assertEqual((code, self.state("memcheck"), self.rows["memcheck"]["note"]), (1, "RED", "no test passed"), words)

    def test_a_program_that_fails(self):
        code, words = self.check("tests", RED="test_gpu")
        self.assertEqual(code, 1, words)
        self.assertEqual(self.state("tests"), "RED")
        self.assertEqual(self.state("everything else"), "RED")
        self.assertIn("Else.Red", self.rows["everything else"]["note"])
        code, words = self.check("sanitize", RED="test_gpu")  # no kernel runs: not the sanitizer's refusal
        self.assertEqual((code, self.state("a kernel runs")), (1, "RED"), words)
        code, words = self.check("bench", RED="bench_slice")
        self.assertEqual((code, self.state("slice ct-small fp32")), (1, "RED"), words)

    def test_the_drivers_companions_come_from_the_bundle_where_the_system_has_none(self):
        (self.folder / "lib").mkdir()
        for name in ("libEGL.so.1", "libX11.so.6"):
            (self.folder / "lib" / name).write_text("")
        subprocess.run(["tar", "czf", self.bundle / "lib.tar.gz", "lib"], cwd=self.folder, check=True)
        stub = self.bundle / "bin/test_gpu"
        stub.write_text(STUB.replace("#!/bin/bash", '#!/bin/bash\nls "${LD_LIBRARY_PATH%%:*}" >> "$STUBS/libraries"'))
        self.check("sanitize")
        libraries = (self.folder / "stubs/libraries").read_text().split()
        self.assertEqual(set(libraries), {"libEGL.so.1", "libX11.so.6"})


class Times(Stubs):
    def test_the_last_step_is_stopped_well_within_ten_minutes(self):
        self.assertLessEqual(int(re.search(r" deadline=(\d+)$", CHECK, re.MULTILINE)[1]), 540)

    def test_when_everything_hangs(self):
        names = " ".join(PROGRAMS[1:]) + " compute-sanitizer peer"
        code, words = self.check("--deadline", "10", HANG=names, STUBBORN="fallline")
        self.assertEqual(code, 1, words)
        self.assertLess(self.took, 10 + 30)  # on a busy machine, which the report takes seconds of
        self.assertTrue(self.result["finished"])
        for row in ("doctor", "tests", "train", "ceiling", "train ct-small fp32", LAST):
            self.assertEqual((self.state(row), self.rows[row]["note"]), ("RED", "ran out of time"))
        self.assertIn("NOT all is well.", words.splitlines()[-1])
        self.assertTrue((self.results / "table.txt").exists())

    def test_one_program_that_hangs_costs_its_own_share(self):
        code, words = self.check("bench", "--deadline", "60", HANG="bench_drawn")
        self.assertEqual(code, 1, words)
        self.assertEqual(self.rows["drawn ct-small fp32"]["note"], "ran out of time")
        self.assertEqual(self.state("ct-resnet tf32: train, batch 16"), "green")

    def test_a_test_that_hangs_does_not_hide_those_before_it(self):
        stub = self.bundle / "bin/test_gpu"
        stub.write_text(STUB.replace("    echo \"[  PASSED", "    echo '[ RUN      ] Else.Hangs'; exec sleep 1000\n    echo \"[  PASSED"))
        code, words = self.check("tests", "--deadline", "6")
        self.assertEqual(code, 1, words)
        self.assertEqual(self.state("landscape points as on the CPU"), "green")
        self.assertEqual(self.rows["everything else"]["note"], "Else.Hangs did not end")

    def interrupt(self, signal_number):
        with subprocess.Popen(
            self.command("bench", "--deadline", "60"),  # which also ends what a killed one leaves behind
            env=self.environment | {"HANG": "bench_slice"},
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as running:
            while "slice ct-small fp32" not in (line := running.stdout.readline()) and line:
                pass
            running.send_signal(signal_number)
            running.wait(20)
            words = running.stdout.read()
        self.read_rows("bench")
        return running.returncode, words

    def test_stopped_from_outside(self):
        code, words = self.interrupt(signal.SIGTERM)
        self.assertEqual(code, 1, words)
        self.assertEqual(self.rows["slice ct-small fp32"]["note"], "check.sh was stopped here")
        self.assertIn("train ct-small fp32", self.result["figures"])
        self.assertIn("NOT all is well.", words)

    def test_killed(self):
        self.interrupt(signal.SIGKILL)
        self.assertFalse(self.result["finished"] or self.result["well"])
        self.assertEqual(self.state("what the picture costs the training"), "green")
        self.assertEqual(self.state("ct-resnet tf32: train, batch 16"), "to come")
        self.assertIn("NOT finished", (self.results / "table.txt").read_text())


@unittest.skipUnless("TEST_GPU" in os.environ, "built without CUDA")
class Names(unittest.TestCase):
    """What check.sh and report.py ask for by name is there."""

    def cases(self, *options):
        command = [os.environ["TEST_GPU"], "--gtest_list_tests", "--gtest_also_run_disabled_tests", *options]
        names, suite = [], ""
        for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
            if line.startswith("  "):
                names.append(suite + line.split()[0])
            elif line.split() and line.split()[0].endswith("."):
                suite = line.split()[0]
        return names

    def test_every_pattern_of_the_sanitized_tests_finds_some(self):
        patterns = re.search(r"small='(\S+)'", CHECK)[1].split(":")
        self.assertGreater(len(patterns), 3)
        for pattern in patterns + re.findall(r"Probe\.\w+", CHECK):
            self.assertTrue(self.cases(f"--gtest_filter={pattern}"), pattern)

    def test_every_property_has_a_test(self):
        left = self.cases()
        for what, _, pattern in PROPERTIES:
            mine = [name for name in left if re.search(pattern, name)]
            self.assertTrue(mine, what)
            left = [name for name in left if name not in mine]


if __name__ == "__main__":
    unittest.main()
