"""Tables made by the tool, seen by PyIceberg, Iceberg Java, DuckDB and ClickHouse, which all must see the same."""

import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import avro_reader
import filter_cases
import filters
import pyiceberg_reader
from table_facts import facts, schema_facts
from json_lines_process import RemoteError

SUMS = "count(*) AS n, sum(distance) AS miles, sum(dep_delay) AS minutes_late, count(tailnum) AS tails"

# ClickHouse 26.9 prunes the partitions of years before 1970 away where a day is compared with `=` or IN.
CLICKHOUSE_MISSES_ROWS = {("year(day)", "day in")}


def sums_of(table):
    return {
        "n": table.num_rows,
        "miles": pc.sum(table["distance"]).as_py() or 0,
        "minutes_late": pc.sum(table["dep_delay"]).as_py() or 0,
        "tails": pc.count(table["tailnum"]).as_py(),
    }


def sums_seen(reader, folder, where, snapshot_id=None):
    (row,) = reader.query(folder, SUMS, where, snapshot_id).to_pylist()
    # A sum over no rows is NULL in DuckDB and 0 in ClickHouse; DuckDB's sums are decimals.
    return {name: int(value or 0) for name, value in row.items()}


def current_schema(folder):
    metadata = pyiceberg_reader.describe(folder)
    (schema,) = [schema for schema in metadata["schemas"] if schema["schema-id"] == metadata["current-schema-id"]]
    return schema


def comparable(table):
    """Rows as sorted tuples in which NaN equals NaN, and times are UTC: ClickHouse has none without a zone."""

    def cell(value):
        if isinstance(value, float) and value != value:
            return "NaN"
        if isinstance(value, datetime.datetime):
            return value.replace(tzinfo=datetime.timezone.utc)
        return value

    columns = sorted(table.column_names)
    return sorted((tuple(cell(row[column]) for column in columns) for row in table.to_pylist()), key=repr)


def columns_of(arrow_schema):
    """Names and types, without the differences that Arrow allows for one and the same Iceberg type."""

    def plain(type):
        if pa.types.is_large_string(type) or pa.types.is_string_view(type):
            return pa.string()
        if pa.types.is_timestamp(type) and type.tz is not None:
            return pa.timestamp(type.unit, "UTC")
        return type

    return [(field.name, plain(field.type)) for field in arrow_schema]


# ---------------------------------------------------------------------------------------------------------- metadata


def test_pyiceberg_and_java_understand_the_metadata_as_it_is_written(tool, java, any_table):
    written = facts(tool.metadata(any_table.folder))
    pyiceberg = facts(pyiceberg_reader.describe(any_table.folder))
    for name in written:
        assert pyiceberg[name] == written[name], name
    read_by_java = facts(java.describe(any_table.folder))
    for name in written:
        assert read_by_java[name] == written[name], name


def test_the_tool_shows_what_the_metadata_says(tool, any_table):
    metadata = tool.metadata(any_table.folder)
    shown = tool.one("show", any_table.folder)
    for key in (
        "format-version",
        "table-uuid",
        "location",
        "current-snapshot-id",
        "current-schema-id",
        "default-spec-id",
        "default-sort-order-id",
        "last-sequence-number",
        "last-updated-ms",
        "properties",
        "refs",
        "partition-specs",
        "sort-orders",
    ):
        assert shown[key.replace("-", "_")] == metadata[key], key
    assert schema_facts(tool.one("schema", any_table.folder)) == schema_facts(current_schema(any_table.folder))


def test_history_is_the_same_for_all(tool, duckdb, any_table):
    ids = list(any_table.snapshots)
    history = tool.run("history", any_table.folder)
    snapshots = pyiceberg_reader.describe(any_table.folder)["snapshots"]
    assert [row["snapshot_id"] for row in history] == ids
    assert [snapshot["snapshot-id"] for snapshot in snapshots] == ids
    assert duckdb.snapshot_ids(any_table.folder) == ids
    for row, snapshot in zip(history, snapshots, strict=True):
        assert row["parent_snapshot_id"] == snapshot.get("parent-snapshot-id")
        assert row["sequence_number"] == snapshot["sequence-number"]
        assert row["timestamp_ms"] == snapshot["timestamp-ms"]
        assert row["operation"] == snapshot["summary"]["operation"]
        assert row["manifest_list"] == snapshot["manifest-list"]
        assert row["schema_id"] == snapshot["schema-id"]


