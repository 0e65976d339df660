# SPDX-License-Identifier: Apache-2.0
"""Parses SQL with sqlglot or sqlfluff: parse.py TOOL DIALECT. Reads a JSON string with one statement from each line of
standard input and writes one JSON string for it: empty if it parsed, else the first line of the error."""
import json
import sys


def with_sqlglot(dialect):
    import sqlglot

    def parse(statement):
        tree = sqlglot.parse_one(statement, dialect=dialect)
        # What sqlglot does not know it keeps as text, without an error.
        if isinstance(tree, sqlglot.exp.Command):
            raise ValueError("not parsed, kept as text")

    return parse


def with_sqlfluff(dialect):
    from sqlfluff.core import FluffConfig, Linter

    linter = Linter(config=FluffConfig(overrides={"dialect": dialect, "large_file_skip_byte_limit": 0}))

    def parse(statement):
        parsed = linter.parse_string(statement + "\n")
        if parsed.violations:
            raise ValueError(parsed.violations[0].desc())

    return parse


def main():
    parse = {"sqlglot": with_sqlglot, "sqlfluff": with_sqlfluff}[sys.argv[1]](sys.argv[2])
    for line in sys.stdin:
        error = ""
        try:
            parse(json.loads(line))
        except Exception as e:  # each tool has errors of its own
            error = (str(e).strip() or type(e).__name__).splitlines()[0]
        print(json.dumps(error), flush=True)


if __name__ == "__main__":
    main()
