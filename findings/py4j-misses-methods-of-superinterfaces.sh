#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# py4j, by which PySpark calls the JVM, finds the methods of an interface that an object's class names itself, and not those of the interfaces
# above that one, where the class is not public. So of one management bean getOpenFileDescriptorCount answers, and getProcessCpuTime, with
# which a benchmark of Spark would read the driver's CPU time, "does not exist", although Java code calls both in the same way.
# Exit status 0: the behaviour is as described. 1: it has changed. Needs a Java 17 or later in JAVA_HOME or on the PATH.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check py4j==0.10.9.9
cd "$dir"
venv/bin/python - <<'PYTHON'
import glob
import os
import shutil
import sys
from importlib.metadata import version
from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway
from py4j.protocol import Py4JError

home = os.environ.get("JAVA_HOME")
java = os.path.join(home, "bin", "java") if home else shutil.which("java")
[jar] = glob.glob(os.path.join(sys.prefix, "share", "py4j", "*.jar"))
port = launch_gateway(jarpath=jar, java_path=java, die_on_exit=True)
gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port))
jvm = gateway.jvm
print("py4j", version("py4j"), "on Java", jvm.java.lang.System.getProperty("java.version"))
bean = jvm.java.lang.management.ManagementFactory.getOperatingSystemMXBean()
unix = jvm.java.lang.Class.forName("com.sun.management.UnixOperatingSystemMXBean")
above = jvm.java.lang.Class.forName("com.sun.management.OperatingSystemMXBean")
print("class:", bean.getClass().getName(), "; an instance of both interfaces:", unix.isInstance(bean), above.isInstance(bean))
assert unix.isInstance(bean) and above.isInstance(bean) and above.isAssignableFrom(unix)


def call(name):
    try:
        getattr(bean, name)()
        return "answers"
    except Py4JError as e:
        return "does not exist" if f"Method {name}([]) does not exist" in str(e) else str(e)


found = {name: call(name) for name in ("getOpenFileDescriptorCount", "getProcessCpuTime", "getTotalMemorySize", "getAvailableProcessors")}
for name, said in found.items():
    print(f"{name}: {said}")
gateway.shutdown()
assert found == {"getOpenFileDescriptorCount": "answers", "getProcessCpuTime": "does not exist", "getTotalMemorySize": "does not exist",
                 "getAvailableProcessors": "answers"}, "changed"
PYTHON
