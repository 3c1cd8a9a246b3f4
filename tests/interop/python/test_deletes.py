"""Tables from which other engines have deleted rows: a reader that applies what our plans attach reads what they read."""

import functools
import math
import pathlib
import struct
import subprocess

import pyarrow
import pyarrow.parquet
import pyroaring
import pytest

import duckdb_reader
from lakehouse import LakehouseError, text
from plain_values import plain
from tool import ToolError

COLUMNS = {
    "type": "struct",
    "schema-id": 0,
    "fields": [
        {"id": 1, "name": "id", "required": True, "type": "int"},
        {"id": 2, "name": "category", "required": False, "type": "string"},
        {"id": 3, "name": "price", "required": False, "type": "double"},
    ],
}
BY_CATEGORY = {"spec-id": 0, "fields": [{"source-id": 2, "field-id": 1000, "name": "category", "transform": "identity"}]}
FILE_PATH, POSITION = 2147483546, 2147483545


# ------------------------------------------------------------------------------------------------------------- a reader


def local(path):
    return pathlib.Path("/" + path.removeprefix("file:").lstrip("/"))


def columns_by_id(path, ids):
    """Columns of a Parquet file, each as a list; of nulls where the file lacks it."""
    read = pyarrow.parquet.read_table(local(path))
    names = {int(field.metadata[b"PARQUET:field_id"]): field.name for field in read.schema}
    return [read[names[id]].to_pylist() if id in names else [None] * len(read) for id in ids]


def positions_of_vector(delete):
    """The positions of a deletion vector, read by nothing but what the plan says of it."""
    with open(local(delete["file_path"]), "rb") as file:
        file.seek(delete["content_offset"])
        blob = file.read(delete["content_size_in_bytes"])
    (length,) = struct.unpack(">I", blob[:4])
    assert length == len(blob) - 8
    assert blob[4:8] == bytes.fromhex("d1d33964")
    (bitmaps,) = struct.unpack("<Q", blob[8:16])
    positions, at = set(), 16
    for _ in range(bitmaps):
        (key,) = struct.unpack("<I", blob[at : at + 4])
        bitmap = pyroaring.BitMap.deserialize(blob[at + 4 : -4])
        positions |= {key << 32 | low for low in bitmap}
        at += 4 + len(bitmap.serialize())
    assert at == len(blob) - 4
    assert len(positions) == delete["record_count"]
    return positions


def deleted_positions(file, delete):
    if delete["file_format"] == "puffin":
        assert delete["referenced_data_file"] == file["file_path"]
        return positions_of_vector(delete)
    paths, positions = columns_by_id(delete["file_path"], [FILE_PATH, POSITION])
    assert len(paths) == delete["record_count"]
    return {position for path, position in zip(paths, positions, strict=True) if path == file["file_path"]}


def comparable(values):
    """Null equals null and NaN equals NaN."""
    return tuple("NaN" if isinstance(value, float) and math.isnan(value) else value for value in values)


def deleted_values(delete):
    return {comparable(row) for row in zip(*columns_by_id(delete["file_path"], delete["equality_ids"]), strict=True)}


def rows_of(file, fields):
    """The rows of a planned file that its delete files leave."""
    ids = [field["id"] for field in fields]
    rows = list(zip(*columns_by_id(file["file_path"], ids), strict=True))
    assert len(rows) == file["record_count"]
    is_left = [True] * len(rows)
    for delete in file["delete_files"]:
        if delete["content"] == "position_deletes":
            for position in deleted_positions(file, delete):
                is_left[position] = False
        else:
            places = [ids.index(id) for id in delete["equality_ids"]]
            values = deleted_values(delete)
            for i, row in enumerate(rows):
                is_left[i] &= comparable(row[place] for place in places) not in values
    return [row for row, left in zip(rows, is_left, strict=True) if left]


def open_table(lakehouse, folder):
    runtime = lakehouse.make("runtime", "runtime_open", None)
    storage = lakehouse.make("storage", "storage_open", runtime, *text("file:///"), None)
    return lakehouse.take("table", "table_open", storage, *text(str(folder)), None)


def planned(lakehouse, folder, filter_text=None):
    """The rows of a plan with deletes, from its stream; the cursor must have the same."""
    plan = lakehouse.plan(open_table(lakehouse, folder), filter_text, with_deletes=True)
    files = sorted(lakehouse.stream(plan).read_all().to_pylist(), key=lambda file: file["file_path"])
    assert files == lakehouse.cursor_rows(plan, with_deletes=True)
    return files


