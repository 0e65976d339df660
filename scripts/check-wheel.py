#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that a wheel's name, tag and libraries are of one architecture, and that the libraries load on glibc 2.17.

    check-wheel.py WHEEL ARCH

ARCH is amd64 or arm64. `readelf` reads the libraries of any architecture.
"""

import os
import re
import subprocess
import sys
import tempfile
import zipfile

MACHINES = {"amd64": ("x86_64", "Advanced Micro Devices X86-64"), "arm64": ("aarch64", "AArch64")}
LIBRARIES = {"libheadcount.so", "libheadcount-pings.so"}
#: What a manylinux_2_17 wheel may link to, of what these libraries need.
SYSTEM = re.compile(r"lib(c|pthread|dl|m|rt)\.so\.\d+|ld-linux-.*")


def check(wheel, arch):
    name, machine = MACHINES[arch]
    tag = f"py3-none-manylinux_2_17_{name}"
    assert os.path.basename(wheel).endswith(f"-{tag}.whl"), f"{wheel}: the name has not the tag {tag}"
    with zipfile.ZipFile(wheel) as files, tempfile.TemporaryDirectory() as folder:
        metadata = next(n for n in files.namelist() if n.endswith(".dist-info/WHEEL"))
        tags = re.findall(r"^Tag: (.*)$", files.read(metadata).decode(), re.MULTILINE)
        assert tags == [tag], f"{metadata}: tags {tags}"
        found = {os.path.basename(n): files.extract(n, folder) for n in files.namelist() if n.endswith(".so")}
        assert found.keys() == LIBRARIES, f"libraries {sorted(found)}"
        for library, path in found.items():
            elf = subprocess.run(["readelf", "-hdVW", path], check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}).stdout
            assert re.search(rf"Machine: +{re.escape(machine)}$", elf, re.MULTILINE), f"{library} is not of {machine}"
            needed = re.findall(r"\(NEEDED\).*\[(.*)\]", elf)
            assert all(SYSTEM.fullmatch(n) for n in needed), f"{library} needs {needed}"
            versions = {tuple(map(int, v.split("."))) for v in re.findall(r"Name: GLIBC_([0-9.]+)", elf)}
            assert versions and max(versions) <= (2, 17), f"{library} needs glibc {max(versions, default=None)}"
            print(f"{library}: {name}, needs {', '.join(needed) or 'no library'}, glibc {'.'.join(map(str, max(versions)))}")


check(sys.argv[1], sys.argv[2])
