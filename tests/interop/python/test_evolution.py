"""Schemas, partition specs, sort orders and format versions that the tool changes, as the other engines see them."""

import datetime
import json
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pyiceberg_reader
from tool import ToolError

COLUMNS = pa.schema([("id", pa.int64()), ("region", pa.string()), ("day", pa.date32())])
SCHEMA = {"type": "struct", "schema-id": 0, "fields": [
    {"id": 1, "name": "id", "required": False, "type": "long"},
    {"id": 2, "name": "region", "required": False, "type": "string"},
    {"id": 3, "name": "day", "required": False, "type": "date"},
    {"id": 4, "name": "at", "required": False, "type": "timestamp"},
]}


def equal(column, value):
    return {"type": "eq", "term": column, "value": value}


@pytest.fixture
def write(tmp_path):
    """Writes a file of one row, of those columns that are given."""

    def make(id, **values):
        row = {"id": id, **values}
        schema = pa.schema([COLUMNS.field(name) for name in row])
        pq.write_table(pa.Table.from_pylist([row], schema=schema), tmp_path / f"{id}.parquet")
        return tmp_path / f"{id}.parquet"

    return make


@pytest.fixture
def by_region(tool, write, tmp_path):
    """A table by region, of one row each in January in the EU (1) and in February in the US (2)."""
    folder = tmp_path / "table"
    january = write(1, region="eu", day=datetime.date(2020, 1, 1))
    tool.one("create", folder, "--like", january, "--partition", "region")
    tool.append(folder, january, write(2, region="us", day=datetime.date(2020, 2, 1)))
    return folder


def count_all(java, duckdb, folder):
    counts = {java.count(folder), pyiceberg_reader.rows(str(folder)).num_rows, duckdb.count(folder)}
    assert len(counts) == 1
    return counts.pop()


def test_files_of_two_specs(tool, java, duckdb, write, by_region):
    tool.one("evolve", by_region, "--partition", "drop region", "--partition", "add month(day) AS m")
    tool.append(by_region, write(3, region="eu", day=datetime.date(2020, 1, 5)))
    shown = tool.one("show", by_region)
    assert [[field["name"] for field in spec["fields"]] for spec in shown["partition_specs"]] == [["region"], ["m"]]
    assert [field["field-id"] for spec in shown["partition_specs"] for field in spec["fields"]] == [1000, 1001]
    assert shown["default_spec_id"] == 1
    for filter, where, files in [
        (equal("region", "eu"), "region = 'eu'", 2),
        (equal("region", "us"), "region = 'us'", 1),
        (equal("day", "2020-01-05"), "day = '2020-01-05'", 1),
        (equal("day", "2020-02-01"), "day = '2020-02-01'", 1),
        (equal("day", "2021-01-01"), "day = '2021-01-01'", 0),
    ]:
        plan = tool.plan(by_region, filter)
        assert plan == java.plan(by_region, filter) == pyiceberg_reader.plan(str(by_region), filter), filter
        assert len(plan) >= files == duckdb.count(by_region, where)
    assert count_all(java, duckdb, by_region) == 3
    java.process.request("append", table=str(by_region), rows=[{"id": 4, "region": "asia", "day": "2020-03-01"}])
    (added,) = tool.run("files", by_region, "--filter", "id = 4")
    assert (added["spec_id"], added["partition_path"]) == (1, "m=2020-03")


