#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The union of DataSketches HLL sketches with different lg_k depends on the order: 39,000 to 123,000 for 120,000 ids.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check datasketches==5.2.0 numpy==2.4.6
cd "$dir"
venv/bin/python -W ignore - <<'PYTHON'
import importlib.metadata as m, itertools
import datasketches as ds
print("datasketches", m.version("datasketches"))

def sketch(first, lg_k):
    s = ds.hll_sketch(lg_k, ds.tgt_hll_type.HLL_8)
    for i in range(first, first + 40_000):
        s.update(i)
    return s

sketches = {12: sketch(0, 12), 10: sketch(40_000, 10), 11: sketch(80_000, 11)}
print("three disjoint sets of 40,000 ids, lg_k 12, 10 and 11, united with lg_max_k 12:")
results = {}
for order in itertools.permutations(sketches):
    union = ds.hll_union(12)
    for lg_k in order:
        union.update(sketches[lg_k])
    result = union.get_result()
    results[order] = result.get_estimate()
    print("  order", order, "->", round(results[order]), "ids at lg_k", result.lg_config_k)
distinct = sorted({round(r) for r in results.values()})
print("different results:", distinct)

theta = set()
for order in itertools.permutations(sketches):
    union = ds.theta_union(12)
    for lg_k in order:
        s = ds.update_theta_sketch(lg_k)
        for i in range(list(sketches).index(lg_k) * 40_000, (list(sketches).index(lg_k) + 1) * 40_000):
            s.update(i)
        union.update(s)
    theta.add(round(union.get_result().get_estimate()))
print("the same with theta sketches, for comparison:", theta)
assert len(distinct) > 1 and distinct[0] < 60_000 and distinct[-1] > 110_000, "changed"
assert len(theta) == 1, "changed"
PYTHON
