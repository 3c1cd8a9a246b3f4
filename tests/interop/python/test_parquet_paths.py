"""Paths of Parquet files: the values that they have of columns that the files lack, and names that engines read as others."""

import json
import subprocess
import urllib.parse

import duckdb as duckdb_module
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pyiceberg_reader
from tool import ToolError

COLUMNS = {"s": ("string", "a b/ä%"), "i": ("int", "07"), "d": ("date", "2020-01-01"), "z": ("timestamptz", "2020-01-01 01:02:03"),
           "n": ("decimal(9, 2)", "1.50"), "b": ("boolean", "true")}  # fmt: skip
TAKEN = {"s": "a b/ä%", "i": 7, "d": "2020-01-01", "z": "2020-01-01T01:02:03+00:00", "n": "1.50", "b": True}
NOTHING = "__HIVE_DEFAULT_PARTITION__"


def write(path, **columns):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)
    return path


def create(tool, table, columns, partition, required=()):
    fields = [{"id": i + 1, "name": name, "required": name in required, "type": type_} for i, (name, type_) in enumerate(columns.items())]
    schema = table.with_suffix(".json")
    schema.write_text(json.dumps({"type": "struct", "fields": fields}))
    tool.run("create", table, "--schema", schema, "--partition", partition)
    return table


def files_of_all_types(folder):
    """Two files without the columns: of one the path has all values, of the other nulls."""
    texts = [{name: urllib.parse.quote(text, safe="") for name, (_, text) in COLUMNS.items()}, dict.fromkeys(COLUMNS, NOTHING)]
    return [write(folder.joinpath(*(f"{name}={text}" for name, text in of.items())) / "part.parquet", id=[i]) for i, of in enumerate(texts)]


@pytest.mark.parametrize("inside", [False, True], ids=["copied", "inside"])
def test_every_engine_reads_the_values_of_the_path(tool, java, duckdb, tmp_path, inside):
    types = {"id": "long"} | {name: type_ for name, (type_, _) in COLUMNS.items()}
    table = create(tool, tmp_path / "t", types, ", ".join(COLUMNS))
    files = files_of_all_types(table / "data" if inside else tmp_path / "in")
    with pytest.raises(ToolError) as failure:
        tool.append(table, *files)
    assert failure.value.name == "INVALID_ARGUMENT" and "--partition-from-path" in failure.value.error["message"]
    tool.append(table, *files, "--partition-from-path")

    expected = [{"id": 0} | TAKEN, {"id": 1} | dict.fromkeys(COLUMNS)]
    assert sorted((row["partition"] for row in tool.run("files", table)), key=str, reverse=True) == [dict.fromkeys(COLUMNS), TAKEN]
    text = "CAST({0} AS VARCHAR) AS {0}".format
    select = "id, s, i, " + text("d") + ", strftime(z, '%Y-%m-%dT%H:%M:%S+00:00') AS z, " + text("n") + ", b"
    duckdb.connection.execute("SET TimeZone='UTC'")
    read = pyiceberg_reader.rows(table).to_pylist()
    for row in read:
        row.update(d=row["d"] and row["d"].isoformat(), z=row["z"] and row["z"].isoformat(), n=row["n"] and str(row["n"]))
    for rows in java.rows(table), java.rows_by_mapping(table), duckdb.query(table, select).to_pylist(), read:
        assert sorted(rows, key=lambda row: row["id"]) == expected
    assert duckdb.query(table, "id", "s = 'a b/ä%'").to_pylist() == [{"id": 0}]
    assert pyiceberg_reader.rows(table, {"type": "eq", "term": "s", "value": "a b/ä%"})["id"].to_pylist() == [0]
    assert [row["record_count"] for row in tool.run("files", table, "--filter", "d = '2020-01-01'")] == [1]


def test_what_others_partition(tool, duckdb, tmp_path):
    """As DuckDB and Arrow write folders: without the columns that the folders are named by."""
    rows = pa.table({"id": [1, 2, 3], "year": [2020, 2021, 2021], "region": ["eu", "a/b", None]})
    connection = duckdb_module.connect()
    connection.register("rows", rows)
    connection.execute(f"COPY rows TO '{tmp_path}/duckdb' (FORMAT parquet, PARTITION_BY (year, region))")
    pq.write_to_dataset(rows, tmp_path / "arrow", partition_cols=["year", "region"])
    for writer in ("duckdb", "arrow"):
        table = create(tool, tmp_path / f"{writer}-table", {"id": "long", "year": "int", "region": "string"}, "year, region", required=["year"])
        tool.append(table, *(tmp_path / writer).rglob("*.parquet"), "--partition-from-path")
        assert sorted(duckdb.query(table, "id, year, region").to_pylist(), key=lambda row: row["id"]) == rows.to_pylist()


