"""What append and create --like accept of Parquet files, Iceberg Java, PyIceberg and DuckDB read right; the rest is refused,
with the column and the way out."""

import datetime as dt
import decimal
import re
import uuid

import duckdb as duckdb_module
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pyiceberg_reader
from tool import ToolError

WHEN = dt.datetime(2020, 1, 2, 3, 4, 5, 6000)
BEFORE = dt.datetime(1960, 1, 1, 1, 1, 1)
INT = pa.int32()

# Two rows of each type.
BY_ARROW = {
    "boolean": pa.array([True, None]),
    "int8": pa.array([-128, 127], pa.int8()),
    "int16": pa.array([-32768, 32767], pa.int16()),
    "int32": pa.array([-(2**31), 2**31 - 1], INT),
    "int64": pa.array([-(2**63), 2**63 - 1], pa.int64()),
    "uint8": pa.array([0, 255], pa.uint8()),
    "uint16": pa.array([0, 65535], pa.uint16()),
    "uint32": pa.array([0, 2**31 - 1], pa.uint32()),
    "float": pa.array([1.5, None], pa.float32()),
    "double": pa.array([1.5, None], pa.float64()),
    "string": pa.array(["a", "ä"]),
    "large_string": pa.array(["a", None], pa.large_string()),
    "string_view": pa.array(["a", None], pa.string_view()),
    "dictionary": pa.array(["a", "b"]).dictionary_encode(),
    "binary": pa.array([b"a", None], pa.binary()),
    "fixed": pa.array([b"abcd", None], pa.binary(4)),
    "date32": pa.array([WHEN.date(), BEFORE.date()], pa.date32()),
    "date64": pa.array([WHEN.date(), BEFORE.date()], pa.date64()),
    "time": pa.array([dt.time(1, 2, 3, 4), None], pa.time64("us")),
    "timestamp_s": pa.array([WHEN.replace(microsecond=0), BEFORE], pa.timestamp("s")),
    "timestamp_ms": pa.array([WHEN, BEFORE], pa.timestamp("ms")),
    "timestamp_us": pa.array([WHEN, BEFORE], pa.timestamp("us")),
    "timestamptz_ms": pa.array([WHEN, BEFORE], pa.timestamp("ms", "UTC")),
    "timestamptz_us": pa.array([WHEN, BEFORE], pa.timestamp("us", "UTC")),
    "decimal": pa.array([decimal.Decimal("1.25"), decimal.Decimal("-1.25")], pa.decimal128(5, 2)),
    "wide_decimal": pa.array([decimal.Decimal("1.25"), None], pa.decimal128(38, 2)),
    "uuid": pa.array([uuid.UUID(int=5).bytes, None], pa.uuid()),
    "list": pa.array([[1, None], []], pa.list_(INT)),
    "large_list": pa.array([[1, None], None], pa.large_list(INT)),
    "fixed_list": pa.array([[1, 2], None], pa.list_(INT, 2)),
    "list_of_times": pa.array([[WHEN], None], pa.list_(pa.timestamp("ms"))),
    "struct": pa.array([{"x": 1, "y": "a"}, None], pa.struct([("x", INT), ("y", pa.string())])),
    "map": pa.array([[("a", 1)], None], pa.map_(pa.string(), INT)),
    "a name. with?#/\t\n'%:": pa.array([1, 2]),
}

