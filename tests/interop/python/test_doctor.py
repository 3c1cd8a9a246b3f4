"""doctor: no findings for a table as it is written, and the problem of one that was changed."""

import ctypes
import gzip
import json
import os
import pathlib
import re
import resource
import shutil
import struct
import subprocess
import time
import zlib

import pytest
from pyiceberg.table import StaticTable

import sample_tables
from json_lines_process import RemoteError
from tool import ToolError

PLACE = ["write", "if-none-match", "if-match", "clock", "committable", "other-tables", "second-names", "versions-above", "version-hint",
         "hadoop-checksum", "unfinished-writes", "unresolved-commits"]
CONTENT = ["last-updated", "metadata-size", "snapshots", "name-mapping", "properties", "manifests", "delete-files", "small-files"]
NEWEST = 3
HOUR = 3600


@pytest.fixture
def table(tool, tmp_path):
    """At version 3."""
    return sample_tables.months_of_flights(tool, tmp_path / "table", 2)


def doctor(tool, table, **how):
    """The exit status and the checks by name, in order."""
    words = [tool.path, "doctor", str(table), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, **how)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(list(row) == ["name", "ok", "value", "message"] for row in rows), rows
    assert rows, done.stderr
    assert done.returncode == (0 if all(row["ok"] for row in rows) else 1)
    assert len({row["name"] for row in rows}) == len(rows)
    return {row["name"]: row for row in rows}


def assert_only(checks, name, message):
    """That check alone is not ok."""
    assert [one["name"] for one in checks.values() if not one["ok"]] == [name], checks
    assert message in checks[name]["message"]


def metadata_file(table, version=NEWEST):
    return table / "metadata" / f"v{version}.metadata.json"


def edit(table, change):
    """Does something to the newest metadata."""
    path = metadata_file(table)
    metadata = json.loads(path.read_text())
    change(metadata)
    path.write_text(json.dumps(metadata))


def set_properties(**properties):
    return lambda metadata: metadata["properties"].update(properties)


def hint(table):
    return table / "metadata" / "version-hint.text"


def everything(table):
    return {path: path.read_bytes() for path in pathlib.Path(table).rglob("*") if path.is_file()}


def test_a_healthy_table_is_left_as_it_was(tool, table):
    before = everything(table)
    checks = doctor(tool, table)
    assert list(checks) == ["table", *PLACE, *CONTENT]
    assert [one for one in checks.values() if not one["ok"]] == []
    assert everything(table) == before
    metadata = json.loads(metadata_file(table).read_text())
    values = {name: one["value"] for name, one in checks.items() if one["value"] is not None}
    assert values == {
        "table": NEWEST, "clock": 0, "other-tables": 0, "second-names": 0, "versions-above": 0, "version-hint": NEWEST, "unfinished-writes": 0, "unresolved-commits": 0,
        "last-updated": metadata["last-updated-ms"], "metadata-size": metadata_file(table).stat().st_size,
        "snapshots": 2, "properties": len(metadata.get("properties", {})), "manifests": 2, "delete-files": 0, "small-files": 2,
    } | ({"name-mapping": values["name-mapping"]} if "name-mapping" in values else {})
    assert metadata["table-uuid"] in checks["table"]["message"]
    assert "v3.metadata.json" in checks["table"]["message"]