def test_snapshot_log_refs_and_sequence_number(tool, flights):
    metadata = tool.metadata(flights.folder)
    assert metadata["last-sequence-number"] == 3
    assert metadata["refs"]["main"]["snapshot-id"] == flights.current_snapshot_id
    assert [entry["snapshot-id"] for entry in metadata["snapshot-log"]] == list(flights.snapshots)


def test_rollback_leaves_its_trace(tool, rolled_back_flights):
    first, second, third = rolled_back_flights.snapshots
    metadata = tool.metadata(rolled_back_flights.folder)
    assert metadata["refs"]["main"]["snapshot-id"] == third
    assert [entry["snapshot-id"] for entry in metadata["snapshot-log"]] == [first, second, first, third]
    history = tool.run("history", rolled_back_flights.folder)
    assert [row["is_current_ancestor"] for row in history] == [True, False, True]
    assert [row["parent_snapshot_id"] for row in history] == [None, first, first]


def test_one_version_may_bring_three_snapshots(tool, flights_in_one_version):
    metadata = tool.metadata(flights_in_one_version.folder)
    assert tool.one("show", flights_in_one_version.folder)["version"] == 1
    assert [snapshot["sequence-number"] for snapshot in metadata["snapshots"]] == [1, 2, 3]
    assert [entry["snapshot-id"] for entry in metadata["snapshot-log"]] == [flights_in_one_version.current_snapshot_id]  # as Java logs it
    assert metadata.get("metadata-log", []) == []


# ------------------------------------------------------------------------------------------------------------- schema


def test_schema_is_the_same_for_all(duckdb, clickhouse, any_table):
    expected = columns_of(any_table.rows.schema)
    seen = columns_of(pyiceberg_reader.rows(any_table.folder, False).schema)
    assert seen[: len(expected)] == expected
    # Only an evolved table has more columns than its files.
    assert seen[len(expected) :] in ([], [("note", pa.string())])
    assert columns_of(duckdb.query(any_table.folder, where="FALSE").schema) == seen
    # Of ClickHouse the names alone: its types without a zone or of other widths are its own.
    assert clickhouse.query(any_table.folder, where="1 = 0").column_names == [name for name, _ in seen]


def test_added_column_is_null_everywhere(duckdb, clickhouse, flights):
    rows = flights.rows.num_rows
    assert duckdb.count(flights.folder, "note IS NULL") == rows
    assert clickhouse.count(flights.folder, "note IS NULL") == rows
    assert pyiceberg_reader.rows(flights.folder)["note"].null_count == rows


# -------------------------------------------------------------------------------------------------------- time travel


def test_each_snapshot_has_its_rows(java, duckdb, clickhouse, any_table):
    for snapshot_id, rows in any_table.snapshots.items():
        assert pyiceberg_reader.rows(any_table.folder, True, snapshot_id).num_rows == rows.num_rows
        assert java.count(any_table.folder, True, snapshot_id) == rows.num_rows
        assert duckdb.count(any_table.folder, snapshot_id=snapshot_id) == rows.num_rows
        assert clickhouse.count(any_table.folder, snapshot_id=snapshot_id) == rows.num_rows


def test_without_a_snapshot_the_current_one_is_read(java, duckdb, clickhouse, any_flights):
    expected = sums_of(any_flights.rows)
    assert sums_seen(duckdb, any_flights.folder, "TRUE") == expected
    assert sums_seen(clickhouse, any_flights.folder, "TRUE") == expected
    assert sums_of(pyiceberg_reader.rows(any_flights.folder)) == expected
    assert java.count(any_flights.folder) == expected["n"]


def test_summaries_and_manifests_add_up(tool, any_table):
    for row in tool.run("history", any_table.folder):
        rows = any_table.snapshots[row["snapshot_id"]].num_rows
        assert int(row["summary"]["total-records"]) == rows
        records = 0
        for manifest in avro_reader.read(row["manifest_list"])["records"]:
            entries = avro_reader.read(manifest["manifest_path"])["records"]
            records += sum(entry["data_file"]["record_count"] for entry in entries if entry["status"] != 2)
        assert records == rows


# --------------------------------------------------------------------------------------------------------------- plans