BY_DUCKDB = {
    "hugeint": ("1::HUGEINT", 1.0), "enum": ("'a'::ENUM('a','b')", "a"), "bit": ("'101'::BIT", "101"),
    "timetz": ("'12:00:00+01'::TIMETZ", "11:00:00"), "time": ("TIME '12:00:00'", "12:00:00"),
    "timestamp_s": ("'2020-01-01 00:00:01'::TIMESTAMP_S", "2020-01-01T00:00:01"),
    "timestamp_ms": ("'2020-01-01 00:00:01'::TIMESTAMP_MS", "2020-01-01T00:00:01"),
    "timestamp": ("TIMESTAMP '2020-01-01 00:00:01'", "2020-01-01T00:00:01"),
    "timestamptz": ("TIMESTAMPTZ '2020-01-01 00:00:01+00'", "2020-01-01T00:00:01+00:00"),
    "uuid": (f"'{uuid.UUID(int=5)}'::UUID", str(uuid.UUID(int=5))), "blob": ("'ab'::BLOB", "6162"),
    "uint32": ("5::UINTEGER", 5), "int8": ("-1::TINYINT", -1), "decimal9": ("1.25::DECIMAL(9,2)", "1.25"),
    "decimal18": ("1.25::DECIMAL(18,2)", "1.25"), "decimal38": ("1.25::DECIMAL(38,2)", "1.25"), "null": ("NULL", None),
    "json": ("'{}'::JSON", "{}"), "list": ("[1,2]", [1, 2]), "struct": ("{'x':1}", [1]), "map": ("MAP{'a':1}", [["a"], [1]]),
    "array": ("[1,2]::INTEGER[2]", [1, 2]), "date": ("DATE '2020-01-01'", "2020-01-01"),
}  # fmt: skip

# Of Parquet Java: the field behind "optional", without its name, its value, and what is read.
BY_JAVA = {
    "uint8": ("int32 (UINT_8)", 200, 200), "uint16": ("int32 (UINT_16)", 60000, 60000), "uint32": ("int32 (UINT_32)", 5, 5),
    "int64": ("int64 (INT_64)", -1, -1), "enum": ("binary (ENUM)", "a", "a"), "json": ("binary (JSON)", "{}", "{}"),
    "time_micros": ("int64 (TIME_MICROS)", 1000000, "00:00:01"),
    "timestamp_millis": ("int64 (TIMESTAMP_MILLIS)", 1000, "1970-01-01T00:00:01+00:00"),
    "timestamp_micros": ("int64 (TIMESTAMP_MICROS)", 1, "1970-01-01T00:00:00.000001+00:00"),
    "local_millis": ("int64 (TIMESTAMP(MILLIS,false))", 1000, "1970-01-01T00:00:01"),
    "int96": ("int96", [2458850, 3661000001000], "2020-01-01T01:01:01.000001+00:00"),
    "decimal32": ("int32 (DECIMAL(5,2))", 125, "1.25"), "decimal64": ("int64 (DECIMAL(15,2))", -125, "-1.25"),
    "decimal_binary": ("binary (DECIMAL(5,2))", {"hex": "ff83"}, "-1.25"),
    "decimal_fixed": ("fixed_len_byte_array(16) (DECIMAL(5,2))", {"hex": "00" * 15 + "7d"}, "1.25"),
    "uuid": ("fixed_len_byte_array(16) (UUID)", {"hex": "00" * 15 + "05"}, str(uuid.UUID(int=5))),
}  # fmt: skip
# Layouts: the group behind "optional", without its name and with its parts' ids, its value, and what is read.
GROUPS = {
    "list": ("(LIST) {ID repeated group list { optional int32 elementID; } }", {"list": [{"element": 1}, {}]}, [1, None]),
    "item": ("(LIST) {ID repeated group list { required int32 itemID; } }", {"list": [{"item": 1}]}, [1]),
    "map": ("(MAP) {ID repeated group key_value (MAP_KEY_VALUE) { required binary key (UTF8)ID; required int32 valueID; } }",
            {"key_value": [{"key": "a", "value": 1}]}, [["a"], [1]]),
    "lists": ("(LIST) {ID repeated group list { optional group element (LIST)ID { repeated group list { optional int32 elementID; } } } }",
              {"list": [{"element": {"list": [{"element": 1}]}}]}, [[1]]),
}  # fmt: skip
BY_ID_ALONE = {
    "bag": ("(LIST) {ID repeated group bag { optional int32 array_elementID; } }", {"bag": [{"array_element": 1}]}, [1]),
    "map": ("(MAP) {ID repeated group map (MAP_KEY_VALUE) { required binary key (UTF8)ID; optional int32 valueID; } }",
            {"map": [{"key": "a", "value": 1}]}, [["a"], [1]]),
}  # fmt: skip


