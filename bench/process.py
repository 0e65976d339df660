# SPDX-License-Identifier: Apache-2.0
"""What a command takes: for the benchmarks that run commands."""

import os
import subprocess
import time


def measure(command):
    """Runs a command and returns its exit status, seconds, CPU seconds, peak memory in MB and what it said.

    The kernel counts the memory of the calling process as the command's until it is started, so the caller must be small.
    """
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.stdout.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    return process.returncode, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, said
