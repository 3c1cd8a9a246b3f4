"""Parquet files by each writer, with every type that append and create --like accept: test_parquet_types.py has Iceberg Java,
PyIceberg and DuckDB read them, scripts/interop-spark Spark.

    python parquet_samples.py TOOL FOLDER

makes a table of each in FOLDER, without the columns whose type Spark does not have, and FOLDER/samples.json: what is to be
read of them, for spark_check.py."""

import dataclasses
import datetime as dt
import decimal
import json
import pathlib
import re
import sys
import uuid
from collections.abc import Callable

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from plain_values import plain

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
    "timestamp_us": pa.array([WHEN, BEFORE], pa.timestamp("us")),
    "timestamptz_us": pa.array([WHEN, BEFORE], pa.timestamp("us", "UTC")),
    "decimal": pa.array([decimal.Decimal("1.25"), decimal.Decimal("-1.25")], pa.decimal128(5, 2)),
    "wide_decimal": pa.array([decimal.Decimal("1.25"), None], pa.decimal128(38, 2)),
    "uuid": pa.array([uuid.UUID(int=5).bytes, None], pa.uuid()),
    "list": pa.array([[1, None], []], pa.list_(INT)),
    "list_of_structs": pa.array([[{"x": 1}, None], []], pa.list_(pa.struct([("x", INT)]))),
    "list_of_lists": pa.array([[[1], None], None], pa.list_(pa.list_(INT))),
    "large_list": pa.array([[1, None], None], pa.large_list(INT)),
    "fixed_list": pa.array([[1, 2], None], pa.list_(INT, 2)),
    "struct": pa.array([{"x": 1, "y": "a"}, None], pa.struct([("x", INT), ("y", pa.string())])),
    "struct_of_structs": pa.array([{"s": {"x": 1}}, None], pa.struct([("s", pa.struct([("x", INT)]))])),
    "struct_of_lists": pa.array([{"l": [1]}, None], pa.struct([("l", pa.list_(INT))])),
    "map": pa.array([[("a", 1)], None], pa.map_(pa.string(), INT)),
    "map_of_structs": pa.array([[("a", {"x": 1})], [("b", None)]], pa.map_(pa.string(), pa.struct([("x", INT)]))),
    "map_by_structs": pa.array([[({"x": 1}, 1)], None], pa.map_(pa.struct([("x", INT)]), INT)),
}
NAMES = ["a name. with?#/\t\n'%:`\"\\,;{}()=$", " ", "ä", "日本", "é", "e\u0301", "x" * 300, "element", "file_path", "filename", "_metadata", "1"]

# With a dictionary Spark takes them for microseconds.
IN_MILLISECONDS = {
    "timestamp_s": pa.array([WHEN.replace(microsecond=0), BEFORE], pa.timestamp("s")),
    "timestamp_ms": pa.array([WHEN, BEFORE], pa.timestamp("ms")),
    "timestamptz_ms": pa.array([WHEN, BEFORE], pa.timestamp("ms", "UTC")),
    "list_of_times": pa.array([[WHEN], None], pa.list_(pa.timestamp("ms"))),
}
IN_NANOSECONDS = {
    "timestamp_ns": pa.array([WHEN, BEFORE], pa.timestamp("ns")),
}
IN_ZONE = {
    "zone": pa.array([WHEN, BEFORE], pa.timestamp("us", "Europe/Paris")),
    "lasts": pa.array([1, 2], pa.duration("us")),
}
# By column: how its values are encoded.
ENCODED = {
    "delta": (pa.array([1, 2]), "DELTA_BINARY_PACKED"),
    "delta_time": (pa.array([WHEN, BEFORE], pa.timestamp("us")), "DELTA_BINARY_PACKED"),
    "delta_length": (pa.array(["a", "b"]), "DELTA_LENGTH_BYTE_ARRAY"),
    "delta_bytes": (pa.array(["aa", "ab"]), "DELTA_BYTE_ARRAY"),
    "split_float": (pa.array([1.5, 2.5], pa.float32()), "BYTE_STREAM_SPLIT"),
    "split_double": (pa.array([1.5, 2.5]), "BYTE_STREAM_SPLIT"),
    "plain": (pa.array(["a", "b"]), "PLAIN"),
}

BY_PANDAS = {
    "text": pd.Series(["a", None]),
    "category": pd.Series(["a", "b"], dtype="category"),
    "numbers": pd.Series([1, 2], dtype="category"),
    "nullable": pd.Series([1, None], dtype="Int64"),
    "boolean": pd.Series([True, None], dtype="boolean"),
    "double": pd.Series([1.5, None]),
    "moment": pd.Series([WHEN, BEFORE]),
    "utc": pd.Series([WHEN, BEFORE]).dt.tz_localize("UTC"),
    "date": pd.Series([WHEN.date(), None]),
    "time": pd.Series([dt.time(1), None]),
    "bytes": pd.Series([b"a", None]),
    "decimal": pd.Series([decimal.Decimal("1.25"), None]),
    "lists": pd.Series([[1], []]),
    "structs": pd.Series([{"x": 1}, {"x": 2}]),
}

