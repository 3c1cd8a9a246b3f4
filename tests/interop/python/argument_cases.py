"""Calls every function of the header with right arguments, and then with each argument wrong in every way it can be.

A program of its own, since a crash must end it and not the tests. Prints a JSON line before each call, and one with what was wrong
with the call after it: {"function", "case"} and {"function", "case", "complaint"}.
"""

import ctypes
import json
import pathlib
import shutil
import sys

import pyarrow

import header
from lakehouse import ArrowArray, ArrowArrayStream, ArrowSchema, Lakehouse, text

EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "examples" / "data" / "flights-2013-07.parquet"
SCHEMA = """{"type":"struct","fields":[
  {"id":1,"name":"id","required":true,"type":"long"},
  {"id":2,"name":"region","required":false,"type":"string"},
  {"id":3,"name":"small","required":false,"type":"int"},
  {"id":4,"name":"octets","required":false,"type":"binary"}]}"""
OK, INVALID_ARGUMENT = 0, 1000
UNTOUCHED = 0x5A5A5A5A5A5A5A5A
NULL = ctypes.c_void_p()

CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
do_nothing = CALLBACK(lambda context: None)


class World:
    """Makes a right argument for every parameter of every function."""

    def __init__(self, folder):
        self.api = Lakehouse()
        self.runtime = self.api.make("runtime", "runtime_open", None)
        self.memory = self.api.make("storage", "storage_open", self.runtime, *text("memory://arguments"), None)
        self.local = self.api.make("storage", "storage_open", self.runtime, *text(str(folder)), None)
        self.schema = self.api.make("schema", "schema_parse", *text(SCHEMA))
        (folder / "flights" / "data").mkdir(parents=True)
        shutil.copy(EXAMPLE, folder / "flights" / "data")
        columns = self.api.take("schema", "schema_inspect", self.local, *text("flights/data/" + EXAMPLE.name))
        self.flights = self.api.make("table", "table_create", self.local, *text("flights"), columns, None, None)
        made = self.api.make("table", "table_create", self.memory, *text("table"), self.schema, None, None)
        made = self.api.make("table", "table_set_property", made, *text("who"), *text("x"))
        made = self.api.make("table", "table_append", made, self.data_files(made), None)
        self.table = self.api.take("table", "table_commit", made, None)

    def data_files(self, table):
        builder = self.file_builder(table)
        return self.api.make("data_files", "data_files_builder_finish", builder)

    def file_builder(self, table, path="data/a.parquet"):
        builder = self.api.make("data_files_builder", "data_files_builder_new", table, None)
        size = ctypes.c_int64(100)
        self.api.call("data_files_builder_add", builder, *text(path), *text("parquet"), size, size, None, ctypes.c_int64(0))
        return builder

    def plan(self):
        return self.api.plan(self.table, "id > 1")

    def future(self, function):
        if function == "evodb_future_take_plan":
            return self.api.start("table_plan", self.table, None, None)
        if function == "evodb_future_take_schema":
            return self.api.start("schema_inspect", self.local, *text("flights/data/" + EXAMPLE.name))
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
                return self.local if function == "evodb_schema_inspect" else self.memory
            case "table":
                return self.flights if function == "evodb_data_files_inspect" else self.table
            case "schema":
                return self.schema
            case "data_files":
                # A path that the table does not have yet.
                return make("data_files", "data_files_builder_finish", self.file_builder(self.table, "data/b.parquet"))
            case "data_files_builder":
                return self.file_builder(self.table, "data/b.parquet")
            case "partition_spec":
                return make("partition_spec", "partition_spec_parse", self.schema, *text("region"))
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
            case "schema_comparison":
                return make("schema_comparison", "schema_compare", self.schema, self.wider_schema(), 2)
            case "snapshot":
                return make("snapshot", "table_current_snapshot", self.table)
            case "options":
                return make("options", "options_new")
            case "predicate":
                return make("predicate", "predicate_parse", *text("id > 1"))
            case "plan":
                return self.plan()
            case "file_cursor":
                return make("file_cursor", "plan_files", self.plan())
            case "explain_cursor":
                return make("explain_cursor", "plan_explain", self.plan())
            case "error":
                return None  # it only comes out of failures
        raise LookupError(f"no right {kind}")

    def wider_schema(self):
        return self.api.make("schema", "schema_parse", *text(SCHEMA.replace('"int"', '"long"')))


