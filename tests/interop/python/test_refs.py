"""Branches, tags, and snapshots that are published later: made by the tool and through ctypes, and read by other engines."""

import ctypes
import subprocess

import pyarrow.parquet as pq
import pytest
from pyiceberg.table import StaticTable

import pyiceberg_reader
import sample_tables
from lakehouse import text
from tool import ToolError

MONTHS = sample_tables.flight_files()


def row_count(*files):
    return sum(pq.read_metadata(file).num_rows for file in files)


@pytest.fixture
def table(tool, tmp_path):
    """January, February and March, one after the other."""
    return sample_tables.months_of_flights(tool, tmp_path / "table", 3)


@pytest.fixture
def ids(tool, table):
    return [row["snapshot_id"] for row in tool.run("history", table)]


def fails(tool, *words):
    with pytest.raises(ToolError) as failure:
        tool.run(*words)
    return failure.value.status, failure.value.name


def current(tool, table):
    return tool.one("show", table)["current_snapshot_id"]


def refs(tool, table):
    return {row["name"]: row["snapshot_id"] for row in tool.run("refs", table)}


def test_other_engines_read_the_refs(tool, java, table, ids):
    first, second, third = ids
    kept = ["--min-snapshots-to-keep", 2, "--max-snapshot-age-ms", 3000, "--max-ref-age-ms", 4000]
    assert all(row["committed"] for row in tool.run("branch", table, "audit", "--at", second, *kept))
    made = tool.run("tag", table, "january", "--at", first, "--max-ref-age-ms", 5000)
    expected = [
        {"name": "audit", "type": "BRANCH", "snapshot_id": second, "max_reference_age_in_ms": 4000, "min_snapshots_to_keep": 2, "max_snapshot_age_in_ms": 3000},
        {"name": "january", "type": "TAG", "snapshot_id": first, "max_reference_age_in_ms": 5000, "min_snapshots_to_keep": None, "max_snapshot_age_in_ms": None},
        {"name": "main", "type": "BRANCH", "snapshot_id": third, "max_reference_age_in_ms": None, "min_snapshots_to_keep": None, "max_snapshot_age_in_ms": None},
    ]
    assert made == [{"committed": True, **row} for row in expected]
    assert tool.run("refs", table) == expected
    assert [list(row) for row in tool.run("refs", table, "--snapshot", first)] == [list(row) for row in expected]
    specified = {
        "audit": {"snapshot-id": second, "type": "branch", "min-snapshots-to-keep": 2, "max-snapshot-age-ms": 3000, "max-ref-age-ms": 4000},
        "january": {"snapshot-id": first, "type": "tag", "max-ref-age-ms": 5000},
        "main": {"snapshot-id": third, "type": "branch"},
    }
    assert java.describe(table)["refs"] == specified
    read = StaticTable.from_metadata(str(table)).metadata.refs
    assert {name: (ref.snapshot_id, ref.snapshot_ref_type.value, ref.min_snapshots_to_keep, ref.max_snapshot_age_ms, ref.max_ref_age_ms) for name, ref in read.items()} == {
        "audit": (second, "branch", 2, 3000, 4000), "january": (first, "tag", None, None, 5000), "main": (third, "branch", None, None, None),
    }


def test_a_ref_moves_is_replaced_and_dropped(tool, table, ids):
    first, second, third = ids
    tool.run("branch", table, "b")
    assert refs(tool, table)["b"] == third  # the current snapshot
    assert fails(tool, "branch", table, "b", "--at", first) == (1, "ALREADY_EXISTS")
    tool.run("branch", table, "b", "--at", first, "--replace")
    tool.run("tag", table, "t", "--at", "b")
    tool.run("branch", table, "b", "--replace", "--max-ref-age-ms", 9)  # only that, and not its place
    assert refs(tool, table) == {"b": first, "main": third, "t": first}
    time = tool.run("history", table)[1]["timestamp_ms"]
    tool.run("tag", table, "t", "--at", time, "--replace")
    assert refs(tool, table)["t"] == second
    assert fails(tool, "tag", table, "b", "--drop") == (1, "INVALID_ARGUMENT")
    assert fails(tool, "branch", table, "t", "--drop") == (1, "INVALID_ARGUMENT")
    assert fails(tool, "branch", table, "main", "--drop") == (1, "INVALID_ARGUMENT")
    assert [row["name"] for row in tool.run("branch", table, "b", "--drop")] == ["main", "t"]
    assert fails(tool, "branch", table, "b", "--drop") == (1, "NOT_FOUND")
    tool.run("tag", table, "t", "--drop")
    assert refs(tool, table) == {"main": third}
    assert [row["snapshot_id"] for row in tool.run("history", table)] == ids