def our_rows(lakehouse, tool, folder):
    metadata = tool.metadata(folder)
    (schema,) = [one for one in metadata["schemas"] if one["schema-id"] == metadata["current-schema-id"]]
    return [row for file in planned(lakehouse, folder) for row in rows_of(file, schema["fields"])]


def in_order(rows):
    return sorted(([plain(value) if not isinstance(value, float) else str(value) for value in row] for row in rows), key=repr)


def attached(files, deletes):
    """For each data file where which delete files are that apply to it."""
    return {
        str(local(file["file_path"])): sorted((str(local(one["file_path"])), one["content_offset"] or 0) for one in file[deletes])
        for file in files
    }


# ------------------------------------------------------------------------------------------------------------- tables


class JavaTable:
    """A table that Iceberg Java writes."""

    def __init__(self, java, folder, version, spec=None):
        self.java, self.folder = java, folder
        self._do("create", schema=COLUMNS, spec=spec, format_version=version)

    def _do(self, op, **arguments):
        return self.java.process.request(op, table=str(self.folder), **arguments)

    def append(self, *rows):
        """The paths of the files."""
        return self._do("append", rows=[dict(zip(("id", "category", "price"), row, strict=True)) for row in rows])["files"]

    def delete_positions(self, **of):
        self._do("delete_rows", positions=of)

    def delete_equal(self, columns, *rows, partition=None):
        rows = [dict(zip(columns, row, strict=True)) for row in rows]
        self._do("delete_rows", columns=columns, rows=rows, **({"partition_path": partition} if partition else {}))

    def set(self, **properties):
        self._do("evolve", changes=[{"action": "set_properties", "properties": {name.replace("_", "-"): value for name, value in properties.items()}}])


def positions(table):
    (first,) = table.append((1, "a", 1.0), (2, "a", 2.0), (3, "b", 3.0), (4, None, 4.0))
    table.append((5, "a", 5.0), (6, "b", 6.0))
    table.delete_positions(**{first: [0, 2]})
    (last,) = table.append((7, "a", 7.0), (1, "a", 1.0))
    table.delete_positions(**{last: [0], first: [3]})


def positions_in_partitions(table):
    of_a, of_b = sorted(table.append((1, "a", 1.0), (2, "a", 2.0), (3, "b", 3.0), (4, "b", 4.0)))
    more = sorted(table.append((5, "a", 5.0), (6, "b", 6.0)))
    table.delete_positions(**{of_a: [1], of_b: [0, 1], more[1]: [0]})
    table.append((7, "a", 7.0), (8, None, 8.0))


def equal_everywhere(table):
    table.append((1, "a", 1.0), (2, "b", 2.0), (3, None, 3.0), (4, "c", "NaN"))
    table.delete_equal(["category"], ("a",))
    table.append((5, "a", 5.0), (6, None, 6.0), (7, "b", "NaN"))
    table.delete_equal(["category"], (None,))
    table.delete_equal(["id", "price"], (2, 2.0), (6, 7.0))
    table.delete_equal(["price"], ("NaN",))
    table.append((8, None, 8.0), (9, "a", "NaN"), (2, "b", 2.0))


def equal_in_partitions(table):
    table.append((1, "a", 1.0), (2, "a", 2.0), (1, "b", 1.0), (2, "b", 2.0), (1, None, 1.0))
    table.delete_equal(["id"], (1,), partition="category=a")
    table.append((1, "a", 10.0), (2, "b", 20.0))
    table.delete_equal(["id"], (2,), partition="category=b")
    table.append((2, "b", 200.0))


def both(table):
    (first,) = table.append((1, "a", 1.0), (2, "b", 2.0), (3, "b", 3.0))
    table.delete_positions(**{first: [0]})
    table.delete_equal(["category", "price"], ("b", 2.0))
    table.append((1, "a", 1.0), (2, "b", 2.0))


def upgraded(table):
    first, *_ = table.append((1, "a", 1.0), (2, "a", 2.0), (3, "a", 3.0))
    second, *_ = table.append((4, "a", 4.0), (5, "a", 5.0))
    table.delete_positions(**{first: [0], second: [1]})
    table.set(format_version="3")
    table.delete_positions(**{first: [1]})  # the vector takes over what the position delete file has
    table.append((6, "a", 6.0))


def all_rows(table):
    (first,) = table.append((1, "a", 1.0), (2, "a", 2.0))
    table.append((3, "a", 3.0))
    table.delete_positions(**{first: [0, 1]})


