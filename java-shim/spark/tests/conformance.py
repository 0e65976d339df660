# SPDX-License-Identifier: Apache-2.0
"""Spark as a conformance driver: a request a line on standard input, an answer a line on standard output, by SQL.

usage: conformance.py JAR WAY      WAY is extensions or catalog

It answers in large pieces: who asks must not wait for an answer before asking on. One invalid row fails a query, so rows
that may be invalid are asked one at a time.
"""

import os
import re
import struct
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq

import sessions

PIECE_LINES, PIECE_CHARACTERS = 8192, 64 << 20

# verb: takes a number, fields (None: any number of them), query over rows (n, p, a, b, list)
SCALARS = {
    "create": (True, 1, "@hll_create(CAST(a AS STRING), p)"),
    "create_int64": (True, 1, "@hll_create(CAST(CAST(a AS STRING) AS BIGINT), p)"),
    "check": (False, 1, "CASE WHEN @to_hll(a) = a THEN '' END"),
    "precision": (False, 1, "@hll_precision(a)"),
    "cardinality": (False, 1, "@hll_cardinality(a)"),
    "union": (False, 2, "@hll_unite(a, b)"),
    "reduce": (True, 1, "@hll_reduce(a, p)"),
    "empty": (True, 0, "@empty_hll(p)"),
    "improved": (False, 1, "@hll_estimate(a)"),
    "bounds": (True, 1, "@hll_bounds(a, p)"),
    "intersect": (False, 2, "@hll_intersection(a, b)"),
    "jaccard": (False, 2, "@hll_jaccard(a, b)"),
}
AGGREGATES = {
    "build": (True, None, "@hll_agg(x, p)"),
    "merge": (False, None, "@hll_merge(x)"),
}
# The numbers that are valid.
NUMBERS = {"create": (4, 24), "create_int64": (4, 24), "build": (4, 24), "empty": (4, 24), "reduce": (4, 24), "bounds": (1, 3)}
# The requests whose byte strings are ids; a 64-bit number is its decimal text.
IDS = ("create", "create_int64", "build")
CODES = {
    "HEADCOUNT_MALFORMED_SKETCH": "malformed",
    "HEADCOUNT_PRECISION_OUT_OF_RANGE": "precision_range",
    "HEADCOUNT_PRECISION_MISMATCH": "precision_mismatch",
    "HEADCOUNT_RESULT_TOO_LARGE": "too_large",
    "HEADCOUNT_INVALID_ARGUMENT": "unknown",
}


class Unreadable(Exception):
    pass


def parse(line):
    """The verb, the number and the byte strings of a request."""
    words = line.split(" ")
    verb = words.pop(0)
    known = SCALARS.get(verb) or AGGREGATES.get(verb)
    if known is None:
        raise Unreadable("no request of this name")
    takes_number, count, _ = known
    number = 0
    if takes_number:
        if not words:
            raise Unreadable("a number is missing")
        number = int64(words.pop(0))
    if verb == "create_int64":
        fields = [str(int64(word)).encode() for word in words]
    else:
        fields = [field(word, verb == "merge") for word in words]
    if count is not None and len(fields) != count:
        raise Unreadable(f"{verb} of {len(fields)} byte strings")
    if verb == "build" and not fields:
        verb = "empty"  # the set of no ids is empty, where an aggregate of no rows is NULL
    return verb, number, fields


def int64(word):
    digits = word[1:] if word[:1] in "+-" else word
    if not (digits.isascii() and digits.isdigit()) or not -(1 << 63) <= int(word) < 1 << 63:
        raise Unreadable("a number is not one of 64 bits")
    return int(word)


def field(word, takes_null):
    if word == "null" and takes_null:
        return None
    if word == "-":
        return b""
    if not word or word.strip() != word:
        raise Unreadable("a field is not bytes in hex")
    try:
        return bytes.fromhex(word)
    except ValueError:
        raise Unreadable("a field is not bytes in hex") from None


def text(x):
    """A result as the protocol writes it."""
    if x is None:
        return "null"
    if isinstance(x, (bytes, bytearray)):
        return bytes(x).hex()
    if isinstance(x, float):
        return struct.pack(">d", x).hex()
    if isinstance(x, tuple):
        return " ".join(text(part) for part in x)
    return str(x)


def failure(error):
    # Spark 3.5 reports a failed task as such: its message has the condition and the sentence, and stacks.
    message = str(error)
    condition = re.search(r"\[(HEADCOUNT_\w+)\].*?SQLSTATE: \w{5}", message, re.S)
    if condition:
        message = condition.group(0)
    message = " ".join(message.encode("ascii", "replace").decode().split())
    return f"error {CODES.get(condition and condition.group(1), 'internal')} {message[:600]}"


