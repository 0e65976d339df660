# SPDX-License-Identifier: Apache-2.0
"""The vectors of the original library (udf/conformance/vectors), which give every expected value of the sketches here."""

import base64
import json
import pathlib
import struct

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = ROOT / "udf" / "conformance" / "vectors"


def read(name):
    lines = (FOLDER / name).read_text().splitlines()
    assert lines, name
    return [json.loads(line) for line in lines]


def sketch(vector, field=""):
    """The sketch in a vector; None where it has only a digest."""
    if vector.get(field + "b64") is not None:
        return base64.b64decode(vector[field + "b64"])
    text = "" if field else vector.get("hex") or ""
    return bytes.fromhex(text) if text.startswith("0") else None  # of some large ones only the length is there


def ids(rule):
    """The ids of a rule; None of those that take long to make."""
    if rule["rule"] == "list":
        return [bytes.fromhex(text) for text in rule["utf8_hex"]]
    if rule["rule"] == "printf" and rule["n"] <= 20_000:
        return [rule["format"] % (rule["start"] + i * rule["step"]) for i in range(rule["n"])]
    return None


def bits(value):
    return struct.pack(">d", value).hex()


def dense(sketch):
    """The dense encoding of a sketch (udf/hll/FORMAT.md), read here without Headcount."""
    if sketch[0] == 2:
        return sketch
    registers, width = bytearray(1 << sketch[1]), -(-sketch[1] // 8)
    for at in range(2, len(sketch), width + 1):
        registers[int.from_bytes(sketch[at : at + width], "little")] = sketch[at + width]
    return bytes([2, sketch[1]]) + bytes(registers)
