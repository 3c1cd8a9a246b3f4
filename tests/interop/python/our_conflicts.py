"""This library's outcome of each cell of conflict_matrix.py: the first operation is done on a table value, the second is committed
through another storage handle, and then the first is committed.

An operation is one small function here, from a table and the operation's JSON to a new table value.
"""

import ctypes
import io
import json
import uuid

import pyarrow

import avro_reader
from conflict_matrix import SCHEMA, base
from filters import to_filter_text
from lakehouse import LakehouseError, text

DELETED = 2  # the status of a manifest entry


class Races:
    """Races on tables of one storage, opened twice as two writers would. `options` is of Lakehouse.options' form."""

    def __init__(self, lakehouse, location, **options):
        self.lakehouse = lakehouse
        runtime = lakehouse.make("runtime", "runtime_open", None)
        self.first, self.second = (
            lakehouse.make("storage", "storage_open", runtime, *text(location), lakehouse.options(options)) for _ in range(2))

    def line(self, cell):
        """The cell's facts, outcome, exception, live_data, live_deletes, columns, as Java's lines have them."""
        operation = cell.first()
        location = self._create(cell.kind)
        value = self.changed(self._open(self.first, location), operation)
        self._commit(self.changed(self._open(self.second, location), cell.second()))
        try:
            self._commit(value)
            outcome = {"outcome": "ok", "exception": None}
        except LakehouseError as refused:
            if refused.name != "CONFLICT":
                raise
            outcome = {"outcome": "conflict", "exception": refused.message}
        return cell.facts() | outcome | self._description(location, operation.get("branch"))

    def alone(self, kind, operation, branch):
        """What an operation leaves on a branch that no other one races with."""
        location = self._create(kind)
        self._commit(self.changed(self._open(self.first, location), operation))
        return self._description(location, branch)

    def changed(self, table, operation):
        return OPERATIONS[operation["operation"]](self, table, operation)

    def _create(self, kind):
        location = f"race-{uuid.uuid4()}"
        schema = self.lakehouse.make("schema", "schema_parse", *text(json.dumps(SCHEMA)))
        spec = self.lakehouse.make("partition_spec", "partition_spec_parse", schema, *text("category")) if kind.partitioned else None
        options = self.lakehouse.options({"format-version": str(kind.version)})
        table = self.lakehouse.make("table", "table_create", self.first, *text(location), schema, spec, options)
        for files in base(kind):
            table = append(self, table, {"files": files})
        self._commit(table)
        return location

    def _open(self, storage, location):
        return self.lakehouse.take("table", "table_open", storage, *text(location), None)

    def _commit(self, table):
        return self.lakehouse.take("table", "table_commit", table, None)

    def _description(self, location, branch):
        table = self._open(self.first, location)
        metadata = self.metadata(table)
        schemas = {schema["schema-id"]: schema for schema in metadata["schemas"]}
        live = {0: [], 1: []}  # by the content of the manifest: data, deletes
        snapshot_id = metadata["refs"][branch or "main"]["snapshot-id"]
        [snapshot] = [snapshot for snapshot in metadata["snapshots"] if snapshot["snapshot-id"] == snapshot_id]
        for manifest in self._avro(snapshot["manifest-list"]):
            entries = self._avro(manifest["manifest_path"])
            live[manifest["content"]] += [entry["data_file"]["file_path"] for entry in entries if entry["status"] != DELETED]
        prefix = metadata["location"] + "/"
        data, deletes = (sorted(path.removeprefix(prefix) for path in live[content]) for content in (0, 1))
        columns = [field["name"] for field in schemas[metadata["current-schema-id"]]["fields"]]
        return {"live_data": data, "live_deletes": deletes, "columns": columns}

    def metadata(self, table):
        value, length = ctypes.c_char_p(), ctypes.c_int64()
        self.lakehouse.call("table_metadata_json", table, ctypes.byref(value), ctypes.byref(length))
        return json.loads(ctypes.string_at(value, length.value))

    def _avro(self, location):
        return avro_reader.decode(io.BytesIO(self.lakehouse.read(self.first, location)))["records"]


def options_of(races, operation):
    options = {}
    if "isolation" in operation:
        options["snapshot.isolation"] = operation["isolation"]
    if "conflict_filter" in operation:
        options["snapshot.conflict-filter"] = to_filter_text(operation["conflict_filter"])
    if "branch" in operation:
        options["snapshot.branch"] = operation["branch"]
    if operation.get("staged"):
        options["snapshot.staged"] = "true"
    if "data_sequence_number" in operation:
        options["rewrite.data-sequence-number"] = str(operation["data_sequence_number"])
    return races.lakehouse.options(options)


