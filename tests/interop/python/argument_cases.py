"""Calls every function of the header with valid arguments, and then with each argument wrong in every possible way.

A program of its own, since a crash must end it and not the tests. Prints a JSON line before each call, and one with
what was wrong with the call after it: {"function", "case"} and {"function", "case", "complaint"}.
"""

import ctypes
import dataclasses
import json
import pathlib
import shutil
import sys
import threading

import pyarrow

import header
from lakehouse import ArrowArray, ArrowArrayStream, ArrowSchema, Handle, Lakehouse, text

EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "examples" / "data" / "flights-2013-07.parquet"
# Of the positions 0, 3 and 70000.
DELETION_VECTOR = bytes.fromhex("0000002ed1d339640100000000000000000000003a300000020000000000010001000000180000001c0000000000030070114799b8ce")
SCHEMA = """{"type":"struct","fields":[
  {"id":1,"name":"id","required":true,"type":"long"},
  {"id":2,"name":"region","required":false,"type":"string"},
  {"id":3,"name":"small","required":false,"type":"int"},
  {"id":4,"name":"octets","required":false,"type":"binary"}]}"""
OK, INVALID_ARGUMENT, NOT_FOUND = 0, 1000, 2000
UNTOUCHED = 0x5A5A5A5A5A5A5A5A
NULL = ctypes.c_void_p()
LEAST = {"int32_t": -(1 << 31), "int64_t": -(1 << 63)}
RETURNS = {
    "const char *": ctypes.c_char_p,
    "const uint8_t *": ctypes.c_void_p,
    "evodb_bool": ctypes.c_int32,
    "evodb_future *": ctypes.c_void_p,
    "evodb_status": ctypes.c_int32,
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "void": None,
}

CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
EVENT_CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
do_nothing = {
    "evodb_ready_callback": CALLBACK(lambda context: None),
    "evodb_credentials_callback": CALLBACK(lambda context: None),  # which is not called here
    "evodb_event_callback": EVENT_CALLBACK(lambda context, event: None),
}