def test_a_table_like_a_hive_folder(tool, duckdb, tmp_path):
    """Columns of the path alone are lost with a warning, or the table has them and is partitioned by them."""
    january, february = (write(tmp_path / "in" / "year=2013" / f"first%20month={month}" / "f.parquet", id=[month]) for month in (1, 2))
    plain = tmp_path / "plain"
    done = subprocess.run([tool.path, "create", plain, "--like", january], capture_output=True, text=True, check=True)
    (line,) = done.stderr.splitlines()
    assert line.endswith('has values of columns that the table does not have: "year", "first month"; --partition-from-path adds them')
    done = subprocess.run([tool.path, "append", plain, january, february], capture_output=True, text=True, check=True)
    (line,) = done.stderr.splitlines()
    assert line.startswith("evodb-lakehouse: warning: the files' paths have values of first month, year, which the table has no columns for")
    assert "create --like FILE --partition-from-path" in line
    done = subprocess.run([tool.path, "append", plain, february, "--json"], capture_output=True, text=True, check=True)
    warning = json.loads(done.stderr)["warning"]
    assert (warning["name"], warning["subject"]) == ("INCOMPATIBLE_SCHEMA", f"file://{plain}")

    table = tmp_path / "t"
    made = tool.one("create", table, "--like", january, "--partition-from-path")
    assert made["columns_from_path"] == [{"name": "year", "type": "int"}, {"name": "first month", "type": "int"}]
    assert [(field["name"], field["transform"]) for field in made["partition_specs"][0]["fields"]] == [("year", "identity"), ("first month", "identity")]
    done = subprocess.run([tool.path, "append", table, january, february, "--partition-from-path"], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    read = sorted(duckdb.query(table, 'id, year, "first month"').to_pylist(), key=lambda row: row["id"])
    assert read == [{"id": month, "year": 2013, "first month": month} for month in (1, 2)]

    like = ["--like", january, "--partition-from-path"]
    message = refusal(tool, "create", tmp_path / "other", *like, "--partition", 'bucket(4, year), "first month"')
    assert 'column "year" is only in the file\'s path' in message and 'add "year"' in message
    tool.run("create", tmp_path / "other", *like, "--partition", '"first month", year, bucket(4, id)')
    assert "NAME=VALUE" in refusal(tool, "create", tmp_path / "third", "--like", write(tmp_path / "f.parquet", id=[1]), "--partition-from-path")


def warnings(tool, *arguments):
    done = subprocess.run([tool.path, *arguments], capture_output=True, text=True, check=True)
    return done.stderr, done.stdout


def test_a_table_like_a_file_that_has_the_paths_columns(tool, tmp_path):
    file = write(tmp_path / "year=2023" / "name=a" / "f.parquet", name=["a", "a"], year=[2023, 2023])
    wrong = write(tmp_path / "year=2024" / "name=zzz" / "f.parquet", name=["a", "a"], year=[2024, 2024])
    table = tmp_path / "t"
    made = tool.one("create", table, "--like", file, "--partition-from-path")
    assert [(field["name"], field["source-id"]) for field in made["partition_specs"][0]["fields"]] == [("year", 2), ("name", 1)]
    assert made["columns_from_path"] == []
    tool.append(table, file, "--partition-from-path")
    message = refusal(tool, "append", table, wrong, "--partition-from-path")
    assert f"{wrong} says name=zzz, but column name spans a to a" in message
    text, _ = warnings(tool, "append", table, wrong)
    assert text.startswith("evodb-lakehouse: warning: ") and f"{wrong} says name=zzz, but column name spans a to a" in text
    assert sorted(row["partition"]["year"] for row in tool.run("files", table)) == [2023, 2024]


def test_codes_with_leading_zeros(tool, tmp_path):
    files = [write(tmp_path / f"zip={code}" / "f.parquet", id=[1]) for code in ("007", "7", "K1A")]
    text, shown = warnings(tool, "create", tmp_path / "codes", "--like", files[0], "--partition-from-path")
    assert text == "" and '"zip" string' in shown
    tool.append(tmp_path / "codes", *files, "--partition-from-path")
    assert sorted(row["partition"]["zip"] for row in tool.run("files", tmp_path / "codes")) == ["007", "7", "K1A"]

    numbers = tmp_path / "numbers"
    tool.run("create", numbers, "--like", files[1], "--partition-from-path")
    text, _ = warnings(tool, "append", numbers, files[0], "--partition-from-path")
    assert "zip=007 is 7" in text and "create --schema" in text
    assert "zip=K1A in its path is no int" in (message := refusal(tool, "append", numbers, files[2], "--partition-from-path"))
    assert "create --schema" in message
    schema = tool.one("schema", numbers)
    next(field for field in schema["fields"] if field["name"] == "zip")["type"] = "string"
    (tmp_path / "s.json").write_text(json.dumps(schema))
    tool.run("create", tmp_path / "again", "--schema", tmp_path / "s.json", "--partition", "zip")
    tool.append(tmp_path / "again", *files, "--partition-from-path")


def test_columns_that_tables_are_warned_of(tool, tmp_path):
    file = write(tmp_path / "f.parquet", f=[1.5], __index_level_0__=[1])
    text, _ = warnings(tool, "create", tmp_path / "t", "--like", file, "--partition", "f")
    assert [line.partition("warning: ")[2].split(":")[0] for line in text.splitlines()] == [
        "the table is partitioned by column f of type double", "column __index_level_0__ is the index of a pandas frame"]  # fmt: skip
    assert "may hold NaN" in (message := refusal(tool, "append", tmp_path / "t", file)) and "column of another type" in message


def refusal(tool, *arguments):
    with pytest.raises(ToolError) as failure:
        tool.run(*arguments)
    return failure.value.error["message"]


def test_what_is_not_filled_in(tool, tmp_path):
    columns = {"id": "long", "dt": "date", "note": "string"}
    table = create(tool, tmp_path / "t", columns, "dt", required=["dt"])
    message = refusal(tool, "append", table, write(tmp_path / "f.parquet", id=[1]))
    assert "lacks the required column dt" in message
    file = write(tmp_path / "dt=2020-13-01" / "f.parquet", id=[1])
    assert "dt=2020-13-01 in its path is no date" in refusal(tool, "append", table, file, "--partition-from-path")
    file = write(tmp_path / "dt=2020-01-01" / "note=x" / "f.parquet", id=[1])
    message = refusal(tool, "append", table, file, "--partition-from-path")
    assert "column note" in message and "note=x" in message
    file = write(tmp_path / "dt=2020-01-01" / "country=de" / "f.parquet", id=[1])
    assert "a value of country, which is no column" in refusal(tool, "append", table, file, "--partition-from-path")
    staying = write(table / "dt=2020-01-01" / "f.parquet", id=[1])
    copied = write(tmp_path / "dt=2020-01-01" / "g.parquet", id=[1])
    assert "one after the other" in refusal(tool, "append", table, staying, copied, "--partition-from-path")
    assert tool.run("files", table) == [] and not (table / "data").exists()
    tool.append(table, staying, "--partition-from-path")
    tool.append(table, copied, "--partition-from-path")
    assert [row["partition"] for row in tool.run("files", table)] == [{"dt": "2020-01-01"}] * 2


@pytest.mark.parametrize("name", ["a#b", "a?b", "a:b", "a\tb", "a\nb", "a\x01b", "a%41 b'\"*[x]", "ä", "x" * 240], ids=ascii)
def test_names_of_files(tool, java, duckdb, tmp_path, name):
    """Copied under a name that all read; where it stays, it is refused or read by all."""
    file = write(tmp_path / "in" / f"{name}.parquet", id=[1, 2])
    table = tmp_path / "t"
    tool.run("create", table, "--like", file)
    tool.append(table, file)
    copies = 1
    try:
        tool.append(table, file, "--in-place")
        copies = 2
    except ToolError as refused:
        assert refused.name == "INVALID_ARGUMENT" and "rename it" in refused.error["message"] and "\n" not in refused.error["message"]
    assert (copies == 2) == (not set(name) & set("#?:\t\n\x01"))
    assert java.count(table) == duckdb.count(table) == pyiceberg_reader.rows(table).num_rows == 2 * copies


@pytest.mark.parametrize("name", ["a#b", "a?b", 'a"b', "a\tb", "a%41b", "a:b %4'*[x]ä"], ids=ascii)
def test_names_of_tables(tool, java, duckdb, tmp_path, name):
    file = write(tmp_path / "f.parquet", id=[1, 2])
    table = tmp_path / name
    if name[1] != ":":
        assert "rename it" in refusal(tool, "create", table, "--like", file)
        return
    tool.run("create", table, "--like", file)
    tool.append(table, file)
    assert java.count(table) == duckdb.count(str(table).replace("'", "''")) == pyiceberg_reader.rows(table).num_rows == 2
