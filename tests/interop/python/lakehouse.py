"""The C boundary through ctypes: the few functions the tests need, as thin as possible. Failures are raised as LakehouseError."""

import ctypes
import datetime
import os
import weakref

import pyarrow

HANDLES = (
    "options runtime future storage schema schema_builder schema_changes schema_comparison partition partition_spec "
    "partition_spec_builder partition_spec_changes table delete_plan snapshot data_files data_files_builder predicate plan file_cursor explain_cursor cancellation "
    "findings checks object listing credentials rows row_cursor error"
).split()


def load(path):
    library = ctypes.CDLL(path)
    for name in HANDLES:
        free = getattr(library, f"evodb_{name}_free")
        free.restype = None
        free.argtypes = [ctypes.c_void_p]
    for name in ("table_plan", "table_open", "table_commit", "table_cherry_pick", "table_resolve", "table_verify", "table_diagnose",
                 "data_files_inspect", "schema_inspect", "object_read", "object_write", "data_files_upload",
                 "objects_delete", "objects_list", "storage_probe", "storage_flush", "file_cursor_fetch", "explain_cursor_fetch",
                 "table_plan_delete", "table_diff", "table_changes", "table_metadata", "row_cursor_fetch", "deletion_vector_read"):
        getattr(library, f"evodb_{name}").restype = ctypes.c_void_p
    for name in ("storage_count", "event_time_ns", "event_attribute_count", "data_files_count", "file_cursor_record_count", "file_cursor_size_in_bytes",
                 "file_cursor_data_sequence_number", "file_cursor_ready_count", "file_cursor_delete_file_count",
                 "file_cursor_delete_file_record_count", "file_cursor_delete_file_size_in_bytes", "file_cursor_delete_file_content_offset",
                 "file_cursor_delete_file_content_size_in_bytes", "file_cursor_delete_file_data_sequence_number", "row_cursor_int64", "delete_plan_count"):
        getattr(library, f"evodb_{name}").restype = ctypes.c_int64
    library.evodb_status_name.restype = ctypes.c_char_p
    return library


def library_path():
    path = os.environ.get("EVODB_LAKEHOUSE_LIBRARY")
    if not path:
        raise FileNotFoundError("EVODB_LAKEHOUSE_LIBRARY must be the path of libevodb_lakehouse.so")
    return path


def structure(name, members):
    """One of Arrow's structures: every member is as large as a pointer. As long as Python holds it, it stays where it is."""
    return type(name, (ctypes.Structure,), {"_fields_": [(member, ctypes.c_void_p) for member in members.split()]})


ArrowSchema = structure("ArrowSchema", "format name metadata flags n_children children dictionary release private_data")
ArrowArray = structure(
    "ArrowArray",
    "length null_count offset n_buffers n_children buffers children dictionary release private_data",
)
ArrowArrayStream = structure("ArrowArrayStream", "get_schema get_next get_last_error release private_data")


class LakehouseError(Exception):
    def __init__(self, name, message, subject, token):
        super().__init__(f"{name}: {message} ({subject})")
        self.name, self.message, self.subject, self.token = name, message, subject, token


class Handle:
    """Owns one handle, and passes as one."""

    def __init__(self, library, kind, pointer):
        self._as_parameter_ = ctypes.c_void_p(pointer)
        weakref.finalize(self, getattr(library, f"evodb_{kind}_free"), pointer)


def text(value):
    """A text argument: pointer and length."""
    octets = value.encode()
    return ctypes.c_char_p(octets), ctypes.c_int64(len(octets))


