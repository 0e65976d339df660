#!/usr/bin/env python3
"""Writes the vectors of the histogram functions: python3 vectors.py > hist.jsonl

The program shares no code with udf/hist. Bounds follow Firefox's histogram_tools.py, sums are Python integers
clamped to int64 after each addition, percentiles and means are exact fractions rounded once.
"""
import json
import math
import random
from fractions import Fraction

LARGEST, SMALLEST = 2**63 - 1, -(2**63)
random.seed(19)


def exponential(low, high, n):
    bounds, current = [0, low], low
    for i in range(2, n):
        step = (math.log(high) - math.log(current)) / (n - i)
        following = int(math.floor(math.exp(math.log(current) + step) + 0.5))
        current = following if following > current else current + 1
        bounds.append(current)
    return bounds


def linear(low, high, n):
    low, high = float(low), float(high)
    return [0] + [int((low * (n - 1 - i) + high * (i - 1)) / (n - 2) + 0.5) for i in range(1, n)]


def clamp(number):
    return max(SMALLEST, min(LARGEST, number))


def add(arrays):
    total = []
    for array in arrays:
        total += [0] * (len(array) - len(total))
        for i, value in enumerate(array):
            total[i] = clamp(total[i] + (value or 0))
    return total


def add_histograms(arrays):
    return add([a[:-2] for a in arrays]) + add([a[-2:] for a in arrays])


def percentile(bounds, counts, p):
    counts = [max(c, 0) for c in counts]
    rank, before = sum(counts) * Fraction(p) / 100, 0
    for i, count in enumerate(counts):
        if count and before + count >= rank:
            if i == len(bounds) - 1:
                return float(bounds[i])
            return float(bounds[i] + (bounds[i + 1] - bounds[i]) * Fraction(rank - before) / count)
        before += count
    return None


def mean(bounds, counts):
    counts = [max(c, 0) for c in counts]
    middles = [Fraction(a + b, 2) for a, b in zip(bounds, bounds[1:])] + [Fraction(bounds[-1])]
    return float(sum(m * c for m, c in zip(middles, counts)) / sum(counts)) if sum(counts) else None


def write(**vector):
    print(json.dumps(vector))


def layouts():
    yield "boolean", 0, 0, 0, [0, 1, 2]
    yield "flag", 0, 0, 0, [0, 1, 2]
    yield "count", 0, 0, 0, [0, 1, 2]
    for labels in (1, 2, 3, 49, 50, 51, 100):
        yield "categorical", 0, 0, labels, list(range(labels + 1))
    for values in (2, 3, 8, 11, 16, 50, 100, 1000):
        yield "enumerated", 0, 0, values, linear(1, values, values + 1)
    for low, high, n in ((1, 1000, 50), (1, 101, 102), (1, 3, 4), (5, 100, 10), (1, 100, 10), (100, 1000000, 100)):
        yield "linear", low, high, n, linear(low, high, n)
    for low, high, n in ((1, 10000, 50), (1, 30000, 50), (1, 10000, 100), (50, 60000, 20), (1, 1000, 20), (1, 4, 5),
                         (1, 60000, 50), (32768, 16777216, 100), (1, 2147483646, 10), (1, 50, 10), (2, 3, 3),
                         (1, 2**32, 1000)):
        yield "exponential", low, high, n, exponential(low, high, n)
    for _ in range(200):
        low, n = random.randint(1, 2000), random.randint(3, 200)
        high = low + random.randint(n, 10 ** random.randint(3, 9))
        kind = random.choice(["linear", "exponential"])
        yield kind, low, high, n, (linear if kind == "linear" else exponential)(low, high, n)


def number():
    return random.choice([0, 0, 1, 2, 3, random.randint(0, 10**6), random.randint(-100, 100), LARGEST, SMALLEST,
                          LARGEST - 1, random.randint(SMALLEST, LARGEST)])


def sums():
    for _ in range(200):
        yield [[number() for _ in range(random.randint(0, 8))] for _ in range(random.randint(1, 5))]


def histograms():
    yield [[1, 2, 3, 10, 1], [4, 5, 6, 7, 8, 20, 2]]
    yield [[4, 5, 6, 7, 8, 20, 2], [1, 2, 3, 10, 1]]
    yield [[10, 1], [1, 2, 3, 20, 2], [30, 3]]
    yield [[LARGEST, LARGEST, 1], [1, 1, 1]]
    for _ in range(200):
        yield [[number() for _ in range(random.randint(2, 9))] for _ in range(random.randint(1, 5))]


def distributions():
    yield [0, 1, 2], [0, 0, 0]
    yield [0, 1, 2], [5, 0, 0]
    yield [0, 1, 2], [0, 0, 5]
    yield [0, 1, 2, 4], [1, 2, 3, 4]
    yield [0, 1, 2, 4], [1, -2, 3, 4]
    yield [7], [3]
    yield [0, 1, 2], [LARGEST, LARGEST, LARGEST]
    for _ in range(100):
        n = random.randint(3, 60)
        bounds = exponential(1, random.randint(n + 1, 10**6), n)
        counts = [random.choice([0, 0, random.randint(0, 10), random.randint(0, 10**6)]) for _ in bounds]
        yield bounds, counts


def main():
    for kind, low, high, n, bounds in layouts():
        write(function="histogram_buckets", kind=kind, low=low, high=high, n=n, result=bounds)
    for arrays in sums():
        write(function="histogram_sum", arrays=arrays, result=add(arrays))
    for arrays in histograms():
        write(function="aggregate_histograms", arrays=arrays, result=add_histograms(arrays))
    for bounds, counts in distributions():
        write(function="histogram_mean", buckets=bounds, counts=counts, result=mean(bounds, counts))
        for p in (0, 1, 5, 25, 50, 75, 95, 99, 99.9, 100):
            write(function="histogram_percentile", buckets=bounds, counts=counts, p=p, result=percentile(bounds, counts, p))


if __name__ == "__main__":
    main()
