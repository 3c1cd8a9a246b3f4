"""The C boundary as a foreign language meets it: dlopen, handles, and Arrow structures shared with pyarrow."""

import ctypes
import datetime
import decimal
import gc
import json
import pathlib
import shutil
import struct
import uuid
from urllib.parse import quote_plus

import pyarrow
import pytest
from pyiceberg import transforms
from pyiceberg import types as iceberg

from lakehouse import LakehouseError, text

EXAMPLE_DATA = pathlib.Path(__file__).parents[3] / "examples" / "data"

STREAM_SCHEMA = pyarrow.schema([
    pyarrow.field("file_path", pyarrow.string(), nullable=False),
    pyarrow.field("file_format", pyarrow.string(), nullable=False),
    pyarrow.field("record_count", pyarrow.int64(), nullable=False),
    pyarrow.field("file_size_in_bytes", pyarrow.int64(), nullable=False),
    pyarrow.field("spec_id", pyarrow.int32(), nullable=False),
    pyarrow.field("partition", pyarrow.string(), nullable=False),
    pyarrow.field("partition_path", pyarrow.string(), nullable=False),
    pyarrow.field("data_sequence_number", pyarrow.int64(), nullable=False),
    pyarrow.field("split_offsets", pyarrow.list_(pyarrow.field("item", pyarrow.int64(), nullable=False))),
    pyarrow.field("residual", pyarrow.string(), nullable=False),
])

DELETE_FILES = pyarrow.field("delete_files", nullable=False, type=pyarrow.list_(pyarrow.field("item", nullable=False, type=pyarrow.struct([
    pyarrow.field("file_path", pyarrow.string(), nullable=False),
    pyarrow.field("content", pyarrow.string(), nullable=False),
    pyarrow.field("file_format", pyarrow.string(), nullable=False),
    pyarrow.field("record_count", pyarrow.int64(), nullable=False),
    pyarrow.field("file_size_in_bytes", pyarrow.int64(), nullable=False),
    pyarrow.field("content_offset", pyarrow.int64()),
    pyarrow.field("content_size_in_bytes", pyarrow.int64()),
    pyarrow.field("referenced_data_file", pyarrow.string()),
    pyarrow.field("data_sequence_number", pyarrow.int64(), nullable=False),
    pyarrow.field("spec_id", pyarrow.int32(), nullable=False),
    pyarrow.field("equality_ids", pyarrow.list_(pyarrow.field("item", pyarrow.int32(), nullable=False))),
]))))  # fmt: skip

CHANGE_SCHEMA = pyarrow.schema([
    *(pyarrow.field(name, pyarrow.string(), nullable=False) for name in ("change", "content", "file_path")),
    pyarrow.field("record_count", pyarrow.int64(), nullable=False),
    pyarrow.field("file_size_in_bytes", pyarrow.int64(), nullable=False),
    pyarrow.field("spec_id", pyarrow.int32(), nullable=False),
    pyarrow.field("partition", pyarrow.string(), nullable=False),
    pyarrow.field("partition_path", pyarrow.string(), nullable=False),
    pyarrow.field("snapshot_id", pyarrow.int64(), nullable=False),
    pyarrow.field("sequence_number", pyarrow.int64(), nullable=False),
    pyarrow.field("operation", pyarrow.string()),
])

PRUNED_SCHEMA = pyarrow.schema([
    pyarrow.field("may_match", pyarrow.bool_(), nullable=False),
    pyarrow.field("residual", pyarrow.string(), nullable=False),
])

DESCRIBED_SCHEMA = """{"type":"struct","fields":[
  {"id":1,"name":"id","required":true,"type":"long"},
  {"id":2,"name":"region","required":false,"type":"string"}]}"""


@pytest.fixture(scope="module")
def runtime(lakehouse):
    options = lakehouse.make("options", "options_new")
    # So that a manifest that is gone is missed, though this process has written it.
    lakehouse.call("options_set_int64", options, *text("runtime.cache-bytes"), ctypes.c_int64(0))
    return lakehouse.make("runtime", "runtime_open", options)


@pytest.fixture(scope="module")
def flights(lakehouse, runtime, tmp_path_factory):
    """A table of the example's files, partitioned by month, committed and opened again."""
    folder = tmp_path_factory.mktemp("lake")
    data = folder / "flights" / "data"
    data.mkdir(parents=True)
    files = sorted(EXAMPLE_DATA.glob("*.parquet"))
    assert len(files) == 13
    for file in files:
        shutil.copy(file, data)
    storage = lakehouse.make("storage", "storage_open", runtime, *text(str(folder)), None)
    schema = lakehouse.take("schema", "schema_inspect", storage, *text(f"flights/data/{files[0].name}"), None)
    spec = lakehouse.make("partition_spec", "partition_spec_parse", schema, *text("month(time_hour)"))
    table = lakehouse.make("table", "table_create", storage, *text("flights"), schema, spec, None)
    appended = lakehouse.append(table, [f"data/{file.name}" for file in files])
    lakehouse.take("table", "table_commit", appended, None)
    return lakehouse.take("table", "table_open", storage, *text("flights"), None)