# name: how it is written, its format version, its partition spec, whether DuckDB reads it
WRITTEN = {
    "v2 positions": (positions, 2, None, True),
    "v2 positions in partitions": (positions_in_partitions, 2, BY_CATEGORY, True),
    "v2 equality": (equal_everywhere, 2, None, True),
    "v2 equality in partitions": (equal_in_partitions, 2, BY_CATEGORY, False),  # which DuckDB dies on
    "v2 positions and equality": (both, 2, None, True),
    "v3 vectors": (positions, 3, None, True),
    "v3 vectors in partitions": (positions_in_partitions, 3, BY_CATEGORY, True),
    "v3 equality": (equal_everywhere, 3, None, True),
    "v3 vectors and equality": (both, 3, None, True),
    "v2 to v3": (upgraded, 2, None, True),
    "v2 to v3 in partitions": (upgraded, 2, BY_CATEGORY, True),
    "v2 all rows of a file": (all_rows, 2, None, True),
    "v3 all rows of a file": (all_rows, 3, None, True),
}


@pytest.fixture(scope="module")
def folder_of(java, tmp_path_factory):
    """A table's folder by its name in WRITTEN; written once."""

    @functools.cache
    def make(name):
        write, version, spec, _ = WRITTEN[name]
        folder = tmp_path_factory.mktemp("deletes") / "table"
        write(JavaTable(java, folder, version, spec))
        return folder

    return make


@pytest.fixture(params=WRITTEN)
def written(request, folder_of):
    return folder_of(request.param)


@pytest.fixture(params=[name for name, (*_, is_read) in WRITTEN.items() if is_read])
def read_by_duckdb(request, folder_of):
    return folder_of(request.param)


# -------------------------------------------------------------------------------------------------------------- tests


def test_a_reader_of_our_plan_reads_what_iceberg_java_reads(written, lakehouse, tool, java):
    expected = [(row.get("id"), row.get("category"), float(row["price"])) for row in java.rows(written)]
    assert expected
    assert in_order(our_rows(lakehouse, tool, written)) == in_order(expected)


def test_a_reader_of_our_plan_reads_what_duckdb_reads(read_by_duckdb, lakehouse, tool, duckdb):
    expected = [tuple(row.values()) for row in duckdb.rows(read_by_duckdb).to_pylist()]
    assert in_order(our_rows(lakehouse, tool, read_by_duckdb)) == in_order(expected)


@pytest.mark.parametrize("filter_text, filter", [
    (None, True),
    ("id < 3", {"type": "lt", "term": "id", "value": 3}),
    ("category = 'a'", {"type": "eq", "term": "category", "value": "a"}),
    ("category = 'b' AND price > 2.5", {"type": "and", "left": {"type": "eq", "term": "category", "value": "b"},
                                        "right": {"type": "gt", "term": "price", "value": 2.5}}),
    ("category IS NULL", {"type": "is-null", "term": "category"}),
])  # fmt: skip
def test_plans_attach_what_iceberg_java_attaches(written, lakehouse, java, filter_text, filter):
    javas = java.process.request("plan", table=str(written), **({} if filter is True else {"filter": filter}))["files"]
    expected = attached(javas, "deletes")
    ours = attached(planned(lakehouse, written, filter_text), "delete_files")
    assert ours.keys() >= expected.keys()
    for path, deletes in expected.items():
        # Java leaves out equality deletes of rows that the filter leaves out, too.
        assert ours[path] == deletes if filter is True else set(ours[path]) >= set(deletes), path


@pytest.mark.parametrize("version", [2, 3])
def test_a_reader_of_our_plan_reads_what_duckdb_deleted_from(version, lakehouse, tool, java, duckdb, tmp_path):
    with duckdb_reader.writing(tmp_path) as writer:
        writer.execute("CREATE SCHEMA lake.ns")
        writer.execute(f"CREATE TABLE lake.ns.t (id INTEGER, category VARCHAR, price DOUBLE) WITH ('format-version' = '{version}')")
        writer.execute("INSERT INTO lake.ns.t VALUES (1, 'a', 1), (2, 'b', 2), (3, 'a', 3)")
        writer.execute("INSERT INTO lake.ns.t VALUES (4, 'a', 4), (5, NULL, 5), (6, 'b', 6)")
        writer.execute("DELETE FROM lake.ns.t WHERE id IN (1, 4)")
        writer.execute("DELETE FROM lake.ns.t WHERE id = 2")
        writer.execute("INSERT INTO lake.ns.t VALUES (1, 'a', 1)")
        expected = writer.execute("SELECT * FROM lake.ns.t").fetchall()
    folder = tmp_path / "ns" / "t"
    ours = our_rows(lakehouse, tool, folder)
    assert sorted(row[0] for row in ours) == [1, 3, 5, 6]
    assert in_order(ours) == in_order(expected)
    assert in_order(ours) == in_order((row.get("id"), row.get("category"), float(row["price"])) for row in java.rows(folder))
    assert in_order(ours) == in_order(tuple(row.values()) for row in duckdb.rows(folder).to_pylist())
    assert {delete["file_format"] for file in planned(lakehouse, folder) for delete in file["delete_files"]} == {"parquet" if version == 2 else "puffin"}