BY_POLARS = {
    "boolean": pl.Series([True, None]),
    "int8": pl.Series([-128, 127], dtype=pl.Int8),
    "int16": pl.Series([-32768, 32767], dtype=pl.Int16),
    "int32": pl.Series([-(2**31), 2**31 - 1], dtype=pl.Int32),
    "int64": pl.Series([-(2**63), 2**63 - 1]),
    "float": pl.Series([1.5, None], dtype=pl.Float32),
    "double": pl.Series([1.5, None]),
    "string": pl.Series(["ä", None]),
    "categorical": pl.Series(["a", "b"], dtype=pl.Categorical),
    "enum": pl.Series(["a", "b"], dtype=pl.Enum(["a", "b"])),
    "binary": pl.Series([b"a", None]),
    "date": pl.Series([WHEN.date(), None]),
    "microseconds": pl.Series([WHEN, BEFORE], dtype=pl.Datetime("us")),
    "utc": pl.Series([WHEN, BEFORE]).dt.replace_time_zone("UTC"),
    "decimal": pl.Series([decimal.Decimal("1.25"), None], dtype=pl.Decimal(9, 2)),
    "wide_decimal": pl.Series([decimal.Decimal("1.25"), None], dtype=pl.Decimal(38, 2)),
    "list": pl.Series([[1, None], None]),
    "array": pl.Series([[1, 2], [3, 4]], dtype=pl.Array(pl.Int64, 2)),
    "struct": pl.Series([{"x": 1, "y": "a"}, None]),
    "list_of_structs": pl.Series([[{"x": 1}], []]),
}

BY_DUCKDB = {
    "hugeint": ("1::HUGEINT", 1.0), "enum": ("'a'::ENUM('a','b')", "a"), "bit": ("'101'::BIT", "101"),
    "timetz": ("'12:00:00+01'::TIMETZ", "11:00:00"), "time": ("TIME '12:00:00'", "12:00:00"),
    "timestamp_s": ("'2020-01-01 00:00:01'::TIMESTAMP_S", "2020-01-01T00:00:01"),
    "timestamp_ms": ("'2020-01-01 00:00:01'::TIMESTAMP_MS", "2020-01-01T00:00:01"),
    "timestamp": ("TIMESTAMP '2020-01-01 00:00:01'", "2020-01-01T00:00:01"),
    "timestamptz": ("TIMESTAMPTZ '2020-01-01 00:00:01+00'", "2020-01-01T00:00:01+00:00"),
    "uuid": (f"'{uuid.UUID(int=5)}'::UUID", str(uuid.UUID(int=5))), "blob": ("'ab'::BLOB", "6162"),
    "int8": ("-1::TINYINT", -1), "decimal9": ("1.25::DECIMAL(9,2)", "1.25"),
    "decimal18": ("1.25::DECIMAL(18,2)", "1.25"), "decimal38": ("1.25::DECIMAL(38,2)", "1.25"), "null": ("NULL", None),
    "json": ("'{}'::JSON", "{}"), "list": ("[1,2]", [1, 2]), "struct": ("{'x':1}", [1]), "map": ("MAP{'a':1}", [["a"], [1]]),
    "array": ("[1,2]::INTEGER[2]", [1, 2]), "date": ("DATE '2020-01-01'", "2020-01-01"),
}  # fmt: skip