@pytest.fixture
def described(lakehouse, runtime):
    """A new table in memory, partitioned by region, whose files are only described."""
    storage = lakehouse.make("storage", "storage_open", runtime, *text("memory://described"), None)
    schema = lakehouse.make("schema", "schema_parse", *text(DESCRIBED_SCHEMA))
    spec = lakehouse.make("partition_spec", "partition_spec_parse", schema, *text("region"))
    return lakehouse.make("table", "table_create", storage, *text("described"), schema, spec, None)


def builder_of(lakehouse, table):
    return lakehouse.make("data_files_builder", "data_files_builder_new", table, None)


def finish(lakehouse, builder):
    return lakehouse.make("data_files", "data_files_builder_finish", builder)


def rows_of(reader):
    return sorted(reader.read_all().to_pylist(), key=lambda row: row["file_path"])


def described_batch(first, count):
    """Files whose ids run from row * 100 to row * 100 + 99, by region."""
    rows = range(first, first + count)
    counts, bounds = pyarrow.map_(pyarrow.int32(), pyarrow.int64()), pyarrow.map_(pyarrow.int32(), pyarrow.binary())
    region = lambda row: f"region-{row % 7}"
    id_octets = lambda value: struct.pack("<q", value)
    return pyarrow.record_batch({
        "file_path": pyarrow.array([f"data/{row:06}.parquet" for row in rows]),
        "record_count": pyarrow.array([100] * count),
        "file_size_in_bytes": pyarrow.array([4096 + row for row in rows]),
        "file_format": pyarrow.array([None if row % 2 else "parquet" for row in rows], pyarrow.string()),
        "partition": pyarrow.array([json.dumps({"region": region(row)}) for row in rows]),
        "split_offsets": pyarrow.array([None if row % 3 else [4, 2048] for row in rows], pyarrow.list_(pyarrow.int64())),
        "column_sizes": pyarrow.array([[(1, 800), (2, 90)] for _ in rows], counts),
        "value_counts": pyarrow.array([[(1, 100), (2, 100)] for _ in rows], counts),
        "null_value_counts": pyarrow.array([[(1, 0), (2, 0)] for _ in rows], counts),
        "lower_bounds": pyarrow.array([[(1, id_octets(row * 100)), (2, region(row).encode())] for row in rows], bounds),
        "upper_bounds": pyarrow.array([[(1, id_octets(row * 100 + 99)), (2, region(row).encode())] for row in rows], bounds),
    })


@pytest.mark.parametrize("filter_text, months", [
    (None, 13),
    ("time_hour >= '2013-12-01T00:00:00+00:00'", 2),
    ("origin = 'JFK' AND time_hour < '2013-03-10T12:00:00+00:00'", 3),
    ("distance < 0", 0),
])
def test_stream_and_cursor_agree(lakehouse, flights, filter_text, months):
    plan = lakehouse.plan(flights, filter_text)
    reader = lakehouse.stream(plan)
    assert reader.schema == STREAM_SCHEMA
    streamed = rows_of(reader)
    assert len(streamed) == months
    assert streamed == lakehouse.cursor_rows(plan)
    assert rows_of(lakehouse.stream(plan)) == streamed  # as often as wanted
    for row in streamed:
        assert pathlib.Path(row["file_path"].removeprefix("file://")).stat().st_size == row["file_size_in_bytes"]
        assert row["partition_path"] == "time_hour_month=" + pathlib.Path(row["file_path"]).stem.removeprefix("flights-")
        assert list(json.loads(row["partition"])) == ["time_hour_month"]
        assert (row["residual"] == "TRUE") == (filter_text is None or filter_text.startswith("time_hour"))


def test_a_plan_with_deletes_has_a_column_of_them(lakehouse, flights):
    plan = lakehouse.plan(flights, with_deletes=True)
    reader = lakehouse.stream(plan)
    assert reader.schema == pyarrow.schema([*STREAM_SCHEMA, DELETE_FILES])
    batch = reader.read_next_batch()
    batch.validate(full=True)
    assert [row["delete_files"] for row in batch.to_pylist()] == [[]] * batch.num_rows  # and null is not []
    assert rows_of(lakehouse.stream(plan)) == lakehouse.cursor_rows(plan, with_deletes=True)


def test_stream_outlives_its_plan(lakehouse, flights):
    reader = lakehouse.stream(lakehouse.plan(flights))
    gc.collect()
    assert sum(row["record_count"] for row in rows_of(reader)) == 336776


def test_stream_may_be_dropped_unread(lakehouse, flights):
    lakehouse.stream(lakehouse.plan(flights))
    reader = lakehouse.stream(lakehouse.plan(flights))
    assert reader.read_next_batch().num_rows > 0
    del reader
    gc.collect()


def test_batches_outlive_the_stream_and_validate(lakehouse, flights):
    batch = lakehouse.stream(lakehouse.plan(flights)).read_next_batch()
    gc.collect()
    batch.validate(full=True)
    assert batch.column("file_format").unique().to_pylist() == ["parquet"]


def test_stream_of_a_lost_manifest_says_what_is_missing(lakehouse, flights):
    plan = lakehouse.plan(flights)
    folder = pathlib.Path(lakehouse.text("table_location", flights).removeprefix("file://")) / "metadata"
    manifests = list(folder.glob("*-m*.avro"))
    assert manifests
    for manifest in manifests:
        manifest.rename(manifest.with_suffix(".gone"))
    try:
        with pytest.raises(OSError, match=manifests[0].name):
            lakehouse.stream(plan).read_all()
    finally:
        for manifest in manifests:
            manifest.with_suffix(".gone").rename(manifest)
    assert len(rows_of(lakehouse.stream(plan))) == 13