class World:
    """Makes a valid argument for every parameter of every function."""

    def __init__(self, folder):
        self.api = Lakehouse()
        self.runtime = self.api.make("runtime", "runtime_open", None)
        self.memory = self.api.make("storage", "storage_open", self.runtime, *text("memory://arguments"), None)
        self.local = self.api.make("storage", "storage_open", self.runtime, *text(str(folder)), None)
        self.schema = self.api.make("schema", "schema_parse", *text(SCHEMA))
        (folder / "flights" / "data").mkdir(parents=True)
        shutil.copy(EXAMPLE, folder / "flights" / "data")
        (folder / "flights" / "data" / "v.puffin").write_bytes(b"PFA1" + DELETION_VECTOR)
        columns = self.api.take("schema", "schema_inspect", self.local, *text("flights/data/" + EXAMPLE.name), None)
        self.flights = self.api.make("table", "table_create", self.local, *text("flights"), columns, None, None)
        made = self.api.make("table", "table_create", self.memory, *text("table"), self.schema, None, None)
        made = self.api.make("table", "table_set_property", made, *text("who"), *text("x"))
        made = self.api.make("table", "table_set_property", made, *text("write.data.path"), *text("warned of"))
        made = self.api.make("table", "table_append", made, self.data_files(made), None)
        made = self.api.make("table", "table_set_tag", made, *text("held"), ctypes.c_int64(self.current_snapshot_id(made)), None)
        staged = self.options({"snapshot.staged": True})
        made = self.api.make("table", "table_append", made, self.data_files(made, "data/staged.parquet"), staged)
        self.table = self.api.take("table", "table_commit", made, None)
        self.stream = ArrowArrayStream()
        self.api.call("plan_stream", self.plan(), ctypes.byref(self.stream))
        self.hold_an_event()

    def hold_an_event(self):
        """One with attributes, whose callback does not return until release_event."""
        self.event, held, self.may_return = None, threading.Event(), threading.Event()

        def hold(context, event):
            if self.event is None and self.api.library.evodb_event_attribute_count(ctypes.c_void_p(event)) > 0:
                self.event = ctypes.c_void_p(event)
                held.set()
                self.may_return.wait()

        self.hold = EVENT_CALLBACK(hold)
        options = self.api.make("options", "options_new")
        self.api.call("options_set_observer", options, self.hold, None, ctypes.c_int32(4))
        self.watched = self.api.make("runtime", "runtime_open", options)
        nothing = self.api.make("storage", "storage_open", self.watched, *text("memory://nothing"), None)
        self.failing = self.api.start("table_open", nothing, *text("nothing"), None)
        if not held.wait(60):
            raise TimeoutError("no event was reported")

    def release_event(self):
        self.may_return.set()

    def current_snapshot_id(self, table=None):
        return self.snapshot_id("table_current_snapshot", table or self.table)

    def staged_snapshot_id(self):
        return self.snapshot_id("table_snapshot_at", self.table, ctypes.c_int64(1))

    def snapshot_id(self, name, *arguments):
        snapshot = self.api.make("snapshot", name, *arguments)
        self.api.library.evodb_snapshot_id.restype = ctypes.c_int64
        return self.api.library.evodb_snapshot_id(snapshot)

    def data_files(self, table, path="data/a.parquet"):
        builder = self.file_builder(table, path)
        return self.api.make("data_files", "data_files_builder_finish", builder)

    def file_builder(self, table, path="data/a.parquet"):
        builder = self.api.make("data_files_builder", "data_files_builder_new", table, None)
        rows, size = ctypes.c_int64(1), ctypes.c_int64(100)
        none = (None, ctypes.c_int64(0))
        self.api.call("data_files_builder_add", builder, *text(path), *text("parquet"), rows, size, *none)
        return builder

    def delete_files(self):
        builder = self.file_builder(self.table, "data/d.parquet")
        none = ctypes.c_int64(-1)
        self.api.call("data_files_builder_set_position_deletes", builder, *text("data/a.parquet"), none, none)
        return self.api.make("data_files", "data_files_builder_finish", builder)

    def token(self):
        """Of a commit to the table after another writer's commit."""
        uuid = self.api.text("table_uuid", self.table)
        return f"evodb1.{uuid}.1.{uuid}.0..s"

    def plan(self):
        return self.api.plan(self.table, "id > 1")

    def future(self, function):
        if function == "evodb_future_take_plan":
            return self.api.start("table_plan", self.table, None, None)
        if function == "evodb_future_take_rows":
            return self.api.start("table_metadata", self.table, *text("files"), None)
        if function == "evodb_future_take_delete_plan":
            return self.api.start("table_plan_delete", self.table, self.handle("predicate", function), None)
        if function == "evodb_future_take_resolution":
            return self.api.start("table_resolve", self.table, *text(self.token()))
        if function == "evodb_future_take_findings":
            return self.api.start("table_verify", self.table, None)
        if function == "evodb_future_take_checks":
            return self.api.start("table_diagnose", self.memory, *text("table"), None)
        if function == "evodb_future_take_schema":
            return self.api.start("schema_inspect", self.local, *text("flights/data/" + EXAMPLE.name), None)
        if function == "evodb_future_take_object":
            return self.api.start("object_read", self.local, *text("flights/data/" + EXAMPLE.name), None)
        if function == "evodb_future_take_listing":
            return self.api.start("objects_list", self.local, *text("flights"), None)
        if function == "evodb_future_take_positions":
            place = ctypes.c_int64(4), ctypes.c_int64(len(DELETION_VECTOR))
            return self.api.start("deletion_vector_read", self.flights, *text("data/v.puffin"), *place, None)
        if function == "evodb_future_take_data_files":
            paths = (ctypes.c_char_p * 1)(f"data/{EXAMPLE.name}".encode())
            return self.api.start("data_files_inspect", self.flights, paths, None, ctypes.c_int64(1), None)
        return self.api.start("table_open", self.memory, *text("table"), None)

    def handle(self, kind, function):
        make = self.api.make
        match kind:
            case "future":
                return self.future(function)
            case "runtime":
                return self.runtime
            case "storage":
                return self.local if function in ("evodb_schema_inspect", "evodb_object_read") else self.memory
            case "table":
                return self.flights if function in ON_FLIGHTS else self.table
            case "schema":
                return self.schema
            case "data_files":
                # A path that the table does not have yet.
                return make("data_files", "data_files_builder_finish", self.file_builder(self.table, "data/b.parquet"))
            case "data_files_builder":
                return self.file_builder(self.table, "data/b.parquet")
            case "partition_spec":
                return make("partition_spec", "partition_spec_parse", self.schema, *text("region"))
            case "partition":
                return make("partition", "partition_spec_apply_json", self.handle("partition_spec", function), *text('{"region":"eu"}'))
            case "partition_spec_builder":
                return make("partition_spec_builder", "partition_spec_builder_new", self.schema)
            case "schema_builder":
                builder = make("schema_builder", "schema_builder_new")
                self.api.call("schema_builder_add", builder, *text("id"), *text("long"), 1, None, ctypes.c_int64(0))
                return builder
            case "schema_changes":
                changes = make("schema_changes", "schema_changes_new")
                self.api.call("schema_changes_drop", changes, *text("octets"))
                return changes
            case "partition_spec_changes":
                changes = make("partition_spec_changes", "partition_spec_changes_new")
                self.api.call("partition_spec_changes_add", changes, *text("bucket(16, id)"))
                return changes
            case "schema_comparison":
                return make("schema_comparison", "schema_compare", self.schema, self.wider_schema(), 2)
            case "snapshot":
                return make("snapshot", "table_current_snapshot", self.table)
            case "options":
                return make("options", "options_new")
            case "predicate":
                # What is overwritten is to hold every row of the file that is added.
                return make("predicate", "predicate_parse", *text("TRUE" if function == "evodb_table_overwrite" else "id > 1"))
            case "plan":
                return self.plan()
            case "delete_plan":
                return self.api.take("delete_plan", "table_plan_delete", self.table, make("predicate", "predicate_parse", *text("id > 1")), None)
            case "object":
                return self.api.take("object", "object_read", self.local, *text("flights/data/" + EXAMPLE.name), None)
            case "listing":
                return self.api.take("listing", "objects_list", self.local, *text("flights"), None)
            case "event":
                return self.event
            case "credentials":
                return make("credentials", "credentials_new", *text("key"), *text("secret"), *text("token"), ctypes.c_int64(0))
            case "findings":
                # The data file of the table is not there.
                options = self.options({"verify.data": True})
                return self.api.take("findings", "table_verify", self.table, options)
            case "checks":
                return self.api.take("checks", "table_diagnose", self.memory, *text("table"), None)
            case "cancellation":
                return make("cancellation", "plan_stream_cancellation", ctypes.byref(self.stream))
            case "file_cursor":
                return make("file_cursor", "plan_files", self.plan())
            case "rows":
                return self.api.rows("table_metadata", self.table, *text("snapshots"), None)
            case "row_cursor":
                return make("row_cursor", "rows_cursor", self.handle("rows", function))
            case "explain_cursor":
                return make("explain_cursor", "plan_explain", self.plan())
            case "error":
                error = ctypes.c_void_p()
                self.api.library.evodb_options_new(NULL, ctypes.byref(error))
                return Handle(self.api.library, "error", error.value)
        raise LookupError(f"no right {kind}")

    def options(self, values):
        made = self.api.make("options", "options_new")
        for key, value in values.items():
            kind = {str: "string", int: "int64", bool: "bool"}[type(value)]
            rest = text(value) if kind == "string" else [ctypes.c_int64(value)]
            self.api.call(f"options_set_{kind}", made, *text(key), *rest)
        return made

    def wider_schema(self):
        return self.api.make("schema", "schema_parse", *text(SCHEMA.replace('"int"', '"long"')))


