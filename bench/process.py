# SPDX-License-Identifier: Apache-2.0
"""What a command takes: for the benchmarks that run commands."""

import json
import os
import subprocess
import sys
import time


def measure(command):
    """Runs a command and returns its exit status, seconds, CPU seconds, peak memory in MB and what it said.

    The kernel counts the memory of the calling process as the command's until it is started, so a small process calls it.
    """
    small = subprocess.run([sys.executable, "-S", __file__, *map(str, command)], stdout=subprocess.PIPE, check=True)
    return tuple(json.loads(small.stdout))


def main(command):
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.stdout.read().decode(errors="replace")
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    print(json.dumps([process.returncode, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, said]))


if __name__ == "__main__":
    main(sys.argv[1:])
