"""Constraints on valid requests that OpenAPI cannot express. Invalid requests are sent as generated.

OpenAPI describes each parameter separately. Two extensions describe relations between parameters, and these hooks apply
them:

- `x-exactly-one-of`: lists of parameters of which exactly one has to be given, such as the origin of a walk;
- `x-excludes`: parameters that cannot be combined, unless the first has one of some values.

Three more rules have no machine-readable form: the south of a `bbox` is not north of its north, the longer side of a
`size` is at most four times the shorter (JSON Schema does not compare), and the valid values of `line` depend on
`rules` and `by`.
"""

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive or case.query is None:
        return
    operation = case.operation.definition.raw
    query = case.query
    for names in operation.get("x-exactly-one-of", []):
        keep_one(query, names, operation)
    for rule in operation.get("x-excludes", []):
        if query.get(rule["parameter"], rule["unless"][0]) not in rule["unless"]:
            for name in rule["excludes"]:
                query.pop(name, None)
    if "x-excludes" in operation:
        query.pop("line", None)
    if "bbox" in query:
        query["bbox"] = ordered(query["bbox"])
    if "size" in query:
        query["size"] = proportionate(query["size"])


def keep_one(query, names, operation):
    given = [name for name in names if name in query]
    for name in given[1:]:
        del query[name]
    if not given:
        parameter = next(it for it in operation["parameters"] if it["name"] == names[0])
        query[names[0]] = ",".join(str(degrees) for degrees in parameter["example"])


def ordered(bbox):
    parts = bbox.split(",") if isinstance(bbox, str) else list(bbox)
    south, north = 1, 1 + len(parts) // 2
    if len(parts) in (4, 6) and float(parts[south]) > float(parts[north]):
        parts[south], parts[north] = parts[north], parts[south]
    return ",".join(str(part) for part in parts)


def proportionate(size):
    sides = [side.strip(" ") for side in size.replace("×", "x").replace("X", "x").split("x")]
    if len(sides) == 2 and max(map(float, sides)) > 4 * min(map(float, sides)):
        return f"{sides[0]}x{sides[0]}"
    return size
