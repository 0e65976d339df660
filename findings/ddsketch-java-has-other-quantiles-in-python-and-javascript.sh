#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# DDSketch has one protobuf message for all languages, with gamma, offset and interpolation of the bins. Java's sketches of 1% accuracy keep it when Go
# reads them. Python and JavaScript compute other bins of the same three numbers, without an error: the median 5000 is 4551 of Java's
# DDSketches.unboundedDense (cubic), about 370 of a linear mapping, and 4867 of a logarithmic one, of which each bin is one too low.
# Affected are those who collect latencies of services in several languages: the smaller value looks plausible.
# Exit status 0: the behaviour is as described. 1: it has changed. Needs Java 17 or later, Maven, Go and Node.js.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check 'ddsketch[serialization]==3.0.1' protobuf==7.36.2
cd "$dir"
npm install --silent --no-audit --no-fund --prefix "$dir" @datadog/sketches-js@2.1.1 protobufjs@8.8.1
mvn -B -q -Dmaven.repo.local="$dir/m2" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
  -Dartifact=com.datadoghq:sketches-java:0.8.3 -DoutputDirectory="$dir"
cat > Write.java <<'JAVA'
import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.mapping.BitwiseLinearlyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class Write {
  public static void main(String[] args) throws Exception {
    var sketches =
        Map.of(
            "unboundedDense", DDSketches.unboundedDense(0.01),
            "linear", new DDSketch(new BitwiseLinearlyInterpolatedMapping(0.01), UnboundedSizeDenseStore::new),
            "logarithmic", new DDSketch(new LogarithmicMapping(0.01), UnboundedSizeDenseStore::new));
    for (var entry : sketches.entrySet()) {
      for (int i = 1; i <= 10_000; i++) {
        entry.getValue().accept(i);
      }
      Files.write(Path.of(entry.getKey() + ".pb"), entry.getValue().serialize().array());
      System.out.println(entry.getKey() + " " + entry.getValue().getCount() + " " + entry.getValue().getValueAtQuantile(0.5));
    }
  }
}
JAVA
java -cp sketches-java-0.8.3.jar Write.java > Java.txt
export GOPATH="$dir/go" GOFLAGS="-modcacherw -mod=mod" GOWORK=off
cat > go.mod <<'GO'
module read

go 1.23

require (
	github.com/DataDog/sketches-go v1.4.8
	google.golang.org/protobuf v1.36.11
)
GO
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/DataDog/sketches-go/ddsketch"
	"github.com/DataDog/sketches-go/ddsketch/pb/sketchpb"
	"google.golang.org/protobuf/proto"
)

func main() {
	for _, name := range []string{"unboundedDense", "linear", "logarithmic"} {
		written, err := os.ReadFile(name + ".pb")
		check(err)
		var message sketchpb.DDSketch
		check(proto.Unmarshal(written, &message))
		sketch, err := ddsketch.FromProto(&message)
		check(err)
		median, err := sketch.GetValueAtQuantile(0.5)
		check(err)
		fmt.Println(name, sketch.GetCount(), median)
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
go run . > Go.txt
cat > read.js <<'JS'
const { DDSketch } = require('@datadog/sketches-js');
const { readFileSync } = require('fs');
for (const name of ['unboundedDense', 'linear', 'logarithmic']) {
  const sketch = DDSketch.fromProto(readFileSync(`${name}.pb`));
  console.log(name, sketch.count, sketch.getValueAtQuantile(0.5));
}
JS
node read.js > JavaScript.txt
go list -m github.com/DataDog/sketches-go
venv/bin/python -W ignore - <<'PYTHON'
import glob, importlib.metadata as m, json
from ddsketch.pb import ddsketch_pb2
from ddsketch.pb.proto import DDSketchProto
js = json.load(open("node_modules/@datadog/sketches-js/package.json"))["version"]
print(glob.glob("*.jar")[0] + ", ddsketch for Python", m.version("ddsketch") + ", sketches-js", js)
names = "unboundedDense", "linear", "logarithmic"
found = {}
for reader in "Java", "Go", "JavaScript":
    found[reader] = {name: (float(count), float(median)) for name, count, median in map(str.split, open(reader + ".txt"))}
found["Python"] = {}
for name in names:
    message = ddsketch_pb2.DDSketch()
    message.ParseFromString(open(name + ".pb", "rb").read())
    sketch = DDSketchProto.from_proto(message)
    found["Python"][name] = sketch.count, sketch.get_quantile_value(0.5)
for name in names:
    print(f"the median of 1 to 10,000 in Java's {name} sketch:", {reader: round(found[reader][name][1], 1) for reader in found})
assert all(count == 10_000 for sketches in found.values() for count, _ in sketches.values()), "changed"
for reader in "Java", "Go":
    assert all(abs(median / 5000 - 1) < 0.0101 for _, median in found[reader].values()), "changed"
for reader in "Python", "JavaScript":
    dense, linear, logarithmic = (found[reader][name][1] / 5000 for name in names)
    assert 0.89 < dense < 0.93 and linear < 0.1 and 0.96 < logarithmic < 0.98, "changed"
PYTHON
