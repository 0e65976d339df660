# SPDX-License-Identifier: Apache-2.0
"""JUnit reports, which .ci/count adds up."""

import sys
import traceback
import xml.etree.ElementTree as xml


class Report:
    """Counts the tests and writes them down."""

    def __init__(self, name):
        self.suite = xml.Element("testsuite", name=name)
        self.failures = self.tests = 0

    def test(self, name, body):
        self.tests += 1
        case = xml.SubElement(self.suite, "testcase", classname=self.suite.get("name"), name=name)
        try:
            body()
        except Exception as e:
            self.failures += 1
            print(f"FAILED {self.suite.get('name')} {name}: {str(e)[:600]}", file=sys.stderr)
            xml.SubElement(case, "failure").text = traceback.format_exc()[:4000]

    def write(self, path):
        self.suite.set("tests", str(self.tests))
        self.suite.set("failures", str(self.failures))
        xml.ElementTree(self.suite).write(path)
        print(f"{self.suite.get('name')}: {self.tests} tests, {self.failures} failures")
        return self.failures == 0 and self.tests > 0
