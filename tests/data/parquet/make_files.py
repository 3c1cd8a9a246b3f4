"""Makes the Parquet files beside this script: python3 make_files.py (pyarrow 26). The tests know their content."""

import datetime as dt
import decimal
import pathlib
import uuid

import pyarrow as pa
import pyarrow.parquet as pq
from pandas.core.arrays.arrow.extension_types import ArrowPeriodType

HERE = pathlib.Path(__file__).parent


def with_id(name, type_, id_, nullable=True):
    return pa.field(name, type_, nullable, metadata={"PARQUET:field_id": str(id_)})


def write(name, table, **options):
    # The Arrow schema tells the tests nothing and would double the files.
    pq.write_table(table, HERE / f"{name}.parquet", store_schema=False, **options)


UTC = dt.timezone.utc
WHEN = dt.datetime(2013, 7, 1, 5, 30, 0, 1000)

PRIMITIVES = [
    (with_id("flag", pa.bool_(), 1), [False, True, None]),
    (with_id("small", pa.int16(), 2), [-5, 7, None]),
    (with_id("number", pa.int32(), 3), [-2147483648, 2147483647, None]),
    (with_id("big", pa.int64(), 4, nullable=False), [-1, 0, 1]),
    (with_id("long", pa.int64(), 5), [1, 2147483647, None]),
    (with_id("ratio", pa.float32(), 6), [0.0, 1.5, float("nan")]),
    (with_id("double", pa.float64(), 7), [-1.5, -0.0, None]),
    (with_id("price", pa.decimal128(9, 2), 8), [decimal.Decimal("-14.20"), decimal.Decimal("14.20"), None]),
    (with_id("total", pa.decimal128(38, 10), 9), [decimal.Decimal("-1"), decimal.Decimal("12345678901234567890"), None]),
    (with_id("day", pa.date32(), 10), [dt.date(1969, 12, 31), dt.date(2013, 7, 1), None]),
    (with_id("clock", pa.time64("us"), 11), [dt.time(0, 0, 1), dt.time(23, 59, 59), None]),
    (with_id("local", pa.timestamp("us"), 12), [WHEN, WHEN + dt.timedelta(days=1), None]),
    (with_id("instant", pa.timestamp("us", tz="UTC"), 13), [WHEN, WHEN + dt.timedelta(days=1), None]),
    (with_id("name", pa.string(), 14), ["a", "a name of more than sixteen letters", None]),
    (with_id("raw", pa.binary(), 15), [b"\x00", b"\xff" * 20, None]),
    (with_id("digest", pa.binary(4), 16), [b"\x01\x02\x03\x04", b"\xff\xff\xff\xff", None]),
    (with_id("key", pa.uuid(), 17), [uuid.UUID("f79c3e09-677c-4bbd-a479-3f349cb785e7").bytes, uuid.UUID(int=1).bytes, None]),
]


def table_of(columns):
    arrays = []
    for field, values in columns:
        if field.type == pa.uuid():
            arrays.append(pa.ExtensionArray.from_storage(pa.uuid(), pa.array(values, pa.binary(16))))
        else:
            arrays.append(pa.array(values, field.type))
    return pa.table(arrays, schema=pa.schema([field for field, _ in columns]))


write("primitives", table_of(PRIMITIVES), compression="none")

# The same column in every unit and by every way of writing it.
write("milliseconds", pa.table({
    "local": pa.array([WHEN.replace(microsecond=1000), None], pa.timestamp("ms")),
    "instant": pa.array([WHEN.replace(microsecond=1000), None], pa.timestamp("ms", tz="UTC")),
}), compression="none", use_dictionary=False)
write("nanoseconds", pa.table({
    "local": pa.array([1372656600000001001, None], pa.timestamp("ns")),
    "instant": pa.array([1372656600000001001, None], pa.timestamp("ns", tz="UTC")),
}), compression="none")
write("int96", pa.table({"instant": pa.array([WHEN], pa.timestamp("us"))}), compression="none",
      use_deprecated_int96_timestamps=True)

NESTED = pa.schema([
    with_id("id", pa.int32(), 1, nullable=False),
    with_id("place", pa.struct([with_id("x", pa.float64(), 5, nullable=False), with_id("y", pa.float64(), 6)]), 2),
    with_id("tags", pa.list_(with_id("element", pa.string(), 7)), 3),
    with_id("counts", pa.map_(with_id("key", pa.string(), 8, nullable=False), with_id("value", pa.int64(), 9)), 4),
])
write("nested", pa.table([
    pa.array([1, 2], pa.int32()),
    pa.array([{"x": 1.0, "y": 2.0}, None], NESTED.field("place").type),
    pa.array([["a", "b"], []], NESTED.field("tags").type),
    pa.array([[("k", 1)], None], NESTED.field("counts").type),
], schema=NESTED), compression="none")

# No field ids, three row groups of which one is all null, a dictionary, snappy.
write("no_ids", pa.table({
    "id": pa.array([3, 4, None, None, 1, 2], pa.int64()),
    "carrier": pa.array(["UA", "AA", None, None, "AA", "DL"]),
}), row_group_size=2)

write("nulls", pa.table({"number": pa.array([None, None, None], pa.int32())}), compression="none")
write("null_type", pa.table({"nothing": pa.nulls(3), "number": pa.array([None, None, None], pa.int32())}), compression="none")
write("empty", pa.table({"id": pa.array([], pa.int64())}), compression="none")
write("not_a_number", pa.table({"x": pa.array([float("nan")] * 2, pa.float64())}), compression="none")
write("without_statistics", pa.table({"id": pa.array([1, 2], pa.int64())}), compression="none", write_statistics=False)
write("unsigned64", pa.table({"id": pa.array([1], pa.uint64())}), compression="none")
# Types that Arrow's own schema alone tells.
pq.write_table(pa.table({
    "within": pa.array([{"lasts": dt.timedelta(seconds=1)}], pa.struct([("lasts", pa.duration("us"))])),
    "key": pa.array([uuid.UUID(int=1).bytes], pa.uuid()),
    "text": pa.array(["{}"], pa.json_()),
    "month": pa.ExtensionArray.from_storage(ArrowPeriodType("M"), pa.array([1])),
    "local": pa.array([WHEN], pa.timestamp("us", "Europe/Paris")),
    "instant": pa.array([WHEN], pa.timestamp("us", "Etc/UTC")),
    "price": pa.array([1], pa.decimal256(9, 2)),
    "total": pa.array([1], pa.decimal128(9, 2)),
    "views": pa.array([[1]], pa.list_view(pa.int32())),
}), HERE / "arrow_types.parquet", compression="none")
