"""Tables after each operation on files, as the tool does it: PyIceberg, Iceberg Java and DuckDB read the rows that a plain
list of them says are left."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pyiceberg_reader
from tool import ToolError


def paths_of(tool, table, column, value):
    return tool.plan(table, {"type": "eq", "term": column, "value": value})


class Numbers:
    """A table of (p, id), partitioned by p, and the rows that it should have."""

    def __init__(self, tool, folder, version):
        self.tool = tool
        self.folder = folder
        self.table = folder / "numbers"
        self.rows = set()
        self.files = 0
        tool.one("create", self.table, "--like", self.file(0, []), "--partition", "p", "--format-version", version)

    def file(self, p, ids):
        self.files += 1
        path = self.folder / f"p{p}-{self.files}.parquet"
        rows = pa.table({"p": pa.array([p] * len(ids), pa.int32()), "id": pa.array(ids, pa.int64())})
        pq.write_table(rows, path)
        return path

    def append(self, p, ids):
        self.tool.append(self.table, self.file(p, ids))
        self.rows |= {(p, id) for id in ids}

    def keep(self, condition):
        self.rows = {row for row in self.rows if condition(*row)}

    def run(self, command, *arguments):
        (row,) = self.tool.run(command, self.table, *arguments)
        assert row["committed"] is True
        return row

    def path_of(self, p):
        (path, *_) = paths_of(self.tool, self.table, "p", p)
        return path


@pytest.fixture(params=[2, 3])
def numbers(request, tool, tmp_path):
    made = Numbers(tool, tmp_path, request.param)
    for p in range(4):
        made.append(p, range(10 * p, 10 * p + 5))
        made.append(p, range(10 * p + 5, 10 * p + 8))
    return made


def check_rows(numbers, java, duckdb):
    expected = sorted(numbers.rows)
    assert sorted((row["p"], row["id"]) for row in java.rows(numbers.table)) == expected
    assert sorted((row["p"], row["id"]) for row in duckdb.query(numbers.table, "p, id").to_pylist()) == expected
    assert sorted((row["p"], row["id"]) for row in pyiceberg_reader.rows(numbers.table).to_pylist()) == expected
    assert numbers.tool.run("verify", numbers.table, "--data") == []


def check(numbers, java, duckdb):
    """Where no rows are deleted but whole files are."""
    check_rows(numbers, java, duckdb)
    summary = numbers.tool.run("history", numbers.table)[-1]["summary"]
    assert summary["total-records"] == str(len(numbers.rows))


def test_deleting_by_filter(numbers, java, duckdb):
    row = numbers.run("delete", "--where", "p = 2 OR p = 0", "--yes")
    numbers.keep(lambda p, id: p not in (0, 2))
    assert row["operation"] == "delete"
    assert row["summary"]["deleted-data-files"] == "4"
    check(numbers, java, duckdb)
    row = numbers.run("delete", "--where", "id <= 17", "--yes")  # bounds alone cover these
    numbers.keep(lambda p, id: id > 17)
    check(numbers, java, duckdb)


def test_deleting_a_part_of_a_file_changes_nothing_and_names_it(numbers, java, duckdb):
    path = paths_of(numbers.tool, numbers.table, "id", 12)[0]
    for arguments in (["--where", "id = 12"], ["--where", "p = 3 OR id = 12"]):
        with pytest.raises(ToolError) as refused:
            numbers.run("delete", *arguments, "--yes")
        assert refused.value.name == "PARTIAL_MATCH" and refused.value.status == 1
        assert path in refused.value.error["message"]
    listed = {row["file_path"]: row["whole"] for row in numbers.tool.run("delete", numbers.table, "--where", "p = 3 OR id = 12", "--dry-run")}
    assert listed[path] is False and list(listed.values()).count(True) == 2
    check(numbers, java, duckdb)


def test_deleting_named_files(numbers, java, duckdb):
    numbers.run("delete", "--file", numbers.path_of(1), "--file", numbers.path_of(3), "--yes")
    numbers.keep(lambda p, id: p not in (1, 3) or (p, id) in {(row["p"], row["id"]) for row in java.rows(numbers.table)})
    assert len(numbers.rows) in range(32 - 10, 32 - 5)
    check(numbers, java, duckdb)


def test_overwriting_by_filter_and_everything(numbers, java, duckdb):
    row = numbers.run("overwrite", numbers.file(1, [100, 101]), "--where", "p = 1", "--yes")
    numbers.keep(lambda p, id: p != 1)
    numbers.rows |= {(1, 100), (1, 101)}
    assert row["operation"] == "overwrite"
    check(numbers, java, duckdb)
    with pytest.raises(ToolError) as refused:
        numbers.run("overwrite", numbers.file(2, [1]), "--where", "p = 1", "--yes")
    assert refused.value.name == "INVALID_ARGUMENT"
    numbers.run("overwrite", numbers.file(0, [7]), "--all", "--yes")
    numbers.rows = {(0, 7)}
    check(numbers, java, duckdb)


def test_replacing_partitions(numbers, java, duckdb):
    row = numbers.run("overwrite", numbers.file(1, [100]), numbers.file(3, [300]), "--replace-partitions")
    numbers.keep(lambda p, id: p not in (1, 3))
    numbers.rows |= {(1, 100), (3, 300)}
    assert row["summary"]["replace-partitions"] == "true"
    check(numbers, java, duckdb)


def test_deleting_rows(numbers, java, duckdb):
    path = numbers.path_of(1)
    (ids,) = {tuple(pq.read_table(numbers.table / "data" / path.rsplit("/", 1)[1])["id"].to_pylist())}
    row = numbers.run("delete-rows", path, 2, 0, 2)
    numbers.rows -= {(1, ids[2]), (1, ids[0])}
    assert row["operation"] == "delete"
    assert row["summary"]["added-position-deletes"] == "2"
    check_rows(numbers, java, duckdb)
    numbers.run("delete-rows", path, 1)
    numbers.rows -= {(1, ids[1])}
    check_rows(numbers, java, duckdb)
    for positions in (["99"], ["-1"], ["x"]):
        with pytest.raises(ToolError) as refused:
            numbers.run("delete-rows", path, "--", *positions)
        assert refused.value.name == "INVALID_ARGUMENT"
    with pytest.raises(ToolError) as refused:
        numbers.run("delete-rows", "data/none.parquet", 1)
    assert refused.value.name == "NOT_FOUND"
    numbers.run("delete", "--where", "p = 1", "--yes")
    numbers.keep(lambda p, id: p != 1)
    summary = numbers.tool.run("history", numbers.table)[-1]["summary"]
    assert summary["total-delete-files"] == "0" and summary["total-position-deletes"] == "0"
    check(numbers, java, duckdb)


def test_rewriting_manifests(numbers, java, duckdb):
    numbers.run("rewrite-manifests")
    check(numbers, java, duckdb)
    numbers.run("delete", "--where", "p = 1", "--yes")
    numbers.keep(lambda p, id: p != 1)
    numbers.run("rewrite-manifests")
    check(numbers, java, duckdb)


def test_nobody_is_asked_in_a_pipe(numbers):
    for command in (["delete", "--where", "p = 1"], ["overwrite", "--all"]):
        with pytest.raises(ToolError) as refused:
            numbers.tool.run(command[0], numbers.table, *command[1:])
        assert refused.value.status == 2 and "--yes" in refused.value.error["message"]


def test_a_key_deletes_once(numbers):
    numbers.run("delete", "--where", "p = 1", "--yes", "--idempotency-key", "job:1")
    numbers.append(1, [100])
    row = numbers.tool.one("delete", numbers.table, "--where", "p = 1", "--yes", "--idempotency-key", "job:1")
    assert row["committed"] is False and row["operation"] == "delete"
    assert len(paths_of(numbers.tool, numbers.table, "p", 1)) == 1


def test_a_branch_is_written_to_alone(numbers, java):
    before = java.rows(numbers.table)
    numbers.run("delete", "--where", "p = 1", "--yes", "--branch", "audit")
    assert java.rows(numbers.table) == before
    there = numbers.tool.run("files", numbers.table, "--ref", "audit")
    assert {row["partition"]["p"] for row in there} == {0, 2, 3}
