"""Files of deletes that this library writes, committed by Iceberg Java and read by every engine; and Java's, read by this library.

They are written by the program delete_files, which lies beside manifest_dump (EVODB_MANIFEST_DUMP).
"""

import ctypes
import json
import os
import pathlib
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.table.deletion_vector import deletion_vectors_from_puffin_file
from pyiceberg.table.puffin import PuffinFile

import pyiceberg_reader
from lakehouse import ArrowArray, ArrowSchema, LakehouseError, text

SCHEMA = {"type": "struct", "schema-id": 0, "fields": [{"id": 1, "name": "id", "required": True, "type": "long"}]}
PATH_ID, POSITION_ID = 2147483546, 2147483545
ROWS = 200_000  # containers of every kind


@pytest.fixture(scope="module")
def program():
    path = pathlib.Path(os.environ.get("EVODB_MANIFEST_DUMP", "")).with_name("delete_files")
    if not path.is_file():
        raise FileNotFoundError(f"there is no program delete_files beside EVODB_MANIFEST_DUMP: {path}")
    return path


def write(program, kind, path, deletes):
    arguments = [argument for file, positions in deletes.items() for argument in (file, positions)]
    written = subprocess.run([program, kind, path, *arguments], check=True, capture_output=True, text=True).stdout
    return json.loads(written)


def table_of_two_files(java, folder, format_version):
    """Rows 0 to ROWS - 1 in the first file, each at the position of its id, and ROWS and on in the second. Gives their paths as metadata has
    them."""
    java.process.request("create", table=str(folder), schema=SCHEMA, format_version=format_version)
    (folder / "data").mkdir()
    files = []
    for name, begin, count in (("a", 0, ROWS), ("b", ROWS, 10)):
        path = folder / "data" / f"{name}.parquet"
        field = pa.field("id", pa.int64(), nullable=False, metadata={"PARQUET:field_id": "1"})
        pq.write_table(pa.table([pa.array(range(begin, begin + count))], schema=pa.schema([field])), path)
        files.append(str(path))
    java.process.request("append", table=str(folder), files=[{"path": path} for path in files])
    return java.plan(folder)


def rows_of_java(java, folder):
    return sorted(row["id"] for row in java.rows(folder))


def rows_of_pyiceberg(folder):
    return sorted(pyiceberg_reader.rows(newest_metadata(folder))["id"].to_pylist())


def rows_of_duckdb(duckdb, folder):
    return sorted(duckdb.rows(newest_metadata(folder))["id"].to_pylist())


def newest_metadata(folder):
    return max((folder / "metadata").glob("v*.metadata.json"), key=lambda path: int(path.name[1:].split(".")[0]))


def expand(positions):
    return list(range(int(positions[1:]))) if positions.startswith("-") else sorted(map(int, positions.split(",")))


SPARSE = ",".join(map(str, range(1, 65536, 3)))  # a bitmap container
SOME = "0,5,6,7,65536,131071,199999"
RUN = "-150000"


def add_vectors(program, java, folder, first, is_one_file):
    """Deletes rows of both files, by vectors in one Puffin file or in one each, and gives the rows that are left."""
    a, b = table_of_two_files(java, folder, 3)
    deletes = {a: first, b: "9,0"}
    if is_one_file:
        entries = write(program, "vectors", folder / "data/d.puffin", deletes)
    else:
        entries = [write(program, "vectors", folder / f"data/{i}.puffin", dict([one]))[0] for i, one in enumerate(deletes.items())]
    assert [entry["record_count"] for entry in entries] == [len(expand(first)), 2]
    java.process.request("add_deletes", table=str(folder), deletes=entries)
    gone = set(expand(first)) | {ROWS, ROWS + 9}
    return [row for row in range(ROWS + 10) if row not in gone]


@pytest.mark.parametrize("first", [SOME, SPARSE, RUN], ids=["some", "sparse", "run"])
def test_deletion_vectors(program, java, duckdb, tmp_path, first):
    folder = tmp_path / "t"
    expected = add_vectors(program, java, folder, first, is_one_file=False)
    assert rows_of_java(java, folder) == expected
    assert rows_of_pyiceberg(folder) == expected
    assert rows_of_duckdb(duckdb, folder) == expected


def test_deletion_vectors_in_one_file(program, java, tmp_path):
    """DuckDB 1.5.5 takes one vector of the file for that of both data files."""
    folder = tmp_path / "t"
    expected = add_vectors(program, java, folder, SPARSE, is_one_file=True)
    assert rows_of_java(java, folder) == expected
    assert rows_of_pyiceberg(folder) == expected


def test_pyiceberg_reads_the_puffin_file(program, tmp_path):
    far = (1 << 32) + 7
    entries = write(program, "vectors", tmp_path / "d.puffin", {"s3://b/x y.parquet": f"1,{far}", "s3://b/z": "-9000"})
    puffin = PuffinFile((tmp_path / "d.puffin").read_bytes())
    for entry, blob in zip(entries, puffin.footer.blobs):
        assert (blob.type, blob.fields) == ("deletion-vector-v1", [2147483645])
        assert (blob.snapshot_id, blob.sequence_number, blob.compression_codec) == (-1, -1, None)
        assert (blob.offset, blob.length) == (entry["content_offset"], entry["content_size_in_bytes"])
        assert blob.properties == {"cardinality": str(entry["record_count"]), "referenced-data-file": entry["referenced_data_file"]}
    assert puffin.footer.properties["created-by"].startswith("evodb_lakehouse ")
    vectors = {vector.referenced_data_file: vector.to_vector().to_pylist() for vector in deletion_vectors_from_puffin_file(puffin)}
    assert vectors == {"s3://b/x y.parquet": [1, far], "s3://b/z": list(range(9000))}