@pytest.fixture
def lost_manifests(lakehouse, flights):
    """A plan of the table whose manifests are gone until the function that comes with it is called."""
    plan = lakehouse.plan(flights)
    folder = pathlib.Path(lakehouse.text("table_location", flights).removeprefix("file://")) / "metadata"
    gone = [manifest.rename(manifest.with_suffix(".gone")) for manifest in folder.glob("*-m*.avro")]

    def restore():
        while gone:
            manifest = gone.pop()
            manifest.rename(manifest.with_suffix(".avro"))

    yield plan, restore
    restore()


@pytest.mark.parametrize("kind, make", [("file_cursor", "plan_files"), ("explain_cursor", "plan_explain")])
def test_a_cursor_that_failed_gives_its_failure_again(lakehouse, lost_manifests, kind, make):
    plan, restore = lost_manifests
    cursor = lakehouse.make(kind, make, plan)

    def failure():
        with pytest.raises(LakehouseError) as raised:
            while lakehouse.next(kind, cursor):
                pass
        return raised.value.name, raised.value.message, raised.value.subject

    first = failure()
    restore()
    assert [failure() for _ in range(3)] == [first] * 3
    future = lakehouse.start(f"{kind}_fetch", cursor)
    with pytest.raises(LakehouseError, match=first[0]):
        lakehouse.call("future_wait", future, ctypes.c_int64(-1))
    assert len(lakehouse.cursor_rows(plan)) == 13


def test_a_stream_that_failed_gives_its_failure_again(lakehouse, lost_manifests):
    plan, restore = lost_manifests
    reader = lakehouse.stream(plan)

    def failure():
        with pytest.raises(OSError) as raised:
            reader.read_next_batch()
        return str(raised.value)

    first = failure()
    restore()
    assert [failure() for _ in range(3)] == [first] * 3
    assert len(rows_of(lakehouse.stream(plan))) == 13


def test_a_stream_is_cancelled_wherever_it_was_moved_to(lakehouse, flights):
    reader, cancellation = lakehouse.cancellable_stream(lakehouse.plan(flights))
    lakehouse.library.evodb_cancellation_cancel(cancellation)
    for _ in range(2):
        with pytest.raises(OSError, match="CANCELLED"):
            reader.read_next_batch()
    del reader
    gc.collect()
    lakehouse.library.evodb_cancellation_cancel(cancellation)  # of nothing


def test_files_are_read_ahead(lakehouse, flights):
    cursor = lakehouse.make("file_cursor", "plan_files", lakehouse.plan(flights))
    ready = lakehouse.library.evodb_file_cursor_ready_count
    assert ready(cursor) == 0
    lakehouse.call("future_wait", lakehouse.start("file_cursor_fetch", cursor), ctypes.c_int64(-1))
    assert ready(cursor) == 13  # of one manifest
    assert lakehouse.next("file_cursor", cursor) and ready(cursor) == 12
    assert lakehouse.library.evodb_future_is_ready(lakehouse.start("file_cursor_fetch", cursor)) == 1
    lakehouse.library.evodb_file_cursor_cancel(cursor)
    assert ready(cursor) == 0
    with pytest.raises(LakehouseError, match="CANCELLED"):
        lakehouse.next("file_cursor", cursor)


@pytest.mark.parametrize("transform, value", [
    ("day(at)", "2013-07-01"), ("day(on_day)", "1969-12-31"), ("on_day", "2013-07-01"), ("truncate(2, region)", "eu"),
    ("year(at)", 43), ("month(at)", 522), ("hour(at)", 381336), ("bucket(16, id)", 3), ("at", "2013-07-01T00:00:00+00:00"), ("id", None),
])
def test_partition_values_go_out_as_they_came_in(lakehouse, runtime, transform, value):
    storage = lakehouse.make("storage", "storage_open", runtime, *text("memory://values"), None)
    schema = lakehouse.make("schema", "schema_parse", *text("""{"type":"struct","fields":[
        {"id":1,"name":"id","required":false,"type":"long"}, {"id":2,"name":"region","required":false,"type":"string"},
        {"id":3,"name":"at","required":false,"type":"timestamptz"}, {"id":4,"name":"on_day","required":false,"type":"date"}]}"""))
    spec = lakehouse.make("partition_spec", "partition_spec_parse", schema, *text(f"{transform} AS p"))
    table = lakehouse.make("table", "table_create", storage, *text("values"), schema, spec, None)
    builder = builder_of(lakehouse, table)
    add = lambda partition: lakehouse.call("data_files_builder_add", builder, *text("data/a.parquet"), *text("parquet"), ctypes.c_int64(1),
                                           ctypes.c_int64(100), *text(json.dumps({"p": partition})))
    add(value)
    appended = lakehouse.make("table", "table_append", table, finish(lakehouse, builder), None)
    (row,) = lakehouse.cursor_rows(lakehouse.plan(appended))
    assert json.loads(row["partition"]) == {"p": value}
    if transform == "day(at)":
        with pytest.raises(LakehouseError, match="INVALID_ARGUMENT"):
            add(15887)
            finish(lakehouse, builder)