ON_FLIGHTS = {"evodb_data_files_inspect", "evodb_data_files_upload", "evodb_deletion_vector_read"}

# A right text for each parameter that takes one, where need be for one function.
TEXTS = {
    "application": "job",
    "branch": "main",
    "evodb_table_set_branch.branch": "new",
    "column": "region",
    "default_json": None,
    "doc": None,
    "evodb_partition_spec_builder_add.name": None,
    "evodb_partition_spec_from_path.path": "region=eu/c.parquet",
    "evodb_predicate_compare_bytes.column": "octets",
    "evodb_predicate_compare_double.column": "id",
    "evodb_predicate_compare_int64.column": "id",
    "evodb_predicate_in_int64.column": "id",
    "evodb_object_read.path": "flights/data/" + EXAMPLE.name,
    "evodb_credentials_new.token": None,
    "evodb_deletion_vector_read.path": "data/v.puffin",
    "evodb_predicate_parse_json.json": '[{"column":"id","operator":">","value":1}]',
    "evodb_partition_spec_changes_rename.new_name": "renamed",
    "evodb_predicate_parse.text": "id > 1",
    "evodb_schema_builder_add.name": "added",
    "evodb_schema_changes_add.name": "added",
    "evodb_schema_changes_rename.new_name": "renamed",
    "evodb_schema_changes_widen.name": "small",
    "evodb_schema_inspect.path": "flights/data/" + EXAMPLE.name,
    "evodb_snapshot_summary.key": "total-records",
    "evodb_storage_open.location": "memory://another",
    "evodb_table_create.location": "another",
    "evodb_table_metadata.name": "manifests",
    "evodb_table_property.key": "who",
    "format": "parquet",
    "json": SCHEMA,
    "key": "snapshot-id",
    "location": "table",
    "name": "region",
    "partition_json": None,
    "path": "data/c.parquet",
    "ref": "main",
    "evodb_table_remove_ref.ref": "held",
    "reference": "id",
    "referenced_data_file": "data/a.parquet",
    "row": '{"region":"eu"}',
    "secret": "secret",
    "tag": "new",
    "text": "region",
    "to": "held",
    "token": World.token,
    "transform": "identity",
    "type": "long",
    "value": "7",
}