def test_what_is_committed_to_a_branch_is_published_by_a_fast_forward(tool, java, table, ids):
    row = tool.one("append", table, MONTHS[3], "--branch", "audit")
    assert (row["committed"], row["parent_snapshot_id"], row["is_current_ancestor"]) == (True, ids[2], False)
    assert len(tool.run("files", table)) == 3 and len(tool.run("files", table, "--ref", "audit")) == 4
    duplicate = ["append", table, MONTHS[3], "--check-duplicates"]
    assert fails(tool, *duplicate, "--branch", "audit") == (1, "ALREADY_EXISTS")
    assert java.count(table) == row_count(*MONTHS[:3])
    assert java.count(table, snapshot_id=row["snapshot_id"]) == row_count(*MONTHS[:4])
    tool.run("branch", table, "main", "--fast-forward", "audit")
    assert java.count(table) == row_count(*MONTHS[:4])
    assert current(tool, table) == row["snapshot_id"]
    tool.append(table, MONTHS[4], "--branch", "audit")
    tool.append(table, MONTHS[5])
    assert fails(tool, "branch", table, "main", "--fast-forward", "audit") == (1, "CONFLICT")


def test_a_staged_snapshot_is_looked_at_and_published(tool, java, table, ids):
    row = tool.one("append", table, MONTHS[3], "--staged", "--property", "wap.id=april")
    staged = row["snapshot_id"]
    assert (row["committed"], row["parent_snapshot_id"], row["is_current_ancestor"]) == (True, ids[2], False)
    assert current(tool, table) == ids[2]
    assert len(tool.run("files", table, "--snapshot", staged)) == 4
    assert java.count(table, snapshot_id=staged) == row_count(*MONTHS[:4])
    tool.append(table, MONTHS[4])
    elsewhere = tool.one("cherry-pick", table, staged, "--branch", "second")
    assert elsewhere["is_current_ancestor"] is False
    assert len(tool.run("files", table, "--ref", "second")) == 5 and len(tool.run("files", table)) == 4
    row = tool.one("cherry-pick", table, staged, "--property", "who=auditor", "--idempotency-key", "publish:1")
    assert row["committed"] and row["snapshot_id"] != staged and row["operation"] == "append"
    summary = row["summary"]
    assert (summary["source-snapshot-id"], summary["published-wap-id"], summary["who"]) == (str(staged), "april", "auditor")
    assert summary["added-records"] == str(row_count(MONTHS[3]))
    assert java.count(table) == row_count(*MONTHS[:5])
    assert pyiceberg_reader.plan(table) == sorted(file["file_path"] for file in tool.run("files", table)) == java.plan(table)
    again = tool.one("cherry-pick", table, staged, "--idempotency-key", "publish:1")
    assert (again["committed"], again["snapshot_id"]) == (False, row["snapshot_id"])
    assert fails(tool, "cherry-pick", table, staged) == (1, "ALREADY_EXISTS")
    assert fails(tool, "cherry-pick", table, 5) == (1, "NOT_FOUND")
    assert tool.run("verify", table) == []


def test_a_branch_at_the_parent_moves_to_the_staged_snapshot(tool, table, ids):
    staged = tool.append(table, MONTHS[3], "--staged")
    row = tool.one("cherry-pick", table, staged)
    assert (row["committed"], row["snapshot_id"], row["is_current_ancestor"]) == (True, staged, True)
    assert len(tool.run("history", table)) == 4


def test_the_first_snapshot_may_be_staged(tool, tmp_path):
    table = sample_tables.months_of_flights(tool, tmp_path / "table", 0)
    staged = tool.append(table, MONTHS[0], "--staged")
    assert current(tool, table) is None and tool.run("files", table) == [] and tool.run("refs", table) == []
    assert fails(tool, "branch", table, "b") == (1, "NOT_FOUND")
    assert tool.one("cherry-pick", table, staged)["snapshot_id"] == staged
    assert refs(tool, table) == {"main": staged}


def test_a_key_is_the_tables(tool, table, ids):
    key = ["--idempotency-key", "loader:1"]
    staged = tool.one("append", table, MONTHS[3], "--staged", *key)
    row = tool.one("append", table, MONTHS[3], *key)  # to another branch
    assert (row["committed"], row["snapshot_id"]) == (False, staged["snapshot_id"])
    assert [row["committed"] for row in tool.run("tag", table, "t", *key)] == [False]
    assert "t" not in refs(tool, table)


def test_a_roll_back_to_a_time_stays_on_the_line(tool, table, ids):
    times = [row["timestamp_ms"] for row in tool.run("history", table)]
    assert tool.one("rollback", table, "--to", times[0])["snapshot_id"] == ids[0]
    fourth = tool.append(table, MONTHS[3])
    # March was current then; it is no ancestor of what there is now.
    assert tool.one("rollback", table, "--to", times[2])["snapshot_id"] == ids[0]
    assert tool.one("rollback", table, "--to", fourth)["snapshot_id"] == fourth