def test_described_files_come_back(lakehouse, described):
    builder = builder_of(lakehouse, described)
    lakehouse.add_arrow(builder, described_batch(0, 1000))
    files = finish(lakehouse, builder)
    assert lakehouse.library.evodb_data_files_count(files) == 1000
    appended = lakehouse.make("table", "table_append", described, files, None)
    table = lakehouse.take("table", "table_commit", appended, None)

    location = lakehouse.text("table_location", table)
    rows = rows_of(lakehouse.stream(lakehouse.plan(table)))
    assert rows == lakehouse.cursor_rows(lakehouse.plan(table))
    assert [row["file_path"] for row in rows] == [f"{location}/data/{row:06}.parquet" for row in range(1000)]
    for number, row in enumerate(rows):
        assert row["file_format"] == "parquet"
        assert row["record_count"] == 100
        assert row["file_size_in_bytes"] == 4096 + number
        assert json.loads(row["partition"]) == {"region": f"region-{number % 7}"}
        assert row["split_offsets"] == (None if number % 3 else [4, 2048])
        assert row["data_sequence_number"] == 1

    # The bounds and partitions that went in decide which files come out.
    kept = rows_of(lakehouse.stream(lakehouse.plan(table, "id BETWEEN 250 AND 1050 AND region <> 'region-3'")))
    assert [row["file_size_in_bytes"] - 4096 for row in kept] == [2, 4, 5, 6, 7, 8, 9]


def test_slices_and_large_types_are_taken(lakehouse, described):
    batch = described_batch(0, 20)
    large = pyarrow.record_batch({
        "file_path": batch.column("file_path").cast(pyarrow.large_string()),
        "record_count": batch.column("record_count"),
        "file_size_in_bytes": batch.column("file_size_in_bytes"),
        "partition": batch.column("partition").cast(pyarrow.large_string()),
        "split_offsets": batch.column("split_offsets").cast(pyarrow.large_list(pyarrow.int64())),
    })
    builder = builder_of(lakehouse, described)
    lakehouse.add_arrow(builder, large.slice(0, 5))
    lakehouse.add_arrow(builder, batch.slice(5, 10))
    lakehouse.add_arrow(builder, batch.slice(15, 0))
    table = lakehouse.make("table", "table_append", described, finish(lakehouse, builder), None)
    rows = rows_of(lakehouse.stream(lakehouse.plan(table)))
    assert [row["file_size_in_bytes"] - 4096 for row in rows] == list(range(15))
    assert [row["split_offsets"] is None for row in rows] == [row % 3 != 0 for row in range(15)]


@pytest.mark.parametrize("filter_text", [
    "TRUE", "FALSE", "id = 250", "id BETWEEN 250 AND 1050 AND region <> 'region-3'", "region = 'region-2' OR id < 300",
    "region IS NULL", "region LIKE 'region-%' AND NOT id < 99500",
])
def test_a_list_is_pruned_as_a_plan_of_its_table(lakehouse, described, filter_text):
    batch = described_batch(0, 1000)
    builder = builder_of(lakehouse, described)
    lakehouse.add_arrow(builder, batch)
    table = lakehouse.make("table", "table_append", described, finish(lakehouse, builder), None)
    planned = {row["file_size_in_bytes"]: row["residual"] for row in rows_of(lakehouse.stream(lakehouse.plan(table, filter_text)))}

    schema = lakehouse.make("schema", "schema_parse", *text(DESCRIBED_SCHEMA))
    spec = lakehouse.make("partition_spec", "partition_spec_parse", schema, *text("region"))
    predicate = lakehouse.make("predicate", "predicate_parse", *text(filter_text))
    for given in (batch, batch.slice(3, 500)):
        pruned = lakehouse.map_arrow("predicate_prune_files", given, predicate, schema, spec, None)
        pruned.validate(full=True)
        assert pruned.schema == PRUNED_SCHEMA
        assert pruned.num_rows == given.num_rows
        sizes = given.column("file_size_in_bytes").to_pylist()
        assert pruned.column("may_match").to_pylist() == [size in planned for size in sizes]
        assert pruned.column("residual").to_pylist() == [planned.get(size, "FALSE") for size in sizes]


def replaced(batch, name, column):
    columns = dict(zip(batch.schema.names, batch.columns))
    columns[name] = column
    return pyarrow.record_batch(columns)


def without(batch, name):
    return pyarrow.record_batch({n: c for n, c in zip(batch.schema.names, batch.columns) if n != name})


@pytest.mark.parametrize("broken, message", [
    (lambda batch: replaced(batch, "rows", batch.column("record_count")), "column rows: not a column of data files"),
    (lambda batch: without(batch, "record_count"), "column record_count: missing"),
    (lambda batch: replaced(batch, "record_count", batch.column("record_count").cast("int32")), "column record_count: Arrow type 'i'"),
    (lambda batch: replaced(batch, "partition", batch.column("partition").dictionary_encode()), "column partition"),
    (lambda batch: replaced(batch, "file_path", pyarrow.array(["a", "b", None, "d"])), "column file_path: row 2: null"),
    (lambda batch: replaced(batch, "file_format", pyarrow.array(["orc", "png", "orc", "orc"])), "column file_format: row 1: expected parquet"),
    (lambda batch: replaced(batch, "record_count", pyarrow.array([100, 100, 100, -4])), "record_count -4 is negative"),
    (lambda batch: replaced(batch, "partition", pyarrow.array(['{"region":"a"}'] * 3 + ['{"region":1}'])), ""),
])
def test_a_refused_array_adds_no_row(lakehouse, described, broken, message):
    builder = builder_of(lakehouse, described)
    lakehouse.add_arrow(builder, described_batch(0, 3))
    with pytest.raises(LakehouseError) as failure:
        lakehouse.add_arrow(builder, broken(described_batch(10, 4)))
    assert failure.value.name == "INVALID_ARGUMENT"
    assert message in failure.value.message
    assert failure.value.subject
    lakehouse.add_arrow(builder, described_batch(10, 4))
    assert lakehouse.library.evodb_data_files_count(finish(lakehouse, builder)) == 7


