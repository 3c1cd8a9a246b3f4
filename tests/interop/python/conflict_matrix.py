"""Which operations conflict: every pair of an operation and one that is committed while it is under way.

An operation is a JSON object that both sides carry out: Iceberg Java's Mutation (tests/interop/java) and our_conflicts.py for this
library. All tables begin with two snapshots: the file z1, then the files a1, a2, b1 and b2. The letter is their category, by which some
of the tables are partitioned. The operation under way is about category a: so overlapping is what a concurrent one does to category a,
and disjoint what it does to category b.
"""

import dataclasses
import itertools
import json
import pathlib

SCHEMA = {
    "type": "struct",
    "schema-id": 0,
    "fields": [
        {"id": 1, "name": "id", "required": True, "type": "long"},
        {"id": 2, "name": "category", "required": False, "type": "string"},
    ],
}
SPEC = {"spec-id": 0, "fields": [{"name": "category", "transform": "identity", "source-id": 2, "field-id": 1000}]}
BRANCH = "audit"
ROWS = 10


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of table."""

    version: int
    partitioned: bool

    def __str__(self):
        return f"v{self.version} {'partitioned' if self.partitioned else 'unpartitioned'}"


KINDS = [Kind(version, partitioned) for version in (2, 3) for partitioned in (False, True)]


def _in_category(kind, category, file):
    return file | ({"partition_path": f"category={category}"} if kind.partitioned else {})


def _data_file(kind, name, category, first_id, rows=ROWS):
    return _in_category(kind, category, {
        "path": f"data/{name}.parquet",
        "record_count": rows,
        "file_size_in_bytes": 1000,
        "value_counts": {"1": rows, "2": rows},
        "null_value_counts": {"1": 0, "2": 0},
        "lower_bounds": {"1": first_id.to_bytes(8, "little").hex(), "2": category.encode().hex()},
        "upper_bounds": {"1": (first_id + rows - 1).to_bytes(8, "little").hex(), "2": category.encode().hex()},
    })


def base(kind):
    """What is appended before, a list of files for each snapshot."""
    second = [_data_file(kind, f"{category}{number}", category, 100 * number + 1000 * (category == "b"))
              for category in "ab" for number in (1, 2)]
    return [[_data_file(kind, "z1", "z", 5000)], second]


@dataclasses.dataclass(frozen=True)
class Side:
    """One of the two operations: what it adds bears its name."""

    name: str
    kind: Kind
    category: str

    def added(self, rows=ROWS):
        first_id = 10000 if self.name == "first" else 20000
        return [_data_file(self.kind, f"{self.name}-{self.category}", self.category, first_id, rows)]

    def file(self, number):
        return f"data/{self.category}{number}.parquet"

    def filter(self):
        return {"type": "eq", "term": "category", "value": self.category}

    def position_deletes(self):
        """Of the category's first file: a deletion vector from version 3 on, before that a file for this data file alone."""
        path = f"data/{self.name}-{self.category}-deletes"
        file = {"content": "position_deletes", "record_count": 2, "file_size_in_bytes": 500, "referenced_data_file": self.file(1)}
        if self.kind.version < 3:
            return [_in_category(self.kind, self.category, file | {"path": path + ".parquet"})]
        return [_in_category(self.kind, self.category, file | {"path": path + ".puffin", "content_offset": 4, "content_size_in_bytes": 40})]

    def equality_deletes(self):
        """Of ids that the category's first file has."""
        bounds = {"1": (101 + 1000 * (self.category == "b")).to_bytes(8, "little").hex()}
        return [_in_category(self.kind, self.category, {
            "path": f"data/{self.name}-{self.category}-equality.parquet", "content": "equality_deletes", "equality_ids": [1],
            "record_count": 1, "file_size_in_bytes": 500, "value_counts": {"1": 1}, "null_value_counts": {"1": 0},
            "lower_bounds": bounds, "upper_bounds": bounds})]


@dataclasses.dataclass(frozen=True)
class Operation:
    label: str
    make: object
    # Whether its isolation can be chosen.
    has_isolation: bool = False
    # Whether it makes a difference for others which category it is about.
    has_target: bool = True
    # Not where it would leave for others what another one leaves.
    is_concurrent: bool = True


