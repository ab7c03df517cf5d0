#!/usr/bin/env python3
"""What the compiler made of the kernels, read from the built module by cuobjdump: machine code for every architecture
that the build names, PTX of the newest, and kernels small enough to share a multiprocessor with others, without
spills.

    kernels_test.py MODULE ARCHITECTURES [CUOBJDUMP]     "80;90"; exit code 77 where there is no cuobjdump
"""

import collections
import re
import shutil
import subprocess
import sys

REGISTERS = 64  # a thread: 256 threads a block, and four blocks fill a multiprocessor's 65536
SHARED_BYTES = 8192  # a block
# Bytes of stack that are no spills: sine and cosine keep an array for angles beyond any that a rotation has.
STACK = {"GatherTraining": 32}
NAMESPACE = "2fl4cuda"  # that check.sh has the sanitizer look for

Kernel = collections.namedtuple("Kernel", "architecture name registers stack shared local")


def kernels_in(listing):
    """Kernels out of `cuobjdump --dump-resource-usage`."""
    found = []
    architecture, name = "", ""
    for line in listing.splitlines():
        if match := re.match(r"arch = sm_(\w+)", line):
            architecture = match[1]
        elif match := re.match(r" Function (\S+):", line):
            name = match[1]
        elif match := re.match(r"\s+REG:(\d+) STACK:(\d+) SHARED:(\d+) LOCAL:(\d+)", line):
            found.append(Kernel(architecture, name, *map(int, match.groups())))
    return found


def faults_of(kernels, architectures):
    """What is wrong with them, a line each."""
    faults = []
    for kernel in kernels:
        where = f"sm_{kernel.architecture} {kernel.name}"
        if kernel.registers > REGISTERS:
            faults.append(f"{where}: {kernel.registers} registers, more than {REGISTERS}")
        stack = max([bytes for name, bytes in STACK.items() if name in kernel.name], default=0)
        if kernel.stack > stack or kernel.local:
            faults.append(f"{where}: spills ({kernel.stack} bytes of stack, {kernel.local} local)")
        if kernel.shared > SHARED_BYTES:
            faults.append(f"{where}: {kernel.shared} bytes of shared memory, more than {SHARED_BYTES}")
        if NAMESPACE not in kernel.name:
            faults.append(f"{where}: not in namespace fl::cuda, so that check.sh's sanitizers pass it over")
    by_architecture = collections.Counter(kernel.architecture for kernel in kernels)
    for architecture in architectures:
        if not by_architecture[architecture]:
            faults.append(f"no kernels for sm_{architecture}")
    if len(set(by_architecture.values())) > 1:
        faults.append(f"not the same kernels for each architecture: {dict(by_architecture)}")
    return faults


def check_the_check():
    """A listing with one fault of each kind: none is overlooked."""
    listing = "arch = sm_90\n"
    for name, usage in (
        ("_ZN2fl4cuda3fat", "REG:65 STACK:0 SHARED:0 LOCAL:0"),
        ("_ZN2fl4cuda5spill", "REG:64 STACK:8 SHARED:0 LOCAL:0"),
        ("_ZN2fl4cuda5broad", "REG:9 STACK:0 SHARED:8193 LOCAL:0 CONSTANT[0]:392"),
        ("_ZN5other4good", "REG:9 STACK:0 SHARED:8192 LOCAL:0"),
        ("_ZN2fl4cuda4good", "REG:64 STACK:0 SHARED:8192 LOCAL:0"),
    ):
        listing += f" Function {name}:\n  {usage}\n"
    listing += " Function _ZN2fl4cuda14GatherTraining:\n  REG:9 STACK:32 SHARED:0 LOCAL:0\n"
    faults = faults_of(kernels_in(listing), ["90", "80"])
    wanted = ("65 registers", "spills", "8193 bytes", "not in namespace", "no kernels for sm_80")
    assert len(faults) == len(wanted) and all(w in f for w, f in zip(wanted, faults)), faults


def main():
    module, architectures = sys.argv[1], sys.argv[2].split(";")
    check_the_check()
    tool = sys.argv[3] if len(sys.argv) > 3 and sys.argv[3] else shutil.which("cuobjdump")
    if not tool:
        print("Skipped: there is no cuobjdump here (the CUDA toolkit has it, and PyPI's nvidia-cuda-cuobjdump).")
        sys.exit(77)

    def ask(option):
        return subprocess.run([tool, option, module], capture_output=True, text=True, check=True).stdout

    kernels = kernels_in(ask("--dump-resource-usage"))
    faults = faults_of(kernels, architectures)
    if f"sm_{architectures[-1]}" not in ask("--list-ptx"):
        faults.append(f"no PTX of sm_{architectures[-1]} for devices to come")
    print("\n".join(faults))
    if kernels:
        print(
            f"{len(kernels)} kernels for {len({k.architecture for k in kernels})} architectures: at most "
            f"{max(k.registers for k in kernels)} registers, {max(k.shared for k in kernels)} bytes of shared memory"
        )
    sys.exit(1 if faults or not kernels else 0)


if __name__ == "__main__":
    main()
