"""Invalid files and arguments of the tool: it names them, does not wait, and leaves nothing."""

import json
import os
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sample_tables
from lakehouse import Lakehouse, text
from tool import ToolError


@pytest.fixture
def table(tool, tmp_path):
    tool.one("create", tmp_path / "table", "--like", sample_tables.flight_files()[0])
    return tmp_path / "table"


def cut_short(path):
    path.write_bytes(sample_tables.flight_files()[0].read_bytes()[:1000])


@pytest.mark.parametrize("make, name", [
    (lambda path: None, "NOT_FOUND"),
    (lambda path: path.mkdir(), "INVALID_ARGUMENT"),
    (lambda path: os.mkfifo(path), "INVALID_ARGUMENT"),
    (lambda path: path.touch(), "CORRUPT"),
    (cut_short, "CORRUPT"),
], ids=["absent", "folder", "pipe", "empty", "cut short"])
def test_what_is_no_file_is_refused(tool, table, tmp_path, make, name):
    make(tmp_path / "given.parquet")
    with pytest.raises(ToolError) as failure:
        tool.append(table, sample_tables.flight_files()[1], tmp_path / "given.parquet")
    assert (failure.value.status, failure.value.name) == (1, name)
    assert "given.parquet" in failure.value.error["message"] + failure.value.error["subject"]
    assert list((table / "data").glob("*")) == []
    assert tool.run("history", table) == []


def test_files_that_the_table_has_are_refused(tool, table, tmp_path):
    january, february = sample_tables.flight_files()[:2]
    tool.append(table, january)
    copy = tmp_path / "another name.parquet"
    copy.write_bytes(january.read_bytes())
    with pytest.raises(ToolError) as failure:
        tool.run("append", table, february, copy, "--check-duplicates")
    assert (failure.value.name, failure.value.error["subject"]) == ("ALREADY_EXISTS", str(copy))
    assert len(list((table / "data").glob("*"))) == 1
    live = tool.one("files", table)["file_path"]
    with pytest.raises(ToolError) as failure:  # inside of the table's folder without being asked
        tool.run("append", table, live)
    assert failure.value.name == "ALREADY_EXISTS"
    tool.append(table, february, "--in-place")
    with pytest.raises(ToolError) as failure:
        tool.run("append", table, february, "--in-place")
    assert failure.value.name == "ALREADY_EXISTS"
    assert len(tool.run("files", table)) == 2


