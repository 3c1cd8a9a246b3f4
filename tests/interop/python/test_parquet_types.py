"""What append and create --like accept of Parquet files, Iceberg Java, PyIceberg and DuckDB read right; the rest is refused,
with the column and the way out."""

import datetime as dt
import decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pyiceberg_reader
from parquet_samples import INT, SAMPLES, WHEN
from plain_values import plain
from tool import ToolError


@pytest.fixture
def read(java, duckdb):
    """Of each engine the columns of a table, as lists of plain values."""

    def columns_of(table):
        rows = {
            "Iceberg Java": java.rows_by_mapping(table),
            "PyIceberg": pyiceberg_reader.rows(table).to_pylist(),
            "DuckDB": duckdb.rows(table).to_pylist(),
        }
        return {engine: {name: [plain(row[name]) for row in of] for name in of[0]} for engine, of in rows.items()}

    return columns_of


def check_all_read(tool, read, table, file, expected):
    tool.run("create", table, "--like", file)
    tool.append(table, file)
    for engine, columns in read(table).items():
        assert columns == expected, engine


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_what_writers_write(tool, java, read, tmp_path, sample):
    sample.write(tmp_path / "f.parquet", sample.columns, java)
    check_all_read(tool, read, tmp_path / "t", tmp_path / "f.parquet", sample.expected())


def test_names_that_differ_by_case(tool, java, duckdb, tmp_path):
    columns, ids = [pa.array([1], INT), pa.array([2], INT)], [{"PARQUET:field_id": "1"}, {"PARQUET:field_id": "2"}]
    with_ids = pa.schema([pa.field("k", INT, metadata=ids[0]), pa.field("K", INT, metadata=ids[1])])
    pq.write_table(pa.table(columns, schema=with_ids), tmp_path / "ids.parquet")
    tool.run("create", tmp_path / "t", "--like", tmp_path / "ids.parquet")
    tool.append(tmp_path / "t", tmp_path / "ids.parquet")
    for rows in java.rows(tmp_path / "t"), pyiceberg_reader.rows(tmp_path / "t").to_pylist(), duckdb.rows(tmp_path / "t").to_pylist():
        assert [list(row.values()) for row in rows] == [[1, 2]]  # DuckDB calls the second one K_1
    pq.write_table(pa.table(columns, names=["k", "K"]), tmp_path / "names.parquet")
    for command in (["append", tmp_path / "t"], ["create", tmp_path / "u", "--like"]):
        with pytest.raises(ToolError) as failure:
            tool.run(*command, tmp_path / "names.parquet")
        assert "column K" in failure.value.error["message"] and "with field ids" in failure.value.error["message"]


def test_types_that_are_promoted(tool, java, read, tmp_path):
    types = {"l": "int64", "d": "double", "n": "int64 (DECIMAL(18,2))"}
    narrow = {"l": "int32", "d": "float", "n": "int32 (DECIMAL(5,2))"}
    row = {"l": 1, "d": 1.5, "n": 125}
    for name, ids in ("names", False), ("ids", True):

        def schema_of(columns):
            texts = [(column, *text.partition(" ")) for column, text in columns.items()]
            fields = [f"optional {physical} {column} {logical} {f'= {i + 1}' if ids else ''};" for i, (column, physical, _, logical) in enumerate(texts)]
            return "message m { " + " ".join(fields) + " }"

        java.write_parquet(tmp_path / f"{name}-wide.parquet", schema_of(types), [row])
        java.write_parquet(tmp_path / f"{name}.parquet", schema_of(narrow), [row])
        table = tmp_path / f"{name}-table"
        tool.run("create", table, "--like", tmp_path / f"{name}-wide.parquet")
        tool.append(table, tmp_path / f"{name}.parquet")
        for engine, columns in read(table).items():
            assert columns == {"l": [1], "d": [1.5], "n": ["1.25"]}, engine


def arrow_file(path, type_, value, **options):
    pq.write_table(pa.table({"c": pa.array([value], type_)}), path, **options)