@pytest.mark.parametrize("words", [
    ["branch", "b", "--drop", "--replace"],
    ["branch", "b", "--drop", "--fast-forward", "main"],
    ["branch", "b", "--fast-forward", "main", "--at", "main"],
    ["branch", "b", "--replace"],
    ["branch", "b", "--max-ref-age-ms", "0"],
    ["branch", "b", "--max-snapshot-age-ms", "-1"],
    ["branch", "b", "--min-snapshots-to-keep", "2147483648"],
    ["branch", "b", "--max-ref-age-ms", "9223372036854775808"],
    ["branch", ""],
    ["branch", "b", "--at", ""],
    ["tag", "t", "--min-snapshots-to-keep", "1"],
    ["tag", "t", "--fast-forward", "main"],
    ["append", str(MONTHS[3]), "--branch", ""],
    ["cherry-pick", "x"],
    ["cherry-pick", "5", "--branch", ""],
    ["cherry-pick", "5", "--property", "who"],
    ["refs", "--snapshot", "1", "--ref", "main"],
], ids=" ".join)
def test_wrong_usage_is_known_before_any_request(tool, tmp_path, words):
    """The table need not be there."""
    assert fails(tool, words[0], tmp_path / "nothing", *words[1:]) == (2, "INVALID_ARGUMENT")


@pytest.mark.parametrize("words, name", [
    (["branch", "main", "--max-ref-age-ms", "1", "--replace"], "INVALID_ARGUMENT"),
    (["tag", "main", "--replace", "--at", "main"], "INVALID_ARGUMENT"),
    (["tag", "t", "--at", "nothing"], "NOT_FOUND"),
    (["tag", "t", "--at", "5"], "NOT_FOUND"),
    (["tag", "t", "--at", "9000-01-01"], "NOT_FOUND"),
    (["branch", "b", "--fast-forward", "nothing"], "NOT_FOUND"),
    (["refs", "--snapshot", "5"], "NOT_FOUND"),
], ids=lambda one: " ".join(one) if isinstance(one, list) else one)
def test_what_does_not_fit_the_table_is_refused(tool, table, words, name):
    assert fails(tool, words[0], table, *words[1:]) == (1, name)


def test_completion_and_help(tool):
    completed = subprocess.check_output([tool.path, "completion", "bash"], text=True)
    for command in ("branch", "tag", "refs", "cherry-pick"):
        assert f"{command}) words=" in completed
        assert f"evodb-lakehouse {command} " in subprocess.check_output([tool.path, command, "--help"], text=True)
    assert " --staged" in completed and " --fast-forward" in completed


def test_through_ctypes(lakehouse, java, tool, table, ids):
    runtime = lakehouse.make("runtime", "runtime_open", None)
    storage = lakehouse.make("storage", "storage_open", runtime, *text(str(table.parent)), None)
    lakehouse.library.evodb_snapshot_id.restype = ctypes.c_int64
    lakehouse.library.evodb_table_snapshot_count.restype = ctypes.c_int64
    opened = lakehouse.take("table", "table_open", storage, *text("table"), None)
    staging = lakehouse.make("options", "options_new")
    lakehouse.call("options_set_bool", staging, *text("snapshot.staged"), ctypes.c_int32(1))
    paths = (ctypes.c_char_p * 1)(str(MONTHS[3]).encode())
    files = lakehouse.take("data_files", "data_files_upload", opened, paths, None, ctypes.c_int64(1), None)
    appended = lakehouse.make("table", "table_append", opened, files, staging)
    base = lakehouse.take("table", "table_commit", appended, None)
    last = lakehouse.make("snapshot", "table_snapshot_at", base, ctypes.c_int64(3))
    staged = lakehouse.library.evodb_snapshot_id(last)
    picked = lakehouse.take("table", "table_cherry_pick", base, ctypes.c_int64(staged), None)
    tagged = lakehouse.make("table", "table_set_tag", picked, *text("april"), ctypes.c_int64(staged), None)
    lakehouse.take("table", "table_commit", tagged, None)
    assert refs(tool, table) == {"april": staged, "main": staged}
    assert java.count(table) == row_count(*MONTHS[:4])


def test_of_a_manifest_that_java_has_merged_only_what_its_snapshot_added_is_published(tool, java, tmp_path):
    table = tmp_path / "table"
    schema = {"type": "struct", "fields": [{"id": 1, "name": "id", "required": False, "type": "long"}]}
    request = lambda op, **arguments: java.process.request(op, table=str(table), **arguments)
    request("create", schema=schema, properties={"commit.manifest.min-count-to-merge": "1"})
    append = lambda name, **where: request("append", files=[{"path": f"{table}/data/{name}.parquet", "record_count": 5}], **where)
    append("a")
    append("b")
    append("c", branch="audit")
    append("d")
    source = refs(tool, table)["audit"]
    read = StaticTable.from_metadata(str(table))
    (merged,) = read.snapshot_by_id(source).manifests(read.io)
    assert (merged.added_files_count, merged.existing_files_count) == (1, 2)
    row = tool.one("cherry-pick", table, source)
    assert (row["summary"]["added-data-files"], row["summary"]["added-records"]) == ("1", "5")
    assert [path.rpartition("/")[2] for path in java.plan(table)] == ["a.parquet", "b.parquet", "c.parquet", "d.parquet"]
    assert [path.rpartition("/")[2] for path in tool.plan(table)] == ["a.parquet", "b.parquet", "c.parquet", "d.parquet"]