def test_a_path_given_twice_is_refused(lakehouse, described):
    builder = builder_of(lakehouse, described)
    lakehouse.add_arrow(builder, described_batch(0, 3))
    with pytest.raises(LakehouseError) as failure:
        lakehouse.add_arrow(builder, described_batch(2, 3))
    assert failure.value.name == "ALREADY_EXISTS"
    assert failure.value.subject.endswith("data/000002.parquet")
    assert lakehouse.library.evodb_data_files_count(finish(lakehouse, builder)) == 3


def add_file(lakehouse, builder, path, region):
    partition = text(json.dumps({"region": region}))
    lakehouse.call("data_files_builder_add", builder, *text(path), *text("parquet"), ctypes.c_int64(100), ctypes.c_int64(4096), *partition)


def set_region_bounds(lakehouse, builder, lower, upper):
    bounds = [argument for bound in (lower, upper) for argument in (ctypes.c_char_p(bound), ctypes.c_int64(len(bound)))]
    lakehouse.call("data_files_builder_set_bounds", builder, ctypes.c_int32(2), *bounds)


def paths_of(lakehouse, files):
    paths = []
    for index in range(lakehouse.library.evodb_data_files_count(files)):
        path = ctypes.c_char_p()
        lakehouse.call("data_files_path", files, ctypes.c_int64(index), ctypes.byref(path), None)
        paths.append(path.value.decode().rpartition("/")[2])
    return paths


def test_a_refused_file_takes_no_other_with_it(lakehouse, described):
    builder = builder_of(lakehouse, described)
    refused = []
    for name, region, bounds in [
        ("a", "eu", (b"us-1", b"us-9")),  # contradicts its bounds
        ("b", "eu", (b"eu", b"eu")),
        ("c", 7, None),  # no region at all
        ("d", "us", (b"u", b"v")),  # bounds that are cut short
        ("e", None, (b"eu", b"eu")),
        ("f", "us", (b"v", b"u")),
    ]:
        try:
            add_file(lakehouse, builder, f"data/{name}.parquet", region)
            if bounds:
                set_region_bounds(lakehouse, builder, *bounds)
        except LakehouseError as failure:
            assert failure.name == "INVALID_ARGUMENT"
            refused.append(failure.subject.rpartition("/")[2])
    assert refused == ["a.parquet", "c.parquet", "e.parquet", "f.parquet"]
    assert paths_of(lakehouse, finish(lakehouse, builder)) == ["b.parquet", "d.parquet"]


@pytest.mark.parametrize("name, column, message", [
    ("partition", ['{"region":"region-0"}'] * 4, "but column region spans region-4 to region-4"),
    ("partition", ['{"region":null}'] * 4, "but column region holds no nulls"),
    ("record_count", [100, 100, 99, 100], "100 values in a file of 99 records"),
])
def test_contradictions_in_arrow_name_the_file(lakehouse, described, name, column, message):
    batch = described_batch(3, 4)
    right = batch.column(name).to_pylist()
    first = 1 if name == "partition" else 2  # row 3 is in region-3, and then 4, 5, 6
    wrong = pyarrow.array(right[:first] + column[first:])
    builder = builder_of(lakehouse, described)
    with pytest.raises(LakehouseError) as failure:
        lakehouse.add_arrow(builder, replaced(batch, name, wrong))
    assert message in failure.value.message
    assert failure.value.subject.endswith(f"data/{3 + first:06}.parquet")
    assert paths_of(lakehouse, finish(lakehouse, builder)) == []


def deletes_batch(**columns):
    """Two files of position deletes and one of equality deletes, or with other columns in their places."""
    of_files = {
        "file_path": ["data/p.parquet", "data/q.parquet", "data/e.parquet"],
        "record_count": pyarrow.array([1, 2, 3], pyarrow.int64()),
        "file_size_in_bytes": pyarrow.array([100, 200, 300], pyarrow.int64()),
        "partition": ['{"region":"region-1"}'] * 3,
        "content": ["position_deletes", "position_deletes", "equality_deletes"],
        "referenced_data_file": ["data/x.parquet", None, None],
        "content_offset": pyarrow.nulls(3, pyarrow.int64()),
        "content_size_in_bytes": pyarrow.nulls(3, pyarrow.int64()),
        "equality_ids": pyarrow.array([None, None, [1, 2]], pyarrow.list_(pyarrow.int32())),
        "value_counts": pyarrow.array([[(2147483546, 1)], None, [(1, 3)]], pyarrow.map_(pyarrow.int32(), pyarrow.int64())),
    }
    return pyarrow.record_batch(of_files | columns)