def test_the_text_output(tool, table):
    done = subprocess.run([tool.path, "doctor", table], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == 1 + len(["table", *PLACE, *CONTENT])
    assert re.fullmatch(r"check +ok +value +message", lines[0])
    assert any(re.fullmatch(r"metadata-size +yes +[0-9.,]+ KiB", line) for line in lines)
    hint(table).write_text("3\n")
    done = subprocess.run([tool.path, "doctor", table], capture_output=True, text=True)
    assert done.returncode == 1
    assert any(re.match(r'version-hint +NO +"3\\n"  ', line) for line in done.stdout.splitlines()), done.stdout


def test_there_is_no_table(tool, tmp_path):
    for place in ["absent", "empty/metadata"]:
        (tmp_path / "empty" / "metadata").mkdir(parents=True, exist_ok=True)
        with pytest.raises(ToolError) as failure:
            tool.run("doctor", tmp_path / place.split("/")[0])
        assert (failure.value.status, failure.value.name) == (1, "NOT_FOUND")
    assert everything(tmp_path) == {} and not (tmp_path / "absent").exists()


# ------------------------------------------------------------------------------------------------------------- the hint


def test_the_hint_is_not_there(tool, table, java):
    hint(table).unlink()
    assert_only(doctor(tool, table), "version-hint", "there is none: PyIceberg and DuckDB do not find the table")
    with pytest.raises(Exception):
        StaticTable.from_metadata(str(table))
    assert java.count(table) > 0
    tool.append(table, sample_tables.flight_files()[2])
    assert doctor(tool, table)["version-hint"]["value"] == NEWEST + 1  # "the next commit writes it"


@pytest.mark.parametrize("content, value, message", [
    (b"2", 2, "lags behind the newest version, 3"),
    (b"5", 5, "ahead of the newest version, 3: Iceberg Java and DuckDB fail"),
    (b"3\n", "3\n", "not the digits of a version alone"),
    (b"03", "03", "not the digits of a version alone"),
    (b"three", "three", "not the digits of a version alone"),
    (b"", "", "not the digits of a version alone"),
    (b"\xff\xfe", None, "not the digits of a version alone"),
    (b"9" * 1000, "9" * 64, "not the digits of a version alone"),
], ids=["behind", "ahead", "newline", "zero", "text", "empty", "not UTF-8", "long"])
def test_the_hint_says_something_else(tool, table, content, value, message):
    hint(table).write_bytes(content)
    checks = doctor(tool, table)
    assert_only(checks, "version-hint", message)
    assert checks["version-hint"]["value"] == value
    tool.append(table, sample_tables.flight_files()[2])
    assert hint(table).read_bytes() == (content if value == 5 else str(NEWEST + 1).encode())  # never back


def test_what_a_hint_that_is_ahead_does_to_others(tool, table, java, duckdb):
    hint(table).write_text("5")
    assert_only(doctor(tool, table), "version-hint", "write 3 into metadata/version-hint.text, without a newline")
    with pytest.raises(RemoteError):
        java.count(table)
    with pytest.raises(Exception):
        duckdb.count(table)
    hint(table).write_text("3")
    assert duckdb.count(table) == java.count(table)


def test_a_hint_that_cannot_be_moved(tool, table):
    """A commit reports it, and is done; and doctor does not promise that the next one writes it."""
    lock = table / "metadata" / ".version-hint.text.lock"
    lock.chmod(0)
    append = [tool.path, "append", str(table), str(sample_tables.flight_files()[2])]
    done = subprocess.run(append, capture_output=True, text=True, preexec_fn=without_overriding_permissions)
    assert done.returncode == 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("evodb-lakehouse: warning: the commit is done, but the version hint could not be moved to 4")
    assert "Permission denied" in line and str(lock) in line
    done = subprocess.run([*append, "--json"], capture_output=True, text=True, preexec_fn=without_overriding_permissions)
    assert done.returncode == 0 and json.loads(done.stdout)["committed"]
    warning = json.loads(done.stderr)["warning"]
    assert list(warning) == ["code", "name", "message", "subject"]
    assert (warning["name"], warning["subject"]) == ("ACCESS_DENIED", f"file://{hint(table)}")
    assert hint(table).read_text() == str(NEWEST)
    checks = doctor(tool, table, preexec_fn=without_overriding_permissions)
    assert_only(checks, "version-hint", "no commit of this user moves it")
    assert str(lock) in checks["version-hint"]["message"]
    lock.chmod(0o400)
    assert_only(doctor(tool, table, preexec_fn=without_overriding_permissions), "version-hint", "the next commit moves it")
    done = subprocess.run(append, capture_output=True, text=True, preexec_fn=without_overriding_permissions)
    assert (done.returncode, done.stderr, hint(table).read_text()) == (0, "", str(NEWEST + 3))


def test_the_hint_is_a_folder(tool, table):
    hint(table).unlink()
    hint(table).mkdir()
    assert_only(doctor(tool, table), "version-hint", "version-hint.text")


# -------------------------------------------------------------------------------------------------- versions and names


@pytest.mark.parametrize("name", ["v5.metadata.json", "v18.metadata.json"])
def test_a_version_above_the_newest(tool, table, name):
    shutil.copy(metadata_file(table), table / "metadata" / name)
    checks = doctor(tool, table)
    assert_only(checks, "versions-above", f"there is {name}, but no v4.metadata.json")
    assert checks["versions-above"]["value"] == 1


@pytest.mark.parametrize("name", ["v3.gz.metadata.json", "v3.metadata.json.gz"])
def test_a_version_that_two_writers_made(tool, table, name):
    (table / "metadata" / name).write_bytes(gzip.compress(metadata_file(table).read_bytes()))
    checks = doctor(tool, table)
    assert_only(checks, "second-names", f"/metadata/{name} is there too: two writers made this version")
    assert checks["second-names"]["value"] == 1


@pytest.mark.parametrize("name", ["v4.gz.metadata.json", "v4.metadata.json.gz"])
def test_a_newest_version_that_is_compressed(tool, table, name):
    (table / "metadata" / name).write_bytes(gzip.compress(metadata_file(table).read_bytes()))
    hint(table).write_text("4")
    checks = doctor(tool, table)
    assert_only(checks, "committable", "compressed or named otherwise")
    assert checks["table"]["value"] == 4


def test_a_table_of_compressed_metadata(tool, table):
    hint(table).unlink()
    for version in range(1, NEWEST + 1):
        metadata_file(table, version).rename(table / "metadata" / f"v{version}.gz.metadata.json")
    hint(table).write_text(str(NEWEST))
    assert_only(doctor(tool, table), "committable", "compressed or named otherwise")


def test_a_table_that_was_moved(tool, table, tmp_path):
    table.rename(tmp_path / "elsewhere")
    checks = doctor(tool, tmp_path / "elsewhere")
    failed = {name: one["message"] for name, one in checks.items() if not one["ok"]}
    assert f"its location is file://{table}, but it was opened at file://{tmp_path}/elsewhere" in failed.pop("committable")
    assert f"no such object: file://{table}/metadata/snap-" in failed.pop("manifests")
    assert failed == {}


def test_a_folder_under_another_name_is_no_other_folder(tool, table, tmp_path):
    (tmp_path / "link").symlink_to(table)
    table.rename(tmp_path / "real")
    table.symlink_to(tmp_path / "real")
    for name in ["link", "real", "real/../link", "link/data/../../real"]:
        checks = doctor(tool, tmp_path / name)
        assert [one for one in checks.values() if not one["ok"]] == [], name


def test_a_data_folder_that_leads_elsewhere(tool, table, tmp_path):
    (tmp_path / "disk").mkdir()
    for target, message in [(tmp_path / "disk" / "data", None), (tmp_path / "other" / "data", f"data/ leads to file://{tmp_path}/other/data: the folder lies in another table's")]:
        target.mkdir(parents=True)
        for one in (table / "data").iterdir():
            one.rename(target / one.name)
        (table / "data").unlink() if (table / "data").is_symlink() else (table / "data").rmdir()
        if message is not None:
            (target.parent / "metadata").mkdir()
            (target.parent / "metadata" / "v1.metadata.json").write_text("{}")
        (table / "data").symlink_to(target)
        checks = doctor(tool, table)
        if message is None:
            assert [one for one in checks.values() if not one["ok"]] == []
        else:
            assert_only(checks, "other-tables", message)


def test_other_tables_around_and_within(tool, table):
    for name, message in [("v4.gz.metadata.json", None), ("00001-3e4a9d4e.metadata.json", "a table's metadata file 00001-3e4a9d4e.metadata.json")]:
        (table / "metadata" / name).write_text("{}")
        if message is not None:
            (table / "metadata" / "v4.gz.metadata.json").unlink()
            assert_only(doctor(tool, table), "other-tables", message)
            (table / "metadata" / name).unlink()
    (table.parent / "_delta_log").mkdir()
    (table.parent / "_delta_log" / "00000000000000000000.json").write_text("{}")
    (table / "data" / "inner" / "metadata").mkdir(parents=True)
    (table / "data" / "inner" / "metadata" / "v1.metadata.json").write_text("{}")
    checks = doctor(tool, table)
    assert_only(checks, "other-tables", "in another table's")
    assert checks["other-tables"]["value"] == 2
    assert "a Delta Lake table's _delta_log/" in checks["other-tables"]["message"]
    assert "data/inner has a table's metadata file v1.metadata.json" in checks["other-tables"]["message"]


def test_a_catalogs_table(tool, table):
    for version in range(1, NEWEST + 1):
        metadata_file(table, version).rename(table / "metadata" / f"0000{version}-3e4a9d4e.metadata.json")
    hint(table).unlink()
    checks = doctor(tool, table)
    assert list(checks) == ["table"]
    assert_only(checks, "table", "but 00001-3e4a9d4e.metadata.json: this table belongs to a catalog")
    checks = doctor(tool, table / "metadata" / "00003-3e4a9d4e.metadata.json")
    assert list(checks) == ["table", *CONTENT] and all(one["ok"] for one in checks.values())
    assert checks["table"]["value"] is None


def test_the_newest_metadata_is_damaged(tool, table):
    path = metadata_file(table)
    path.write_bytes(path.read_bytes()[:-100])
    checks = doctor(tool, table)
    assert_only(checks, "table", str(path))
    assert checks["table"]["value"] is None
    assert list(checks) == ["table", "write", "if-none-match", "if-match", "clock", "version-hint", "unfinished-writes"]
    assert "not compared with the newest version" in checks["version-hint"]["message"]


def test_a_format_version_that_is_not_known(tool, table):
    edit(table, lambda metadata: metadata.update({"format-version": 4}))
    assert_only(doctor(tool, table), "table", "4")


def test_format_version_1(tool, table):
    def to_version_1(metadata):
        metadata["format-version"] = 1
        metadata["schema"] = metadata["schemas"][0]
        metadata["partition-spec"] = metadata["partition-specs"][0]["fields"]
        del metadata["last-sequence-number"]

    edit(table, to_version_1)
    checks = doctor(tool, table)
    assert checks["table"]["ok"] and "can be read, not appended to" in checks["table"]["message"]


# ----------------------------------------------------------------------------------------------------------- the place


def without_overriding_permissions():
    """In a child: root, too, is refused what permissions forbid."""
    drop_from_bounding_set, override_permissions, override_reading = 24, 1, 2
    for right in (override_permissions, override_reading):
        ctypes.CDLL(None).prctl(drop_from_bounding_set, right, 0, 0, 0)  # refused where it is not held anyway


def test_a_folder_that_may_only_be_read(tool, table):
    (table / "metadata").chmod(0o555)
    try:
        checks = doctor(tool, table, preexec_fn=without_overriding_permissions)
    finally:
        (table / "metadata").chmod(0o755)
    assert_only(checks, "write", "Permission denied")
    assert "can be read, not committed to" in checks["write"]["message"]
    assert "if-none-match" not in checks and checks["snapshots"]["ok"]


def test_no_space_is_left(tool, table):
    before = everything(table)
    checks = doctor(tool, table, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
    assert_only(checks, "write", "File too large")
    assert everything(table) == before


@pytest.mark.parametrize("seconds, message", [
    (120, "this machine's clock is 120 s behind the store's"),
    (-120, "this machine's clock is 120 s ahead of the store's"),
], ids=["behind", "ahead"])
def test_this_machines_clock_is_wrong(tool, table, slow_clock, seconds, message):
    checks = doctor(tool, table, env=slow_clock | {"SLOW_CLOCK_SECONDS": str(seconds)})
    assert_only(checks, "clock", message)
    assert abs(checks["clock"]["value"] + seconds * 1000) < 1000


def test_a_writers_clock_was_ahead(tool, table, slow_clock):
    subprocess.run([tool.path, "append", table, sample_tables.flight_files()[2]], check=True, capture_output=True,
                   env=slow_clock | {"SLOW_CLOCK_SECONDS": str(-HOUR)})
    checks = doctor(tool, table)
    assert_only(checks, "last-updated", "the clock of a writer was ahead")
    assert checks["last-updated"]["value"] > (time.time() + HOUR / 2) * 1000


def left_over(table, age, name=".3e4a9d4e-0000-4000-8000-000000000000.tmp"):
    path = table / "metadata" / name
    path.write_bytes(b"x" * 1234)
    os.utime(path, (time.time() - age, time.time() - age))


def test_writers_that_crashed(tool, table):
    left_over(table, 23 * HOUR)
    left_over(table, 25 * HOUR, ".tmp")  # none of ours
    assert doctor(tool, table)["unfinished-writes"]["value"] == 0
    left_over(table, 25 * HOUR)
    one = doctor(tool, table)["unfinished-writes"]
    assert (one["ok"], one["value"]) == (True, 1)
    assert "1234 bytes in metadata/, such as .3e4a9d4e-0000-4000-8000-000000000000.tmp" in one["message"]


def test_unresolved_commits(tool, table):
    """As far as they can be distinguished from running ones and from ones whose snapshot has expired."""
    for name, age in {"a": 0, "b": 2 * 60, "c": 61 * 60}.items():
        path = table / "metadata" / f"snap-1-1-{name}.avro"
        path.write_bytes(b"x")
        os.utime(path, (time.time() - age, time.time() - age))
    one = doctor(tool, table)["unresolved-commits"]
    assert (one["ok"], one["value"]) == (True, 1)
    assert "snap-1-1-b.avro" in one["message"]


def write_checksum(path):
    """As Hadoop's local file system keeps it beside each file that it writes."""
    content = path.read_bytes()
    sums = [zlib.crc32(content[at : at + 512]) for at in range(0, len(content), 512)]
    path.with_name(f".{path.name}.crc").write_bytes(b"crc\0" + struct.pack(f">{len(sums) + 1}I", 512, *sums))


def test_hadoops_checksum_of_the_metadata(tool, table, java):
    write_checksum(metadata_file(table))
    rows = java.count(table)
    one = doctor(tool, table)["hadoop-checksum"]
    assert one["ok"] and one["value"].endswith("/metadata/.v3.metadata.json.crc")
    edit(table, set_properties(who="an editor"))
    assert_only(doctor(tool, table), "hadoop-checksum", "Iceberg Java and Spark refuse to read it")
    with pytest.raises(RemoteError):
        java.count(table)
    pathlib.Path(one["value"].removeprefix("file://")).unlink()
    assert doctor(tool, table)["hadoop-checksum"]["ok"] and java.count(table) == rows


# --------------------------------------------------------------------------------------------------------- the content


def test_large_metadata(tool, table):
    edit(table, set_properties(who="x" * (16 << 20)))
    checks = doctor(tool, table)
    assert_only(checks, "metadata-size", "fewer snapshots are kept with a lower evodb.commit.max-snapshots")
    assert checks["metadata-size"]["value"] == metadata_file(table).stat().st_size


def test_more_snapshots_than_wanted(tool, table):
    tool.run("set", table, "--table-property", "evodb.commit.max-snapshots=1")
    one = doctor(tool, table)["snapshots"]
    assert (one["ok"], one["value"]) == (True, 2)
    assert "more than evodb.commit.max-snapshots=1" in one["message"]


def test_the_manifest_list_has_left(tool, table):
    current = tool.run("history", table)[-1]["manifest_list"]
    pathlib.Path(current.removeprefix("file://")).unlink()
    checks = doctor(tool, table)
    assert_only(checks, "manifests", pathlib.Path(current).name)
    assert "delete-files" not in checks


def test_a_name_mapping(tool, table):
    mapping = '[{"field-id": 1, "names": ["year"]}]'
    edit(table, set_properties(**{"schema.name-mapping.default": mapping}))
    assert doctor(tool, table)["name-mapping"]["value"] == 1
    edit(table, set_properties(**{"schema.name-mapping.default": mapping[:-1]}))
    assert_only(doctor(tool, table), "name-mapping", "files without field ids cannot be read")


@pytest.mark.parametrize("properties, message", [
    ({"evodb.commit.max-snapshots": "a few"}, 'evodb.commit.max-snapshots is no number, and counts as not set: "a few"'),
    ({"evodb.commit.max-snapshot": "7"}, 'this library does not know "evodb.commit.max-snapshot"'),
    ({"evodb.a": "7", "evodb.b": "7"}, 'this library does not know "evodb.a", so it is of no effect, like 1 more'),
    ({"encryption.key-id": "k"}, "neither reads nor writes encrypted files"),
    ({"write.metadata.compression-codec": "gzip"}, "with a second name for a version two commits could both win"),
    ({"write.metadata.path": "file:///elsewhere"}, "with a second name for a version two commits could both win"),
])
def test_properties_that_are_wrong(tool, table, properties, message):
    edit(table, set_properties(**properties))
    assert_only(doctor(tool, table), "properties", message)


@pytest.mark.parametrize("properties, message", [
    ({"write.metadata.delete-after-commit.enabled": "true"}, "no metadata file is deleted"),
    ({"commit.retry.num-retries": "7"}, "tried again until its deadline"),
    ({"write.data.path": "file:///elsewhere"}, "the copies of an upload go to data/"),
    ({"write.parquet.compression-codec": "zstd"}, "this library writes no data files"),
    ({"commit.manifest.min-count-to-merge": "0"}, '"commit.manifest.min-count-to-merge"="0" has no effect here: it is no number from 1'),
    ({"commit.manifest.target-size-bytes": "8MB"}, "and 8388608 counts"),
    ({"commit.manifest-merge.enabled": "flase"}, "it is neither true nor false, and true counts"),
    ({"write.format.default": "avro"}, '"write.format.default"="avro" has no effect here'),
    ({"history.expire.max-snapshot-age-ms": "1000"}, "by evodb.commit.max-snapshots"),
    ({"evodb.commit.max-snapshots": "7", "gc.enabled": "false"}, "is of no effect where gc.enabled is false"),
])
def test_properties_without_effect(tool, table, properties, message):
    edit(table, set_properties(**properties))
    one = doctor(tool, table)["properties"]
    assert one["ok"] and message in one["message"]


def test_properties_with_effect(tool, table):
    edit(table, set_properties(**{
        "write.metadata.delete-after-commit.enabled": "false", "write.metadata.compression-codec": "NONE",
        "write.format.default": "parquet", "evodb.commit.max-snapshots": "7", "evodb.app.loader": "3",
        "write.metadata.previous-versions-max": "5", "gc.enabled": "true",
    }))
    one = doctor(tool, table)["properties"]
    assert (one["ok"], one["message"]) == (True, "")
