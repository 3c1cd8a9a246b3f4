"""Tables of other writers, and tables with oddities: planned as Iceberg Java plans them, and appended to where it appends."""

import ctypes
import datetime
import json
import pathlib
import struct

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import odd_tables
from lakehouse import text
from placed_tables import placed
from tool import ToolError

PLANNED = ["clickhouse/partitioned", "duckdb/v2", "duckdb_1_4/v2", "pyiceberg/partitioned"]
WITHOUT_BOUNDS_IN_SUMMARIES = {"clickhouse/partitioned"}
FILTERS = [
    True,
    {"type": "eq", "term": "id", "value": 2},
    {"type": "eq", "term": "id", "value": 51},
    {"type": "gt", "term": "id", "value": 1000},
    {"type": "lt", "term": "day", "value": "2020-01-02"},
    {"type": "eq", "term": "day", "value": "2021-06-01"},
    {"type": "lt", "term": "v", "value": 0.5},
    {"type": "is-null", "term": "v"},
    {"type": "starts-with", "term": "s", "value": "z"},
    {"type": "and", "left": {"type": "not-eq", "term": "s", "value": "a"}, "right": {"type": "lt-eq", "term": "id", "value": 2}},
]


@pytest.mark.parametrize("name", PLANNED)
def test_plans_are_those_of_iceberg_java(tool, java, name):
    with placed(name) as folder:
        matches = java.process.request("matches", table=str(folder), filters=FILTERS)["matches"]
        for filter, matching in zip(FILTERS, matches):
            found, expected = tool.plan(folder, filter), java.plan(folder, filter)
            assert set(matching) <= set(found), filter
            if found != expected:
                # Java takes a summary without bounds for one of nulls alone, and misses rows by it; ClickHouse writes such.
                assert name in WITHOUT_BOUNDS_IN_SUMMARIES and not expected and matching, filter


@pytest.mark.parametrize("codec", ["null", "deflate", "snappy", "zstandard"])
@pytest.mark.parametrize("name", PLANNED)
def test_every_codec_gives_the_same_files(tool, java, name, codec):
    with placed(name, codec) as folder:
        rows = tool.run("files", folder)
        assert rows and sorted(row["file_path"] for row in rows) == java.plan(folder)


def test_damaged_snappy_blocks_are_noticed(tool):
    with placed("duckdb/v2", "snappy") as folder:
        for path in (folder / "metadata").glob("*-m0.avro"):
            data = bytearray(path.read_bytes())
            data[-17] ^= 1  # of the checksum, which stands before the sync marker
            path.write_bytes(data)
        with pytest.raises(ToolError) as refused:
            tool.run("files", folder)
        assert refused.value.name == "EVODB_CORRUPT" or refused.value.name == "CORRUPT"
        assert "checksum" in str(refused.value)


@pytest.mark.parametrize("name", [*PLANNED, "duckdb/v3"])
def test_java_reads_what_is_appended(tool, java, tmp_path, name):
    with placed(name) as folder:
        before, deletes = java.count(folder), delete_manifests(java, folder)
        schema = tool.metadata(folder)["schemas"][-1]["fields"]
        required = {field["name"]: field["required"] for field in schema}
        columns = [("id", pa.int32()), ("day", pa.date32()), ("v", pa.float64()), ("s", pa.string())]
        arrow = pa.schema([pa.field(column, kind, nullable=not required[column]) for column, kind in columns])
        file = tmp_path / "more.parquet"
        row = {"id": 77, "day": datetime.date(2022, 3, 4), "v": 7.5, "s": "q"}
        pq.write_table(pa.Table.from_pylist([row], schema=arrow), file)
        tool.append(folder, file)
        assert java.count(folder) == before + 1
        (found,) = java.rows(folder, {"type": "eq", "term": "id", "value": 77})
        assert found["day"] == "2022-03-04" and found["s"] == "q"
        kept = delete_manifests(java, folder)
        assert kept.keys() == deletes.keys()
        assert all(row_id is None for row_id in kept.values())
        if name == "duckdb/v3":
            assert any(row_id is not None for row_id in deletes.values()), "DuckDB gives them row ids"