def test_the_tool_lists_delete_files(written, tool, lakehouse):
    listed = sorted(tool.run("files", written, "--with-deletes"), key=lambda file: file["file_path"])
    streamed = planned(lakehouse, written)
    assert [file["delete_files"] for file in listed] == [file["delete_files"] for file in streamed]
    assert any(file["delete_files"] for file in listed)


def test_people_get_a_count_of_delete_files(java, tool, tmp_path):
    table = JavaTable(java, tmp_path / "table", 2)
    both(table)
    shown = subprocess.run([tool.path, "files", str(table.folder), "--with-deletes"], capture_output=True, text=True, check=True).stdout
    title, *rows = [line.split() for line in shown.splitlines() if line.strip()]
    assert title[-2:] == ["delete", "files"]
    assert sorted(row[-1] for row in rows if any(word.endswith(".parquet") for word in row)) == ["0", "2"]


def test_explain_takes_a_table_with_deletes(written, tool):
    assert any(row["kept"] for row in tool.run("explain", written))


def test_a_plan_that_does_not_ask_for_deletes_is_refused(written, lakehouse, tool, java):
    manifests = java.process.request("manifests", table=str(written))["manifests"]
    count = sum(one["added_files"] + one["existing_files"] for one in manifests if one["content"] == "deletes")
    with pytest.raises(LakehouseError) as refused:
        lakehouse.plan(open_table(lakehouse, written))
    assert refused.value.name == "UNSUPPORTED"
    assert f"has {count} delete file" in refused.value.message
    assert "plan.with-deletes" in refused.value.message
    with pytest.raises(ToolError) as listing:
        tool.run("files", written)
    assert listing.value.name == "UNSUPPORTED"


def test_a_table_without_deletes_has_the_column_when_it_is_asked_for(flights, lakehouse):
    table = open_table(lakehouse, flights.folder)
    asked = lakehouse.stream(lakehouse.plan(table, with_deletes=True)).read_all()
    plain_plan = lakehouse.stream(lakehouse.plan(table)).read_all()
    assert asked.schema.names == [*plain_plan.schema.names, "delete_files"]
    assert asked["delete_files"].to_pylist() == [[]] * len(asked)
    assert asked.drop_columns(["delete_files"]).sort_by("file_path") == plain_plan.sort_by("file_path")


def test_uncommitted_files_are_newer_than_all_deletes(lakehouse, java, tool, tmp_path):
    table = JavaTable(java, tmp_path / "table", 2)
    table.append((1, "a", 1.0), (2, "b", 2.0))
    table.delete_equal(["category"], ("a",))
    path = tmp_path / "table" / "data" / "more.parquet"
    fields = [pyarrow.field(f["name"], kind, nullable=not f["required"], metadata={"PARQUET:field_id": str(f["id"])})
              for f, kind in zip(COLUMNS["fields"], (pyarrow.int32(), pyarrow.string(), pyarrow.float64()), strict=True)]  # fmt: skip
    pyarrow.parquet.write_table(pyarrow.table([[3], ["a"], [3.0]], schema=pyarrow.schema(fields)), path)
    opened = open_table(lakehouse, table.folder)
    appended = lakehouse.append(opened, [str(path)])
    plan = lakehouse.plan(appended, with_deletes=True)
    files = lakehouse.stream(plan).read_all().to_pylist()
    assert sorted(row[0] for file in files for row in rows_of(file, COLUMNS["fields"])) == [2, 3]
    tool.append(table.folder, path)
    assert sorted(row[0] for row in our_rows(lakehouse, tool, table.folder)) == [2, 3]
    assert sorted(row["id"] for row in java.rows(table.folder)) == [2, 3]


def test_a_limit_ends_a_plan_with_deletes(lakehouse, java, tmp_path, tool):
    table = JavaTable(java, tmp_path / "table", 3)
    paths = [table.append((i, "a", 1.0), (i, "b", 2.0))[0] for i in range(5)]
    table.delete_positions(**{path: [1] for path in paths})
    for limit in (0, 1, 3, 5):
        files = tool.run("files", table.folder, "--with-deletes", "--limit", limit)
        assert len(files) == limit
        assert all(len(file["delete_files"]) == 1 for file in files)
