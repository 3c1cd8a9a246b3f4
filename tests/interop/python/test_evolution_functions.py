"""The C functions that change schemas, partition specs, sort orders and the format version, and schemas from and to Arrow."""

import ctypes
import json

import pyarrow as pa
import pytest
from pyiceberg.io.pyarrow import pyarrow_to_schema, schema_to_pyarrow
from pyiceberg.schema import Schema
from pyiceberg.table.name_mapping import MappedField, NameMapping

from lakehouse import LakehouseError, text

SCHEMA = {"type": "struct", "schema-id": 0, "fields": [
    {"id": 1, "name": "id", "required": True, "type": "long"},
    {"id": 2, "name": "region", "required": False, "type": "string"},
    {"id": 3, "name": "at", "required": False, "type": "timestamp"},
]}
NONE, BACKWARD, FORWARD, FULL = range(4)


def parsed(lakehouse, fields):
    return lakehouse.make("schema", "schema_parse", *text(json.dumps({"type": "struct", "fields": fields})))


@pytest.fixture
def storage(lakehouse):
    runtime = lakehouse.make("runtime", "runtime_open", None)
    return lakehouse.make("storage", "storage_open", runtime, *text("memory://evolution"), None)


@pytest.fixture
def table(lakehouse, storage, request):
    """By region."""
    schema = parsed(lakehouse, SCHEMA["fields"])
    spec = lakehouse.make("partition_spec", "partition_spec_parse", schema, *text("region"))
    made = lakehouse.make("table", "table_create", storage, *text(request.node.name.split("[")[0]), schema, spec, None)
    return lakehouse.take("table", "table_commit", made, None)


def metadata_of(lakehouse, table):
    data, length = ctypes.c_char_p(), ctypes.c_int64()
    lakehouse.call("table_metadata_json", table, ctypes.byref(data), ctypes.byref(length))
    return json.loads(data.value)


def with_partitions(lakehouse, table, *steps):
    changes = lakehouse.changed("partition_spec_changes", *steps)
    return lakehouse.make("table", "table_evolve_partition_spec", table, changes)


def with_columns(lakehouse, table, *steps):
    return lakehouse.make("table", "table_evolve", table, lakehouse.changed("schema_changes", *steps))


def add_schema(lakehouse, table, schema):
    schema_id, made = ctypes.c_int32(-1), ctypes.c_void_p()
    try:
        lakehouse.call("table_add_schema", table, schema, ctypes.byref(schema_id), ctypes.byref(made))
    except LakehouseError:
        assert (schema_id.value, made.value) == (-1, None)
        raise
    return type(table)(lakehouse.library, "table", made.value), schema_id.value


def set_current(lakehouse, table, schema_id):
    return lakehouse.make("table", "table_set_current_schema", table, ctypes.c_int32(schema_id))


def test_a_partition_spec_is_changed(lakehouse, table):
    changed = with_partitions(lakehouse, table, ("drop", *text("region")), ("add", *text("bucket(16, id)")),
                              ("add", *text('day(at) AS "the day"')), ("rename", *text("id_bucket_16"), *text("shard")))
    assert metadata_of(lakehouse, table)["default-spec-id"] == 0
    committed = metadata_of(lakehouse, lakehouse.take("table", "table_commit", changed, None))
    assert committed["default-spec-id"] == 1
    assert [(field["name"], field["transform"], field["field-id"]) for field in committed["partition-specs"][1]["fields"]] == [
        ("shard", "bucket[16]", 1001), ("the day", "day", 1002)]
    for steps, name, said in [
        ([("drop", *text("none"))], "NOT_FOUND", "no field of the name none"),
        ([("add", *text("region AS r"))], "ALREADY_EXISTS", "is the same as region"),
        ([("add", *text("hour(id)"))], "INVALID_ARGUMENT", "does not take a column of type long"),
    ]:
        with pytest.raises(LakehouseError) as failure:
            with_partitions(lakehouse, table, *steps)
        assert failure.value.name == name and said in failure.value.message


def test_a_sort_order_is_set(lakehouse, table):
    ordered = lakehouse.make("table", "table_set_sort_order", table, *text("region, bucket(4, id) desc nulls first"))
    committed = metadata_of(lakehouse, lakehouse.take("table", "table_commit", ordered, None))
    assert committed["default-sort-order-id"] == 1
    assert [(field["transform"], field["direction"], field["null-order"]) for field in committed["sort-orders"][1]["fields"]] == [
        ("identity", "asc", "nulls-first"), ("bucket[4]", "desc", "nulls-first")]
    none = lakehouse.make("table", "table_set_sort_order", ordered, None, ctypes.c_int64(0))
    assert metadata_of(lakehouse, none)["default-sort-order-id"] == 0
    with pytest.raises(LakehouseError, match="expected FIRST or LAST at character 10"):
        lakehouse.make("table", "table_set_sort_order", table, *text("id nulls middle"))