# Of Parquet Java: the field behind "optional", without its name, its value, and what is read.
BY_JAVA = {
    "int64": ("int64 (INT_64)", -1, -1), "enum": ("binary (ENUM)", "a", "a"), "json": ("binary (JSON)", "{}", "{}"),
    "time_micros": ("int64 (TIME_MICROS)", 1000000, "00:00:01"),
    "timestamp_millis": ("int64 (TIMESTAMP_MILLIS)", 1000, "1970-01-01T00:00:01+00:00"),
    "timestamp_micros": ("int64 (TIMESTAMP_MICROS)", 1, "1970-01-01T00:00:00.000001+00:00"),
    "local_millis": ("int64 (TIMESTAMP(MILLIS,false))", 1000, "1970-01-01T00:00:01"),
    "int96": ("int96", [2458850, 3661000001000], "2020-01-01T01:01:01.000001+00:00"),
    "decimal32": ("int32 (DECIMAL(5,2))", 125, "1.25"), "decimal64": ("int64 (DECIMAL(15,2))", -125, "-1.25"),
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


@dataclasses.dataclass(frozen=True)
class Sample:
    columns: dict
    """By name: what the writer takes."""
    write: Callable
    """Of path, columns and the Java oracle."""
    values_of: Callable
    """What is to be read of a column, plain."""

    def expected(self, columns=None):
        return {name: self.values_of(column) for name, column in (columns or self.columns).items()}


def by_arrow(columns, values_of=lambda column: [plain(value) for value in column.to_pylist()], **options):
    return Sample(columns, lambda path, columns, java: pq.write_table(pa.table(columns), path, **options), values_of)


def in_utc(column):
    as_kept = pa.int64() if pa.types.is_duration(column.type) else pa.timestamp("us", "UTC")
    return [plain(value) for value in column.cast(as_kept).to_pylist()]


def write_encoded(path, columns, java):
    encodings = {name: encoding for name, (_, encoding) in columns.items()}
    pq.write_table(
        pa.table({name: values for name, (values, _) in columns.items()}), path, use_dictionary=False, column_encoding=encodings, compression="lz4"
    )


def write_pandas(path, columns, java):
    pd.DataFrame(columns).to_parquet(path)


def write_polars(path, columns, java):
    pl.DataFrame(columns).write_parquet(path)


def write_duckdb(path, columns, java):
    select = ", ".join(f'{text} AS "{name}"' for name, (text, _) in columns.items())
    duckdb.connect().execute(f"COPY (SELECT {select}) TO '{path}' (FORMAT parquet)")


def write_java(with_ids):
    def write(path, columns, java):
        fields, row, number = [], {}, 0

        def next_id(_=None):
            nonlocal number
            number += 1
            return f" = {number}" if with_ids else ""

        for name, (text, value, _) in columns.items():
            row[name] = value
            if text.startswith("("):
                annotation, _, body = text.partition(" {ID")
                own = next_id()
                fields.append(f"optional group {name} {annotation}{own} {{" + re.sub("ID(?=[; ])", next_id, body))
            else:
                physical, _, logical = text.partition(" ")
                fields.append(f"optional {physical} {name} {logical}{next_id()};")
        java.write_parquet(path, "message m { " + " ".join(fields) + " }", [row])

    return write


def grouped(groups):
    return {f"group_{name}": group for name, group in groups.items()}


def of_pandas(column):
    return [None if value is None or value is pd.NA or value is pd.NaT or value != value else plain(value) for value in column.tolist()]


SAMPLES = {
    "arrow": by_arrow(BY_ARROW),
    "names": by_arrow({name: BY_ARROW["int32"] for name in NAMES} | {"s": pa.array([{"_pos": 1, "a.b": 2}] * 2)}),
    "arrow in milliseconds": by_arrow(IN_MILLISECONDS, use_dictionary=False),
    "arrow in nanoseconds": by_arrow(IN_NANOSECONDS),
    "arrow with int96": by_arrow({"int96": BY_ARROW["timestamp_us"]}, in_utc, use_deprecated_int96_timestamps=True),
    "arrow without its schema": by_arrow(IN_ZONE, in_utc, store_schema=False),
    "older arrow": by_arrow({name: BY_ARROW[name] for name in ("list", "decimal", "timestamp_us")},
                            use_compliant_nested_type=False, store_decimal_as_integer=True, version="1.0"),
    "arrow in gzip and newer pages": by_arrow({name: BY_ARROW[name] for name in ("int64", "string")}, compression="gzip", data_page_version="2.0"),
    "encodings": Sample(ENCODED, write_encoded, lambda column: [plain(value) for value in column[0].to_pylist()]),
    "pandas": Sample(BY_PANDAS, write_pandas, of_pandas),
    "polars": Sample(BY_POLARS, write_polars, lambda column: [plain(value) for value in column.to_list()]),
    "duckdb": Sample(BY_DUCKDB, write_duckdb, lambda column: [column[1]]),
    "parquet java by name": Sample(BY_JAVA | grouped(GROUPS), write_java(False), lambda column: [column[2]]),
    "parquet java by id": Sample(BY_JAVA | grouped(GROUPS | BY_ID_ALONE), write_java(True), lambda column: [column[2]]),
}  # fmt: skip

UNKNOWN_TO_SPARK = ["time", "timestamp_ns", "timestamptz_ns"]


def make_table(tool, folder, sample, columns, java):
    file = folder.with_suffix(".parquet")
    sample.write(file, columns, java)
    tool.run("create", folder, "--like", file)
    tool.append(folder, file)
    return {field["name"]: field["type"] for field in tool.metadata(folder)["schemas"][0]["fields"]}


def main():
    from java_oracle import JavaOracle, java_folder
    from tool import Tool

    tool, folder, java = Tool(sys.argv[1]), pathlib.Path(sys.argv[2]), JavaOracle(java_folder())
    expectations = []
    for name, sample in SAMPLES.items():
        place = folder / name.replace(" ", "-")
        types = make_table(tool, place.with_name(place.name + "-whole"), sample, sample.columns, java)
        columns = {column: of for column, of in sample.columns.items() if types[column] not in UNKNOWN_TO_SPARK}
        if not columns:
            continue
        make_table(tool, place, sample, columns, java)
        expectations.append({"table": str(place), "values": sample.expected(columns)})
    java.close()
    (folder / "samples.json").write_text(json.dumps(expectations))


if __name__ == "__main__":
    main()