# A right text for each parameter that takes one, where need be for one function.
TEXTS = {
    "column": "region",
    "default_json": None,
    "doc": None,
    "evodb_partition_spec_builder_add.name": None,
    "evodb_predicate_compare_bytes.column": "octets",
    "evodb_predicate_compare_double.column": "id",
    "evodb_predicate_compare_int64.column": "id",
    "evodb_predicate_in_int64.column": "id",
    "evodb_predicate_parse_json.json": '[{"column":"id","operator":">","value":1}]',
    "evodb_predicate_parse.text": "id > 1",
    "evodb_schema_builder_add.name": "added",
    "evodb_schema_changes_add.name": "added",
    "evodb_schema_changes_rename.new_name": "renamed",
    "evodb_schema_changes_widen.name": "small",
    "evodb_schema_inspect.path": "flights/data/" + EXAMPLE.name,
    "evodb_snapshot_summary.key": "total-records",
    "evodb_storage_open.location": "memory://another",
    "evodb_table_create.location": "another",
    "evodb_table_property.key": "who",
    "format": "parquet",
    "json": SCHEMA,
    "key": "snapshot-id",
    "location": "table",
    "name": "region",
    "partition_json": None,
    "path": "data/c.parquet",
    "ref": "main",
    "reference": "id",
    "text": "region",
    "transform": "identity",
    "type": "long",
    "value": "7",
}

# A right number, and wrong ones.
NUMBERS = {
    "column_size": (8, [-2]),
    "comparison": (9, [0, 99, -1]),
    "counter": (1, []),
    "evodb_predicate_compare_string.comparison": (11, [0, 1, 13, 99]),
    "evodb_predicate_in_int64.comparison": (13, [0, 9, 99]),
    "evodb_predicate_in_strings.comparison": (14, [0, 9, 99]),
    "evodb_predicate_test.comparison": (1, [0, 5, 99]),
    "evodb_predicate_compare_bool.comparison": (9, [0, 5, 99]),
    "field_id": (1, [-1, 0, 99]),
    "file_size_in_bytes": (100, [-1]),
    "format_version": (2, [0, 1, 9]),
    "index": (0, [-1, 1 << 40]),
    "nan_value_count": (-1, [-2]),
    "null_value_count": (0, [-2]),
    "path_count": (1, [-1]),
    "record_count": (100, [-1]),
    "required": (0, []),
    "schema_id": (0, []),
    "snapshot_id": (None, []),  # the current one
    "split_offset_count": (1, [-1]),
    "status": (1000, []),
    "time_ms": (1 << 50, []),
    "timeout_ms": (-1, [-2]),
    "value": (1, []),
    "value_count": (1, [-2]),
    "where": (2, [-1, 3]),
}

# Handles that may be left out, as their function's comment says.
OPTIONAL_HANDLES = {"options", "evodb_table_plan.predicate", "evodb_table_create.spec"}
REQUIRED_HANDLES = {f"evodb_options_set_{type}.options" for type in ("string", "int64", "bool")}
# Out parameters without which a call does its work ("may be NULL": strings and their lengths, and what finds or compares).
OPTIONAL_FUNCTIONS = {"evodb_schema_find", "evodb_schema_comparison_get"}

WRONG_TEXTS = {
    "NULL with a length": (None, 5),
    "length -2": (b"x", -2),
    "the least length": (b"x", -(1 << 63)),
    "not UTF-8": (b"\xff\xfe", 2),
    "overlong": (b"\xc0\xaf", 2),
    "a surrogate": (b"\xed\xa0\x80", 3),
}


def of(table, function, parameter):
    """The entry for this function's parameter, or for parameters of this name."""
    return table.get(f"{function.name}.{parameter.name}", table.get(parameter.name, LookupError))


class Out:
    """An out parameter that tells whether it was written."""

    def __init__(self):
        self.words = (ctypes.c_uint64 * 8)(*[UNTOUCHED] * 8)
        self._as_parameter_ = ctypes.cast(self.words, ctypes.c_void_p)

    def is_touched(self):
        return any(word != UNTOUCHED for word in self.words)