def plain(value):
    """As in Iceberg's JSON; a struct is the list of its members that are there, a map two lists."""
    match value:
        case dict():
            return [plain(member) for member in value.values() if member is not None]
        case list() if value and isinstance(value[0], tuple):
            return [[plain(key) for key, _ in value], [plain(item) for _, item in value]]
        case list():
            return [plain(item) for item in value]
        case bytes():
            return value.hex().upper()
        case dt.datetime() | dt.date() | dt.time():
            return re.sub(r"(\.\d*?)0+(?=$|\+)", r"\1", value.isoformat()) if getattr(value, "microsecond", 0) else value.isoformat()
        case decimal.Decimal() | uuid.UUID():
            return str(value)
    return value


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


def test_what_arrow_writes(tool, read, tmp_path):
    expected = {name: [plain(value) for value in values.to_pylist()] for name, values in BY_ARROW.items()}
    pq.write_table(pa.table(BY_ARROW), tmp_path / "f.parquet")
    check_all_read(tool, read, tmp_path / "t", tmp_path / "f.parquet", expected)


def test_other_ways_of_arrow(tool, read, tmp_path):
    pq.write_table(pa.table({"int96": BY_ARROW["timestamp_us"]}), tmp_path / "f.parquet", use_deprecated_int96_timestamps=True)
    expected = {"int96": [plain(when.replace(tzinfo=dt.UTC)) for when in (WHEN, BEFORE)]}
    check_all_read(tool, read, tmp_path / "t", tmp_path / "f.parquet", expected)

    in_zone = pa.array([WHEN, BEFORE], pa.timestamp("us", "Europe/Paris"))
    pq.write_table(pa.table({"zone": in_zone, "lasts": pa.array([1, 2], pa.duration("us"))}), tmp_path / "h.parquet", store_schema=False)
    expected = {"zone": [plain(when.as_py().astimezone(dt.UTC)) for when in in_zone], "lasts": [1, 2]}
    check_all_read(tool, read, tmp_path / "v", tmp_path / "h.parquet", expected)

    columns = {"list": BY_ARROW["list"], "decimal": BY_ARROW["decimal"], "time": BY_ARROW["timestamp_us"]}
    pq.write_table(pa.table(columns), tmp_path / "g.parquet", use_compliant_nested_type=False, store_decimal_as_integer=True, version="1.0")
    expected = {name: [plain(value) for value in values.to_pylist()] for name, values in columns.items()}
    check_all_read(tool, read, tmp_path / "u", tmp_path / "g.parquet", expected)


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


def test_what_duckdb_writes(tool, read, tmp_path):
    select = ", ".join(f'{text} AS "{name}"' for name, (text, _) in BY_DUCKDB.items())
    duckdb_module.connect().execute(f"COPY (SELECT {select}) TO '{tmp_path}/f.parquet' (FORMAT parquet)")
    check_all_read(tool, read, tmp_path / "t", tmp_path / "f.parquet", {name: [value] for name, (_, value) in BY_DUCKDB.items()})