PERIOD = pa.array(pd.period_range("2020-01", periods=1, freq="M")).type
# Of Arrow: a type, a value, a type of the table's column that readers would take it for, what is said.
REFUSED = {
    "null": (pa.null(), None, "int", "null type"),
    "list of null": (pa.list_(pa.null()), [], "list<int>", "null type"),
    "struct of null": (pa.struct([("x", pa.null())]), {"x": None}, "struct<x: int>", "null type"),
    "map of null": (pa.map_(pa.string(), pa.null()), [], "map<string, int>", "null type"),
    "uint8": (pa.uint8(), 5, "int", "signed integer of 32 bits"),
    "uint16": (pa.uint16(), 5, "int", "signed integer of 32 bits"),
    "uint32": (pa.uint32(), 5, "long", "signed integer of 64 bits"),
    "list of uint32": (pa.list_(pa.uint32()), [5], "list<long>", "signed integer of 64 bits"),
    "uint64": (pa.uint64(), 5, "long", "decimal(20, 0)"),
    "float16": (pa.float16(), 1.5, "fixed[2]", "cast it to a float"),
    "time in milliseconds": (pa.time32("ms"), dt.time(1), "time", "write microseconds (pyarrow"),
    "time in nanoseconds": (pa.time64("ns"), dt.time(1), "time", "write microseconds"),
    "duration": (pa.duration("s"), dt.timedelta(1), "long", "dt.total_microseconds()"),
    "period of pandas": (PERIOD, 600, "long", ".dt.to_timestamp()"),
    "JSON of Arrow": (pa.json_(), "{}", "string", "store_schema=False"),
    "zone": (pa.timestamp("us", "Europe/Paris"), WHEN, "timestamptz", "store_schema=False"),
    "decimal of 256 bits": (pa.decimal256(9, 2), decimal.Decimal(1), "decimal(9, 2)", "store_schema=False"),
    "list view": (pa.list_view(INT), [1], "list<int>", "store_schema=False"),
}  # fmt: skip
# Of Parquet Java: a field, a type of the table's column, what is said.
REFUSED_LAYOUTS = {
    "interval": ("optional fixed_len_byte_array(12) c (INTERVAL)", "fixed[12]", "an integer of a unit"),
    "decimal of variable length": ("optional binary c (DECIMAL(5,2))", "decimal(5, 2)", "in a fixed length"),
    "bson": ("optional binary c (BSON)", "binary", "plain binary"),
    "two levels": ("optional group c (LIST) { repeated int32 array; }", "list<int>", "three levels"),
    "two levels with ids": ("optional group c (LIST) = 1 { repeated int32 array = 2; }", "list<int>", "three levels"),
    "tuples": ("optional group c (LIST) { repeated group c_tuple { optional int32 x; } }", "list<struct<x: int>>", "three levels"),
    "bag": ("optional group c (LIST) { repeated group bag { optional int32 array_element; } }", "list<int>", "call it list"),
    "map": ("optional group c (MAP) { repeated group map { required int32 key; optional int32 value; } }", "map<int, int>", "call it key_value"),
    "MAP_KEY_VALUE": ("optional group c (MAP_KEY_VALUE) { repeated group map { required int32 key; optional int32 value; } }", "map<int, int>", "MAP"),
    "null keys": ("optional group c (MAP) { repeated group key_value { optional int32 key; optional int32 value; } }", "map<int, int>", "required"),
    "repeated": ("repeated int32 c", "list<int>", "write it as a LIST"),
}  # fmt: skip


def check_refused(tool, table, file, type_, message):
    for command in (["create", table, "--like", file], ["append", table, file]):
        if command[0] == "append":
            tool.run("create", table, "--schema", table.with_suffix(".json"))
            tool.run("evolve", table, "--add", f"c {type_}", "--drop", "k")
        with pytest.raises(ToolError) as failure:
            tool.run(*command)
        assert failure.value.name == "UNSUPPORTED"
        assert message in failure.value.error["message"] and "column c" in failure.value.error["message"]
        assert str(file) in failure.value.error["message"]
        assert not list(table.glob("data/*"))


