"""Our plans of the tables that Iceberg Java writes, over every type by every transform, against what lies in the files and against Java's plans.

A plan must contain every file with a row that matches by any reader. Beyond that it must equal Java's, except for the differences
listed in matrix_differences.json, each with its reason: one that is not listed fails, and so does one that no longer occurs.
"""

import collections
import json
import pathlib

import pytest

from filters import to_filter_text
from lakehouse import Lakehouse, LakehouseError, text as argument

DIFFERENCES = pathlib.Path(__file__).with_name("matrix_differences.json")
COMPARISONS = ("eq", "not-eq", "lt", "lt-eq", "gt", "gt-eq")


@pytest.fixture(scope="module")
def plan():
    """plan(table): a function from filter text to the paths of the files to read. In process, since a plan costs less than a process.
    plan(table, True) plans with delete files."""
    lakehouse = Lakehouse()
    runtime = lakehouse.make("runtime", "runtime_open", None)
    storage = lakehouse.make("storage", "storage_open", runtime, *argument("file:///"), None)

    def open_table(path, with_deletes=False):
        table = lakehouse.take("table", "table_open", storage, *argument(path), None)
        return lambda filter_text: lakehouse.planned_paths(table, filter_text, with_deletes)

    return open_table


@pytest.fixture(scope="module")
def matrix(java, tmp_path_factory):
    folder = tmp_path_factory.mktemp("matrix")
    java.process.request("write_matrix", dir=str(folder))
    return json.loads((folder / "matrix.json").read_text())


def filters_of(table):
    """Every operator with every literal, some sets of them, and what connectives make of the first few."""
    column, literals = table["column"], [literal for literal in table["literals"] if literal is not None]
    made = [{"type": kind, "term": column} for kind in ("is-null", "not-null")]
    if table["type"] in ("float", "double"):
        made += [{"type": kind, "term": column} for kind in ("is-nan", "not-nan")]
    usable = [literal for literal in literals if literal != "NaN"]
    simple = [{"type": kind, "term": column, "value": literal} for literal in usable for kind in COMPARISONS]
    made += simple
    for size in (2, 5):
        for start in range(0, len(usable) - size + 1, size):
            values = usable[start : start + size]
            made += [{"type": kind, "term": column, "values": values} for kind in ("in", "not-in")]
    if table["type"] == "string":
        for literal in usable:
            prefixes = {literal[:1], literal[:3], literal}
            made += [{"type": kind, "term": column, "value": prefix} for prefix in sorted(prefixes) for kind in ("starts-with", "not-starts-with")]
    for first, second in zip(simple[::7], simple[3::7]):
        made.append({"type": "and", "left": first, "right": second})
        made.append({"type": "or", "left": first, "right": second})
        made.append({"type": "not", "child": first})
        made.append({"type": "not", "child": {"type": "or", "left": first, "right": {"type": "is-null", "term": column}}})
    return made


def value_class(table, filter):
    """What kind of literal a difference is about; connectives take that of their parts."""
    if filter["type"] in ("and", "or"):
        return "+".join(sorted({value_class(table, filter["left"]), value_class(table, filter["right"])}))
    if filter["type"] == "not":
        return value_class(table, filter["child"])
    values = filter.get("values", [filter["value"]] if "value" in filter else [])
    return "+".join(sorted({_class_of(table["type"], value) for value in values})) or "none"


def _class_of(type, value):
    if type in ("float", "double"):
        number = float(value)
        if number == 0:
            return "zero"
        return "infinite" if number in (float("inf"), float("-inf")) else "finite"
    if type in ("int", "long"):
        lowest = -(2**31) if type == "int" else -(2**63)
        return "near the lowest" if value < lowest + 1000 else "number"
    return "value"


def key_of(table, filter):
    return (table["type"], table["transform"], filter["type"], value_class(table, filter))


def normalised(paths):
    """Hadoop writes file:/x where we keep what the metadata says."""
    return {path.replace("file:///", "/").replace("file:/", "/") for path in paths}


def test_plans_hold_every_matching_file_and_equal_javas_but_for_listed_differences(java, plan, matrix):
    listed = {(d["type"], d["transform"], d["operator"], d["value_class"]): d for d in json.loads(DIFFERENCES.read_text())}
    missed, unlisted, occurring, plans = [], collections.defaultdict(list), collections.Counter(), 0
    for table in matrix["tables"]:
        ours_of = plan(table["path"])
        filters = filters_of(table)
        javas = java.process.request("plans", table=table["path"], filters=filters)["plans"]
        matching = java.process.request("matches", table=table["path"], filters=filters)["matches"]
        for filter, java_plan, matches in zip(filters, javas, matching, strict=True):
            plans += 1
            text = to_filter_text(filter)
            try:
                ours = normalised(ours_of(text))
            except LakehouseError as refused:
                missed.append(f"{table['name']}: {text}: {refused}")
                continue
            lost = normalised(matches) - ours
            if lost:
                missed.append(f"{table['name']}: {text}: misses {sorted(lost)}")
            expected = {"error": java_plan["error"]} if "error" in java_plan else normalised(java_plan["files"])
            if ours != expected:
                occurring[key_of(table, filter)] += 1
                if key_of(table, filter) not in listed:
                    more = sorted(ours - expected) if isinstance(expected, set) else expected
                    fewer = sorted(expected - ours) if isinstance(expected, set) else []
                    unlisted[key_of(table, filter)].append(f"{table['name']}: {text}: more {more}, fewer {fewer}")
    gone = [key for key in listed if key not in occurring]
    print(f"{plans} plans of {len(matrix['tables'])} tables; {sum(occurring.values())} differ from Java's in {len(occurring)} listed ways")
    problems = [f"misses rows: {line}" for line in missed]
    problems += [f"not listed: {key}: {len(lines)} times, as {lines[0]}" for key, lines in unlisted.items()]
    problems += [f"listed, but no longer occurs: {key}" for key in gone]
    assert not problems, "\n".join(problems)


def test_special_tables(java, plan, matrix):
    """Tables with one peculiarity each: other specs and schemas, codecs, deleted entries, branches. Plans hold every matching file."""
    problems = []
    for table in matrix["special"]:
        ours_of = plan(table["path"], table["has_deletes"])
        filters = table["filters"] or [True]
        javas = java.process.request("plans", table=table["path"], filters=filters)["plans"]
        for filter, java_plan in zip(filters, javas, strict=True):
            text = to_filter_text(filter).replace('"ü"."€"', '"ü.€"')  # a dot within one name
            try:
                ours = normalised(ours_of(text))
            except LakehouseError as refused:
                problems.append(f"{table['name']} ({table['about']}): {text}: {refused}")
                continue
            fewer = normalised(java_plan.get("files", [])) - ours
            if fewer:
                problems.append(f"{table['name']} ({table['about']}): {text}: misses {sorted(fewer)}")
    assert not problems, "\n".join(problems)