@pytest.mark.parametrize("ids", [False, True], ids=["by name", "by id"])
def test_what_parquet_java_writes(tool, java, read, tmp_path, ids):
    fields, row, number = [], {}, 0
    groups = GROUPS | (BY_ID_ALONE if ids else {})

    def next_id(_=None):
        nonlocal number
        number += 1
        return f" = {number}" if ids else ""

    for name, (text, value, _) in BY_JAVA.items():
        physical, _, logical = text.partition(" ")
        fields.append(f"optional {physical} {name} {logical}{next_id()};")
        row[name] = value
    for name, (text, value, _) in groups.items():
        annotation, _, body = text.partition(" {ID")
        own = next_id()
        fields.append(f"optional group group_{name} {annotation}{own} {{" + re.sub("ID(?=[; ])", next_id, body))
        row["group_" + name] = value
    java.write_parquet(tmp_path / "f.parquet", "message m { " + " ".join(fields) + " }", [row])
    expected = {name: [value] for name, (_, _, value) in BY_JAVA.items()}
    expected |= {"group_" + name: [value] for name, (_, _, value) in groups.items()}
    check_all_read(tool, read, tmp_path / "t", tmp_path / "f.parquet", expected)


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


# Of Arrow: a type, a value, a type of the table's column that readers would take it for, what is said.
REFUSED = {
    "null": (pa.null(), None, "int", "null type"),
    "list of null": (pa.list_(pa.null()), [], "list<int>", "null type"),
    "struct of null": (pa.struct([("x", pa.null())]), {"x": None}, "struct<x: int>", "null type"),
    "map of null": (pa.map_(pa.string(), pa.null()), [], "map<string, int>", "null type"),
    "uint64": (pa.uint64(), 5, "long", "decimal(20, 0)"),
    "float16": (pa.float16(), 1.5, "fixed[2]", "cast it to a float"),
    "time in milliseconds": (pa.time32("ms"), dt.time(1), "time", "write microseconds"),
    "time in nanoseconds": (pa.time64("ns"), dt.time(1), "time", "write microseconds"),
    "duration": (pa.duration("s"), dt.timedelta(1), "long", "store_schema=False"),
    "JSON of Arrow": (pa.json_(), "{}", "string", "store_schema=False"),
    "zone": (pa.timestamp("us", "Europe/Paris"), WHEN, "timestamptz", "store_schema=False"),
    "decimal of 256 bits": (pa.decimal256(9, 2), decimal.Decimal(1), "decimal(9, 2)", "store_schema=False"),
    "list view": (pa.list_view(INT), [1], "list<int>", "store_schema=False"),
}  # fmt: skip
# Of Parquet Java: a field, a type of the table's column, what is said.
REFUSED_LAYOUTS = {
    "interval": ("optional fixed_len_byte_array(12) c (INTERVAL)", "fixed[12]", "cast it to an integer"),
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


@pytest.mark.parametrize("type_, value", [
    (pa.uint32(), 2**31), (pa.list_(pa.uint32()), [1, 2**32 - 1]), (pa.struct([("x", pa.uint32())]), {"x": 2**31}),
], ids=str)  # fmt: skip
@pytest.mark.parametrize("statistics", [True, False])
def test_unsigned_integers_that_are_negative_to_java(tool, tmp_path, type_, value, statistics):
    arrow_file(tmp_path / "f.parquet", type_, value, write_statistics=statistics)
    tool.run("create", tmp_path / "t", "--like", tmp_path / "f.parquet")
    with pytest.raises(ToolError) as failure:
        tool.append(tmp_path / "t", tmp_path / "f.parquet")
    assert failure.value.name == "UNSUPPORTED" and "column c" in failure.value.error["message"]
    assert "signed integer of 64 bits" in failure.value.error["message"]


def test_field_ids_that_others_find_nothing_under(tool, java, tmp_path):
    for ids in ((-1, -1), (0, 0), (0, 1)):
        file = tmp_path / f"{ids}.parquet"
        java.write_parquet(file, "message m { optional int32 a = %d; optional int32 b = %d; }" % ids, [])
        with pytest.raises(ToolError) as failure:
            tool.run("create", tmp_path / "t", "--like", file)
        assert failure.value.name == "INCOMPATIBLE_SCHEMA"
        assert f"has field id {ids[0]}" in failure.value.error["message"] and "without any" in failure.value.error["message"]


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
