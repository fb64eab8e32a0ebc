"""The import of a benchmark file as one would write it in Python: `json` and `executemany`.

`cargo xtask bench` runs it as the reference that the program's own import is measured against: the
same rows into the same tables of an empty project, with the same durability (WAL, synchronous=FULL,
one transaction), ids by a hash of the content (BLAKE2, which the standard library has).

    python3 import_reference.py MIGRATION.sql ROWS.json PROJECT.sqlite
"""

import hashlib
import json
import sqlite3
import sys
import time


def content_id(*fields):
    digest = hashlib.blake2b(digest_size=16)
    for field in fields:
        data = field if isinstance(field, bytes) else field.encode()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.digest()


def understood(rows):
    """Tables of rows, as the program fills them."""
    keys = json.dumps(list(rows[0]))
    prompts, pairs, criteria, questions, resolutions = [], [], [], [], []
    for n, row in enumerate(rows):
        prompt = content_id("prompt", row["prompt"])
        pair = content_id(
            "pair", prompt, row["response1"], row["response2"], row["model1"], row["model2"]
        )
        criterion = content_id("criterion", row["criteria"].strip())
        question = content_id("question", pair, criterion, row["id"])
        prompts.append((prompt, row["prompt"]))
        pairs.append(
            (pair, n, "text_to_text", prompt, row["response1"], row["response2"],
             row["model1"], row["model2"])
        )
        criteria.append((criterion, row["criteria"]))
        questions.append((question, pair, n, 1, criterion, row["id"], n + 1))
        verdict = row["criteria_preference"]
        resolutions.append((content_id("resolution", question, verdict), question, verdict))
    return keys, prompts, pairs, criteria, questions, resolutions


def write(db, tables):
    keys, prompts, pairs, criteria, questions, resolutions = tables
    db.execute("BEGIN IMMEDIATE")
    db.execute(
        "INSERT INTO import (id, file, format, at_ms) VALUES (1, 'rows.json', 'omni-rewardbench', 0)"
    )
    db.execute("INSERT INTO shape VALUES (1, ?)", (keys,))
    db.executemany("INSERT INTO prompt VALUES (?, ?) ON CONFLICT DO NOTHING", prompts)
    db.executemany("INSERT INTO pair VALUES (?, ?, ?, ?, ?, ?, ?, ?)", pairs)
    db.executemany(
        "INSERT INTO criterion (id, text, created_ms) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
        criteria,
    )
    db.executemany(
        "INSERT INTO question (id, pair, pair_position, ordinal, criterion, source_id, import,"
        " row, shape) VALUES (?, ?, ?, ?, ?, ?, 1, ?, 1)",
        questions,
    )
    db.executemany(
        "INSERT INTO resolution (id, question, verdict, rule, at_ms)"
        " VALUES (?, ?, ?, 'imported', 0)",
        resolutions,
    )
    db.execute("COMMIT")


def main():
    migration, source, target = sys.argv[1:]
    db = sqlite3.connect(target, isolation_level=None)
    db.execute("PRAGMA page_size = 16384")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA cache_size = -65536")
    with open(migration, encoding="utf-8") as file:
        db.executescript(file.read())
    began = time.perf_counter()
    with open(source, encoding="utf-8") as file:
        rows = json.load(file)
    write(db, understood(rows))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(json.dumps({"rows": len(rows), "seconds": time.perf_counter() - began}))


main()