# A right number, and wrong ones.
NUMBERS = {
    "column": (0, [-1, 99]),
    "column_size": (8, [-2]),
    "content_offset": (-1, [-2]),
    "content_size_in_bytes": (-1, [-2]),
    "comparison": (9, [0, 99, -1]),
    "evodb_deletion_vector_read.content_offset": (4, [-1, (1 << 63) - 1]),
    "evodb_deletion_vector_read.content_size_in_bytes": (len(DELETION_VECTOR), [0, -1, 1 << 31]),
    "counter": (1, [0, 7, -1]),
    "evodb_runtime_count.counter": (1, [0, 5, -1]),
    "evodb_storage_count.counter": (1, [0, 14, -1]),
    "evodb_predicate_compare_string.comparison": (11, [0, 1, 13, 99]),
    "evodb_predicate_in_int64.comparison": (13, [0, 9, 99]),
    "evodb_predicate_in_strings.comparison": (14, [0, 9, 99]),
    "evodb_predicate_test.comparison": (1, [0, 5, 99]),
    "evodb_predicate_compare_bool.comparison": (9, [0, 5, 99]),
    "expires_at_ms": (0, [-1]),
    "field_id": (1, [-1, 0, 99]),
    "field_id_count": (1, [-1]),
    "highest_log_level": (4, [-1, 5]),
    "file_size_in_bytes": (100, [-1]),
    "format_version": (2, [0, 1, 9]),
    "from_snapshot_id": (-1, [-2]),
    "index": (0, [-1, 1 << 40]),
    "mode": (3, [-1, 4]),
    "name_count": (1, [-1]),
    "nan_value_count": (-1, [-2]),
    "null_value_count": (0, [-2]),
    "file_count": (1, [-1]),
    "path_count": (1, [-1]),
    "position_count": (1, [-1]),
    "record_count": (100, [-1]),
    "required": (0, []),
    "schema_id": (0, [-1, 99]),
    "sequence": (1, [-1]),
    "snapshot_id": (World.current_snapshot_id, [-1, 0]),
    "evodb_table_cherry_pick.snapshot_id": (World.staged_snapshot_id, [-1, 0]),
    "split_offset_count": (1, [-1]),
    "status": (1000, []),
    "time_ms": (1 << 50, [0]),
    "to_snapshot_id": (-1, [-2]),
    "timeout_ms": (-1, [-2]),
    "value": (1, []),
    "value_count": (1, [-2]),
    "where": (2, [-1, 3]),
}

# Numbers that are none of the table's are well-formed, and not there.
STATUS_OF_WRONG = {"schema_id": NOT_FOUND, "snapshot_id": NOT_FOUND, "time_ms": NOT_FOUND}

# What the message says where that is not the parameter's name.
SPOKEN_OF = {
    "column_size": "a count of field id",
    "evodb_data_files_builder_set_counts.value_count": "a count of field id",
    "field_id": "field id",
    "nan_value_count": "a count of field id",
    "null_value_count": "a count of field id",
    "file_count": "the count of files",
    "name_count": "the count of names",
    "name_lengths": "names: length",
    "file_lengths": "files: length",
    "path_count": "the count of paths",
    "position_count": "the count of positions",
    "path_lengths": "paths: length",
    "value_lengths": "values: length",
}

# Handles that may be left out: "`predicate` may be NULL: every file", "`spec` may be NULL: unpartitioned", and
# "`options` may be NULL" of the functions in OPTIONS.
OPTIONAL_HANDLES = {"evodb_table_plan.predicate", "evodb_table_create.spec", "evodb_table_overwrite.predicate", "evodb_predicate_prune_files.spec"} | {
    f"evodb_table_{name}.data_files" for name in ("overwrite", "overwrite_files", "row_delta", "rewrite_files")}
# "Any out parameter may be NULL." Elsewhere strings and lengths may: "A length pointer may be NULL, and so may
# out_x."
OPTIONAL_FUNCTIONS = {"evodb_schema_find", "evodb_schema_comparison_get", "evodb_findings_get", "evodb_checks_get", "evodb_table_warning_at", "evodb_listing_get",
                      "evodb_event_attribute", "evodb_table_ref_at", "evodb_delete_plan_get"}
# "Both may be NULL."
OPTIONAL_OUTS = {"evodb_future_take_resolution.out_version", "evodb_future_take_resolution.out_snapshot_id"}