def delete_manifests(java, folder):
    """First row id by path, of those that hold files."""
    listed = java.process.request("manifests", table=str(folder))["manifests"]
    return {
        manifest["path"]: manifest["first_row_id"]
        for manifest in listed
        if manifest["content"] == "deletes" and manifest["added_files"] + manifest["existing_files"] > 0
    }


# ------------------------------------------------------------------------------------------------------- by hand

COLUMN = {"type": "lt-eq", "term": "c", "value": 50}


def two_files(bound=odd_tables.int_bytes):
    return [
        odd_tables.data_file("file:/d/low.parquet", bound(1), bound(10)),
        odd_tables.data_file("file:/d/high.parquet", bound(90), bound(99)),
    ]


def planned_alike(tool, java, folder, expected, filter=COLUMN):
    found = tool.plan(folder, filter)
    assert [pathlib.Path(path).stem for path in found] == expected
    assert java.plan(folder, filter) == found
    assert len(tool.run("files", folder)) == len(java.plan(folder))


def test_field_ids_from_zero_as_paimon_describes_them(tool, java, tmp_path):
    columns = [{"id": 0, "name": "c", "required": False, "type": "int"}, {"id": 1, "name": "s", "required": False, "type": "string"}]
    files = two_files()
    for file in files:
        for kind in ("value_counts", "null_value_counts", "lower_bounds", "upper_bounds"):
            file[kind][0]["key"] = 0
    changes = {"refs": ..., "last-sequence-number": 0, "last-column-id": 0, "sort-orders": [{"order-id": 0, "fields": []}]}
    folder = odd_tables.write(tmp_path / "t", files, columns, change_metadata=changes | {"last-sequence-number": 1})
    planned_alike(tool, java, folder, ["low"])
    assert [field["id"] for field in tool.run("schema", folder)[0]["fields"]] == [0, 1]


def test_bounds_of_eight_bytes(tool, java, tmp_path):
    for kind, filter in (("int", COLUMN), ("date", {"type": "lt-eq", "term": "c", "value": "1970-02-20"})):
        columns = [{"id": 1, "name": "c", "required": False, "type": kind}]
        folder = odd_tables.write(tmp_path / kind, two_files(odd_tables.long_bytes), columns)
        planned_alike(tool, java, folder, ["low"], filter)


def test_everything_but_the_path_may_be_optional(tool, java, tmp_path):
    fields = {
        i: (name, odd_tables.optional(kind) if i != 102 and not isinstance(kind, list) else kind)
        for i, (name, kind) in odd_tables.file_fields(()).items()
    }
    folder = odd_tables.write(tmp_path / "t", two_files(), schema=odd_tables.entry_schema(fields, odd_tables.optional))
    planned_alike(tool, java, folder, ["low"])


@pytest.mark.parametrize("kind, value", [("int", 7), ("double", 1.5), ("boolean", True), ({"type": "int", "logicalType": "date"}, 7)])
@pytest.mark.parametrize("transform", ["days", "zorder[3]"])
def test_unknown_transforms(tool, java, tmp_path, transform, kind, value):
    files = two_files()
    for file in files:
        file["partition"] = {"p": value}
    spec = [{"source-id": 1, "field-id": 1000, "name": "p", "transform": transform}]
    folder = odd_tables.write(tmp_path / "t", files, spec_fields=spec, partition=[(1000, "p", odd_tables.optional(kind))])
    planned_alike(tool, java, folder, ["low"])
    with pytest.raises(ToolError) as refused:
        file = tmp_path / "more.parquet"
        pq.write_table(pa.table({"c": pa.array([1], pa.int32())}), file)
        tool.append(folder, file)
    assert transform in str(refused.value)


