#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kernel-instructions.sh: how many instructions each kernel executes for a sketch of 4,096 registers, as AVX2, NEON and portable
# Go on both architectures, counted by qemu. An instruction count is not a time, but it needs no ARM machine.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
gcc -shared -fPIC -O2 -o "$work/count.so" "$ROOT/bench/instructions/count.c"
for arch in amd64 arm64; do
  GOARCH=$arch go test -C "$ROOT" -c -o "$work/$arch" ./udf/hll/internal/register
done

# executed ARCH BENCHMARK CALLS: the instructions of a whole process that calls the kernel so many times. Garbage collection
# and other threads would add a number that changes.
executed() {
  local emulator
  case "$1" in amd64) emulator=(qemu-x86_64 -cpu max) ;; arm64) emulator=(qemu-aarch64) ;; esac
  GOMAXPROCS=1 GOGC=off "${emulator[@]}" -plugin "$work/count.so" "$work/$1" -test.run '^$' -test.bench "$2" -test.benchtime "$3x" \
    2>&1 >/dev/null | sed -n 's/^instructions //p'
}

# each ARCH BENCHMARK: the instructions of one call, the median of three differences.
each() {
  local few many
  for _ in 1 2 3; do
    few="$(executed "$1" "$2" 100)"
    many="$(executed "$1" "$2" 8100)"
    echo "$(((many - few) / 8000))"
  done | sort -n | sed -n 2p
}

printf '%-16s %8s %8s %12s %18s %18s\n' kernel AVX2 NEON NEON/AVX2 'portable (amd64)' 'portable (arm64)'
for kernel in Union Largest Sum UnionPacked SmallestPacked; do
  case "$kernel" in SmallestPacked) set="" ;; *) set='/^cached$' ;; esac
  avx2="$(each amd64 "^Benchmark$kernel\$/^(exported-)?avx2\$$set")"
  neon="$(each arm64 "^Benchmark$kernel\$/^(exported-)?neon\$$set")"
  amd64="$(each amd64 "^Benchmark$kernel\$/^portable\$$set")"
  arm64="$(each arm64 "^Benchmark$kernel\$/^portable\$$set")"
  printf '%-16s %8d %8d %12.2f %18d %18d\n' "$kernel" "$avx2" "$neon" "$(echo "$neon $avx2" | awk '{print $1/$2}')" "$amd64" "$arm64"
done