# Options that a function takes, and ones that it refuses. Where its comment says "No keys yet", there are none.
ALLOW_OUTSIDE = (
    [{"inspect.allow-outside": True}, {"inspect.allow-outside": "false"}],
    [{"inspect.allow-outside": "yes"}, {"inspect.allow-outside": 1}],
)
FROM_PATH = (
    [{"inspect.partition-values-from-path": True}, {"inspect.partition-values-from-path": "false"}],
    [{"inspect.partition-values-from-path": "yes"}, {"inspect.partition-values-from-path": 1}],
)
WRITE = ([{"write.content-type": "text/plain"}], [{"write.if-absent": 1}, {"write.content-type": 1}])
FILE_OPERATION = (
    [{"summary.who": "x"}, {"snapshot.branch": "new", "snapshot.staged": True}, {"snapshot.isolation": "snapshot"},
     {"snapshot.isolation": "serializable", "snapshot.conflict-filter": "id > 1"}],
    [
        {"summary.total-records": "7"},
        {"snapshot.branch": 1},
        {"snapshot.staged": "perhaps"},
        {"snapshot.isolation": "none"},
        {"snapshot.isolation": 1},
        {"snapshot.conflict-filter": 1},
    ],
)
OPTIONS = {
    **{f"evodb_table_{name}": FILE_OPERATION for name in
       ("overwrite", "overwrite_files", "delete", "delete_files", "replace_partitions", "row_delta", "rewrite_manifests")},
    "evodb_table_rewrite_files": (
        [*FILE_OPERATION[0], {"rewrite.data-sequence-number": 1}],
        [*FILE_OPERATION[1], {"rewrite.data-sequence-number": -1},
         {"rewrite.data-sequence-number": 1 << 50, "summary.who": "x"}],
    ),
    "evodb_table_delete_rows": (
        [*FILE_OPERATION[0], {"rows.include-position-deletes": True}],
        [*FILE_OPERATION[1], {"rows.include-position-deletes": 1}],
    ),
    "evodb_table_plan_delete": ([{"snapshot.branch": "main"}], [{"snapshot.branch": 1}, {"snapshot.staged": True}]),
    "evodb_data_files_builder_new": ALLOW_OUTSIDE,
    "evodb_data_files_inspect": (ALLOW_OUTSIDE[0] + FROM_PATH[0], ALLOW_OUTSIDE[1] + FROM_PATH[1]),
    "evodb_data_files_upload": (FROM_PATH[0], FROM_PATH[1] + [{"inspect.allow-outside": True}]),
    "evodb_schema_inspect": ([{"inspect.partition-values-from-path": False}], FROM_PATH[1]),
    "evodb_object_read": (
        [{"read.offset": -10, "read.length": 5}, {"read.offset": "7"}],
        [{"read.length": -1}, {"read.offset": True}, {"read.offset": "x"}],
    ),
    "evodb_object_write": WRITE,
    "evodb_objects_list": (
        [{"list.limit": 1, "list.start-after": "flights"}],
        [{"list.limit": 0}, {"list.limit": "x"}, {"list.start-after": 1}],
    ),
    "evodb_predicate_prune_files": ([{"nan-is-highest": True}], [{"nan-is-highest": 1}, {"limit": 1}]),
    "evodb_runtime_open": (
        [
            {"runtime.io-threads": 2, "runtime.cpu-threads": "1"},
            {"runtime.blocking-threads": 1, "runtime.memory-limit-bytes": 16 << 20},
            {"runtime.cache-bytes": 0},
        ],
        [
            {"runtime.io-threads": 0},
            {"runtime.io-threads": 65},
            {"runtime.cpu-threads": 0},
            {"runtime.cpu-threads": 1025},
            {"runtime.blocking-threads": 0},
            {"runtime.blocking-threads": 257},
            {"runtime.memory-limit-bytes": (16 << 20) - 1},
            {"runtime.cache-bytes": -1},
            {"runtime.io-threads": True},
            {"runtime.io-threads": "2x"},
        ],
    ),
    "evodb_storage_open": ([], []),
    "evodb_storage_probe": ([], []),
    "evodb_table_append": (
        [{"summary.who": "x"}, {"snapshot.branch": "new"}, {"snapshot.staged": True}],
        [
            {"summary.who": 1},
            {"snapshot.branch": 1},
            {"snapshot.branch": "held", "snapshot.staged": True},  # a tag
            {"snapshot.branch": "", "snapshot.staged": True},
            {"snapshot.staged": 1},
            # "names that the library writes are refused"
            {"summary.operation": "delete"},
            {"summary.added-records": "7"},
            {"summary.total-records": "7"},
            {"summary.evodb.change": "x"},
        ],
    ),
    "evodb_table_cherry_pick": (
        [{"summary.who": "x"}, {"snapshot.branch": "new"}],
        [
            {"summary.total-records": "7"},
            {"snapshot.branch": 1},
            {"snapshot.branch": "held", "summary.who": "x"},
            {"snapshot.staged": True},
        ],
    ),
    "evodb_table_set_branch": (
        [{"ref.replace": True}, {"ref.min-snapshots-to-keep": (1 << 31) - 1, "ref.max-snapshot-age-ms": "2"}, {"ref.max-ref-age-ms": 3}],
        [
            {"ref.replace": 1},
            {"ref.min-snapshots-to-keep": 0},
            {"ref.min-snapshots-to-keep": 1 << 31},
            {"ref.max-snapshot-age-ms": 0},
            {"ref.max-ref-age-ms": -1},
        ],
    ),
    "evodb_table_set_tag": (
        [{"ref.replace": False}, {"ref.max-ref-age-ms": 3}],
        [{"ref.max-ref-age-ms": 0}, {"ref.min-snapshots-to-keep": 1}, {"ref.max-snapshot-age-ms": 1}],
    ),
    "evodb_table_commit": (
        [{"idempotency.application": "job", "idempotency.sequence": 1}],
        [
            {"idempotency.application": "job"},
            {"idempotency.sequence": 1},
            {"idempotency.application": "job", "idempotency.sequence": -1},
            {"idempotency.application": "", "idempotency.sequence": 1},
            {"idempotency.application": 1, "idempotency.sequence": 1},
        ],
    ),
    "evodb_table_create": (
        [{"format-version": 3}, {"format-version": "2"}, {"table-property.who": "x"}],
        [
            {"format-version": 1},
            {"format-version": 4},
            {"format-version": True},
            {"format-version": "two"},
            {"table-property.who": 1},
        ],
    ),
    "evodb_table_changes": (
        [{"changes.appends-only": True}, {"changes.with-replace": "true"}],
        [{"changes.appends-only": 1}, {"changes.with-replace": "x"}],
    ),
    "evodb_deletion_vector_read": ([{"read.record-count": 3}, {"read.record-count": "3"}], [{"read.record-count": -1}, {"read.record-count": "x"}]),
    "evodb_table_diagnose": ([], []),
    "evodb_table_diff": ([{"diff.by-partition": True}], [{"diff.by-partition": 1}, {"diff.by-partition": "x"}]),
    "evodb_table_metadata": (
        [{"as-of-ms": 1 << 50}, {"ref": "main"}],
        [{"snapshot-id": "x"}, {"as-of-ms": True}, {"ref": 1}, {"ref": "main", "as-of-ms": 1 << 50}],
    ),
    "evodb_table_open": ([], []),
    "evodb_table_verify": ([{"verify.data": False}], [{"verify.data": 1}, {"verify.data": "x"}]),
    "evodb_table_plan": (
        [{"limit": 1}, {"as-of-ms": 1 << 50}, {"ref": "main"}, {"plan.with-deletes": True}],
        [
            {"plan.with-deletes": 1},
            {"limit": -1},
            {"limit": "x"},
            {"snapshot-id": "x"},
            {"as-of-ms": True},
            {"ref": 1},
            # "at most one of the first three"
            {"ref": "main", "as-of-ms": 1 << 50},
        ],
    ),
}

