# SPDX-License-Identifier: Apache-2.0
"""The processes below this one."""

import contextlib
import os


def java():
    """The JVMs that this process and those below it have started."""
    return [pid for pid in below(os.getpid(), "java") if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "java"]


def executors():
    """The JVMs of executors."""
    return below(os.getpid(), "CoarseGrainedExecutorBackend")


def below(parent, word):
    """The processes below a process that have a word in their command line."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                if int(file.read().rsplit(")", 1)[1].split()[1]) != parent:
                    continue
            with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
                if word in file.read():
                    found.append(int(pid))
            found += below(int(pid), word)
    return found


def resident(pid):
    """The memory of a process that is in use, in bytes."""
    with open(f"/proc/{pid}/statm", encoding="utf-8") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