def data_files(races, table, files):
    """Files by the facts that they have in the JSON; None for none."""
    if not files:
        return None
    lakehouse = races.lakehouse
    builder = lakehouse.make("data_files_builder", "data_files_builder_new", table, None)
    for file in files:
        partition = text(_partition_json(file)) if "partition_path" in file else (None, ctypes.c_int64(0))
        lakehouse.call("data_files_builder_add", builder, *text(file["path"]), *text("parquet"), ctypes.c_int64(file["record_count"]),
                       ctypes.c_int64(file["file_size_in_bytes"]), *partition)
        for field, values in file["value_counts"].items():
            counts = [ctypes.c_int64(count) for count in (-1, values, file["null_value_counts"][field], -1)]
            lakehouse.call("data_files_builder_set_counts", builder, ctypes.c_int32(int(field)), *counts)
            bounds = [bytes.fromhex(file[side][field]) for side in ("lower_bounds", "upper_bounds")]
            octets = [argument for bound in bounds for argument in (ctypes.c_char_p(bound), ctypes.c_int64(len(bound)))]
            lakehouse.call("data_files_builder_set_bounds", builder, ctypes.c_int32(int(field)), *octets)
    return lakehouse.make("data_files", "data_files_builder_finish", builder)


DELETE_COLUMNS = pyarrow.schema([
    ("file_path", pyarrow.string()), ("file_format", pyarrow.string()), ("record_count", pyarrow.int64()),
    ("file_size_in_bytes", pyarrow.int64()), ("partition", pyarrow.string()), ("content", pyarrow.string()),
    ("referenced_data_file", pyarrow.string()), ("content_offset", pyarrow.int64()), ("content_size_in_bytes", pyarrow.int64()),
    ("equality_ids", pyarrow.list_(pyarrow.int32())),
])


def delete_files(races, table, files):
    """Delete files by their facts, as an Arrow array with Iceberg's names for them. None for none."""
    if not files:
        return None
    rows = [file | {"file_path": file["path"], "file_format": "puffin" if "content_offset" in file else "parquet",
                    "partition": _partition_json(file) if "partition_path" in file else None} for file in files]
    [batch] = pyarrow.Table.from_pylist(rows, DELETE_COLUMNS).to_batches()
    builder = races.lakehouse.make("data_files_builder", "data_files_builder_new", table, None)
    races.lakehouse.add_arrow(builder, batch)
    return races.lakehouse.make("data_files", "data_files_builder_finish", builder)


def _partition_json(file):
    return json.dumps(dict([file["partition_path"].split("=")]))


def paths(operation):
    names = [path.encode() for path in operation["remove"]]
    return (ctypes.c_char_p * len(names))(*names), None, ctypes.c_int64(len(names))


def predicate(races, operation):
    return races.lakehouse.make("predicate", "predicate_parse", *text(to_filter_text(operation["filter"])))


def derived(races, function, table, operation, *arguments):
    return races.lakehouse.make("table", function, table, *arguments, options_of(races, operation))


def append(races, table, operation):
    return derived(races, "table_append", table, operation, data_files(races, table, operation["files"]))


def overwrite(races, table, operation):
    files = data_files(races, table, operation["files"])
    if "remove" in operation:
        return derived(races, "table_overwrite_files", table, operation, *paths(operation), files)
    where = None if operation["filter"] is True else predicate(races, operation)
    return derived(races, "table_overwrite", table, operation, where, files)


def delete(races, table, operation):
    if "remove" in operation:
        return derived(races, "table_delete_files", table, operation, *paths(operation))
    return derived(races, "table_delete", table, operation, predicate(races, operation))


def replace_partitions(races, table, operation):
    return derived(races, "table_replace_partitions", table, operation, data_files(races, table, operation["files"]))


def row_delta(races, table, operation):
    data = data_files(races, table, operation.get("files"))
    return derived(races, "table_row_delta", table, operation, data, delete_files(races, table, operation["deletes"]))


def rewrite_files(races, table, operation):
    return derived(races, "table_rewrite_files", table, operation, *paths(operation), data_files(races, table, operation["files"]))


def rewrite_manifests(races, table, operation):
    return derived(races, "table_rewrite_manifests", table, operation)


def add_column(races, table, operation):
    changes = races.lakehouse.make("schema_changes", "schema_changes_new")
    nothing = (None, ctypes.c_int64(0))
    races.lakehouse.call("schema_changes_add", changes, *text(operation["column"]), *text("string"), ctypes.c_int32(0), *nothing, *nothing)
    return races.lakehouse.make("table", "table_evolve", table, changes)


def roll_back(races, table, operation):
    snapshots = races.metadata(table)["snapshots"]
    [target] = [one["snapshot-id"] for one in snapshots if one["sequence-number"] == operation["sequence_number"]]
    return races.lakehouse.make("table", "table_roll_back", table, ctypes.c_int64(target))


OPERATIONS = {function.__name__: function for function in (
    append, overwrite, delete, replace_partitions, row_delta, rewrite_files, rewrite_manifests, add_column, roll_back)}