def test_a_table_is_upgraded(lakehouse, table):
    upgraded = lakehouse.make("table", "table_upgrade", table, ctypes.c_int32(3))
    assert metadata_of(lakehouse, lakehouse.take("table", "table_commit", upgraded, None))["format-version"] == 3
    with pytest.raises(LakehouseError, match="cannot go down"):
        lakehouse.make("table", "table_upgrade", upgraded, ctypes.c_int32(2))


def test_defaults_and_identifiers(lakehouse, table):
    names = (ctypes.c_char_p * 2)(b"id", b"more")
    lengths = (ctypes.c_int64 * 2)(2, 4)
    upgraded = lakehouse.make("table", "table_upgrade", table, ctypes.c_int32(3))
    changed = with_columns(
        lakehouse, upgraded, ("add", *text("more"), *text("int"), 1, None, ctypes.c_int64(0), *text("7")),
        ("set_write_default", *text("more"), *text("8")), ("set_write_default", *text("region"), None, ctypes.c_int64(0)),
        ("set_identifier_fields", names, lengths, ctypes.c_int64(2)))
    schema = metadata_of(lakehouse, changed)["schemas"][-1]
    assert schema["identifier-field-ids"] == [1, 4]
    assert (schema["fields"][3]["initial-default"], schema["fields"][3]["write-default"]) == (7, 8)
    with pytest.raises(LakehouseError, match="INCOMPATIBLE_SCHEMA: column region: an identifier field"):
        with_columns(lakehouse, table, ("set_identifier_fields", (ctypes.c_char_p * 1)(b"region"), None, ctypes.c_int64(1)))
    with pytest.raises(LakehouseError, match="default values need format version 3"):
        with_columns(lakehouse, table, ("set_write_default", *text("region"), *text('"eu"')))


def test_a_schema_is_added_and_becomes_the_current_one(lakehouse, table):
    fields = [*SCHEMA["fields"], {"id": 9, "name": "note", "required": False, "type": "string"}]
    added, schema_id = add_schema(lakehouse, table, parsed(lakehouse, fields))
    assert schema_id == 1
    added = lakehouse.take("table", "table_commit", added, None)
    metadata = metadata_of(lakehouse, added)
    assert (metadata["current-schema-id"], metadata["last-column-id"], metadata["schemas"][1]["fields"]) == (0, 9, fields)
    chosen = lakehouse.take("table", "table_commit", set_current(lakehouse, added, 1), None)
    assert metadata_of(lakehouse, chosen)["current-schema-id"] == 1
    with pytest.raises(LakehouseError) as failure:
        set_current(lakehouse, chosen, 5)
    assert failure.value.name == "NOT_FOUND"


def test_columns_without_ids_are_found_by_their_names(lakehouse, table):
    arrow = pa.schema([pa.field("note", pa.string()), pa.field("region", pa.string()), pa.field("id", pa.int64(), nullable=False)])
    added, schema_id = add_schema(lakehouse, table, lakehouse.schema_of_arrow(arrow))
    assert [(field["name"], field["id"]) for field in metadata_of(lakehouse, added)["schemas"][schema_id]["fields"]] == [
        ("note", 4), ("region", 2), ("id", 1)]


@pytest.mark.parametrize("fields, said", [
    ([{"id": 1, "name": "other", "required": True, "type": "long"}], "a column that never had this name"),
    ([{"id": 1, "name": "id", "required": True, "type": "int"}], "long cannot become int"),
    ([{"id": 5, "name": "n", "required": False, "type": "timestamp_ns"}], "format version 3"),
])
def test_a_schema_that_is_not_added(lakehouse, table, fields, said):
    with pytest.raises(LakehouseError) as failure:
        add_schema(lakehouse, table, parsed(lakehouse, fields))
    assert failure.value.name == "INCOMPATIBLE_SCHEMA" and said in failure.value.message


@pytest.mark.parametrize("change", ["columns", "partitions", "order", "schema", "current"])
def test_a_change_is_not_made_again_over_another_one(lakehouse, table, change):
    make = {
        "columns": lambda: with_columns(lakehouse, table, ("drop", *text("at"))),
        "partitions": lambda: with_partitions(lakehouse, table, ("add", *text("id"))),
        "order": lambda: lakehouse.make("table", "table_set_sort_order", table, *text("id")),
        "schema": lambda: add_schema(lakehouse, table, parsed(lakehouse, SCHEMA["fields"][:2]))[0],
        "current": lambda: set_current(lakehouse, table, 0),
    }[change]
    mine = make()
    lakehouse.take("table", "table_commit", with_columns(lakehouse, table, ("drop", *text("at"))), None)
    with pytest.raises(LakehouseError) as failure:
        lakehouse.take("table", "table_commit", mine, None)
    assert failure.value.name == "CONFLICT" and "schema 0 with column ids up to 3" in failure.value.message


