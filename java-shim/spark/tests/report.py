# SPDX-License-Identifier: Apache-2.0
"""JUnit reports, which .ci/count adds up."""

import faulthandler
import os
import signal
import stat
import sys
import threading
import time
import traceback
import xml.etree.ElementTree as xml

import processes

# Longer than any test takes on two cores that others use too.
SECONDS = 900


class Report:
    """Counts the tests and writes them down."""

    def __init__(self, name, path):
        self.suite = xml.Element("testsuite", name=name)
        self.path = path
        self.failures = self.tests = 0

    def test(self, name, body, seconds=SECONDS):
        """Runs a test. One that takes longer fails, with the stacks of all threads, and ends the program."""
        self.tests += 1
        case = xml.SubElement(self.suite, "testcase", classname=self.suite.get("name"), name=name)
        bound = threading.Timer(seconds, self.give_up, [case, seconds])
        bound.daemon = True
        began = time.monotonic()
        bound.start()
        try:
            body()
        except Exception as e:
            self.fail(case, str(e)[:600], traceback.format_exc())
        finally:
            bound.cancel()
            case.set("time", f"{time.monotonic() - began:.3f}")

    def fail(self, case, message, details):
        self.failures += 1
        print(f"FAILED {self.suite.get('name')} {case.get('name')}: {message}", file=sys.stderr, flush=True)
        xml.SubElement(case, "failure").text = details[:4000]

    def give_up(self, case, seconds):
        self.fail(case, f"did not end within {seconds} s; the stacks of its threads are on standard output", "no end")
        print_stacks()
        self.write()
        for pid in processes.java():
            os.kill(pid, signal.SIGKILL)
        os._exit(1)

    def write(self):
        self.suite.set("tests", str(self.tests))
        self.suite.set("failures", str(self.failures))
        xml.ElementTree(self.suite).write(self.path)
        print(f"{self.suite.get('name')}: {self.tests} tests, {self.failures} failures", flush=True)
        return self.failures == 0 and self.tests > 0


def print_stacks():
    """Stacks of this program and of the JVMs below it. A JVM prints its own to its standard output, for an executor a file."""
    faulthandler.dump_traceback(sys.stdout)
    outputs = {pid: f"/proc/{pid}/fd/1" for pid in processes.java()}
    for pid in outputs:
        os.kill(pid, signal.SIGQUIT)
    time.sleep(5)
    for pid, output in outputs.items():
        if stat.S_ISREG(os.stat(output).st_mode) and not os.path.samefile(output, "/proc/self/fd/1"):
            with open(output, encoding="utf-8", errors="replace") as file:
                print(f"process {pid}:\n{file.read()}")
