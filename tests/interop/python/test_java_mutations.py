"""Iceberg Java changes tables that this library made, in every way that it has, and this library plans what it left."""

import json
import pathlib

import pytest

from conflict_matrix import OPERATIONS, SCHEMA, Kind, Side, base
from json_lines_process import RemoteError

ALL = ["a1", "a2", "b1", "b2", "z1"]
LEFT = {
    "append": [*ALL, "first-a"],
    "branch_append": ALL,
    "staged_append": ALL,
    "overwrite": ["b1", "b2", "first-a", "z1"],
    "overwrite_all": ["first-a"],
    "overwrite_files": ["a2", "b1", "b2", "first-a", "z1"],
    "delete": ["b1", "b2", "z1"],
    "delete_files": ["a2", "b1", "b2", "z1"],
    "replace_partitions": ["b1", "b2", "first-a", "z1"],
    "rewrite_files": ["b1", "b2", "first-a", "z1"],
    "rewrite_files_at": ["b1", "b2", "first-a", "z1"],
    "rewrite_manifests": ALL,
    "add_column": ALL,
    "roll_back": ["z1"],
}
KIND = Kind(3, True)


def created(tool, java, kind, folder):
    schema = folder / "schema.json"
    schema.write_text(json.dumps(SCHEMA))
    partition = ["--partition", "category"] if kind.partitioned else []
    tool.one("create", folder / "table", "--schema", schema, "--format-version", kind.version, *partition)
    for files in base(kind):
        java.mutate(folder / "table", "append", files=files)
    return folder / "table"


def mutate(java, table, name, kind=KIND):
    facts = OPERATIONS[name].make(Side("first", kind, "a"))
    return java.mutate(table, **facts)


def stems(paths):
    return sorted(pathlib.Path(path).stem for path in paths)


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_is_planned(tool, java, tmp_path, name):
    table = created(tool, java, KIND, tmp_path)
    mutate(java, table, name)
    assert stems(java.plan(table)) == stems(tool.plan(table)) == sorted(LEFT[name])
    if name != "branch_append":  # whose total-records Java counts from nothing, as in every first snapshot of a branch
        assert tool.run("verify", table) == []


@pytest.mark.parametrize("kind", [Kind(2, True), Kind(3, False)], ids=str)
@pytest.mark.parametrize("name, deletes", [
    ("row_delta", {"a1": ["first-a-deletes"]}),
    ("row_delta_filtered", {"a1": ["first-a-deletes"], "first-a": []}),
    ("row_delta_equality", {"a1": ["first-a-equality"]}),
])
def test_a_row_delta_leaves_deletes_of_its_file(tool, java, tmp_path, kind, name, deletes):
    table = created(tool, java, kind, tmp_path)
    mutate(java, table, name, kind)
    files = java.process.request("plan", table=str(table))["files"]
    found = {pathlib.Path(file["file_path"]).stem: stems(delete["file_path"] for delete in file["deletes"]) for file in files}
    assert found == {stem: [] for stem in ALL} | deletes


def test_it_is_validated_from_the_snapshot_on_that_is_named(tool, java, tmp_path):
    table = created(tool, java, KIND, tmp_path)
    before = mutate(java, table, "append")
    facts = {"filter": Side("second", KIND, "a").filter(), "from_snapshot_id": before}
    mutate(java, table, "delete_files")
    with pytest.raises(RemoteError) as refused:
        java.mutate(table, "delete", **facts)
    assert refused.value.error["class"].endswith("ValidationException")
    java.mutate(table, "delete", filter=facts["filter"])
    assert stems(tool.plan(table)) == ["b1", "b2", "z1"]