class Case:
    """One function's arguments, in order, some of them wrong."""

    def __init__(self, world, function):
        self.world, self.function = world, function
        self.arguments, self.wrong = {}, {}
        self.outs, self.arrow = [], []
        parameters = iter(function.parameters)
        for parameter in parameters:
            if parameter.type in ("const char *", "const uint8_t *"):
                self.text(parameter, next(parameters))
            elif parameter.type == "const char **" or parameter.name.startswith("out_"):
                self.out(parameter)
            elif parameter == header.ERROR:
                pass  # the caller adds it
            else:
                self.one(parameter)

    def text(self, parameter, length):
        assert length.name == f"{parameter.name}_length", (self.function.name, parameter.name)
        if parameter.type == "const uint8_t *":
            octets, wrong = b"\x01" * 8, {"NULL with a length": (None, 5), "length -2": (b"x", -2)}
        else:
            value = of(TEXTS, self.function, parameter)
            octets, wrong = value and value.encode(), WRONG_TEXTS
        self.arguments[parameter.name] = ctypes.c_char_p(octets)
        self.arguments[length.name] = ctypes.c_int64(len(octets or b""))
        for name, (data, size) in wrong.items():
            self.wrong[f"{parameter.name}: {name}"] = {
                parameter.name: ctypes.c_char_p(data),
                length.name: ctypes.c_int64(size),
            }

    def out(self, parameter):
        made = Out() if parameter.type != "struct ArrowArrayStream *" else ArrowArrayStream()
        self.arguments[parameter.name] = made if isinstance(made, Out) else ctypes.byref(made)
        if isinstance(made, Out):
            self.outs.append(made)
        may_be_null = (
            parameter.type == "const char **"
            or parameter.name.endswith("_length")
            or self.function.name in OPTIONAL_FUNCTIONS
        )
        self.wrong[f"{parameter.name}: NULL"] = {parameter.name: NULL, "expected": OK if may_be_null else INVALID_ARGUMENT}

    def one(self, parameter):
        name, type = parameter.name, parameter.type
        kind = type.removeprefix("const ").removesuffix(" *")
        if type in ("int64_t", "int32_t", "evodb_status", "evodb_bool"):
            right, wrong = of(NUMBERS, self.function, parameter)
            if right is None:
                snapshot = self.world.handle("snapshot", "")
                self.world.api.library.evodb_snapshot_id.restype = ctypes.c_int64
                right = self.world.api.library.evodb_snapshot_id(snapshot)
            number = ctypes.c_int64 if type == "int64_t" else ctypes.c_int32
            self.arguments[name] = number(right)
            for value in wrong:
                self.wrong[f"{name}: {value}"] = {name: number(value)}
        elif type == "double":
            self.arguments[name] = ctypes.c_double(0.5)
        elif kind.startswith("evodb_") and type.endswith("*"):
            handle = self.world.handle(kind.removeprefix("evodb_"), self.function.name)
            self.arguments[name] = handle
            full_name = f"{self.function.name}.{name}"
            optional = {name, full_name} & OPTIONAL_HANDLES and full_name not in REQUIRED_HANDLES
            self.wrong[f"{name}: NULL"] = {name: NULL, "expected": OK if optional else INVALID_ARGUMENT}
            if kind == "evodb_options" and optional:
                unknown = self.world.api.make("options", "options_new")
                self.world.api.call("options_set_string", unknown, *text("no.such.key"), *text("x"))
                self.wrong[f"{name}: an unknown key"] = {name: unknown}
        elif type == "evodb_ready_callback":
            self.arguments[name] = do_nothing
            self.wrong[f"{name}: NULL"] = {name: NULL}
        elif type == "void *":
            self.arguments[name] = NULL
        elif type == "const char *const *":
            path = f"data/{EXAMPLE.name}".encode() if name == "paths" else b"x"
            self.arguments[name] = (ctypes.c_char_p * 1)(path)
            self.wrong[f"{name}: NULL"] = {name: NULL}
            self.wrong[f"{name}: one is not UTF-8"] = {name: (ctypes.c_char_p * 1)(b"\xff")}
        elif type == "const int64_t *" and name.endswith("_lengths"):
            self.arguments[name] = NULL
            self.wrong[f"{name}: -2"] = {name: (ctypes.c_int64 * 1)(-2)}
        elif type == "const int64_t *":
            self.arguments[name] = (ctypes.c_int64 * 1)(4)
            self.wrong[f"{name}: NULL"] = {name: NULL}
        elif type in ("struct ArrowArray *", "struct ArrowSchema *"):
            self.arguments[name] = None  # made anew for each call
            self.arrow.append(name)
            self.wrong[f"{name}: NULL"] = {name: NULL}
        else:
            raise LookupError(f"no right argument for {type} {name}")

    def call(self, changes, wants_error):
        """The status, what is to be complained of, and whether anything was written."""
        arguments = {**self.arguments, **{name: value for name, value in changes.items() if name != "expected"}}
        moved = self.export_arrow(arguments)
        for out in self.outs:
            ctypes.memset(out.words, 0x5A, ctypes.sizeof(out.words))
        error = ctypes.c_void_p(UNTOUCHED)
        values = list(arguments.values())
        if self.function.parameters[-1] == header.ERROR:
            values.append(ctypes.byref(error) if wants_error else NULL)
        called = getattr(self.world.api.library, self.function.name)
        called.restype = {"evodb_future *": ctypes.c_void_p, "evodb_status": ctypes.c_int32}[self.function.returns]
        came = called(*values)
        complaints = [f"{name} was not moved" for name, structure in moved.items() if structure.release]
        if self.function.returns == "evodb_future *":
            if not came:
                return None, ["no future"]
            came, error = self.wait(came)
        written = any(out.is_touched() for out in self.outs)
        if wants_error or self.function.returns == "evodb_future *":
            complaints += self.look_at(came, error)
        if came != OK and written:
            complaints.append("an out parameter was written")
        return came, complaints

    def wait(self, future):
        error = ctypes.c_void_p(UNTOUCHED)
        library = self.world.api.library
        came = library.evodb_future_wait(ctypes.c_void_p(future), ctypes.c_int64(60000), ctypes.byref(error))
        library.evodb_future_free(future)
        return came, error

    def look_at(self, came, error):
        if came == OK:
            return [] if error.value == UNTOUCHED else ["the error was touched on success"]
        if error.value in (None, UNTOUCHED):
            return ["there is no error"]
        library = self.world.api.library
        complaints = [] if library.evodb_error_code(error) == came else ["the error has another code"]
        if not self.world.api.text("error_message", error):
            complaints.append("the error says nothing")
        library.evodb_error_free(error.value)
        return complaints

    def export_arrow(self, arguments):
        structures = {"array": ArrowArray(), "array_schema": ArrowSchema()}
        if self.arrow:
            batch = pyarrow.record_batch({"file_path": ["d.parquet"], "record_count": [1], "file_size_in_bytes": [1]})
            batch._export_to_c(*(ctypes.addressof(structure) for structure in structures.values()))
        for name in self.arrow:
            if arguments[name] is None:
                arguments[name] = ctypes.byref(structures[name])
        return {name: structures[name] for name in self.arrow if arguments[name] is not NULL}


