"""Differences, changes and metadata tables, of histories that PyIceberg and Iceberg Java wrote: held against full listings
and against PyIceberg's own metadata tables."""

import ctypes
import datetime
import json
import random
import struct

import pyarrow as pa
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.expressions import EqualTo, LessThan
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import StaticTable
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import LongType, NestedField, StringType

from lakehouse import text
from sample_tables import flight_files

FILE_COLUMNS = ["change", "content", "file_path", "record_count", "file_size_in_bytes", "spec_id", "partition", "partition_path"]
CHANGE_COLUMNS = [*FILE_COLUMNS, "snapshot_id", "sequence_number", "operation"]
MANIFEST_COLUMNS = [
    "content", "path", "length", "partition_spec_id", "added_snapshot_id",
    *(f"{status}_{content}_files_count" for content in ("data", "delete") for status in ("added", "existing", "deleted")),
    "partition_summaries",
]
PARTITION_COLUMNS = [
    "partition", "spec_id", "record_count", "file_count", "total_data_file_size_in_bytes",
    *(f"{content}_delete_{counted}_count" for content in ("position", "equality") for counted in ("record", "file")),
    "last_updated_at", "last_updated_snapshot_id",
]
SCHEMA = Schema(NestedField(1, "id", LongType(), required=False), NestedField(2, "region", StringType(), required=False))
SPEC = PartitionSpec(PartitionField(2, 1000, IdentityTransform(), "region"))


def written_by_pyiceberg(folder, seed):
    """A table with appends, deletes of whole partitions, deletes that rewrite files, and overwrites."""
    folder.mkdir()
    catalog = SqlCatalog("c", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}")
    catalog.create_namespace("n")
    properties = {"commit.manifest-merge.enabled": "true", "commit.manifest.min-count-to-merge": "3"} if seed % 2 else {}
    table = catalog.create_table("n.t", SCHEMA, partition_spec=SPEC, properties=properties)
    choose = random.Random(seed)
    some_rows = lambda: pa.Table.from_pylist(
        [{"id": choose.randrange(100), "region": choose.choice(["eu", "us", "a/b", None])} for _ in range(choose.randrange(1, 9))],
        schema=pa.schema([("id", pa.int64()), ("region", pa.string())]),
    )
    table.append(some_rows())
    for _ in range(9):
        match choose.randrange(5):
            case 0 | 1:
                table.append(some_rows())
            case 2:
                table.delete(EqualTo("region", choose.choice(["eu", "us"])))
            case 3:
                table.delete(LessThan("id", choose.randrange(40)))
            case 4:
                table.overwrite(some_rows(), LessThan("id", choose.randrange(60)))
    return catalog.load_table("n.t")


def live_paths(table, snapshot_id):
    return {task.file.file_path for task in table.scan(snapshot_id=snapshot_id).plan_files()}


def paths(rows, change):
    listed = [row["file_path"] for row in rows if row["change"] == change]
    assert len(listed) == len(set(listed))
    return set(listed)


def lineage(table):
    """The current snapshot and its ancestors, the oldest first."""
    by_id = {snapshot.snapshot_id: snapshot for snapshot in table.snapshots()}
    found = [table.current_snapshot()]
    while found[0].parent_snapshot_id is not None:
        found.insert(0, by_id[found[0].parent_snapshot_id])
    return found


@pytest.fixture(scope="module", params=[1, 2, 3])
def written(request, tmp_path_factory):
    return written_by_pyiceberg(tmp_path_factory.mktemp("written") / "lake", request.param)


def test_differences_are_those_of_full_listings(tool, written):
    live = {snapshot.snapshot_id: live_paths(written, snapshot.snapshot_id) for snapshot in written.snapshots()}
    assert len(live) > 5
    choose = random.Random(4)
    for _ in range(12):
        before, after = choose.choice(list(live)), choose.choice(list(live))
        rows = tool.run("diff", written.metadata_location, before, after)
        assert paths(rows, "added") == live[after] - live[before]
        assert paths(rows, "removed") == live[before] - live[after]
        assert all(list(row) == FILE_COLUMNS for row in rows)


