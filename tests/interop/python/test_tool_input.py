"""Files that are none, given to the tool: it says which, does not wait, and leaves nothing behind."""

import os

import pytest

import sample_tables
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