def test_delete_files_are_described_in_arrow(lakehouse, described):
    builder = builder_of(lakehouse, described)
    lakehouse.add_arrow(builder, deletes_batch())
    files = finish(lakehouse, builder)
    assert paths_of(lakehouse, files) == ["p.parquet", "q.parquet", "e.parquet"]
    with pytest.raises(LakehouseError, match="evodb_table_row_delta") as failure:
        lakehouse.make("table", "table_append", described, files, None)
    assert failure.value.name == "INVALID_ARGUMENT"


@pytest.mark.parametrize("columns, name, message", [
    ({"content": ["data", "data", "equality_deletes"]}, "INVALID_ARGUMENT", "referenced_data_file: row 0: a data file has none"),
    ({"content": ["position_deletes", "data", "equality_deletes"]}, "INVALID_ARGUMENT", "a data file in one array with delete files"),
    ({"content": ["position_deletes", "deletes", "equality_deletes"]}, "INVALID_ARGUMENT", "content: row 1"),
    ({"equality_ids": pyarrow.nulls(3, pyarrow.list_(pyarrow.int32()))}, "INVALID_ARGUMENT", "must name the columns"),
    ({"equality_ids": pyarrow.array([None, None, [7]], pyarrow.list_(pyarrow.int32()))}, "INVALID_ARGUMENT", "field id 7"),
    ({"file_format": ["parquet", "puffin", None]}, "UNSUPPORTED", "deletion vectors are of format version 3"),
    ({"content_offset": pyarrow.array([4, None, None], pyarrow.int64())}, "INVALID_ARGUMENT", "are of deletion vectors"),
    ({"value_counts": pyarrow.array([[(1, 1)], None, None], pyarrow.map_(pyarrow.int32(), pyarrow.int64()))}, "INVALID_ARGUMENT",
     "field id 1, which position deletes do not have"),
])  # fmt: skip
def test_wrong_delete_files_are_refused_in_arrow(lakehouse, described, columns, name, message):
    builder = builder_of(lakehouse, described)
    with pytest.raises(LakehouseError) as failure:
        lakehouse.add_arrow(builder, deletes_batch(**columns))
    assert failure.value.name == name
    assert message in failure.value.message
    assert paths_of(lakehouse, finish(lakehouse, builder)) == []


def test_files_are_not_appended_to_another_table(lakehouse, runtime, described, flights):
    builder = builder_of(lakehouse, described)
    lakehouse.add_arrow(builder, described_batch(0, 2))
    files = finish(lakehouse, builder)
    with pytest.raises(LakehouseError) as failure:
        lakehouse.make("table", "table_append", flights, files, None)
    assert failure.value.name == "INVALID_ARGUMENT"
    for table in (described, flights):
        assert lakehouse.text("table_uuid", table) in failure.value.message
        assert lakehouse.text("table_location", table) in failure.value.message
    assert failure.value.subject == lakehouse.text("table_location", flights)


MOMENT = datetime.datetime(1969, 12, 31, 22, 15, 30, 123_456)
UTC = datetime.timezone.utc
ROW_COLUMNS = {  # Iceberg type, Arrow type, a value
    "flag": (iceberg.BooleanType(), pyarrow.bool_(), True),
    "small": (iceberg.IntegerType(), pyarrow.int16(), -7),
    "id": (iceberg.LongType(), pyarrow.int64(), 34),
    "single": (iceberg.FloatType(), pyarrow.float32(), 1.5),
    "double": (iceberg.DoubleType(), pyarrow.float64(), -2.25),
    "price": (iceberg.DecimalType(9, 2), pyarrow.decimal128(20, 2), decimal.Decimal("-14.25")),
    "born": (iceberg.DateType(), pyarrow.date64(), MOMENT.date()),
    "at": (iceberg.TimeType(), pyarrow.time64("ns"), MOMENT.time()),
    "ts": (iceberg.TimestampType(), pyarrow.timestamp("us"), MOMENT),
    "tz": (iceberg.TimestamptzType(), pyarrow.timestamp("ns", "Asia/Tokyo"), MOMENT.replace(tzinfo=UTC)),
    "name": (iceberg.StringType(), pyarrow.large_string(), "größer/als a"),
    "key": (iceberg.UUIDType(), pyarrow.binary(16), uuid.UUID(int=5 << 64 | 3).bytes),
    "code": (iceberg.FixedType(3), pyarrow.binary(3), b"\x01\x02\xff"),
    "octets": (iceberg.BinaryType(), pyarrow.binary(), b"\x00\xff"),
}
TERMS = [
    *ROW_COLUMNS,
    *(f"{unit}({column})" for column in ("ts", "tz", "born") for unit in ("year", "month", "day")),
    "hour(ts)", "hour(tz)",
    *(f"bucket(16, {column})" for column in ROW_COLUMNS if column not in ("flag", "single", "double")),
    *(f"truncate(3, {column})" for column in ("small", "id", "price", "name", "octets")),
    "void(id)",
]


def row_schema(lakehouse):
    fields = [{"id": i, "name": name, "required": False, "type": str(kind)} for i, (name, (kind, _, _)) in enumerate(ROW_COLUMNS.items(), 1)]
    return lakehouse.make("schema", "schema_parse", *text(json.dumps({"type": "struct", "fields": fields})))


