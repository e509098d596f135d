"""Asks two grammars that others wrote, sqlglot's and sqlfluff's, whether they take statements as Redshift's.

Reads files of SQL (statements end with a semicolon at a line's end) and of JSON lines, as the stand-in logs them. A
statement is accepted when one of the two reads it whole. Prints what is not, and fails then. What the vendor's manual
shows and neither grammar has is taken out before, and said.
"""
import json
import logging
import re
import sys

import sqlglot
from sqlfluff.core import Linter

logging.disable(logging.CRITICAL)
linter = Linter(dialect="redshift")
VARYING = re.compile(r"_[a-z0-9]{8}[0-9a-f]{10}\b|test_[0-9a-f]{32}")

# Neither has the key that UNLOAD encrypts with: the manual's page "Unloading encrypted data files" shows it, in this form.
UNKNOWN = {"KMS_KEY_ID of UNLOAD": re.compile(r"\skms_key_id '[^']*' encrypted$")}


def statements(path):
    text = open(path, encoding="utf8").read()
    if path.endswith(".sql"):
        return [one for one in re.split(r";\n+", text) if one.strip()]
    entries = [json.loads(line) for line in text.splitlines() if line]
    misread = {entry["statement"] for entry in entries if entry["verdict"] in ("misread", "refused")}
    return [entry["statement"] for entry in entries if entry["statement"] not in misread]


def by_sqlglot(statement):
    try:
        return all(type(tree).__name__ != "Command" for tree in sqlglot.parse(statement, read="redshift"))
    except Exception:
        return False


def by_sqlfluff(statement):
    # Its lexer takes parameters for templates; a number stands in their place.
    tree = linter.parse_string(re.sub(r"\$\d+", "1", statement) + ";\n").tree
    return tree is not None and not list(tree.recursive_crawl("unparsable"))


def judged(statement):
    for name, piece in UNKNOWN.items():
        if statement.startswith("unload") and piece.search(statement):
            print(f"judged without {name}, which neither grammar has")
            return piece.sub("", statement)
    return statement


seen = {VARYING.sub("_ID", one).strip() for path in sys.argv[1:] for one in statements(path)}
bad = [one for one in map(judged, sorted(seen)) if not by_sqlglot(one) and not by_sqlfluff(one)]
for one in bad:
    print("NOT ACCEPTED:", " ".join(one.split())[:400])
print(f"{len(seen)} statements, {len(bad)} not accepted")
sys.exit(1 if bad else 0)