def test_counters_too_low_are_mended_by_an_append(tool, java, tmp_path):
    changes = {"last-column-id": 0, "last-partition-id": 1, "refs": {"v1": {"snapshot-id": 1, "type": "tag"}}}
    folder = odd_tables.write(tmp_path / "t", two_files(), change_metadata=changes)
    planned_alike(tool, java, folder, ["low"])
    file = tmp_path / "more.parquet"
    pq.write_table(pa.table({"c": pa.array([1], pa.int32())}), file)
    tool.append(folder, file)
    written = json.loads((folder / "metadata" / "v2.metadata.json").read_text())
    assert (written["last-column-id"], written["last-sequence-number"]) == (1, 2)
    assert set(written["refs"]) == {"main", "v1"}
    assert len(java.plan(folder)) == 3


def test_rows_that_are_not_counted(tool, java, tmp_path):
    """As Iceberg Java left them where it imported Avro files."""
    file = odd_tables.data_file("file:/d/x.parquet", odd_tables.int_bytes(90), odd_tables.int_bytes(99), count=-1)
    folder = odd_tables.write(tmp_path / "t", [file], listed={"added_rows_count": -1, "added_files_count": 1})
    planned_alike(tool, java, folder, ["x"])
    assert tool.one("files", folder)["record_count"] == -1


def test_a_list_that_does_not_count_is_completed_by_an_append(tool, java, tmp_path):
    folder = odd_tables.write(tmp_path / "t", two_files(), listed={"added_rows_count": -1, "manifest_length": -1})
    file = tmp_path / "more.parquet"
    pq.write_table(pa.table({"c": pa.array([1], pa.int32())}), file)
    tool.append(folder, file)
    listed = java.process.request("manifests", table=str(folder))["manifests"]
    assert sorted(manifest["added_rows"] for manifest in listed) == [1, 20]
    assert all(manifest["length"] == pathlib.Path(manifest["path"].removeprefix("file:")).stat().st_size for manifest in listed)


def test_refs_of_an_unknown_type_are_read_past_and_not_lost(tool, tmp_path):
    refs = {"main": {"snapshot-id": 1, "type": "branch"}, "later": {"snapshot-id": 1, "type": "bookmark"}}
    folder = odd_tables.write(tmp_path / "t", two_files(), change_metadata={"refs": refs})
    assert len(tool.run("files", folder)) == 2
    file = tmp_path / "more.parquet"
    pq.write_table(pa.table({"c": pa.array([1], pa.int32())}), file)
    with pytest.raises(ToolError) as refused:
        tool.append(folder, file)
    assert "refs.later.type" in str(refused.value)
    assert not (folder / "metadata" / "v2.metadata.json").exists()


def test_version_1_with_manifests_in_the_metadata(tool, java, tmp_path):
    folder = odd_tables.write(tmp_path / "t", two_files())
    path = folder / "metadata" / "v1.metadata.json"
    metadata = json.loads(path.read_text())
    metadata["format-version"] = 1
    metadata["schema"] = metadata["schemas"][0]
    metadata["partition-spec"] = []
    snapshot = metadata["snapshots"][0]
    del snapshot["manifest-list"], snapshot["sequence-number"]
    snapshot["manifests"] = [f"file://{folder}/metadata/m.avro"]
    path.write_text(json.dumps(metadata))
    planned_alike(tool, java, folder, ["low"])


def test_a_relative_location_is_refused_with_a_reason(tool, tmp_path):
    folder = odd_tables.write(tmp_path / "t", two_files(), change_metadata={"location": "t"})
    with pytest.raises(ToolError) as refused:
        tool.run("files", folder)
    assert "UNSUPPORTED" in refused.value.name and "relative" in str(refused.value)


def test_files_of_unknown_nan_are_kept_for_readers_that_order_nan_highest(lakehouse, tool, java, tmp_path):
    bounds = struct.pack("<d", 1.0), struct.pack("<d", 5.0)
    columns = [{"id": 1, "name": "c", "required": False, "type": "double"}]
    folder = odd_tables.write(tmp_path / "t", [odd_tables.data_file("file:/d/x.parquet", *bounds)], columns)
    planned_alike(tool, java, folder, [], {"type": "gt", "term": "c", "value": 6.0})
    runtime = lakehouse.make("runtime", "runtime_open", None)
    storage = lakehouse.make("storage", "storage_open", runtime, *text(str(tmp_path)), None)
    table = lakehouse.take("table", "table_open", storage, *text("t"), None)
    options = lakehouse.make("options", "options_new")
    lakehouse.call("options_set_bool", options, *text("nan-is-highest"), ctypes.c_int32(1))
    for filter_text, kept in (("c > 6", 1), ("c < 0", 0), ("NOT c <= 5", 1), ("c = 6", 0)):
        predicate = lakehouse.make("predicate", "predicate_parse", *text(filter_text))
        assert len(lakehouse.cursor_rows(lakehouse.take("plan", "table_plan", table, predicate, options))) == kept, filter_text