# Right rows for a function that takes Arrow structures.
ARROW_BATCHES = {
    "evodb_data_files_builder_add_arrow": {"file_path": ["d.parquet"], "record_count": [1], "file_size_in_bytes": [1]},
    "evodb_partition_spec_apply_arrow": {"region": ["eu"]},
    "evodb_schema_from_arrow": {"id": [1]},
    "evodb_predicate_prune_files": {"file_path": ["d.parquet"], "record_count": [1], "file_size_in_bytes": [1]},
}

WRONG_TEXTS = {
    "NULL with a length": (None, 5),
    "length -2": (b"x", -2),
    "the least length": (b"x", -(1 << 63)),
    "not UTF-8": (b"\xff\xfe", 2),
    "overlong": (b"\xc0\xaf", 2),
    "a surrogate": (b"\xed\xa0\x80", 3),
}
WRONG_OCTETS = ["NULL with a length", "length -2", "the least length"]


def of(table, function, parameter, *otherwise):
    """The entry for this function's parameter, or for parameters of this name."""
    for name in (f"{function.name}.{parameter.name}", parameter.name):
        if name in table:
            return table[name]
    if not otherwise:
        raise LookupError(f"nothing is known of {function.name}'s {parameter.type} {parameter.name}")
    return otherwise[0]


class Out:
    """An out parameter that shows whether it was written."""

    def __init__(self):
        self.words = (ctypes.c_uint64 * 16)(*[UNTOUCHED] * 16)  # as long as the longest structure of Arrow
        self._as_parameter_ = ctypes.cast(self.words, ctypes.c_void_p)

    def is_touched(self):
        return any(word != UNTOUCHED for word in self.words)


@dataclasses.dataclass(frozen=True)
class Change:
    """The wrong arguments of a case, by parameter, and the expected outcome."""

    arguments: dict
    expected: int = INVALID_ARGUMENT
    says: str = ""