OPERATIONS = {
    "append": Operation("append", lambda s: {"operation": "append", "files": s.added()}),
    "branch_append": Operation("append to another branch", lambda s: {"operation": "append", "files": s.added(), "branch": BRANCH},
                               has_target=False),
    "staged_append": Operation("staged append", lambda s: {"operation": "append", "files": s.added(), "staged": True}, has_target=False),
    "overwrite": Operation("overwrite by filter", lambda s: {"operation": "overwrite", "filter": s.filter(), "files": s.added()},
                           has_isolation=True),
    "overwrite_all": Operation("overwrite all", lambda s: {"operation": "overwrite", "filter": True, "files": s.added()},
                               has_isolation=True, has_target=False),
    "overwrite_files": Operation("overwrite files", lambda s: {"operation": "overwrite", "remove": [s.file(1)], "files": s.added()},
                                 has_isolation=True),
    "overwrite_files_filtered": Operation(
        "overwrite files, with a conflict filter",
        lambda s: {"operation": "overwrite", "remove": [s.file(1)], "files": s.added(), "conflict_filter": s.filter()},
        has_isolation=True, is_concurrent=False),
    "delete": Operation("delete by filter", lambda s: {"operation": "delete", "filter": s.filter()}, has_isolation=True),
    "delete_files": Operation("delete files", lambda s: {"operation": "delete", "remove": [s.file(1)]}),
    "replace_partitions": Operation("replace partitions", lambda s: {"operation": "replace_partitions", "files": s.added()},
                                    has_isolation=True),
    "row_delta": Operation("row delta of position deletes", lambda s: {"operation": "row_delta", "deletes": s.position_deletes()},
                           has_isolation=True),
    "row_delta_filtered": Operation(
        "row delta of position deletes and rows, with a conflict filter",
        lambda s: {"operation": "row_delta", "deletes": s.position_deletes(), "files": s.added(2), "conflict_filter": s.filter()},
        has_isolation=True),
    "row_delta_equality": Operation(
        "row delta of equality deletes, with a conflict filter",
        lambda s: {"operation": "row_delta", "deletes": s.equality_deletes(), "conflict_filter": s.filter()}, has_isolation=True),
    "rewrite_files": Operation("rewrite files",
                               lambda s: {"operation": "rewrite_files", "remove": [s.file(1), s.file(2)], "files": s.added(2 * ROWS)}),
    "rewrite_files_at": Operation(
        "rewrite files, with the data sequence number",
        lambda s: {"operation": "rewrite_files", "remove": [s.file(1), s.file(2)], "files": s.added(2 * ROWS), "data_sequence_number": 2},
        is_concurrent=False),
    "rewrite_manifests": Operation("rewrite manifests", lambda s: {"operation": "rewrite_manifests"}, has_target=False),
    "add_column": Operation("schema change", lambda s: {"operation": "add_column", "column": f"{s.name}_note"}, has_target=False),
    "roll_back": Operation("roll back", lambda s: {"operation": "roll_back", "sequence_number": 1}, has_target=False),
}


@dataclasses.dataclass(frozen=True)
class Cell:
    """One pair on one kind of table. `isolation` is None where it cannot be chosen, `overlap` where it makes no difference."""

    kind: Kind
    operation: str
    concurrent: str
    isolation: str | None
    overlap: bool | None

    def facts(self):
        return {"version": self.kind.version, "partitioned": self.kind.partitioned, "operation": self.operation,
                "concurrent": self.concurrent, "isolation": self.isolation, "overlap": self.overlap}

    def first(self):
        isolation = {"isolation": self.isolation} if self.isolation else {}
        return OPERATIONS[self.operation].make(Side("first", self.kind, "a")) | isolation

    def second(self):
        return OPERATIONS[self.concurrent].make(Side("second", self.kind, "b" if self.overlap is False else "a"))


def cells(kind, operations=tuple(OPERATIONS)):
    for name, concurrent in itertools.product(operations, operations):
        operation, other = OPERATIONS[name], OPERATIONS[concurrent]
        if other.is_concurrent:
            for isolation in ("serializable", "snapshot") if operation.has_isolation else (None,):
                for overlap in (True, False) if other.has_target else (None,):
                    yield Cell(kind, name, concurrent, isolation, overlap)


def reduced_cells():
    """Enough to see that another storage makes no difference."""
    operations = ("append", "overwrite", "delete_files", "row_delta", "roll_back")
    return [cell for cell in cells(Kind(3, True), operations) if cell.isolation != "snapshot"]


DIFFERENCES = json.loads(pathlib.Path(__file__).with_name("conflict_differences.json").read_text())


def is_about(difference, cell):
    """Whether a listed difference is about the cell. It gives the facts that matter, a list for one of several."""
    facts = cell.facts()
    named = {key: value if isinstance(value, list) else [value] for key, value in difference.items() if key in facts}
    return all(facts[key] in values for key, values in named.items())


def difference_of(cell):
    """The listed difference from Java about the cell, or None."""
    found = [difference for difference in DIFFERENCES if is_about(difference, cell)]
    assert len(found) < 2, f"more than one difference is about {cell}: {found}"
    return found[0] if found else None


def java_lines(java, kind, wanted):
    """What Iceberg Java does in each cell: the cell's facts, outcome, exception, live_data, live_deletes, columns."""
    answer = java.process.request(
        "conflicts", schema=SCHEMA, spec=SPEC if kind.partitioned else None, format_version=kind.version,
        base=[{"operation": "append", "files": files} for files in base(kind)],
        cells=[{"operation": cell.first(), "concurrent": cell.second()} for cell in wanted])
    return [cell.facts() | outcome for cell, outcome in zip(wanted, answer["outcomes"], strict=True)]
