"""Writes, deletes or uploads objects over calls that hang, for test_hung_calls.py: reports the outcome, lets the calls continue, and reports
which objects exist once they have ended."""

import ctypes
import json
import os
import pathlib
import sys
import time

from lakehouse import Lakehouse, LakehouseError, text

action, folder = sys.argv[1], pathlib.Path(sys.argv[2])
NAMES = [f"o{i}" for i in range(5)]

api = Lakehouse()
options = api.make("options", "options_new")
api.call("options_set_int64", options, *text("runtime.operation-timeout-ms"), ctypes.c_int64(500))
api.call("options_set_int64", options, *text("runtime.blocking-threads"), ctypes.c_int64(4 if action == "upload" else 1))
runtime = api.make("runtime", "runtime_open", options)
storage = api.make("storage", "storage_open", runtime, *text(str(folder)), None)


def finish(name, *arguments, of=storage):
    try:
        api.call("future_wait", api.start(name, of, *arguments), ctypes.c_int64(-1))
        return "OK"
    except LakehouseError as error:
        return error.name


if action == "write":
    outcome = finish("object_write", *text("o0"), b"new", ctypes.c_int64(3), None)
elif action == "upload":
    table = api.take("table", "table_open", storage, *text("table"), None)
    outcome = finish("data_files_upload", (ctypes.c_char_p * 1)(sys.argv[3].encode()), None, ctypes.c_int64(1), None, of=table)
else:
    outcome = finish("objects_delete", (ctypes.c_char_p * 5)(*(name.encode() for name in NAMES)), None, ctypes.c_int64(5))
pathlib.Path(os.environ["HUNG_UNTIL"]).touch()
while outcome == "DEADLINE_EXCEEDED" and finish("object_read", *text("another"), None) != "NOT_FOUND":
    time.sleep(0.01)  # after the call that hung, on the only thread
if action == "upload":
    time.sleep(0.5)  # for what was left to go on with, on another thread than the reading
    folder = folder / "table" / "data"
left = {file.name: file.read_bytes().decode(errors="replace") for file in folder.iterdir() if not file.name.endswith(".lock")}
print(json.dumps({"outcome": outcome, "left": left}))