class Lakehouse:
    def __init__(self):
        self.library = load(library_path())

    def call(self, name, *arguments):
        """Calls a function whose last parameter is the error."""
        error = ctypes.c_void_p()
        status = getattr(self.library, f"evodb_{name}")(*arguments, ctypes.byref(error))
        if status == 0:
            return
        failure = Handle(self.library, "error", error.value)
        assert self.library.evodb_error_code(failure) == status
        raise LakehouseError(self.library.evodb_status_name(status).decode(), self.text("error_message", failure),
                             self.text("error_subject", failure), self.text("error_token", failure))

    def make(self, kind, name, *arguments):
        """Calls a function that returns a handle."""
        pointer = ctypes.c_void_p()
        self.call(name, *arguments, ctypes.byref(pointer))
        return Handle(self.library, kind, pointer.value)

    def start(self, name, *arguments):
        """Calls a function that gives a future."""
        return Handle(self.library, "future", getattr(self.library, f"evodb_{name}")(*arguments))

    def take(self, kind, name, *arguments):
        """Waits for an operation, and takes its result."""
        future = self.start(name, *arguments)
        return self.make(kind, f"future_take_{kind}", future, ctypes.c_int64(-1))

    def text(self, name, handle, *arguments):
        length = ctypes.c_int64()
        get = getattr(self.library, f"evodb_{name}")
        get.restype = ctypes.c_void_p
        return ctypes.string_at(get(handle, *arguments, ctypes.byref(length)), length.value).decode()

    def options(self, values):
        """Options from texts; None for none."""
        if not values:
            return None
        options = self.make("options", "options_new")
        for key, value in values.items():
            self.call("options_set_string", options, *text(key), *text(value))
        return options

    def read(self, storage, path):
        """The bytes of an object."""
        found, length = self.take("object", "object_read", storage, *text(path), None), ctypes.c_int64()
        self.library.evodb_object_data.restype = ctypes.c_void_p
        return ctypes.string_at(self.library.evodb_object_data(found, ctypes.byref(length)), length.value)

    def append(self, table, paths):
        """The table with these Parquet files, as one more snapshot."""
        strings = (ctypes.c_char_p * len(paths))(*(path.encode() for path in paths))
        files = self.take("data_files", "data_files_inspect", table, strings, None, ctypes.c_int64(len(paths)), None)
        return self.make("table", "table_append", table, files, None)

    def plan(self, table, filter_text=None, with_deletes=False):
        predicate, options = None, None
        if filter_text is not None:
            predicate = self.make("predicate", "predicate_parse", *text(filter_text))
        if with_deletes:
            options = self.make("options", "options_new")
            self.call("options_set_bool", options, *text("plan.with-deletes"), ctypes.c_int32(1))
        return self.take("plan", "table_plan", table, predicate, options)

    def next(self, kind, cursor):
        """Moves a cursor on; false at the end."""
        has_one = ctypes.c_int32()
        self.call(f"{kind}_next", cursor, ctypes.byref(has_one))
        return bool(has_one.value)

    def walk(self, plan):
        """A cursor, on one file of the plan after another."""
        cursor = self.make("file_cursor", "plan_files", plan)
        while self.next("file_cursor", cursor):
            yield cursor

    def planned_paths(self, table, filter_text, with_deletes=False):
        return [self.text("file_cursor_path", cursor) for cursor in self.walk(self.plan(table, filter_text, with_deletes))]

    def cursor_rows(self, plan, with_deletes=False):
        """A plan's files as rows of the Arrow stream's columns, sorted."""
        rows = [
            {
                "file_path": self.text("file_cursor_path", cursor),
                "file_format": self.text("file_cursor_format", cursor),
                "record_count": self.library.evodb_file_cursor_record_count(cursor),
                "file_size_in_bytes": self.library.evodb_file_cursor_size_in_bytes(cursor),
                "spec_id": self.library.evodb_file_cursor_spec_id(cursor),
                "partition": self.text("file_cursor_partition", cursor),
                "partition_path": self.text("file_cursor_partition_path", cursor),
                "data_sequence_number": self.library.evodb_file_cursor_data_sequence_number(cursor),
                "split_offsets": self.split_offsets(cursor),
                "residual": self.text("file_cursor_residual", cursor),
            } | ({"delete_files": self.delete_files(cursor)} if with_deletes else {})
            for cursor in self.walk(plan)
        ]
        return sorted(rows, key=lambda row: row["file_path"])

    def delete_files(self, cursor):
        """Those of the current file, as rows of the column that the Arrow stream has of them."""
        rows = []
        for index in range(self.library.evodb_file_cursor_delete_file_count(cursor)):
            at = ctypes.c_int64(index)
            texts = {name: self.text(f"file_cursor_delete_file_{name}", cursor, at) for name in ("path", "content", "format", "referenced_data_file")}
            numbers = {
                name: getattr(self.library, f"evodb_file_cursor_delete_file_{name}")(cursor, at)
                for name in ("record_count", "size_in_bytes", "content_offset", "content_size_in_bytes", "data_sequence_number", "spec_id")
            }
            ids, count = ctypes.POINTER(ctypes.c_int32)(), ctypes.c_int64()
            self.library.evodb_file_cursor_delete_file_equality_ids(cursor, at, ctypes.byref(ids), ctypes.byref(count))
            rows.append(
                {
                    "file_path": texts["path"],
                    "content": texts["content"],
                    "file_format": texts["format"],
                    "record_count": numbers["record_count"],
                    "file_size_in_bytes": numbers["size_in_bytes"],
                    "content_offset": None if numbers["content_offset"] < 0 else numbers["content_offset"],
                    "content_size_in_bytes": None if numbers["content_size_in_bytes"] < 0 else numbers["content_size_in_bytes"],
                    "referenced_data_file": texts["referenced_data_file"] or None,
                    "data_sequence_number": numbers["data_sequence_number"],
                    "spec_id": numbers["spec_id"],
                    "equality_ids": ids[: count.value] or None,
                }
            )
        return rows

    def split_offsets(self, cursor):
        data, count = ctypes.POINTER(ctypes.c_int64)(), ctypes.c_int64()
        self.library.evodb_file_cursor_split_offsets(cursor, ctypes.byref(data), ctypes.byref(count))
        return data[: count.value] if count.value else None

    def stream(self, plan):
        """The plan's Arrow stream, imported by pyarrow. The plan may be freed before it."""
        return self.cancellable_stream(plan)[0]

    def cancellable_stream(self, plan):
        """The same, with its cancellation."""
        stream = ArrowArrayStream()
        self.call("plan_stream", plan, ctypes.byref(stream))
        cancellation = self.make("cancellation", "plan_stream_cancellation", ctypes.byref(stream))
        return pyarrow.RecordBatchReader._import_from_c(ctypes.addressof(stream)), cancellation

    def rows(self, name, *arguments):
        """What table_diff, table_changes or table_metadata gives."""
        return self.take("rows", name, *arguments)

    def stream_of_rows(self, rows):
        """Their Arrow stream, imported by pyarrow, and its cancellation."""
        stream = ArrowArrayStream()
        self.call("rows_stream", rows, ctypes.byref(stream))
        cancellation = self.make("cancellation", "plan_stream_cancellation", ctypes.byref(stream))
        return pyarrow.RecordBatchReader._import_from_c(ctypes.addressof(stream)), cancellation

    def listed_rows(self, rows):
        """The same rows by their cursor, as the stream has them."""
        cursor = self.make("row_cursor", "rows_cursor", rows)
        listed = []
        while self.next("row_cursor", cursor):
            columns = range(self.library.evodb_row_cursor_column_count(cursor))
            listed.append({self._column_text("name", cursor, column): self._column_value(cursor, column) for column in columns})
        return listed

    def _column_text(self, what, cursor, column):
        length = ctypes.c_int64()
        get = self.library["evodb_row_cursor_column_name" if what == "name" else "evodb_row_cursor_text"]
        get.restype = ctypes.c_void_p
        return ctypes.string_at(get(cursor, ctypes.c_int32(column), ctypes.byref(length)), length.value).decode()

    def _column_value(self, cursor, column):
        if not self.library.evodb_row_cursor_has_value(cursor, ctypes.c_int32(column)):
            return None
        kind = self.library.evodb_row_cursor_column_type(cursor, ctypes.c_int32(column))
        if kind in (1, 2):
            return self._column_text("text", cursor, column)
        number = self.library.evodb_row_cursor_int64(cursor, ctypes.c_int32(column))
        if kind == 6:
            return datetime.datetime.fromtimestamp(0, datetime.timezone.utc) + datetime.timedelta(milliseconds=number)
        return bool(number) if kind == 5 else number

    def schema_of_arrow(self, arrow_schema):
        """The schema of a pyarrow schema, which must have been moved whatever the outcome."""
        structure = ArrowSchema()
        arrow_schema._export_to_c(ctypes.addressof(structure))
        try:
            return self.make("schema", "schema_from_arrow", ctypes.byref(structure))
        finally:
            assert structure.release is None

    def arrow_of_schema(self, schema):
        structure = ArrowSchema()
        self.call("schema_to_arrow", schema, ctypes.byref(structure))
        return pyarrow.Schema._import_from_c(ctypes.addressof(structure))

    def changed(self, kind, *steps):
        """Changes of a schema or a partition spec ("schema_changes"): each step the function's end and its arguments."""
        changes = self.make(kind, f"{kind}_new")
        for verb, *arguments in steps:
            self.call(f"{kind}_{verb}", changes, *arguments)
        return changes

    def map_arrow(self, name, batch, *arguments):
        """Calls a function that makes another batch of this one. Whatever the outcome, both structures must have been moved."""
        array, schema, out_array, out_schema = ArrowArray(), ArrowSchema(), ArrowArray(), ArrowSchema()
        batch._export_to_c(ctypes.addressof(array), ctypes.addressof(schema))
        pointers = [ctypes.byref(structure) for structure in (array, schema, out_array, out_schema)]
        try:
            self.call(name, *arguments, *pointers)
        finally:
            assert array.release is None
            assert schema.release is None
        return pyarrow.RecordBatch._import_from_c(ctypes.addressof(out_array), ctypes.addressof(out_schema))

    def apply_spec(self, spec, batch):
        """The partitions of a batch's rows, as another batch."""
        return self.map_arrow("partition_spec_apply_arrow", batch, spec)

    def add_arrow(self, builder, batch):
        """Exports the batch and adds its rows. Whatever the outcome, both structures must have been moved."""
        array, schema = ArrowArray(), ArrowSchema()
        batch._export_to_c(ctypes.addressof(array), ctypes.addressof(schema))
        try:
            self.call("data_files_builder_add_arrow", builder, ctypes.byref(array), ctypes.byref(schema))
        finally:
            assert array.release is None
            assert schema.release is None