def say(function, case, **more):
    print(json.dumps({"function": function.name, "case": case, **more}), flush=True)


def run_fallible(world, function):
    # Handles that a call uses up (builders, futures) are made anew for each.
    names = ["right arguments", *Case(world, function).wrong]
    for name in names:
        for wants_error in (True, False):
            case = Case(world, function)
            changes = case.wrong.get(name, {})
            expected = changes.get("expected", INVALID_ARGUMENT if changes else OK)
            say(function, name)
            came, complaints = case.call(changes, wants_error)
            if came != expected:
                complaints.append(f"status {came} instead of {expected}")
            say(function, name, complaint="; ".join(complaints))


def run_accessor(world, function):
    """NULL for the handle: nothing is told, and nothing happens."""
    called = getattr(world.api.library, function.name)
    length = ctypes.c_int64(UNTOUCHED)
    values = []
    for parameter in function.parameters:
        if parameter.type.endswith("*") and not parameter.name.startswith("out_"):
            values.append(NULL)
        elif parameter.name == "out_length":
            values.append(ctypes.byref(length))
        elif parameter.name.startswith("out_"):
            values.append(Out())
        else:
            values.append(ctypes.c_int64(1))
    say(function, "NULL")
    if function.returns == "const char *":
        called.restype = ctypes.c_char_p
        said = called(*values)
        with_length = function.parameters[-1].name == "out_length"
        right = said == b"" and length.value == 0 if with_length else bool(said)
        if with_length:
            right = right and called(*values[:-1], NULL) == b""
    elif function.returns == "void":
        said = called(*values)
        right = True
    else:
        called.restype = ctypes.c_int64 if function.returns == "int64_t" else ctypes.c_int32
        said = called(*values)
        right = said in (0, -1) or not any(parameter.type.endswith("*") for parameter in function.parameters)
    say(function, "NULL", complaint="" if right else f"gave {said}")


def main(folder):
    world = World(pathlib.Path(folder))
    for function in header.functions():
        if function.returns == "evodb_future *" or function.parameters[-1:] == (header.ERROR,):
            run_fallible(world, function)
        else:
            run_accessor(world, function)


if __name__ == "__main__":
    main(sys.argv[1])