def test_a_column_that_an_old_spec_is_made_from_leaves(tool, java, write, by_region):
    with pytest.raises(ToolError, match="the partition field region is made from it"):
        tool.run("evolve", by_region, "--drop", "region")
    words = [tool.path, "evolve", by_region, "--partition", "drop region", "--partition", "add month(day)", "--drop", "region"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "warning" in done.stderr and "region" in done.stderr and "DuckDB" in done.stderr
    assert tool.one("show", by_region)["version"] == 3
    tool.append(by_region, write(3, day=datetime.date(2020, 1, 5)))
    for filter in [True, equal("id", 1), equal("id", 3), equal("day", "2020-01-05")]:
        plan = tool.plan(by_region, filter)
        assert plan == java.plan(by_region, filter) == pyiceberg_reader.plan(str(by_region), filter)
    assert java.count(by_region) == pyiceberg_reader.rows(str(by_region)).num_rows == 3
    with pytest.raises(ToolError, match="the name belongs to a partition field of spec 0"):
        tool.run("evolve", by_region, "--add", "region string")


def test_changes_of_all_kinds_are_made_in_their_order(tool, java, by_region):
    row = tool.one("evolve", by_region, "--rename", "region=area", "--partition", "rename region=area", "--add", "note string",
                   "--partition", 'add bucket(4, note) AS "the shard"', "--sort-order", "area, day(day) desc nulls first",
                   "--identifier", "", "--move", "note first")
    assert row["committed"] and [field["name"] for field in row["fields"]] == ["note", "id", "area", "day"]
    metadata = tool.metadata(by_region)
    assert metadata["last-updated-ms"] and tool.one("show", by_region)["version"] == 3
    described = java.describe(by_region)
    for key in ("schemas", "current-schema-id", "partition-specs", "default-spec-id", "last-partition-id", "sort-orders",
                "default-sort-order-id"):
        assert described[key] == metadata[key], key
    spec = next(one for one in metadata["partition-specs"] if one["spec-id"] == metadata["default-spec-id"])
    assert [field["name"] for field in spec["fields"]] == ["area", "the shard"]


# In Java's words, and in the tool's.
def add(column, transform, name=None):
    by, _, parameter = transform.partition("[")
    term = column if by == "identity" else f"{by}({parameter.rstrip(']')}, {column})" if parameter else f"{by}({column})"
    java = {"action": "add_partition", "name": column, "transform": transform, "field": name}
    return java, f"add {term} AS {name}" if name else f"add {term}"


def drop(name):
    return {"action": "drop_partition", "field": name}, f"drop {name}"


SPEC_CHANGES = {
    "buckets of another number": [[drop("id_bucket"), add("id", "bucket[8]")], [drop("id_bucket_8"), add("id", "bucket[4]", "id_bucket")]],
    "added, dropped and added again": [[add("day", "month")], [drop("day_month")], [add("at", "hour"), add("day", "month")]],
    "under another name": [[drop("region")], [add("region", "identity", "area")], [drop("area"), add("region", "identity", "region")]],
    "dropped and added in one change": [[drop("region"), add("region", "identity")], [drop("region"), add("region", "identity", "area")]],
    "nothing is left": [[drop("region"), drop("id_bucket")], [add("region", "truncate[2]")]],
    "the name of a dropped one": [[drop("id_bucket"), add("id", "truncate[10]", "id_bucket")]],
    "beside a coarser time": [[add("at", "day")], [add("at", "hour")]],
}


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("name", SPEC_CHANGES)
def test_specs_are_those_that_java_makes(tool, java, tmp_path, name, version):
    spec = {"spec-id": 0, "fields": [{"source-id": 2, "field-id": 1000, "name": "region", "transform": "identity"},
                                     {"source-id": 1, "field-id": 1001, "name": "id_bucket", "transform": "bucket[4]"}]}
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        java.process.request("create", table=str(folder), schema=SCHEMA, spec=spec, format_version=version)
    for changes in SPEC_CHANGES[name]:
        java.process.request("evolve", table=str(theirs), changes=[change for change, _ in changes])
        tool.one("evolve", ours, *(word for _, change in changes for word in ("--partition", change)))
        made, expected = java.describe(ours), java.describe(theirs)
        for key in ("partition-specs", "default-spec-id", "last-partition-id"):
            assert made[key] == expected[key], key


@pytest.mark.parametrize("arguments, status, name, said", [
    (["--partition", "drop month"], 1, "NOT_FOUND", "no field of the name month"),
    (["--partition", "add region AS r"], 1, "ALREADY_EXISTS", "is the same as region"),
    (["--partition", "add day(region)"], 1, "INVALID_ARGUMENT", "does not take a column of type string"),
    (["--partition", "widen region"], 2, "INVALID_ARGUMENT", "'add TERM [AS NAME]', 'drop NAME' or 'rename OLD=NEW'"),
    (["--partition", "add"], 2, "INVALID_ARGUMENT", "'add TERM [AS NAME]'"),
    (["--partition", "rename region"], 2, "INVALID_ARGUMENT", "NAME=VALUE"),
    (["--sort-order", "nothing desc"], 1, "INVALID_ARGUMENT", "unknown column nothing"),
    (["--identifier", "id region"], 2, "INVALID_ARGUMENT", "NAME, NAME"),
    (["--identifier", "id"], 1, "INCOMPATIBLE_SCHEMA", "must be required"),
    (["--write-default", "id=7"], 1, "INCOMPATIBLE_SCHEMA", "default values need format version 3"),
    ([], 2, "INVALID_ARGUMENT", "no change is given"),
])
def test_a_change_that_cannot_be_made_leaves_the_table_as_it_is(tool, by_region, arguments, status, name, said):
    with pytest.raises(ToolError) as failure:
        tool.run("evolve", by_region, "--add", "more int", *arguments) if arguments else tool.run("evolve", by_region)
    assert (failure.value.status, failure.value.name) == (status, name)
    assert said in failure.value.error["message"]
    assert tool.one("show", by_region)["version"] == 2


def test_an_upgraded_table_gives_its_rows_ids(tool, java, duckdb, write, by_region):
    shown = tool.one("upgrade", by_region, "--to", "3")
    assert (shown["committed"], shown["format_version"], shown["version"]) == (True, 3, 3)
    again = tool.one("upgrade", by_region, "--to", "3")
    assert (again["committed"], again["version"]) == (False, 3)
    assert java.describe(by_region)["next-row-id"] == 0
    assert count_all(java, duckdb, by_region) == 2
    with pytest.raises(ToolError, match="a table's version cannot go down"):
        tool.run("upgrade", by_region, "--to", "2")
    tool.append(by_region, write(3, region="eu", day=datetime.date(2020, 1, 5)))
    described = java.describe(by_region)
    assert described["next-row-id"] == 3
    assert [(snapshot.get("first-row-id"), snapshot.get("added-rows")) for snapshot in described["snapshots"]] == [(None, None), (0, 3)]
    java.process.request("append", table=str(by_region), rows=[{"id": 4, "region": "eu", "day": "2020-03-01"}])
    tool.append(by_region, write(5, region="us", day=datetime.date(2020, 4, 5)))
    assert java.describe(by_region)["next-row-id"] == 5
    assert count_all(java, duckdb, by_region) == 5


def test_a_table_of_version_1_is_upgraded_and_appended_to(tool, java, duckdb, write, tmp_path):
    folder = tmp_path / "first"
    java.process.request("create", table=str(folder), schema=SCHEMA, format_version=1)
    java.process.request("append", table=str(folder), rows=[{"id": 1, "region": "eu", "day": "2020-01-01", "at": None}])
    with pytest.raises(ToolError) as failure:
        tool.append(folder, write(2, region="eu", day=datetime.date(2020, 1, 5)))
    assert failure.value.name == "UNSUPPORTED"
    tool.one("upgrade", folder, "--to", "2")
    tool.append(folder, write(2, region="eu", day=datetime.date(2020, 1, 5)))
    assert count_all(java, duckdb, folder) == 2
    tool.one("upgrade", folder, "--to", "3")
    tool.append(folder, write(3, region="eu", day=datetime.date(2020, 1, 5)))
    assert java.describe(folder)["next-row-id"] == 3
    assert count_all(java, duckdb, folder) == 3


@pytest.mark.parametrize("version", ["1", "4", "three", ""])
def test_a_version_that_there_is_not(tool, by_region, version):
    with pytest.raises(ToolError) as failure:
        tool.run("upgrade", by_region, "--to", version)
    assert (failure.value.status, failure.value.name) == (2, "INVALID_ARGUMENT")


def test_a_key_makes_an_upgrade_once(tool, by_region):
    key = ["--idempotency-key", "job:1"]
    assert tool.one("upgrade", by_region, "--to", "3", *key)["committed"]
    assert tool.one("upgrade", by_region, "--to", "3", *key)["committed"] is False


def test_defaults_and_identifiers_are_those_that_java_reads(tool, java, tmp_path):
    folder, schema = tmp_path / "table", tmp_path / "schema.json"
    required = [{**field, "required": field["name"] == "id"} for field in SCHEMA["fields"]]
    schema.write_text(json.dumps({**SCHEMA, "fields": required}))
    tool.one("create", folder, "--schema", schema, "--format-version", "3")
    tool.one("evolve", folder, "--identifier", "id", "--write-default", 'region="eu"', "--write-default", 'at="2020-01-01T00:00:00"')
    metadata = tool.metadata(folder)
    assert metadata["schemas"][-1]["identifier-field-ids"] == [1]
    assert metadata["schemas"][-1]["fields"][1]["write-default"] == "eu"
    assert java.describe(folder)["schemas"] == metadata["schemas"]
    with pytest.raises(ToolError, match="it is an identifier field"):
        tool.run("evolve", folder, "--drop", "id")