@pytest.mark.parametrize("first", [SOME, SPARSE, RUN], ids=["some", "sparse", "run"])
def test_position_deletes(program, java, duckdb, tmp_path, first):
    folder = tmp_path / "t"
    a, _ = table_of_two_files(java, folder, 2)
    entries = write(program, "positions", folder / "data/d.parquet", {a: first})
    file = pq.ParquetFile(folder / "data/d.parquet")
    assert file.read().to_pydict() == {"file_path": [a] * len(expand(first)), "pos": expand(first)}
    assert file.metadata.metadata[b"delete-type"] == b"position"
    assert [int(file.schema_arrow.field(i).metadata[b"PARQUET:field_id"]) for i in (0, 1)] == [PATH_ID, POSITION_ID]
    java.process.request("add_deletes", table=str(folder), deletes=entries)
    gone = set(expand(first))
    expected = [row for row in range(ROWS + 10) if row not in gone]
    assert rows_of_java(java, folder) == expected
    assert rows_of_pyiceberg(folder) == expected
    assert rows_of_duckdb(duckdb, folder) == expected


def test_position_deletes_are_described_as_java_describes_its_own(program, java, tmp_path):
    folder = tmp_path / "t"
    a, b = table_of_two_files(java, folder, 2)
    java.process.request("delete_rows", table=str(folder), positions={b: [1, 7]})
    (theirs,) = [delete for task in java.process.request("plan", table=str(folder))["files"] for delete in task["deletes"]]
    (ours,) = write(program, "positions", folder / "data/d.parquet", {b: "7,1"})
    assert (ours["record_count"], ours["split_offsets"]) == (theirs["record_count"], theirs["split_offsets"])
    for bounds, position in (("lower_bounds", 1), ("upper_bounds", 7)):
        assert ours[bounds].items() >= theirs[bounds].items() and str(PATH_ID) in theirs[bounds]
        assert ours[bounds][str(POSITION_ID)] == position.to_bytes(8, "little").hex()
    read = [pq.ParquetFile(path) for path in (ours["path"], theirs["file_path"])]
    assert read[0].read().equals(read[1].read().cast(read[0].schema_arrow))
    described = [dict(file.metadata.metadata) for file in read]
    assert described[0][b"delete-type"] == described[1][b"delete-type"]
    assert json.loads(described[0][b"iceberg.schema"]) == json.loads(described[1][b"iceberg.schema"])


def open_table(lakehouse, folder):
    runtime = lakehouse.make("runtime", "runtime_open", None)
    storage = lakehouse.make("storage", "storage_open", runtime, *text(str(folder.parent)), None)
    return lakehouse.take("table", "table_open", storage, *text(folder.name), None)


def read_positions(lakehouse, table, path, offset, size, **options):
    given = lakehouse.make("options", "options_new")
    for key, value in options.items():
        lakehouse.call("options_set_int64", given, *text("read." + key.replace("_", "-")), ctypes.c_int64(value))
    future = lakehouse.start("deletion_vector_read", table, *text(path), ctypes.c_int64(offset), ctypes.c_int64(size), given)
    array, schema = ArrowArray(), ArrowSchema()
    lakehouse.call("future_take_positions", future, ctypes.c_int64(-1), ctypes.byref(array), ctypes.byref(schema))
    return pa.Array._import_from_c(ctypes.addressof(array), ctypes.addressof(schema))


@pytest.mark.parametrize("positions", [SOME, SPARSE, RUN], ids=["some", "sparse", "run"])
def test_vectors_of_java_are_read(java, lakehouse, tmp_path, positions):
    folder = tmp_path / "t"
    a, _ = table_of_two_files(java, folder, 3)
    java.process.request("delete_rows", table=str(folder), positions={a: expand(positions)})
    (vector,) = [delete for task in java.process.request("plan", table=str(folder))["files"] for delete in task["deletes"]]
    place = vector["file_path"], vector["content_offset"], vector["content_size_in_bytes"]
    table = open_table(lakehouse, folder)
    read = read_positions(lakehouse, table, *place, record_count=vector["record_count"])
    assert read.type == pa.int64() and read.null_count == 0
    assert read.to_pylist() == expand(positions)
    relative = os.path.relpath(place[0].removeprefix("file:"), folder)
    assert read_positions(lakehouse, table, relative, *place[1:]).equals(read)
    for wrong, name in (
        ({"record_count": vector["record_count"] + 1}, "CORRUPT"),
        ({"record_count": -1}, "INVALID_ARGUMENT"),
        ({"offset": place[1] + 1}, "CORRUPT"),
        ({"size": 0}, "INVALID_ARGUMENT"),
        ({"path": "data/none.puffin"}, "NOT_FOUND"),
        ({"path": "/elsewhere/v.puffin"}, "INVALID_ARGUMENT"),
    ):
        arguments = {"path": place[0], "offset": place[1], "size": place[2], **wrong}
        with pytest.raises(LakehouseError) as refused:
            read_positions(lakehouse, table, **arguments)
        assert refused.value.name == name, wrong
