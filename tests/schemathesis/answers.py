"""Puts known keys into valid requests, and counts the answers of every operation.

A description cannot say which keys exist, so a made-up key is answered with 404. Every second valid request of an
operation gets a key of the file CIRCLE_KEYS, a JSON object of lists: `compound`, `gate` and `facility` for queries,
`board` for the path of a board without its ending, and `id` as an object of lists by collection. Each answer becomes a
line of the file CIRCLE_ANSWERS: operation, whether the request was valid, status.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from threading import Lock

import schemathesis

sys.path.insert(0, str(Path(__file__).parent))
import hooks  # noqa: E402,F401 - registers its hook, which runs before the one below

KEYS = json.loads(Path(os.environ["CIRCLE_KEYS"]).read_text(encoding="utf-8"))
ANSWERS = open(os.environ["CIRCLE_ANSWERS"], "a", encoding="utf-8", buffering=1)
LOCK = Lock()
ASKED = Counter()


def is_valid(case):
    return case.meta is not None and case.meta.generation.mode.is_positive


@schemathesis.hook("before_call")
def with_known_keys(context, case, kwargs):
    if not is_valid(case):
        return
    # The containers may be shared with later cases: they are replaced, not changed.
    path, query = case.path_parameters or {}, case.query or {}
    if "board" in path:
        # A gate has to be one of the compound, and may be an inferred one. Some pages are too small for a board.
        case.query = {name: query[name] for name in query if name not in ("gate", "size")} | {"inferred": "true"}
    label = case.operation.label
    with LOCK:
        ASKED[label] += 1
        turn, is_odd = divmod(ASKED[label], 2)
    if is_odd:
        return
    if "id" in path:
        collection = case.operation.path.split("/")[3]
        case.path_parameters = path | known("id", KEYS["id"].get(collection, []), turn)
    elif "board" in path:
        ending = path["board"].rpartition(".")[2]
        case.path_parameters = path | known("board", [f"{key}.{ending}" for key in KEYS["board"]], turn)
    else:
        for name in {"compound", "gate", "facility"} & query.keys():
            case.query = query | known(name, KEYS[name], turn)


def known(name, keys, turn):
    return {name: keys[turn % len(keys)]} if keys else {}


@schemathesis.hook("after_call")
def count(context, case, response):
    mode = "valid" if is_valid(case) else "invalid"
    with LOCK:
        ANSWERS.write(f"{case.operation.label}\t{mode}\t{response.status_code}\n")