class Case:
    """One function's arguments, in order, and all the ways in which they are changed."""

    def __init__(self, world, function):
        self.world, self.function = world, function
        self.arguments, self.changes = {}, {"right arguments": Change({}, OK)}
        self.outs, self.arrow = {}, []
        parameters = iter(function.parameters)
        for parameter in parameters:
            if parameter.type in ("const char *", "const uint8_t *"):
                self.text(parameter, next(parameters))
            elif parameter.name.startswith("out_"):
                self.out(parameter)
            elif parameter != header.ERROR:  # which the call adds
                self.one(parameter)

    def change(self, parameter, what, values, expected=INVALID_ARGUMENT):
        says = of(SPOKEN_OF, self.function, parameter, parameter.name) if expected == INVALID_ARGUMENT else ""
        self.changes[f"{parameter.name}: {what}"] = Change(values, expected, says)

    def text(self, parameter, length):
        assert length.name == f"{parameter.name}_length", (self.function.name, parameter.name)
        if parameter.type == "const uint8_t *":
            octets, wrong = b"\x01" * 8, {name: WRONG_TEXTS[name] for name in WRONG_OCTETS}
        else:
            value = of(TEXTS, self.function, parameter)
            if callable(value):
                value = value(self.world)
            octets, wrong = value and value.encode(), WRONG_TEXTS
        self.arguments[parameter.name] = ctypes.c_char_p(octets)
        self.arguments[length.name] = ctypes.c_int64(len(octets or b""))
        for what, (data, size) in wrong.items():
            values = {parameter.name: ctypes.c_char_p(data), length.name: ctypes.c_int64(size)}
            self.change(parameter, what, values)
            if parameter.name == "reference":  # a text is checked even where it is not used
                self.change(parameter, f"{what}, moved first", {**values, "where": ctypes.c_int32(0)})

    def out(self, parameter):
        self.arguments[parameter.name] = self.outs[parameter] = Out()
        may_be_null = (
            parameter.type == "const char **"
            or parameter.name.endswith("_length")
            or self.function.name in OPTIONAL_FUNCTIONS
            or f"{self.function.name}.{parameter.name}" in OPTIONAL_OUTS
        )
        self.change(parameter, "NULL", {parameter.name: NULL}, OK if may_be_null else INVALID_ARGUMENT)

    def one(self, parameter):
        name, type = parameter.name, parameter.type
        kind = type.removeprefix("const ").removesuffix(" *")
        if type in ("int64_t", "int32_t", "evodb_status", "evodb_bool"):
            self.number(parameter)
        elif type == "double":
            self.arguments[name] = ctypes.c_double(0.5)
        elif kind.startswith("evodb_") and type.endswith("*"):
            is_of_deletes = name == "delete_files"
            self.arguments[name] = self.world.delete_files() if is_of_deletes else self.world.handle(kind.removeprefix("evodb_"), self.function.name)
            takes_options = kind == "evodb_options" and type.startswith("const ")
            optional = takes_options or f"{self.function.name}.{name}" in OPTIONAL_HANDLES
            self.change(parameter, "NULL", {name: NULL}, OK if optional else INVALID_ARGUMENT)
            if takes_options:
                self.options(name)
        elif type in do_nothing:
            self.arguments[name] = do_nothing[type]
            self.change(parameter, "NULL", {name: NULL})
        elif type == "void *":
            self.arguments[name] = NULL
        elif type == "const char *const *":
            path = {"paths": f"data/{EXAMPLE.name}", "files": str(EXAMPLE)}.get(name, "x").encode()
            self.arguments[name] = (ctypes.c_char_p * 1)(path)
            self.change(parameter, "NULL", {name: NULL})
            self.change(parameter, "one is not UTF-8", {name: (ctypes.c_char_p * 1)(b"\xff")})
        elif type == "const int64_t *" and name.endswith("_lengths"):
            self.arguments[name] = NULL
            for length in (-2, LEAST["int64_t"]):
                self.change(parameter, length, {name: (ctypes.c_int64 * 1)(length)})
        elif type in ("const int64_t *", "const int32_t *"):
            self.arguments[name] = (ctypes.c_int64 * 1)(4) if type == "const int64_t *" else (ctypes.c_int32 * 1)(1)
            self.change(parameter, "NULL", {name: NULL})
        elif type in ("struct ArrowArray *", "struct ArrowSchema *"):
            self.arguments[name] = None  # made for each call
            self.arrow.append(name)
            self.change(parameter, "NULL", {name: NULL})
        elif type == "const struct ArrowArrayStream *":
            self.arguments[name] = ctypes.byref(self.world.stream)
            self.change(parameter, "NULL", {name: NULL})
        else:
            raise LookupError(f"no right argument for {type} {name}")

    def number(self, parameter):
        right, wrong = of(NUMBERS, self.function, parameter)
        if callable(right):
            right = right(self.world)
        number = ctypes.c_int64 if parameter.type == "int64_t" else ctypes.c_int32
        self.arguments[parameter.name] = number(right)
        expected = of(STATUS_OF_WRONG, self.function, parameter, INVALID_ARGUMENT)
        for value in [*wrong, LEAST[parameter.type]] if wrong else []:
            self.change(parameter, value, {parameter.name: number(value)}, expected)

    def options(self, name):
        right, wrong = OPTIONS[self.function.name]
        for values in right:
            self.changes[f"{name}: {values}"] = Change({name: self.world.options(values)}, OK)
        for values in [{"no.such.key": "x"}, *wrong]:
            says = next(iter(values)).removeprefix("summary.") if len(values) == 1 else ""
            self.changes[f"{name}: {values}"] = Change({name: self.world.options(values)}, INVALID_ARGUMENT, says)

    def call(self, change, *error):
        """What the function returned, and the Arrow structures that it was to move."""
        arguments = {**self.arguments, **change.arguments}
        moved = self.export_arrow(arguments)
        called = getattr(self.world.api.library, self.function.name)
        called.restype = RETURNS[self.function.returns]
        return called(*arguments.values(), *error), moved

    def try_to_fail(self, change, wants_error):
        """The complaint about a function that can fail, if any."""
        error = ctypes.c_void_p(UNTOUCHED)
        is_future = self.function.returns == "evodb_future *"
        came, moved = self.call(change, *([] if is_future else [ctypes.byref(error) if wants_error else NULL]))
        complaints = [f"{name} was not moved" for name, structure in moved.items() if structure.release]
        if is_future:
            if not came:
                return ["no future"]
            came, error = self.wait(came)
        if is_future or wants_error:
            complaints += self.look_at(came, error, change.says)
        if came != change.expected:
            complaints.append(f"status {came} instead of {change.expected}")
        for parameter, out in self.outs.items():
            if came != OK and out.is_touched():
                complaints.append(f"{parameter.name} was written")
            if came == OK and not out.is_touched() and parameter.name not in change.arguments:
                complaints.append(f"{parameter.name} was not written")
            is_handle = parameter.type.startswith("evodb_") and parameter.type.endswith("**")
            if came == OK and is_handle and out.is_touched():
                Handle(self.world.api.library, parameter.type[6:-3], out.words[0])  # which frees it
        return complaints

    def wait(self, future):
        error = ctypes.c_void_p(UNTOUCHED)
        library = self.world.api.library
        came = library.evodb_future_wait(ctypes.c_void_p(future), ctypes.c_int64(60000), ctypes.byref(error))
        library.evodb_future_free(future)
        return came, error

    def look_at(self, came, error, says):
        if came == OK:
            return [] if error.value == UNTOUCHED else ["the error was touched on success"]
        if error.value in (None, UNTOUCHED):
            return ["there is no error"]
        failure = Handle(self.world.api.library, "error", error.value)
        code, message = self.world.api.library.evodb_error_code(failure), self.world.api.text("error_message", failure)
        complaints = [] if code == came else [f"the error has the code {code}"]
        return complaints if message and says in message else [*complaints, f"{message!r} does not name {says!r}"]

    def export_arrow(self, arguments):
        structures = {"array": ArrowArray(), "array_schema": ArrowSchema()}
        if self.arrow:
            batch = pyarrow.record_batch(ARROW_BATCHES[self.function.name])
            batch._export_to_c(*(ctypes.addressof(structure) for structure in structures.values()))
        for name in self.arrow:
            if arguments[name] is None:
                arguments[name] = ctypes.byref(structures[name])
        return {name: structures[name] for name in self.arrow if arguments[name] is not NULL}