def test_structs_lists_and_maps_can_be_tested_for_null(tool, java, tmp_path):
    city = {"id": 3, "name": "city", "required": True, "type": "string"}
    columns = [
        {"id": 1, "name": "c", "required": False, "type": "int"},
        {"id": 2, "name": "place", "required": False, "type": {"type": "struct", "fields": [city]}},
        {"id": 4, "name": "tags", "required": True, "type": {"type": "list", "element-id": 5, "element": "int", "element-required": False}},
    ]
    folder = odd_tables.write(tmp_path / "t", two_files(), columns)
    for filter, kept in (
        ({"type": "is-null", "term": "place"}, 2),
        ({"type": "not-null", "term": "place"}, 2),
        ({"type": "is-null", "term": "tags"}, 0),
        ({"type": "and", "left": COLUMN, "right": {"type": "is-null", "term": "place"}}, 1),
    ):
        assert len(tool.plan(folder, filter)) == kept, filter
        assert tool.plan(folder, filter) == java.plan(folder, filter), filter
    assert {row["residual"] for row in tool.run("files", folder, "--filter", "place IS NULL")} == {"place IS NULL"}


IDENTITY = [{"source-id": 1, "field-id": 1000, "name": "p", "transform": "identity"}]


def partitioned(tmp_path, declared, *values):
    files = [odd_tables.data_file(f"file:/d/{i}.parquet", partition=value) | {"null_value_counts": None} for i, value in enumerate(values)]
    return odd_tables.write(tmp_path / "t", files, spec_fields=IDENTITY, partition=declared)


@pytest.mark.parametrize("declared", [["null", "string"], ["null", "int", "string"], ["null", "double"]], ids=str)
def test_partition_values_of_another_type_are_not_known(tool, tmp_path, declared):
    """Java 1.12 fails whatever the filter is."""
    value = {"string": "5", "double": 5.0}.get(declared[1], 5)
    folder = partitioned(tmp_path, [(1000, "p", declared)], {"p": value}, {"p": None})
    for filter in ("TRUE", "c = 5", "c = 7", "c IS NULL"):
        rows = tool.run("files", folder, "--filter", filter)
        assert [(row["partition"], row["partition_path"], row["residual"]) for row in rows] == [({}, "", filter)] * 2, filter


def test_a_partition_value_beyond_32_bits_is_not_known(tool, tmp_path):
    folder = partitioned(tmp_path, [(1000, "p", ["null", "long"])], {"p": 5}, {"p": 1 << 40}, {"p": None})
    for filter, residuals in {
        "TRUE": {"0": "TRUE", "1": "TRUE", "2": "TRUE"},
        "c = 5": {"0": "TRUE", "1": "c = 5"},
        "c = 7": {"1": "c = 7"},
        "c IS NULL": {"1": "c IS NULL", "2": "TRUE"},
    }.items():
        rows = tool.run("files", folder, "--filter", filter)
        assert {pathlib.Path(row["file_path"]).stem: row["residual"] for row in rows} == residuals, filter


def test_partition_fields_that_a_manifest_lacks_prune_nothing(tool, java, tmp_path):
    """Java takes them for null, and misses the rows."""
    folder = partitioned(tmp_path, [], {})
    for filter in (True, {"type": "eq", "term": "c", "value": 5}, {"type": "is-null", "term": "c"}):
        assert tool.plan(folder, filter) == ["file:/d/0.parquet"]
    assert java.plan(folder) == ["file:/d/0.parquet"]
    assert java.plan(folder, {"type": "eq", "term": "c", "value": 5}) == []
