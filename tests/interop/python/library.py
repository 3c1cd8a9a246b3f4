"""Our library itself, through its C header by ctypes: a plan costs a call and not a process."""

import ctypes
import os
import pathlib


class LibraryError(Exception):
    def __init__(self, name, message):
        super().__init__(f"{name}: {message}")
        self.name = name


class Library:
    def __init__(self, path):
        self._c = ctypes.CDLL(str(path))
        for function in ("evodb_table_open", "evodb_table_plan", "evodb_status_name"):
            getattr(self._c, function).restype = ctypes.c_void_p
        self._c.evodb_status_name.restype = ctypes.c_char_p
        self._runtime = self._make("evodb_runtime_open", None)
        self._storage = self._make("evodb_storage_open", self._runtime, b"file:///", ctypes.c_int64(-1), None)

    def _check(self, status, error):
        if status == 0:
            return
        text = ctypes.c_char_p()
        self._c.evodb_error_message(error, ctypes.byref(text), None)
        message = text.value.decode()
        self._c.evodb_error_free(error)
        raise LibraryError(self._c.evodb_status_name(status).decode(), message)

    def _call(self, name, *arguments):
        error = ctypes.c_void_p()
        self._check(getattr(self._c, name)(*arguments, ctypes.byref(error)), error)

    def _make(self, name, *arguments):
        made = ctypes.c_void_p()
        self._call(name, *arguments, ctypes.byref(made))
        return made

    def _take(self, name, future):
        future = ctypes.c_void_p(future)
        try:
            return self._make(name, future, ctypes.c_int64(-1))
        finally:
            self._c.evodb_future_free(future)

    def open(self, table):
        path = str(table).encode()
        future = self._c.evodb_table_open(self._storage, path, ctypes.c_int64(-1), None)
        return Table(self, self._take("evodb_future_take_table", future))


class Table:
    def __init__(self, library, handle):
        self._library, self._handle = library, handle

    def plan(self, filter_text):
        """The paths of the files to read, sorted."""
        library, c = self._library, self._library._c
        text = filter_text.encode()
        predicate = library._make("evodb_predicate_parse", text, ctypes.c_int64(len(text)))
        try:
            plan = library._take("evodb_future_take_plan", c.evodb_table_plan(self._handle, predicate, None))
        finally:
            c.evodb_predicate_free(predicate)
        cursor = library._make("evodb_plan_files", plan)
        has_file, text, paths = ctypes.c_int32(), ctypes.c_char_p(), []
        try:
            while True:
                library._call("evodb_file_cursor_next", cursor, ctypes.byref(has_file))
                if not has_file.value:
                    return sorted(paths)
                c.evodb_file_cursor_path(cursor, ctypes.byref(text), None)
                paths.append(text.value.decode())
        finally:
            c.evodb_file_cursor_free(cursor)
            c.evodb_plan_free(plan)

    def close(self):
        self._library._c.evodb_table_free(self._handle)


def open_library():
    path = os.environ.get("EVODB_LAKEHOUSE_LIBRARY")
    if not path or not pathlib.Path(path).is_file():
        raise FileNotFoundError(f"EVODB_LAKEHOUSE_LIBRARY must be the path of the shared library, not {path!r}")
    return Library(path)