def say(function, case, **more):
    print(json.dumps({"function": function.name, "case": case, **more}), flush=True)


def run_fallible(world, function):
    # Handles that a call uses up (builders, futures) are made for each call.
    for name in Case(world, function).changes:
        for wants_error in (True, False):
            case = Case(world, function)
            say(function, name)
            say(function, name, complaint="; ".join(case.try_to_fail(case.changes[name], wants_error)))


def run_accessor(world, function):
    """Functions that cannot fail: with NULL they return nothing, and nothing happens."""
    for name in Case(world, function).changes:
        if name == "right arguments" and function.name.endswith(("_free", "_detach")):
            continue  # Handle gives every handle to it, once
        case = Case(world, function)
        change = case.changes[name]
        say(function, name)
        said, _ = case.call(change)
        outs = [out.words[0] for parameter, out in case.outs.items() if parameter.name not in change.arguments]
        if function.returns == "const char *":
            right = said is not None and outs in ([], [len(said)])
        else:
            right = UNTOUCHED not in outs
        if change.arguments.keys() - {parameter.name for parameter in case.outs}:
            right = right and said in (0, -1, b"", None) and not any(outs)
        if name.startswith("counter: "):
            right = said == -1  # "-1 for an unknown `counter`"
        say(function, name, complaint="" if right else f"gave {said} and {outs}")


def main(folder):
    world = World(pathlib.Path(folder))
    for function in header.functions():
        is_fallible = function.returns == "evodb_future *" or function.parameters[-1:] == (header.ERROR,)
        try:
            (run_fallible if is_fallible else run_accessor)(world, function)
        except Exception as exception:  # such as a parameter of which nothing is known: the others are called yet
            say(function, "arguments")
            say(function, "arguments", complaint=repr(exception))
    world.release_event()


if __name__ == "__main__":
    main(sys.argv[1])
