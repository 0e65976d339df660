#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# datasketches for Python reads the bytes of the reference t-digest for Java, as it promises, and gives other quantiles of them: of 1 to 100,000 the
# reference's median is 49,999, Python's 39,410, and most steps of the rank upward make the quantile smaller. Between two centroids get_quantile()
# goes from the upper one down to the lower one; get_rank() of the same object is right. Digests that Python makes itself have it, too: every
# percentile that is read from one is wrong by up to the distance of two centroids.
# Exit status 0: the behaviour is as described. 1: it has changed. Needs Java 17 or later and Maven.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check datasketches==5.2.0 numpy==2.4.6
cd "$dir"
mvn -B -q -Dmaven.repo.local="$dir/m2" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
  -Dartifact=com.tdunning:t-digest:3.3 -DoutputDirectory="$dir"
cat > Write.java <<'JAVA'
import com.tdunning.math.stats.TDigest;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

class Write {
  public static void main(String[] args) throws Exception {
    TDigest digest = TDigest.createMergingDigest(100);
    for (int i = 0; i < 100_000; i++) {
      digest.add(i * 7919L % 100_000 + 1);
    }
    ByteBuffer bytes = ByteBuffer.allocate(digest.byteSize());
    digest.asBytes(bytes);
    Files.write(Path.of("digest"), bytes.array());
    for (int i = 0; i <= 100; i++) {
      System.out.println(digest.quantile(i / 100.0));
    }
  }
}
JAVA
java -cp t-digest-3.3.jar Write.java > reference.txt
venv/bin/python -W ignore - <<'PYTHON'
import glob, importlib.metadata as m
import datasketches as ds
print(glob.glob("*.jar")[0] + ", datasketches", m.version("datasketches"))
own = ds.tdigest_double(100)
for i in range(100_000):
    own.update(i * 7919 % 100_000 + 1)
read = ds.tdigest_double.deserialize(open("digest", "rb").read())
ranks = [i / 100 for i in range(101)]
found = {"the reference": [float(q) for q in open("reference.txt")]}
for name, digest in ("datasketches of the reference's bytes", read), ("datasketches of its own values", own):
    found[name] = [digest.get_quantile(r) for r in ranks]
error, falls = {}, {}
for name, quantiles in found.items():
    error[name] = max(abs(q - 100_000 * r) for q, r in zip(quantiles, ranks))
    falls[name] = sum(a > b for a, b in zip(quantiles, quantiles[1:]))
    print(f"{name}: ranks 0.48 to 0.56 are", [round(q) for q in quantiles[48:57]])
    print(f"  largest error of 101 quantiles: {error[name]:.0f}, steps of the rank by 0.01 that make the quantile smaller: {falls[name]} of 100")
ranks_found = max(abs(digest.get_rank(100_000 * r) - r) for digest in (read, own) for r in ranks)
print("largest error of get_rank():", round(ranks_found, 5))
reference, *others = found
assert error[reference] < 500 and falls[reference] == 0 and ranks_found < 0.005, "changed"
assert read.get_total_weight() == own.get_total_weight() == 100_000, "changed"
assert all(error[name] > 2_000 and falls[name] > 20 for name in others), "changed"
PYTHON