def test_changes_lead_from_one_listing_to_the_next(tool, written):
    snapshots = lineage(written)
    rows = tool.run("changes", written.metadata_location, "--with-replace")
    assert all(list(row) == CHANGE_COLUMNS for row in rows)
    before = set()
    for snapshot in snapshots:
        own = [row for row in rows if row["snapshot_id"] == snapshot.snapshot_id]
        assert all(row["operation"] == snapshot.summary.operation.value for row in own)
        assert all(row["sequence_number"] == snapshot.sequence_number for row in own)
        after = live_paths(written, snapshot.snapshot_id)
        assert paths(own, "added") == after - before
        assert paths(own, "removed") == before - after
        before = after
    assert [row["sequence_number"] for row in rows] == sorted(row["sequence_number"] for row in rows)
    middle = snapshots[len(snapshots) // 2]
    later = [row for row in rows if row["sequence_number"] > middle.sequence_number]
    key = lambda row: (row["sequence_number"], row["change"], row["file_path"])
    assert sorted(tool.run("changes", written.metadata_location, "--from", middle.snapshot_id, "--with-replace"), key=key) == sorted(later, key=key)
    appended = tool.run("changes", written.metadata_location, "--appends-only")
    assert sorted(appended, key=key) == sorted((row for row in rows if row["operation"] == "append"), key=key)


def test_changes_from_elsewhere_are_refused(tool, written):
    first, *_, last = lineage(written)
    with pytest.raises(Exception) as refused:
        tool.run("changes", written.metadata_location, "--from", last.snapshot_id, "--to", first.snapshot_id)
    assert (refused.value.status, refused.value.name) == (1, "INVALID_ARGUMENT")
    with pytest.raises(Exception) as refused:
        tool.run("changes", written.metadata_location, "--from", (1 << 53) - 1)
    assert (refused.value.status, refused.value.name) == (1, "NOT_FOUND")
    with pytest.raises(Exception) as refused:
        tool.run("changes", written.metadata_location, "--from", "yesterday")
    assert (refused.value.status, refused.value.name) == (2, "INVALID_ARGUMENT")


# ------------------------------------------------------------------------------------------------ metadata tables


def without_nulls(partition):
    return {name: value for name, value in partition.items() if value is not None}


def milliseconds(time):
    return round(time.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000) if time else None


def partition_rows(table, snapshot_id):
    rows = table.inspect.partitions(snapshot_id=snapshot_id).to_pylist()
    for row in rows:
        row["partition"] = json.dumps(without_nulls(row.get("partition", {})), default=str)
        row.setdefault("spec_id", 0)
        row["last_updated_at"] = milliseconds(row["last_updated_at"])
    return sorted(rows, key=lambda row: row["partition"])


def our_partition_rows(tool, location, snapshot_id):
    rows = tool.run("partitions", location, "--snapshot", snapshot_id)
    for row in rows:
        assert list(row) == PARTITION_COLUMNS
        row["partition"] = json.dumps(without_nulls(row["partition"]))
    return sorted(rows, key=lambda row: row["partition"])


def test_partitions_are_those_of_pyiceberg(tool, written):
    for snapshot in written.snapshots():
        assert our_partition_rows(tool, written.metadata_location, snapshot.snapshot_id) == partition_rows(written, snapshot.snapshot_id)


def test_manifests_are_those_of_pyiceberg(tool, written):
    rows = tool.run("manifests", written.metadata_location)
    assert all(list(row) == MANIFEST_COLUMNS for row in rows)
    assert rows == written.inspect.manifests().to_pylist()


def opened(lakehouse, location):
    runtime = lakehouse.make("runtime", "runtime_open", None)
    storage = lakehouse.make("storage", "storage_open", runtime, *text("file:///"), None)
    return lakehouse.take("table", "table_open", storage, *text(location), None)


def metadata_rows(lakehouse, table, name, snapshot_id=None):
    options = lakehouse.make("options", "options_new")
    if snapshot_id is not None:
        lakehouse.call("options_set_int64", options, *text("snapshot-id"), ctypes.c_int64(snapshot_id))
    return lakehouse.listed_rows(lakehouse.rows("table_metadata", table, *text(name), options))


def comparable_files(rows):
    """PyIceberg's rows as ours have them."""
    decode = {1: lambda octets: struct.unpack("<q", octets)[0], 2: lambda octets: octets.decode()}
    for row in rows:
        row.pop("readable_metrics")
        row["file_format"] = row["file_format"].lower()
        row["partition"] = json.dumps(without_nulls(row["partition"]))
        for name in ("column_sizes", "value_counts", "null_value_counts", "nan_value_counts"):
            row[name] = dict(row[name] or []) or None
        for name in ("lower_bounds", "upper_bounds"):
            row[name] = {field: decode[field](bound) for field, bound in row[name] or []} or None
        row["equality_ids"] = row["equality_ids"] or None
    return sorted(rows, key=lambda row: row["file_path"])


def comparable_own_files(rows, columns):
    for row in rows:
        row["partition"] = json.dumps(without_nulls(json.loads(row["partition"])))
        for name in ("column_sizes", "value_counts", "null_value_counts", "nan_value_counts", "lower_bounds", "upper_bounds"):
            row[name] = row[name] and {int(field): value for field, value in json.loads(row[name]).items()}
        for name in ("split_offsets", "equality_ids"):
            row[name] = row[name] and json.loads(row[name])
    return sorted(({name: row[name] for name in columns} for row in rows), key=lambda row: row["file_path"])


def test_files_snapshots_history_and_refs_are_those_of_pyiceberg(lakehouse, written):
    table = opened(lakehouse, written.metadata_location)
    for snapshot in written.snapshots()[::3]:
        expected = comparable_files(written.inspect.files(snapshot_id=snapshot.snapshot_id).to_pylist())
        ours = metadata_rows(lakehouse, table, "files", snapshot.snapshot_id)
        assert expected or not ours
        assert comparable_own_files(ours, list(expected[0]) if expected else []) == expected
    naive = lambda time: time.replace(tzinfo=None)
    ours = metadata_rows(lakehouse, table, "snapshots")
    for row in ours:
        row["committed_at"] = naive(row["committed_at"])
        row["summary"] = sorted((key, value) for key, value in json.loads(row["summary"]).items() if key != "operation")
    expected = written.inspect.snapshots().to_pylist()
    for row in expected:
        row["summary"] = sorted(row["summary"])
    assert ours == expected
    ours = metadata_rows(lakehouse, table, "history")
    for row in ours:
        row["made_current_at"] = naive(row["made_current_at"])
    assert ours == written.inspect.history().to_pylist()
    assert metadata_rows(lakehouse, table, "refs") == written.inspect.refs().to_pylist()


@pytest.mark.parametrize("version", [2, 3])
def test_delete_files_of_iceberg_java(tool, java, lakehouse, tmp_path, version):
    folder, files = tmp_path / "t", flight_files()[:3]
    tool.one("create", folder, "--like", files[0], "--format-version", version)
    for file in files:
        tool.append(folder, file)
    path = tool.run("files", folder)[0]["file_path"]
    before = tool.one("show", folder)["current_snapshot_id"]
    java.process.request("delete_rows", table=str(folder), positions={path: [1, 2, 5]})
    java.process.request("delete_rows", table=str(folder), columns=["carrier"], rows=[{"carrier": "AA"}])
    content = "deletion_vector" if version == 3 else "position_deletes"
    rows = tool.run("diff", folder, before, "main")
    assert sorted((row["change"], row["content"]) for row in rows) == sorted([("added", content), ("added", "equality_deletes")])
    changes = tool.run("changes", folder, "--from", before)
    assert [row["content"] for row in changes] == [content, "equality_deletes"]
    assert [{name: row[name] for name in FILE_COLUMNS} for row in changes] == sorted(rows, key=lambda row: row["content"] != content)
    now = tool.one("show", folder)["current_snapshot_id"]
    theirs = StaticTable.from_metadata(tool.one("show", folder)["metadata_location"])
    assert our_partition_rows(tool, folder, now) == partition_rows(theirs, now)
    assert tool.run("manifests", folder) == theirs.inspect.manifests().to_pylist()
    deletes = [row for row in metadata_rows(lakehouse, opened(lakehouse, str(folder)), "files") if row["content"] != 0]
    assert sorted(row["content"] for row in deletes) == [1, 2]
    (by_position,) = (row for row in deletes if row["content"] == 1)
    (by_equality,) = (row for row in deletes if row["content"] == 2)
    assert by_position["record_count"] == 3
    assert json.loads(by_equality["equality_ids"])
    if version == 3:
        assert by_position["referenced_data_file"] == path and by_position["content_offset"] > 0
