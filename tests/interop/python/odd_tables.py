"""Tables of one snapshot and one manifest, made by hand with what no writer of the tests' own would write."""

import json
import struct

import fastavro

LONG = "long"
UUID = "5f0c0c6e-3f5c-4f8e-9d6e-0c1b1f0a7a11"
TIME_MS = 1_700_000_000_000


def long_bytes(number):
    return struct.pack("<q", number)


def int_bytes(number):
    return struct.pack("<i", number)


def optional(kind):
    return ["null", kind]


def record(name, *fields):
    return {"type": "record", "name": name, "fields": [{"name": n, "field-id": i, "type": t} for i, n, t in fields]}


def map_of(key_id, value_id, value):
    return {"type": "array", "logicalType": "map", "items": record(f"k{key_id}_v{value_id}", (key_id, "key", "int"), (value_id, "value", value))}


def file_fields(partition):
    """Of data_file, by field id, in the order of the specification."""
    return {
        134: ("content", "int"),
        100: ("file_path", "string"),
        101: ("file_format", "string"),
        102: ("partition", record("r102", *partition)),
        103: ("record_count", LONG),
        104: ("file_size_in_bytes", LONG),
        109: ("value_counts", optional(map_of(119, 120, LONG))),
        110: ("null_value_counts", optional(map_of(121, 122, LONG))),
        125: ("lower_bounds", optional(map_of(126, 127, "bytes"))),
        128: ("upper_bounds", optional(map_of(129, 130, "bytes"))),
        132: ("split_offsets", optional({"type": "array", "items": LONG, "element-id": 133})),
    }


def entry_schema(fields, wrap_file=lambda record: record):
    file = record("r2", *((i, name, kind) for i, (name, kind) in fields.items()))
    return record(
        "manifest_entry", (0, "status", "int"), (1, "snapshot_id", optional(LONG)), (3, "sequence_number", optional(LONG)),
        (4, "file_sequence_number", optional(LONG)), (2, "data_file", wrap_file(file)),
    )


LIST = record(
    "manifest_file", (500, "manifest_path", "string"), (501, "manifest_length", LONG), (502, "partition_spec_id", "int"),
    (517, "content", "int"), (515, "sequence_number", LONG), (516, "min_sequence_number", LONG), (503, "added_snapshot_id", LONG),
    (504, "added_files_count", "int"), (505, "existing_files_count", "int"), (506, "deleted_files_count", "int"),
    (512, "added_rows_count", LONG), (513, "existing_rows_count", LONG), (514, "deleted_rows_count", LONG),
)  # fmt: skip


def data_file(path, lower=None, upper=None, count=10, partition=None, field_id=1):
    """As a record of file_fields; `lower` and `upper` are the bytes of one column's bounds."""
    pairs = lambda value: None if value is None else [{"key": field_id, "value": value}]
    return {
        "content": 0, "file_path": path, "file_format": "PARQUET", "partition": partition or {}, "record_count": count,
        "file_size_in_bytes": 1000, "value_counts": pairs(count), "null_value_counts": pairs(0), "lower_bounds": pairs(lower),
        "upper_bounds": pairs(upper), "split_offsets": [4],
    }  # fmt: skip


def write(folder, files, columns=None, spec_fields=(), partition=(), schema=None, listed=None, change_metadata=None):
    """`schema`: of the manifest's entries, where it is not the specification's; `listed`: changes of the list's row."""
    metadata_folder = folder / "metadata"
    metadata_folder.mkdir(parents=True)
    columns = columns or [{"id": 1, "name": "c", "required": False, "type": "int"}]
    current = {"type": "struct", "schema-id": 0, "fields": columns}
    manifest, manifest_list = metadata_folder / "m.avro", metadata_folder / "snap-1.avro"
    header = {"schema": json.dumps(current), "schema-id": "0", "partition-spec": json.dumps(list(spec_fields)), "partition-spec-id": "0",
              "format-version": "2", "content": "data"}  # fmt: skip
    entries = [{"status": 1, "snapshot_id": 1, "sequence_number": None, "file_sequence_number": None, "data_file": f} for f in files]
    with open(manifest, "wb") as out:
        fastavro.writer(out, schema or entry_schema(file_fields(partition)), entries, codec="deflate", metadata=header)
    row = {
        "manifest_path": f"file://{manifest}", "manifest_length": manifest.stat().st_size, "partition_spec_id": 0, "content": 0,
        "sequence_number": 1, "min_sequence_number": 1, "added_snapshot_id": 1, "added_files_count": len(files),
        "existing_files_count": 0, "deleted_files_count": 0, "added_rows_count": sum(f["record_count"] for f in files),
        "existing_rows_count": 0, "deleted_rows_count": 0,
    }  # fmt: skip
    with open(manifest_list, "wb") as out:
        fastavro.writer(out, LIST, [row | (listed or {})], codec="deflate")
    metadata = {
        "format-version": 2, "table-uuid": UUID, "location": f"file://{folder}", "last-sequence-number": 1, "last-updated-ms": TIME_MS,
        "last-column-id": max(column["id"] for column in columns), "schemas": [current], "current-schema-id": 0,
        "partition-specs": [{"spec-id": 0, "fields": list(spec_fields)}], "default-spec-id": 0,
        "last-partition-id": max([999, *(field["field-id"] for field in spec_fields)]), "properties": {},
        "sort-orders": [{"order-id": 0, "fields": []}], "default-sort-order-id": 0, "current-snapshot-id": 1,
        "snapshots": [{"snapshot-id": 1, "sequence-number": 1, "timestamp-ms": TIME_MS, "schema-id": 0,
                       "manifest-list": f"file://{manifest_list}", "summary": {"operation": "append"}}],
        "snapshot-log": [{"timestamp-ms": TIME_MS, "snapshot-id": 1}], "refs": {"main": {"snapshot-id": 1, "type": "branch"}},
    }  # fmt: skip
    metadata |= change_metadata or {}
    (metadata_folder / "v1.metadata.json").write_text(json.dumps({k: v for k, v in metadata.items() if v is not ...}))
    (metadata_folder / "version-hint.text").write_text("1")
    return folder
