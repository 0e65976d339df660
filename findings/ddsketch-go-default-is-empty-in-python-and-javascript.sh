#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# DDSketch has one protobuf message for all languages, yet the default sketch of Go arrives empty in Python and JavaScript: no error, count 0.
# The message has two fields for bins. Go's default store fills the map binCounts, its dense stores fill contiguousBinCounts, and the other two read only
# the latter. A merge in Python or JavaScript therefore loses everything that services in Go have counted.
# Exit status 0: the behaviour is as described. 1: it has changed. Needs Go and Node.js.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check 'ddsketch[serialization]==3.0.1' protobuf==7.36.2
cd "$dir"
npm install --silent --no-audit --no-fund --prefix "$dir" @datadog/sketches-js@2.1.1 protobufjs@8.8.1
export GOPATH="$dir/go" GOFLAGS="-modcacherw -mod=mod" GOWORK=off
cat > go.mod <<'GO'
module write

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
	byDefault, err := ddsketch.NewDefaultDDSketch(0.01)
	check(err)
	dense, err := ddsketch.LogUnboundedDenseDDSketch(0.01)
	check(err)
	for name, sketch := range map[string]*ddsketch.DDSketch{"default": byDefault, "dense": dense} {
		for i := 1; i <= 10_000; i++ {
			check(sketch.Add(float64(i)))
		}
		written, err := proto.Marshal(sketch.ToProto())
		check(err)
		check(os.WriteFile(name+".pb", written, 0o600))
		var message sketchpb.DDSketch
		check(proto.Unmarshal(written, &message))
		read, err := ddsketch.FromProto(&message)
		check(err)
		median, err := read.GetValueAtQuantile(0.5)
		check(err)
		fmt.Println(name, read.GetCount(), median)
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
go run . > go.txt
go list -m github.com/DataDog/sketches-go
cat > read.js <<'JS'
const { DDSketch } = require('@datadog/sketches-js');
const { readFileSync } = require('fs');
for (const name of ['default', 'dense']) {
  const sketch = DDSketch.fromProto(readFileSync(`${name}.pb`));
  console.log(name, sketch.count, sketch.getValueAtQuantile(0.5));
}
JS
node read.js > js.txt
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m, json
from ddsketch import DDSketch
from ddsketch.pb import ddsketch_pb2
from ddsketch.pb.proto import DDSketchProto
js = json.load(open("node_modules/@datadog/sketches-js/package.json"))["version"]
print("ddsketch for Python", m.version("ddsketch") + ", sketches-js", js)

def lines(file):
    return {name: (float(count), float(median)) for name, count, median in map(str.split, open(file))}

found, merged = {"Go": lines("go.txt"), "JavaScript": lines("js.txt"), "Python": {}}, {}
for name in "default", "dense":
    message = ddsketch_pb2.DDSketch()
    message.ParseFromString(open(name + ".pb", "rb").read())
    read = DDSketchProto.from_proto(message)
    found["Python"][name] = read.count, read.get_quantile_value(0.5)
    total = DDSketch(0.01)
    for i in range(100):
        total.add(1.0)
    total.merge(read)
    merged[name] = total.count
for reader, sketches in found.items():
    for name, (count, median) in sketches.items():
        print(f"Go's {name} sketch of 1 to 10,000 in {reader}: count {count:.0f}, median {median}")
print("Python's sketch of 100 values after a merge with them: counts", merged)
for reader in found:
    assert found[reader]["default"][0] == (10_000 if reader == "Go" else 0) and found[reader]["dense"][0] == 10_000, "changed"
assert merged == {"default": 100, "dense": 10_100}, "changed"
PYTHON