def partition_of_row(lakehouse, spec, row):
    partition = lakehouse.make("partition", "partition_spec_apply_json", spec, *text(json.dumps(row)))
    return json.loads(lakehouse.text("partition_json", partition)), lakehouse.text("partition_path", partition)


@pytest.fixture(scope="module")
def rows(lakehouse):
    """A schema, and two rows: nulls and the values above."""
    fields = [{"id": i, "name": name, "required": False, "type": str(kind)} for i, (name, (kind, _, _)) in enumerate(ROW_COLUMNS.items(), 1)]
    schema = lakehouse.make("schema", "schema_parse", *text(json.dumps({"type": "struct", "fields": fields})))
    return schema, pyarrow.record_batch({name: pyarrow.array([None, value], kind) for name, (_, kind, value) in ROW_COLUMNS.items()})


def partitions_of(lakehouse, rows, term):
    schema, batch = rows
    spec = lakehouse.make("partition_spec", "partition_spec_parse", schema, *text(f"{term} AS f"))
    given = lakehouse.apply_spec(spec, batch)
    given.validate(full=True)
    assert given.schema.names == ["partition", "partition_path", "f"]
    return spec, given.to_pylist()


@pytest.mark.parametrize("term", TERMS)
def test_partitions_of_rows_are_those_of_pyiceberg(lakehouse, rows, term):
    call, _, arguments = term.rstrip(")").partition("(")
    column = (arguments or term).split(", ")[-1]
    spec, (null, row) = partitions_of(lakehouse, rows, term)
    assert null == {"partition": '{"f":null}', "partition_path": "f=null", "f": None}
    if call == "void":
        assert row == null
        return

    # The same from JSON, whose values are those of the identity.
    _, (_, identity) = partitions_of(lakehouse, rows, column)
    single = json.dumps({column: json.loads(identity["partition"])["f"]})
    partition = lakehouse.make("partition", "partition_spec_apply_json", spec, *text(single))
    assert lakehouse.text("partition_json", partition) == row["partition"]
    assert lakehouse.text("partition_path", partition) == row["partition_path"]

    kind, _, value = ROW_COLUMNS[column]
    by = f"{call}[{arguments.split(', ')[0]}]" if ", " in arguments else call if arguments else "identity"
    transform = transforms.parse_transform(by)
    expected = transform.transform(kind)(pyiceberg_value(column, value))
    got = row["f"]
    if call == "day":
        got = (got - datetime.date(1970, 1, 1)).days
    elif by == "identity" or call == "truncate":
        got = pyiceberg_value(column, got)
    assert got == expected
    assert row["partition_path"] == "f=" + quote_plus(transform.to_human_string(kind, expected), safe="-._*")


def pyiceberg_value(column, value):
    epoch = datetime.datetime(1970, 1, 1, tzinfo=UTC)
    microsecond = datetime.timedelta(microseconds=1)
    if column == "born":
        return (value - epoch.date()).days
    if column == "at":
        return (datetime.datetime.combine(epoch.date(), value, UTC) - epoch) // microsecond
    if column in ("ts", "tz"):
        return (value.replace(tzinfo=value.tzinfo or UTC) - epoch) // microsecond
    if column == "key":
        return uuid.UUID(bytes=value)
    return value


def test_computed_partitions_are_taken_by_the_builder(lakehouse, described):
    spec = lakehouse.make("partition_spec", "table_partition_spec", described)
    batch = described_batch(0, 50)
    rows = pyarrow.record_batch({"region": [f"region-{row % 7}" for row in range(50)], "id": list(range(50))})
    computed = lakehouse.apply_spec(spec, rows)
    assert computed.column("partition_path")[8].as_py() == "region=region-1"
    builder = builder_of(lakehouse, described)
    lakehouse.add_arrow(builder, replaced(batch, "partition", computed.column("partition")))
    assert lakehouse.library.evodb_data_files_count(finish(lakehouse, builder)) == 50
    with pytest.raises(LakehouseError, match="column regions"):
        lakehouse.apply_spec(spec, pyarrow.record_batch({"regions": ["eu"]}))
    with pytest.raises(LakehouseError, match="column region: dictionary-encoded"):
        lakehouse.apply_spec(spec, pyarrow.record_batch({"region": pyarrow.array(["eu"]).dictionary_encode()}))


def test_null_arguments_are_errors(lakehouse, described):
    with pytest.raises(LakehouseError, match="INVALID_ARGUMENT: array is NULL"):
        lakehouse.call("data_files_builder_add_arrow", builder_of(lakehouse, described), None, None)
    with pytest.raises(LakehouseError, match="INVALID_ARGUMENT: builder is NULL"):
        lakehouse.add_arrow(None, described_batch(0, 1))  # moved all the same
    with pytest.raises(LakehouseError, match="INVALID_ARGUMENT: plan is NULL"):
        lakehouse.call("plan_stream", None, None)


def test_failures_have_a_name_and_a_message(lakehouse, runtime, flights):
    storage = lakehouse.make("storage", "storage_open", runtime, *text("memory://nothing"), None)
    with pytest.raises(LakehouseError) as failure:
        lakehouse.take("table", "table_open", storage, *text("no/such/table"), None)
    assert failure.value.name == "NOT_FOUND"
    with pytest.raises(LakehouseError) as failure:
        lakehouse.plan(flights, "no_such_column = 1")
    assert failure.value.name == "INVALID_FILTER"
    assert "no_such_column" in failure.value.message


