"""verify: no findings for a table as it is written, and the file and the location of each damage."""

import json
import pathlib
import subprocess

import pytest

import odd_tables
import sample_tables


@pytest.fixture
def table(tool, tmp_path):
    folder = sample_tables.months_of_flights(tool, tmp_path / "table", 3)
    tool.one("evolve", folder, "--add", "note string")
    return folder


def verify(tool, table, *arguments):
    """The exit status and the findings."""
    done = subprocess.run([tool.path, "verify", str(table), "--json", *arguments], capture_output=True, text=True)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def one(folder, pattern):
    return sorted(pathlib.Path(folder).glob(pattern))[0]


def test_all_is_well(tool, table):
    assert verify(tool, table, "--data") == (0, [])


@pytest.mark.parametrize("pattern, damage, message", [
    ("data/*", lambda path: path.unlink(), "the data file is not there"),
    ("data/*", lambda path: path.write_bytes(b"PAR1"), "the data file has 4 bytes, its manifest says"),
    ("metadata/*-m0.avro", lambda path: path.unlink(), "the manifest cannot be read: "),
    ("metadata/*-m0.avro", lambda path: path.write_bytes(path.read_bytes() + b"x"), "the list says"),
    ("metadata/snap-*", lambda path: path.unlink(), "cannot be read: "),
    ("metadata/snap-*", lambda path: path.write_bytes(path.read_bytes()[:-20]), "cannot be read: "),
], ids=["no data", "short data", "no manifest", "long manifest", "no list", "short list"])
def test_what_is_broken_is_named(tool, table, pattern, damage, message):
    path = one(table, pattern)
    damage(path)
    status, findings = verify(tool, table, "--data")
    assert status == 1
    assert {finding["severity"] for finding in findings} == {"error"}
    assert any(finding["path"].endswith(path.name) and message in finding["message"] for finding in findings), findings


def test_a_table_that_was_moved_is_said_to_be(tool, table, tmp_path):
    moved = table.rename(tmp_path / "moved")
    status, findings = verify(tool, moved)
    assert status == 1
    assert findings[0]["severity"] == "warning" and findings[0]["path"] == f"file://{moved}/metadata/v5.metadata.json"
    assert f"its location is file://{table}, but it was opened at file://{moved}" in findings[0]["message"]
    assert all(f"no such object: file://{table}/metadata/snap-" in one["message"] for one in findings[1:])
    table.symlink_to(moved)  # the way out that the message names
    assert verify(tool, moved, "--data") == (0, [])


def test_another_tables_manifest_is_noticed(tool, table):
    """It reads well, and is not the one that the list describes."""
    first, second = sorted(table.glob("metadata/*-m0.avro"))[:2]
    first.write_bytes(second.read_bytes())
    status, findings = verify(tool, table)
    assert status == 1
    assert any("twice" in f["message"] or "the list says" in f["message"] for f in findings), findings


@pytest.mark.parametrize("partition, values, message", [
    ([(1000, "p", ["null", "string"])], [{"p": "1"}, {"p": None}], "partition field p are absent or cannot be read as int: of 2 of 2 files"),
    ([(1000, "p", ["null", "long"])], [{"p": 1}, {"p": 1 << 40}], "partition field p are absent or cannot be read as int: of 1 of 2 files"),
    ([], [{}, {}], "partition field p are absent or cannot be read as int: of 2 of 2 files"),
], ids=["text", "too large", "absent"])
def test_partition_values_that_no_reader_has(tool, tmp_path, partition, values, message):
    files = [odd_tables.data_file(f"file:/d/{i}.parquet", partition=value) for i, value in enumerate(values)]
    spec = [{"source-id": 1, "field-id": 1000, "name": "p", "transform": "identity"}]
    status, (finding,) = verify(tool, odd_tables.write(tmp_path / "t", files, spec_fields=spec, partition=partition))
    assert status == 1
    assert finding["path"].endswith("/metadata/m.avro") and message in finding["message"], finding


def test_a_list_that_counts_no_files_where_there_are_some(tool, java, tmp_path):
    """The list is trusted, by Java too: the manifest is not read."""
    files = [odd_tables.data_file("file:/d/x.parquet")]
    folder = odd_tables.write(tmp_path / "t", files, listed={"added_files_count": 0, "added_rows_count": 0})
    assert tool.plan(folder) == java.plan(folder) == []
    status, findings = verify(tool, folder)
    assert status == 1
    assert "the list says 0 added files, the manifest has 1" in [finding["message"] for finding in findings]