@pytest.fixture
def refused_table(tmp_path):
    table = tmp_path / "t"
    table.with_suffix(".json").write_text('{"type":"struct","fields":[{"id":1,"name":"k","required":false,"type":"int"}]}')
    return table


@pytest.mark.parametrize("type_, value, wanted, message", REFUSED.values(), ids=REFUSED)
def test_types_that_are_refused(tool, refused_table, tmp_path, type_, value, wanted, message):
    arrow_file(tmp_path / "f.parquet", type_, value)
    check_refused(tool, refused_table, tmp_path / "f.parquet", wanted, message)


@pytest.mark.parametrize("field, wanted, message", REFUSED_LAYOUTS.values(), ids=REFUSED_LAYOUTS)
def test_layouts_that_are_refused(tool, java, refused_table, tmp_path, field, wanted, message):
    java.write_parquet(tmp_path / "f.parquet", f"message m {{ {field}{';' if not field.endswith('}') else ''} }}", [])
    check_refused(tool, refused_table, tmp_path / "f.parquet", wanted, message)


# Of Arrow: an array, how it is written, what is said.
REFUSED_PAGES = {
    "brotli": (pa.array([1]), {"compression": "brotli"}, "write it with zstd or snappy"),
    "split integers": (pa.array([1]), {"use_dictionary": False, "column_encoding": {"c": "BYTE_STREAM_SPLIT"}}, "in another encoding"),
    "booleans in runs": (pa.array([True, None]), {"data_page_version": "2.0"}, "data_page_version='1.0'"),
    "milliseconds with a dictionary": (pa.array([WHEN], pa.timestamp("ms")), {}, "coerce_timestamps='us'"),
    "milliseconds in a list": (pa.array([[WHEN]], pa.list_(pa.timestamp("ms"))), {}, "coerce_timestamps='us'"),
}  # fmt: skip


@pytest.mark.parametrize("values, options, message", REFUSED_PAGES.values(), ids=REFUSED_PAGES)
def test_pages_that_are_refused(tool, tmp_path, values, options, message):
    pq.write_table(pa.table({"c": values}), tmp_path / "f.parquet", **options)
    pq.write_table(pa.table({"c": values}), tmp_path / "g.parquet", use_dictionary=False)
    tool.run("create", tmp_path / "t", "--like", tmp_path / "g.parquet")
    for command in (["create", tmp_path / "u", "--like"], ["append", tmp_path / "t"]):
        with pytest.raises(ToolError) as failure:
            tool.run(*command, tmp_path / "f.parquet")
        assert failure.value.name == "UNSUPPORTED" and "column c" in failure.value.error["message"]
        assert message in failure.value.error["message"]


def not_text(values=b"\xff\xfe"):
    return pa.array([values]).cast(pa.binary()).view(pa.string())