def assert_plans_agree(tool, java, sample, filter, snapshot_id=None):
    planned = tool.plan(sample.folder, filter, snapshot_id)
    try:
        javas = java.plan(sample.folder, filter, snapshot_id)
    except RemoteError as broken:
        # Java cannot ask a null of a truncate partition whether it starts with a text.
        assert filter in filter_cases.WE_READ_LESS_FOR and "startsWith" in str(broken)
        javas = planned
    pyiceberg = pyiceberg_reader.plan(sample.folder, filter, snapshot_id)
    if filter in filter_cases.WE_READ_MORE_FOR:
        assert set(planned) >= set(javas) | set(pyiceberg)
        return planned
    if filter in filter_cases.WE_READ_LESS_FOR:
        assert set(planned) <= set(javas)
    else:
        assert planned == javas
    if filter_cases.kinds(filter) & filter_cases.PYICEBERG_READS_MORE_FOR:
        assert set(planned) <= set(pyiceberg)
    elif filter in filter_cases.PYICEBERG_READS_LESS_FOR:
        assert set(planned) >= set(pyiceberg)
    else:
        assert planned == pyiceberg
    return planned


def assert_no_match_is_missed(tool, sample, filter, planned):
    """Whatever any planner says: a file with a row that the filter wants must be read."""
    expression = filters.to_arrow(filter, current_schema(sample.folder))
    for path in tool.plan(sample.folder):
        matching = pq.read_table(avro_reader.local_path(path), partitioning=None).filter(expression).num_rows
        assert matching == 0 or path in planned, path


@pytest.mark.parametrize("name", filter_cases.FLIGHTS)
def test_plans_of_flights(tool, java, flights, name):
    filter = filter_cases.FLIGHTS[name]
    planned = assert_plans_agree(tool, java, flights, filter)
    assert_no_match_is_missed(tool, flights, filter, planned)


@pytest.mark.parametrize("name", filter_cases.MIXED)
def test_plans_of_mixed(tool, java, mixed, name):
    filter = filter_cases.MIXED[name]
    planned = assert_plans_agree(tool, java, mixed, filter)
    assert_no_match_is_missed(tool, mixed, filter, planned)


def test_plans_of_each_snapshot(tool, java, any_flights):
    for snapshot_id in any_flights.snapshots:
        planned = assert_plans_agree(tool, java, any_flights, filter_cases.FLIGHTS["cancelled in February"], snapshot_id)
        assert len(planned) <= 2


def test_a_month_is_one_file(tool, flights):
    assert len(tool.plan(flights.folder, filter_cases.FLIGHTS["July"])) == 1
    assert len(tool.plan(flights.folder)) == 13


# ---------------------------------------------------------------------------------------------------------------- rows


@pytest.mark.parametrize("name", filter_cases.FLIGHTS)
def test_rows_of_flights(duckdb, clickhouse, flights, name):
    filter = filter_cases.FLIGHTS[name]
    schema = current_schema(flights.folder)
    expected = sums_of(flights.rows.filter(filters.to_arrow(filter, schema)))
    assert sums_seen(duckdb, flights.folder, filters.to_duckdb(filter, schema)) == expected
    assert sums_seen(clickhouse, flights.folder, filters.to_clickhouse(filter, schema)) == expected


def test_all_values_of_mixed(java, duckdb, clickhouse, mixed):
    expected = comparable(mixed.rows)
    assert comparable(pyiceberg_reader.rows(mixed.folder)) == expected
    assert comparable(duckdb.rows(mixed.folder)) == expected
    assert comparable(clickhouse.rows(mixed.folder)) == expected
    assert sorted(row["row"] for row in java.rows(mixed.folder)) == sorted(mixed.rows["row"].to_pylist())


@pytest.mark.parametrize("name", filter_cases.MIXED)
def test_rows_of_mixed(duckdb, clickhouse, mixed, name):
    filter = filter_cases.MIXED[name]
    schema = current_schema(mixed.folder)
    expected = sorted(mixed.rows.filter(filters.to_arrow(filter, schema))["row"].to_pylist())
    rows = duckdb.query(mixed.folder, '"row"', filters.to_duckdb(filter, schema))
    assert sorted(rows["row"].to_pylist()) == expected
    prune = (mixed.name, name) not in CLICKHOUSE_MISSES_ROWS
    rows = clickhouse.query(mixed.folder, '"row"', filters.to_clickhouse(filter, schema), prune=prune)
    assert sorted(rows["row"].to_pylist()) == expected