def test_a_commit_whose_output_cannot_be_written_is_reported_as_done(tool, table):
    january = sample_tables.flight_files()[0]
    with open("/dev/full", "w") as full:
        done = subprocess.run([tool.path, "append", table, january], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "the commit is done" in done.stderr
    assert len(tool.run("files", table)) == 1
    with open("/dev/full", "w") as full:
        done = subprocess.run([tool.path, "files", table], stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, "the commit" in done.stderr) == (1, False)


@pytest.mark.parametrize("value", ["-1", "10k", "", "99999999999999999999"])
def test_a_limit_that_is_no_number_is_refused(tool, table, value):
    with pytest.raises(ToolError) as failure:
        tool.run("set", table, "--table-property", "evodb.commit.max-snapshots=" + value)
    assert (failure.value.name, failure.value.error["subject"]) == ("INVALID_ARGUMENT", "evodb.commit.max-snapshots")
    assert tool.one("set", table, "--table-property", "evodb.commit.max-snapshots=0")["committed"]


def test_a_file_that_is_there_twice_is_found_once(tool, table, tmp_path):
    copy = table / "data" / "again.parquet"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(sample_tables.flight_files()[0].read_bytes())
    library = Lakehouse()
    runtime = library.make("runtime", "runtime_open", None)
    storage = library.make("storage", "storage_open", runtime, *text(str(table.parent)), None)
    value = library.take("table", "table_open", storage, *text(table.name), None)
    for _ in range(3):  # which the tool refuses
        value = library.append(value, ["data/again.parquet"])
        value = library.take("table", "table_commit", value, None)
    done = subprocess.run([tool.path, "verify", table, "--json"], stdout=subprocess.PIPE, text=True)
    (finding,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (finding["path"], "twice" in finding["message"]) == (f"file://{copy}", True)


def test_a_file_is_given_twice(tool, table, tmp_path):
    january = sample_tables.flight_files()[0]
    (tmp_path / "link.parquet").symlink_to(january)
    with pytest.raises(ToolError) as failure:
        tool.run("append", table, january, tmp_path / "link.parquet")
    assert failure.value.name == "INVALID_ARGUMENT" and "link.parquet" in failure.value.error["message"]


def test_a_files_columns_have_to_be_the_tables(tool, table):
    january = sample_tables.flight_files()[0]
    tool.run("evolve", table, "--drop", "dest")
    with pytest.raises(ToolError) as failure:
        tool.run("append", table, january)
    assert failure.value.name == "INCOMPATIBLE_SCHEMA"
    assert str(january) in failure.value.error["message"]
    assert "dest" in failure.value.error["message"] and "may have been dropped" in failure.value.error["message"]
    assert list((table / "data").glob("*")) == []


def test_a_time_is_taken_as_it_is_printed(tool, table):
    first = tool.append(table, sample_tables.flight_files()[0])
    tool.append(table, sample_tables.flight_files()[1])
    printed = subprocess.check_output([tool.path, "history", table], text=True)
    time = next(line for line in printed.splitlines() if str(first) in line).split("UTC")[0].split()[-2:]
    assert tool.one("rollback", table, "--to", " ".join(time) + " UTC")["snapshot_id"] == first


def test_a_metadata_file_is_not_appended_to(tool, table):
    """Before anything is copied."""
    before = sorted(table.rglob("*"))
    with pytest.raises(ToolError) as failure:
        tool.run("append", table / "metadata" / "v1.metadata.json", sample_tables.flight_files()[0])
    assert failure.value.name == "UNSUPPORTED" and "one version" in failure.value.error["message"]
    assert sorted(table.rglob("*")) == before


def test_a_setting_is_not_shown_but_for_its_name(tool, table):
    for setting in ("=hunter2", "storage.secret-access-key hunter2"):
        with pytest.raises(ToolError) as failure:
            tool.run("show", table, "--set", setting)
        assert failure.value.status == 2 and "hunter2" not in json.dumps(failure.value.error)


def test_points_in_time_that_are_none(tool, table):
    tool.append(table, sample_tables.flight_files()[0])
    for arguments, message in [
        (["rollback", "--to", "2013-07-01"], "no snapshot at or before 2013-07-01T00:00:00Z: its first is of 20"),
        (["rollback", "--to", "9000000000000000000"], "no snapshot 9000000000000000000"),
        (["rollback", "--to", "9000-01-01"], "in the future"),
        (["rollback", "--to", "123"], "no snapshot 123 (history lists them); as epoch milliseconds, branch main has no snapshot at"),
        (["files", "--as-of", "2013-07-01"], "no snapshot at or before 2013-07-01T00:00:00Z"),
    ]:
        with pytest.raises(ToolError) as failure:
            tool.run(arguments[0], table, *arguments[1:])
        assert (failure.value.status, failure.value.name) == (1, "NOT_FOUND")
        assert message in failure.value.error["message"]


@pytest.mark.parametrize("arguments", [
    ["files", ""], ["create", "", "--like", "x.parquet"], ["append", "table", ""], ["files", "table", "--limit", "-1"],
    ["files", "table", "--limit", "x"], ["files", "table", "--snapshot", "99999999999999999999"],
    ["files", "table", "--filter", ""], ["files", "table", "--ref", ""], ["fetch", "table"],
], ids=str)
def test_what_is_wrong_before_anything_is_read(tool, arguments):
    with pytest.raises(ToolError) as failure:
        tool.run(arguments[0], *arguments[1:])
    assert (failure.value.status, failure.value.name) == (2, "INVALID_ARGUMENT")
    assert len(failure.value.error["message"]) < 100


@pytest.mark.parametrize("text, ms", [("1h", 3600000), ("1h30m", 5400000), ("2m", 120000), ("1m1s1ms", 61001), ("999999h", None),
                                      ("1h30", False), ("30m1h", False), ("1d", False),  ("-1s", False), ("9999999999999h", False)])
def test_how_long_something_may_take(tool, text, ms):
    """A wrong one is refused before anything is read; there is no table."""
    with pytest.raises(ToolError) as failure:
        tool.run("show", "/nowhere/at/all", "--timeout", text)
    assert (failure.value.status, "not a duration" in failure.value.error["message"]) == ((2, True) if ms is False else (1, False))


def names(tool, table):
    return [field["name"] for field in tool.one("schema", table)["fields"]]


def test_names_with_blanks_in_quotes(tool, tmp_path):
    pq.write_table(pa.table({"first name": [1], "id": [1], "a.b": [1]}), tmp_path / "f.parquet")
    table = tmp_path / "t"
    tool.run("create", table, "--like", tmp_path / "f.parquet", "--partition", '"first name"')
    tool.run("evolve", table, "--add", '"last name" int after "first name" doc "of a person"', "--add", '"say ""x=y"" after" string first',
             "--add", 'of struct<"a b": int>', "--add", 'of."c d" long')  # fmt: skip
    assert names(tool, table) == ['say "x=y" after', "first name", "last name", "id", "a.b", "of"]
    tool.run("evolve", table, "--promote", '"last name"=long', "--rename", '"say ""x=y"" after"="c=d"', "--doc", '"last name"="quoted"',
             "--move", 'id before "c=d"', "--move", 'last name after "a.b"', "--optional", "last name", "--drop", 'of."a b"')  # fmt: skip
    fields = {field["name"]: field for field in tool.one("schema", table)["fields"]}
    assert list(fields) == ["id", "c=d", "first name", "a.b", "last name", "of"]
    assert (fields["last name"]["type"], fields["last name"]["doc"]) == ("long", '"quoted"')
    assert [field["name"] for field in fields["of"]["type"]["fields"]] == ["c d"]
    for option, text, message in [("--drop", '"last name', "not closed"), ("--add", '"last"name int', "expected '.'"), ("--add", '"x y"', "NAME TYPE"), ("--add", "x y int", "in double quotes"),
                                  ("--rename", '"c=d"', "NAME=VALUE"), ("--move", '"c=d"', "NAME after X")]:  # fmt: skip
        with pytest.raises(ToolError) as failure:
            tool.run("evolve", table, option, text)
        assert failure.value.status == 2 and message in failure.value.error["message"]
    for text, message in [("first name", "stands in double quotes"), ("bucket(id, 16)", "bucket(16, id)"), ("ID", "there is id")]:
        with pytest.raises(ToolError) as failure:
            tool.run("create", tmp_path / "other", "--like", tmp_path / "f.parquet", "--partition", text)
        assert failure.value.status == 2 and message in failure.value.error["message"]


def test_help_names_types_transforms_and_endpoints(tool):
    def help_of(command):
        return subprocess.check_output([tool.path, command, "--help"], text=True)

    for text in ["decimal(P, S)", "truncate(w, c)", "https://s3.REGION.amazonaws.com"]:
        assert text in help_of("create")
    assert "decimal(P, S)" in help_of("evolve") and "prints nothing" in help_of("verify")


def test_columns_within_columns_are_shown(tool, table):
    tool.run("evolve", table, "--add", "tags list<string>", "--add", "sizes map<string, struct<w: int, h: int>>")
    shown = subprocess.run([tool.path, "schema", table], capture_output=True, text=True, check=True).stdout
    names = [line.split()[1] for line in shown.splitlines()]
    assert names[-7:] == ["tags", "tags.element", "sizes", "sizes.key", "sizes.value", "sizes.value.w", "sizes.value.h"]


def append_two_columns(tool, folder):
    """A table whose file has no field ids."""
    file = folder / "two.parquet"
    pq.write_table(pa.table({"a": pa.array([1], pa.int32()), "b": pa.array([2], pa.int32())}), file)
    tool.run("create", folder / "two", "--like", file)
    tool.append(folder / "two", file)
    return folder / "two"


@pytest.mark.parametrize("changes", [
    ["--rename", "a=z", "--add", "a int"], ["--rename", "a=t", "--rename", "b=a"], ["--drop", "a", "--add", "A int"], ["--add", "A int"],
], ids=" ".join)
def test_a_name_that_old_files_have_for_another_column_is_refused(tool, tmp_path, changes):
    table = append_two_columns(tool, tmp_path)
    with pytest.raises(ToolError) as failure:
        tool.run("evolve", table, *changes)
    assert failure.value.name == "INCOMPATIBLE_SCHEMA" and "without field ids" in failure.value.error["message"]
    tool.run("evolve", table, "--rename", "a=z")
    with pytest.raises(ToolError):
        tool.run("evolve", table, "--rename", "b=a")
    tool.run("evolve", table, "--rename", "z=a")  # its own


def test_two_columns_of_one_full_name_are_refused(tool, table):
    with pytest.raises(ToolError) as failure:
        tool.run("evolve", table, "--rename", "dest=q.b", "--add", "q struct<b: int>")
    assert failure.value.error["subject"] == "q.b"


def test_a_name_mapping_has_to_be_one(tool, table):
    with pytest.raises(ToolError) as failure:
        tool.run("set", table, "--table-property", "schema.name-mapping.default=garbage")
    assert failure.value.name == "INVALID_ARGUMENT"


def run(tool, *words):
    return subprocess.run([tool.path, *(str(word) for word in words)], capture_output=True, text=True, timeout=60)


def test_a_file_of_the_table_under_another_name_is_the_same(tool, table, tmp_path):
    """And so is the table."""
    (tmp_path / "link").symlink_to(table)
    (table / "data").mkdir(exist_ok=True)
    january = table / "data" / "january.parquet"
    january.write_bytes(sample_tables.flight_files()[0].read_bytes())
    (table / "data" / "soft.parquet").symlink_to("january.parquet")
    (table / "data" / "hard.parquet").hardlink_to(january)
    tool.append(tmp_path / "link", tmp_path / "link" / "data" / "soft.parquet")
    (row,) = tool.run("files", table)
    assert row["file_path"] == f"file://{january}"
    assert tool.one("show", tmp_path / "link")["metadata_location"] == f"file://{table}/metadata/v2.metadata.json"
    for name in [january, tmp_path / "link" / "data" / "january.parquet", table / "data" / "soft.parquet",
                 table / "data" / "hard.parquet", table / "data" / ".." / "data" / "hard.parquet"]:
        with pytest.raises(ToolError) as failure:
            tool.run("append", table, name)
        assert failure.value.name == "ALREADY_EXISTS", name
    assert len(tool.run("files", table)) == 1


def test_a_folder_above_a_link_is_what_the_system_says(tool, table, tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "deep" / "er")
    (tmp_path / "deep" / "table").symlink_to(table)
    assert tool.one("show", tmp_path / "link" / ".." / "table")["location"] == f"file://{table}"


def test_a_moved_table_is_reported(tool, table, tmp_path):
    tool.append(table, sample_tables.flight_files()[0])
    moved = table.rename(tmp_path / "moved")
    said = f"its location is file://{table}, but it was opened at file://{moved}"
    for command, status in [("show", 0), ("history", 0), ("schema", 0), ("files", 1), ("verify", 1)]:
        done = run(tool, command, moved)
        assert done.returncode == status
        assert said in done.stderr.splitlines()[0] and done.stderr.startswith("evodb-lakehouse: warning: ")
    assert f"no such object: file://{table}/metadata/snap-" in run(tool, "files", moved).stderr
    done = run(tool, "append", moved, sample_tables.flight_files()[1])
    assert done.returncode == 1 and done.stderr.splitlines()[-1].startswith("evodb-lakehouse: UNSUPPORTED: the table was moved")
    assert sorted(moved.glob("data/*")) == sorted(moved.glob("data/*-01.parquet"))  # nothing was copied


@pytest.mark.parametrize("there, place, message", [
    ("t/metadata/00001-7f4df9ab.metadata.json", "t", "the folder has a table's metadata file 00001-7f4df9ab.metadata.json"),
    ("t/_delta_log/00000000000000000000.json", "t", "the folder has a Delta Lake table's _delta_log/"),
    ("t/.hoodie/hoodie.properties", "t", "the folder has a Hudi table's .hoodie/"),
    ("t/metadata/v1.metadata.json", "t/metadata", "which has a table's metadata file v1.metadata.json"),
    ("t/metadata/version-hint.text", "t/data/a=1/b", "which has a table's version-hint.text"),
    ("t/_delta_log/00000000000000000000.json", "t/a/b/c/d", "which has a Delta Lake table's _delta_log/"),
    ("t/a/metadata/00001-7f4df9ab.metadata.json", "t", "t/a has a table's metadata file"),
    ("t/a/b/metadata/v1.metadata.json", "t", "t/a/b has a table's metadata file"),
    ("t/a/b/_delta_log/00000000000000000000.json", "t", "t/a/b has a Delta Lake table's _delta_log/"),
])
def test_a_table_is_made_in_a_folder_of_its_own(tool, tmp_path, there, place, message):
    (tmp_path / there).parent.mkdir(parents=True)
    (tmp_path / there).write_text("1")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ToolError) as failure:
        tool.run("create", tmp_path / place, "--like", sample_tables.flight_files()[0], "--if-not-exists")
    assert (failure.value.status, failure.value.name) == (1, "INVALID_ARGUMENT")
    assert message in failure.value.error["message"]
    assert sorted(tmp_path.rglob("*")) == before


def test_tables_beside_one_another_and_folders_of_files_are_fine(tool, tmp_path):
    (tmp_path / "t" / "data" / "a=1").mkdir(parents=True)
    (tmp_path / "t" / "data" / "a=1" / "file.parquet").write_bytes(b"x")
    (tmp_path / "t" / "metadata").mkdir()
    for name in ["t", "t2", "namespace/t"]:
        tool.one("create", tmp_path / name, "--like", sample_tables.flight_files()[0])


def test_properties_without_effect_are_warned_of(tool, table):
    done = run(tool, "set", table, "--table-property", "write.data.path=file:///elsewhere", "--table-property", "owner=ops")
    assert done.returncode == 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("evodb-lakehouse: warning: write.data.path has no effect here: ")
    done = run(tool, "create", table.parent / "other", "--like", sample_tables.flight_files()[0], "--json",
               "--table-property", "write.parquet.compression-codec=zstd")
    assert done.returncode == 0
    assert json.loads(done.stderr)["warning"]["subject"] == "write.parquet.compression-codec"
    assert run(tool, "show", table).stderr == ""


@pytest.mark.parametrize("property", ["write.metadata.compression-codec=gzip", "write.metadata.path=file:///elsewhere"])
def test_properties_that_make_a_second_name_for_a_version_are_refused(tool, table, property):
    for command in (["set", table], ["create", table.parent / "other", "--like", sample_tables.flight_files()[0]]):
        with pytest.raises(ToolError) as failure:
            tool.run(*command, "--table-property", property)
        assert failure.value.name == "UNSUPPORTED" and property.split("=")[0] in failure.value.error["message"]
    tool.one("set", table, "--table-property", "write.metadata.compression-codec=none")