@pytest.mark.parametrize("change, compatible", [
    ({"required": False}, (1, 1, 0, 0)),
    ({"type": "long"}, (1, 1, 0, 0)),
    ({"type": "string"}, (1, 0, 0, 0)),
    ({"name": "b"}, (1, 1, 1, 1)),
    ({"id": 2, "name": "b"}, (1, 0, 0, 0)),
])
def test_schemas_are_compared_in_each_mode(lakehouse, change, compatible):
    before = {"id": 1, "name": "a", "required": True, "type": "int"}
    schemas = [parsed(lakehouse, [fields]) for fields in (before, before | change)]
    for mode in (NONE, BACKWARD, FORWARD, FULL):
        comparison = lakehouse.make("schema_comparison", "schema_compare_mode", *schemas, 2, mode)
        assert lakehouse.library.evodb_schema_comparison_is_compatible(comparison) == compatible[mode], mode


PRIMITIVES = ["boolean", "int", "long", "float", "double", "decimal(9, 2)", "date", "time", "timestamp", "timestamptz",
              "string", "uuid", "fixed[5]", "binary"]
NESTED = [
    {"type": "struct", "fields": [{"id": 50, "name": "x", "required": True, "type": "int", "doc": "why"}]},
    {"type": "list", "element-id": 51, "element": "long", "element-required": True},
    {"type": "map", "key-id": 52, "key": "string", "value-id": 53, "value": "double", "value-required": False},
]


def columns_of_every_type():
    types = [*PRIMITIVES, *NESTED]
    return [{"id": i + 1, "name": f"c{i}", "required": i % 2 == 0, "type": kind} for i, kind in enumerate(types)]


def test_a_schema_goes_to_arrow_as_pyiceberg_reads_it(lakehouse):
    fields = columns_of_every_type()
    arrow = lakehouse.arrow_of_schema(parsed(lakehouse, fields))
    expected = Schema.model_validate({"type": "struct", "schema-id": 0, "fields": fields})
    assert pyarrow_to_schema(arrow).as_struct() == expected.as_struct()


def test_a_schema_comes_from_arrow_as_pyiceberg_writes_it(lakehouse):
    fields = columns_of_every_type()
    arrow = schema_to_pyarrow(Schema.model_validate({"type": "struct", "schema-id": 0, "fields": fields}))
    made = json.loads(lakehouse.text("schema_json", lakehouse.schema_of_arrow(arrow)))
    assert Schema.model_validate(made).as_struct() == Schema.model_validate({**made, "fields": fields}).as_struct()


def test_arrows_own_types_are_those_of_pyiceberg(lakehouse):
    kinds = [pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.large_string(), pa.large_binary(), pa.timestamp("s"),
             pa.timestamp("ms", "UTC"), pa.large_list(pa.string()), pa.list_(pa.int8(), 3), pa.dictionary(pa.int32(), pa.string())]
    arrow = pa.schema([pa.field(f"c{i}", kind) for i, kind in enumerate(kinds)])
    made = json.loads(lakehouse.text("schema_json", lakehouse.schema_of_arrow(arrow)))
    mapped = [MappedField(field_id=i + 1, names=[f"c{i}"], fields=[MappedField(field_id=100 + i, names=["element"])]) for i in range(len(kinds))]
    expected = pyarrow_to_schema(arrow, NameMapping(mapped))
    for field in expected.fields:
        (ours,) = (one for one in made["fields"] if one["name"] == field.name)
        kind = ours["type"] if isinstance(ours["type"], str) else ours["type"]["element"]
        assert kind == str(getattr(field.field_type, "element_type", field.field_type)), field.name


@pytest.mark.parametrize("kind, said", [
    (pa.uint64(), "Arrow's 'L'"),
    (pa.float16(), "Arrow's 'e'"),
    (pa.decimal256(40, 2), "Arrow's 'd:40,2,256'"),
    (pa.duration("us"), "Arrow's 'tDu'"),
    (pa.time64("ns"), "Arrow's 'ttn'"),
    (pa.timestamp("us", "Europe/Paris"), "time zone is Europe/Paris"),
    (pa.list_(pa.struct([pa.field("x", pa.uint64())])), "Arrow's 'L'"),
])
def test_types_that_iceberg_does_not_have(lakehouse, kind, said):
    with pytest.raises(LakehouseError) as failure:
        lakehouse.schema_of_arrow(pa.schema([pa.field("fine", pa.int32()), pa.field("odd", kind)]))
    assert failure.value.name == "INVALID_ARGUMENT"
    assert "odd" in failure.value.message and said in failure.value.message


def test_ids_are_on_all_fields_or_on_none(lakehouse):
    with pytest.raises(LakehouseError, match="some fields have an id, but this one has none"):
        lakehouse.schema_of_arrow(pa.schema([pa.field("a", pa.int32(), metadata={"PARQUET:field_id": "1"}), pa.field("b", pa.int32())]))
    with pytest.raises(LakehouseError, match="UNSUPPORTED: Arrow has no type for the column v of type variant"):
        lakehouse.arrow_of_schema(parsed(lakehouse, [{"id": 1, "name": "v", "required": False, "type": "variant"}]))
