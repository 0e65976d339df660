#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An interval log of HdrHistogram (ten minutes, every second one tagged B) that Java wrote, read by Java, Python and Go.
# A range relative to the start of the log, minutes 2 to 5, has the same four intervals in Java and Python and none in Go, without an error: Go adds the
# start time where the others subtract it. In an absolute range Go returns the right intervals, but the first, which has no tag, gets the tag of the
# interval that was skipped before it. Python's writer drops the tags, so two series of one log become one.
# Affected are those who cut a warm-up off the log of a load test, or compare series by tag, with another port than the one that wrote it.
# Exit status 0: the behaviour is as described. 1: it has changed. Needs Java 17 or later, Maven and Go.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check hdrhistogram==0.10.8
cd "$dir"
mvn -B -q -Dmaven.repo.local="$dir/m2" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
  -Dartifact=org.hdrhistogram:HdrHistogram:2.2.2 -DoutputDirectory="$dir"
cat > Log.java <<'JAVA'
import java.io.File;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

class Log {
  static final long START = 1_767_225_600_000L;

  public static void main(String[] args) throws Exception {
    if (args[0].equals("write")) {
      var log = new HistogramLogWriter("java.hlog");
      log.outputLogFormatVersion();
      log.outputStartTime(START);
      log.outputLegend();
      for (int minute = 0; minute < 10; minute++) {
        var histogram = new Histogram(3_600_000_000L, 3);
        histogram.setStartTimeStamp(START + minute * 60_000L);
        histogram.setEndTimeStamp(START + (minute + 1) * 60_000L);
        histogram.recordValue(minute);
        if (minute % 2 == 1) {
          histogram.setTag("B");
        }
        log.outputIntervalHistogram(histogram);
      }
      log.close();
      return;
    }
    double first = 120;
    double last = 300;
    System.out.println("relative" + read(args[1], first, last, false));
    System.out.println("absolute" + read(args[1], START / 1000.0 + first, START / 1000.0 + last, true));
  }

  static String read(String file, double first, double last, boolean absolute) throws Exception {
    var reader = new HistogramLogReader(new File(file));
    var found = new StringBuilder();
    while (reader.hasNext()) {
      EncodableHistogram histogram = absolute
          ? reader.nextAbsoluteIntervalHistogram(first, last) : reader.nextIntervalHistogram(first, last);
      if (histogram == null) {
        break;
      }
      found.append(" ").append(((Histogram) histogram).getMaxValue()).append(histogram.getTag() == null ? "" : histogram.getTag());
    }
    return found.toString();
  }
}
JAVA
java -cp HdrHistogram-2.2.2.jar Log.java write
java -cp HdrHistogram-2.2.2.jar Log.java read java.hlog > Java.txt
export GOPATH="$dir/go" GOFLAGS="-modcacherw -mod=mod" GOWORK=off
cat > go.mod <<'GO'
module read

go 1.23

require github.com/HdrHistogram/hdrhistogram-go v1.4.0
GO
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/HdrHistogram/hdrhistogram-go"
)

func main() {
	const start = 1_767_225_600
	fmt.Println("relative" + read(120, 300, false))
	fmt.Println("absolute" + read(start+120, start+300, true))
}

func read(first, last float64, absolute bool) (found string) {
	file, err := os.Open("java.hlog")
	check(err)
	defer file.Close()
	reader := hdrhistogram.NewHistogramLogReader(file)
	for {
		histogram, err := reader.NextIntervalHistogramWithRange(first, last, absolute)
		check(err)
		if histogram == nil {
			return found
		}
		found += fmt.Sprint(" ", histogram.Max(), histogram.Tag())
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
go run . > Go.txt
go list -m github.com/HdrHistogram/hdrhistogram-go
venv/bin/python -W ignore - <<'PYTHON'
import glob, importlib.metadata as m
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader, HistogramLogWriter
print(glob.glob("*.jar")[0] + ", hdrhistogram for Python", m.version("hdrhistogram"))
start = 1_767_225_600

def read(first, last, absolute):
    reader, found = HistogramLogReader("java.hlog", HdrHistogram(1, 3_600_000_000, 3)), ""
    while histogram := reader.get_next_interval_histogram(first, last, absolute):
        found += f" {histogram.get_max_value()}{histogram.get_tag() or ''}"
    reader.close()
    return found

found = {reader: open(reader + ".txt").read().splitlines() for reader in ("Java", "Go")}
found["Python"] = ["relative" + read(120, 300, False), "absolute" + read(start + 120, start + 300, True)]
for reader, lines in found.items():
    print(f"{reader} reads minutes 2 to 5 of Java's log:", ", ".join(lines))
reader = HistogramLogReader("java.hlog", HdrHistogram(1, 3_600_000_000, 3))
with open("python.hlog", "w") as file:
    writer = HistogramLogWriter(file)
    while histogram := reader.get_next_interval_histogram():
        writer.output_interval_histogram(histogram)
tags = {file: open(file).read().count("Tag=B") for file in ("java.hlog", "python.hlog")}
print("intervals with tag B in Java's log and in Python's copy of it:", tags)
right = ["relative 2 3B 4 5B", "absolute 2 3B 4 5B"]
assert found["Java"] == found["Python"] == right, "changed"
assert found["Go"] == ["relative", "absolute 2B 3B 4 5B"], "changed"
assert tags == {"java.hlog": 5, "python.hlog": 0}, "changed"
PYTHON