class Driver:
    def __init__(self, session, way, folder):
        self.session = session
        self.way = way
        self.folder = folder

    def answers(self, lines):
        answers = [None] * len(lines)
        asked = {}
        for place, line in enumerate(lines):
            try:
                verb, number, fields = parse(line)
                asked.setdefault(verb, []).append((place, number, fields))
            except Unreadable as e:
                answers[place] = f"error unknown {e}"
        with ThreadPoolExecutor(4) as pool:
            for verb, requests in asked.items():
                self.ask(verb, requests, answers, pool)
        return answers

    def ask(self, verb, requests, answers, pool):
        """Rows that are likely to fail go one by one; the rest together, and by halves if one of them fails."""
        doubtful = self.doubtful(verb, requests)
        self.divide(verb, [request for request in requests if request[0] not in doubtful], answers)
        alone = [[request] for request in requests if request[0] in doubtful]
        list(pool.map(lambda part: self.divide(verb, part, answers), alone))

    def doubtful(self, verb, requests):
        """Requests with bytes that are not a sketch, or with a number or sketches that differ from what most requests have."""
        rows = [(place, x) for place, _, fields in requests for x in fields if x is not None]
        invalid = set()
        if rows and verb not in IDS:
            found = self.query(rows, "nx", "SELECT DISTINCT n FROM {t} WHERE @try_to_hll(x) IS NULL")
            invalid = {row[0] for row in found}
        low, high = NUMBERS.get(verb, (0, 0))
        for place, number, fields in requests:
            precisions = {x[1] for x in fields if x is not None and len(x) > 1} if verb not in IDS else set()
            if not low <= number <= high or len(precisions) > 1 or verb == "reduce" and number > max(precisions, default=0):
                invalid.add(place)
        return invalid

    def divide(self, verb, requests, answers):
        if not requests:
            return
        try:
            for place, *result in self.rows(verb, requests):
                answers[place] = ("ok " + " ".join(text(x) for x in result)).rstrip()
        except Exception as e:
            if len(requests) == 1:
                answers[requests[0][0]] = failure(e)
                return
            half = len(requests) // 2
            self.divide(verb, requests[:half], answers)
            self.divide(verb, requests[half:], answers)

    def rows(self, verb, requests):
        if verb in AGGREGATES:
            # A group of no rows has a row of NULL.
            rows = [(place, number, x) for place, number, fields in requests for x in (fields or [None])]
            call = AGGREGATES[verb][2]
            return self.query(rows, "npx", f"SELECT n, {call} FROM {{t}} GROUP BY n")
        rows = [(place, number, *fields, *[None] * (2 - len(fields))) for place, number, fields in requests]
        call = SCALARS[verb][2]
        return self.query(rows, "npab", f"SELECT n, {call} FROM {{t}}")

    def query(self, rows, names, query):
        """Rows of numbers, byte strings and lists: few in the query's text, many from a file."""
        if len(rows) <= 16 and sum(len(x or b"") for row in rows for x in row if not isinstance(x, int)) < 10_000:
            values = ", ".join("(" + ", ".join(literal(name, x) for name, x in zip(names, row)) + ")" for row in rows)
            return self.run(query, f"VALUES {values} AS t ({', '.join(names)})")
        columns = [pa.array([row[i] for row in rows], TYPES[name]) for i, name in enumerate(names)]
        path = os.path.join(self.folder, f"{id(rows)}.parquet")
        pq.write_table(pa.table(columns, names=list(names)), path, row_group_size=2000)
        try:
            return self.run(query, f"parquet.`{path}`")
        finally:
            os.remove(path)

    def run(self, query, table):
        return sessions.rows(self.session, sessions.named(query.format(t=table), self.way))


TYPES = {"n": pa.int32(), "p": pa.int64(), "a": pa.binary(), "b": pa.binary(), "x": pa.binary()}


def literal(name, x):
    if isinstance(x, int):
        return f"CAST('{x}' AS {'INT' if name == 'n' else 'BIGINT'})"
    return "CAST(NULL AS BINARY)" if x is None else f"X'{x.hex()}'"


def pieces(lines):
    piece, characters = [], 0
    for line in lines:
        piece.append(line.rstrip("\n"))
        characters += len(line)
        if len(piece) == PIECE_LINES or characters >= PIECE_CHARACTERS:
            yield piece
            piece, characters = [], 0
    if piece:
        yield piece


def main():
    jar, way = sys.argv[1:]
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever Spark prints is no answer
    with tempfile.TemporaryDirectory() as folder:
        session = sessions.classic(folder, jar, "local[4]", **{
            "spark.driver.memory": "3g",
            # Thousands of small queries: the second compiler would take a third of the time.
            "spark.driver.extraJavaOptions": f"-XX:TieredStopAtLevel=1 {sessions.java_options(folder)}",
        })
        driver = Driver(session, way, folder)
        for piece in pieces(sys.stdin):
            for answer in driver.answers(piece):
                out.write(answer + "\n")
            out.flush()
        session.stop()


main()