ALL_TIME = ctypes.c_int64(-1), ctypes.c_int64(-1)


@pytest.mark.parametrize("name, arguments", [
    ("table_diff", (*ALL_TIME, None)), ("table_changes", (*ALL_TIME, None)),
    *(("table_metadata", (*text(table), None)) for table in ("snapshots", "history", "refs", "files", "manifests", "partitions")),
])
def test_rows_are_the_same_by_stream_and_cursor(lakehouse, flights, name, arguments):
    rows = lakehouse.rows(name, flights, *arguments)
    reader, _ = lakehouse.stream_of_rows(rows)
    streamed = reader.read_all()
    streamed.validate(full=True)
    assert streamed.num_rows in (1, 13)
    assert streamed.to_pylist() == lakehouse.listed_rows(rows)
    assert streamed.to_pylist() == lakehouse.stream_of_rows(rows)[0].read_all().to_pylist()  # as often as wanted


def test_changes_and_differences_have_their_columns(lakehouse, flights):
    planned = {row["file_path"]: row for row in rows_of(lakehouse.stream(lakehouse.plan(flights)))}
    for name, schema in (("table_changes", CHANGE_SCHEMA), ("table_diff", pyarrow.schema(list(CHANGE_SCHEMA)[:8]))):
        reader, _ = lakehouse.stream_of_rows(lakehouse.rows(name, flights, *ALL_TIME, None))
        assert reader.schema == schema
        rows = reader.read_all().to_pylist()
        assert {row["file_path"] for row in rows} == planned.keys()
        for row in rows:
            assert (row["change"], row["content"]) == ("added", "data")
            for column in ("record_count", "file_size_in_bytes", "spec_id", "partition", "partition_path"):
                assert row[column] == planned[row["file_path"]][column]


def test_files_have_their_statistics(lakehouse, described):
    builder = builder_of(lakehouse, described)
    lakehouse.add_arrow(builder, described_batch(0, 50))
    appended = lakehouse.make("table", "table_append", described, finish(lakehouse, builder), None)
    table = lakehouse.take("table", "table_commit", appended, None)
    rows = rows_of(lakehouse.stream_of_rows(lakehouse.rows("table_metadata", table, *text("files"), None))[0])
    assert len(rows) == 50
    for number, row in enumerate(rows):
        region = f"region-{number % 7}"
        assert json.loads(row["column_sizes"]) == {"1": 800, "2": 90}
        assert json.loads(row["value_counts"]) == {"1": 100, "2": 100}
        assert json.loads(row["lower_bounds"]) == {"1": number * 100, "2": region}
        assert json.loads(row["upper_bounds"]) == {"1": number * 100 + 99, "2": region}
        assert row["split_offsets"] == (None if number % 3 else "[4,2048]")
        assert row["nan_value_counts"] is None and row["key_metadata"] is None


@pytest.mark.parametrize("name, arguments, message", [
    ("table_diff", (ctypes.c_int64(5), ctypes.c_int64(-1), None), "NOT_FOUND: the table has no snapshot 5"),
    ("table_diff", (ctypes.c_int64(-1), ctypes.c_int64(6), None), "NOT_FOUND: the table has no snapshot 6"),
    ("table_changes", (ctypes.c_int64(7), ctypes.c_int64(-1), None), "NOT_FOUND: the table has no snapshot 7"),
    ("table_metadata", (*text("entries"), None), "INVALID_ARGUMENT: no metadata table is named 'entries'"),
])
def test_rows_of_nothing_are_refused(lakehouse, flights, name, arguments, message):
    with pytest.raises(LakehouseError, match=message):
        lakehouse.rows(name, flights, *arguments)


def test_a_stream_of_rows_is_cancelled(lakehouse, flights):
    reader, cancellation = lakehouse.stream_of_rows(lakehouse.rows("table_metadata", flights, *text("files"), None))
    lakehouse.library.evodb_cancellation_cancel(cancellation)
    for _ in range(2):
        with pytest.raises(OSError, match="CANCELLED"):
            reader.read_next_batch()


def test_rows_that_failed_give_their_failure_again(lakehouse, flights, lost_manifests):
    _, restore = lost_manifests
    rows = lakehouse.rows("table_diff", flights, *ALL_TIME, None)
    cursor = lakehouse.make("row_cursor", "rows_cursor", rows)
    reader, _ = lakehouse.stream_of_rows(rows)

    def failures():
        with pytest.raises(LakehouseError) as by_cursor:
            lakehouse.next("row_cursor", cursor)
        with pytest.raises(OSError) as by_stream:
            reader.read_next_batch()
        return by_cursor.value.name, by_cursor.value.message, by_cursor.value.subject, str(by_stream.value)

    first = failures()
    assert first[0] == "NOT_FOUND" and first[2] in first[3]
    restore()
    assert [failures() for _ in range(3)] == [first] * 3
    with pytest.raises(LakehouseError, match="NOT_FOUND"):
        lakehouse.call("future_wait", lakehouse.start("row_cursor_fetch", cursor), ctypes.c_int64(-1))
    assert len(lakehouse.listed_rows(rows)) == 13