REFUSED_VALUES = {
    "text": (not_text(), "cast it to binary"),
    "text in a list": (pa.ListArray.from_arrays([0, 1], not_text()), "cast it to binary"),
    "timestamps": (pa.array([2**63 // 1000 + 1]).cast(pa.timestamp("ms")), "64 bits of microseconds"),
    "zoned timestamps": (pa.array([-(2**63) // 1000]).cast(pa.timestamp("ms", "UTC")), "64 bits of microseconds"),
    "times": (pa.array([86_400_000_000]).view(pa.time64("us")), "beyond 24 hours"),
    "negative times": (pa.array([-1]).view(pa.time64("us")), "beyond 24 hours"),
}


@pytest.mark.parametrize("values, message", REFUSED_VALUES.values(), ids=REFUSED_VALUES)
def test_values_that_are_refused(tool, tmp_path, values, message):
    pq.write_table(pa.table({"c": values}), tmp_path / "f.parquet", use_dictionary=False)
    tool.run("create", tmp_path / "t", "--like", tmp_path / "f.parquet")
    with pytest.raises(ToolError) as failure:
        tool.append(tmp_path / "t", tmp_path / "f.parquet")
    assert failure.value.name == "UNSUPPORTED" and "column c" in failure.value.error["message"]
    assert message in failure.value.error["message"]


def test_files_without_columns(tool, tmp_path):
    pq.write_table(pa.table({}), tmp_path / "f.parquet")
    pq.write_table(pa.table({"c": [1]}), tmp_path / "g.parquet")
    tool.run("create", tmp_path / "t", "--like", tmp_path / "g.parquet")
    for command in (["create", tmp_path / "u", "--like"], ["append", tmp_path / "t"]):
        with pytest.raises(ToolError) as failure:
            tool.run(*command, tmp_path / "f.parquet")
        assert failure.value.name == "UNSUPPORTED" and "has no columns" in failure.value.error["message"]


def test_null_lists_of_structs_are_empty_to_pyiceberg(java, duckdb, tool, tmp_path):
    """A fault of PyIceberg: its projection of lists and maps of structs loses their nulls, with field ids as well."""
    struct = pa.struct([("x", INT)])
    columns = {"l": pa.array([None, [{"x": 1}]], pa.list_(struct)), "m": pa.array([None, [("a", {"x": 1})]], pa.map_(pa.string(), struct))}
    pq.write_table(pa.table(columns), tmp_path / "f.parquet")
    tool.run("create", tmp_path / "t", "--like", tmp_path / "f.parquet")
    tool.append(tmp_path / "t", tmp_path / "f.parquet")
    for rows in java.rows_by_mapping(tmp_path / "t"), duckdb.rows(tmp_path / "t").to_pylist():
        assert rows[0] == {"l": None, "m": None}
    assert pyiceberg_reader.rows(tmp_path / "t").to_pylist()[0] == {"l": [], "m": []}


def test_field_ids_that_others_find_nothing_under(tool, java, tmp_path):
    for ids in ((-1, -1), (0, 0), (0, 1)):
        file = tmp_path / f"{ids}.parquet"
        java.write_parquet(file, "message m { optional int32 a = %d; optional int32 b = %d; }" % ids, [])
        with pytest.raises(ToolError) as failure:
            tool.run("create", tmp_path / "t", "--like", file)
        assert failure.value.name == "INCOMPATIBLE_SCHEMA"
        assert f"has field id {ids[0]}" in failure.value.error["message"] and "without any" in failure.value.error["message"]


@pytest.mark.parametrize("id", ["-5", "x"])
def test_field_ids_that_arrow_alone_has(tool, tmp_path, id):
    within = pa.struct([pa.field("x", INT, metadata={"PARQUET:field_id": id})])
    pq.write_table(pa.table({"c": pa.array([{"x": 1}], within)}), tmp_path / "f.parquet")
    with pytest.raises(ToolError) as failure:
        tool.run("create", tmp_path / "t", "--like", tmp_path / "f.parquet")
    assert failure.value.name == "UNSUPPORTED" and f"column c.x of file://{tmp_path}" in failure.value.error["message"]
    assert f"its field id {id} is in the file's ARROW:schema alone" in failure.value.error["message"]


def test_field_ids_against_names(tool, duckdb, tmp_path):
    def write(name, **columns):
        fields = [pa.field(column, INT, metadata={"PARQUET:field_id": str(id)}) for column, (id, _) in columns.items()]
        pq.write_table(pa.table([pa.array([value], INT) for _, value in columns.values()], schema=pa.schema(fields)), tmp_path / name)
        return tmp_path / name

    table = tmp_path / "t"
    tool.run("create", table, "--like", write("own.parquet", a=(1, 10), b=(2, 20)))
    swapped = write("swapped.parquet", b=(1, 20), a=(2, 10))
    with pytest.raises(ToolError) as failure:
        tool.append(table, swapped)
    assert failure.value.name == "INCOMPATIBLE_SCHEMA"
    assert "column b" in failure.value.error["message"] and "column a" in failure.value.error["message"]
    # As soon as the table has been through these names, such a file is an older one.
    tool.append(table, tmp_path / "own.parquet")
    tool.run("evolve", table, "--rename", "a=c", "--rename", "b=a")
    tool.run("evolve", table, "--rename", "c=b")
    tool.append(table, write("older.parquet", a=(1, 10), b=(2, 20)))
    assert duckdb.query(table, "b, a").to_pylist() == [{"b": 10, "a": 20}] * 2
