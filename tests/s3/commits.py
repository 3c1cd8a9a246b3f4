"""Commits, the outcomes reported to their callers, and whether these are true."""

import collections
import ctypes
import threading

import fault_proxy
from lakehouse import LakehouseError, text

SCHEMA = '{"type":"struct","fields":[{"id":1,"name":"id","required":false,"type":"long"}]}'
TIME_LIMIT = 0.5
RETRY_BUDGET_MS = 2000  # enough to write a key again, which must wait for a second


class Writer:
    """The state of one process: a runtime and a storage of its own."""

    def __init__(self, api, endpoint, location, runtime_options=None, **settings):
        self.api = api
        self.runtime = api.make("runtime", "runtime_open", runtime_options)
        options = api.make("options", "options_new")
        settings = {"endpoint": endpoint, "access_key_id": "tests", "secret_access_key": "tests-secret",
                    "attempt_timeout_ms": int(TIME_LIMIT * 1000), "retry_budget_ms": 300, **settings}
        for key, value in settings.items():
            api.call("options_set_string", options, *text("storage." + key.replace("_", "-")), *text(str(value)))
        self.storage = api.make("storage", "storage_open", self.runtime, *text(location), options)
        self.endpoint, self.location = endpoint, location

    def create(self):
        schema = self.api.make("schema", "schema_parse", *text(SCHEMA))
        options = self.api.make("options", "options_new")
        self.api.call("options_set_string", options, *text("table-property.evodb.commit.max-snapshots"), *text("100000"))
        made = self.api.make("table", "table_create", self.storage, *text(self.location), schema, None, options)
        return self.api.take("table", "table_commit", made, None)

    def open(self):
        return self.api.take("table", "table_open", self.storage, *text(self.location), None)

    def with_append(self, table, label):
        builder = self.api.make("data_files_builder", "data_files_builder_new", table, None)
        number = ctypes.c_int64(10)
        self.api.call("data_files_builder_add", builder, *text(f"data/{label}.parquet"), *text("parquet"), number, number, None,
                      ctypes.c_int64(0))
        files = self.api.make("data_files", "data_files_builder_finish", builder)
        options = self.api.make("options", "options_new")
        self.api.call("options_set_string", options, *text("summary.label"), *text(label))
        return self.api.make("table", "table_append", table, files, options)

    def commit(self, table):
        return self.api.take("table", "table_commit", table, None)

    def resolve(self, table, token):
        future = self.api.start("table_resolve", table, *text(token))
        outcome, version, snapshot = ctypes.c_int32(), ctypes.c_int64(), ctypes.c_int64()
        self.api.call("future_take_resolution", future, ctypes.c_int64(-1), ctypes.byref(outcome), ctypes.byref(version),
                      ctypes.byref(snapshot))
        return outcome.value

    def labels(self, table):
        """How often each is in the history."""
        found = collections.Counter()
        self.api.library.evodb_table_snapshot_count.restype = ctypes.c_int64
        for i in range(self.api.library.evodb_table_snapshot_count(table)):
            snapshot = self.api.make("snapshot", "table_snapshot_at", table, ctypes.c_int64(i))
            value, length = ctypes.c_char_p(), ctypes.c_int64()
            self.api.call("snapshot_summary", snapshot, *text("label"), ctypes.byref(value), ctypes.byref(length))
            found[value.value.decode()] += 1
        return found

    def complaints(self, table):
        findings = self.api.take("findings", "table_verify", table, None)
        self.api.library.evodb_findings_count.restype = ctypes.c_int64
        return self.api.library.evodb_findings_count(findings)


class Ledger:
    """The outcomes reported to the callers."""

    def __init__(self):
        self.committed, self.failed, self.unknown = set(), set(), {}
        self.line = threading.Lock()

    def commit(self, writer, table, label):
        """The newer table, or the same one."""
        try:
            committed = writer.commit(writer.with_append(table, label))
        except LakehouseError as error:
            with self.line:
                if error.name == "COMMIT_STATE_UNKNOWN":
                    self.unknown[label] = error.token
                else:
                    assert error.name == "STORAGE_UNAVAILABLE", error
                    self.failed.add(label)
            return table
        with self.line:
            self.committed.add(label)
        return committed

    def check(self, writer):
        """In a network without faults: reported outcomes and resolved tokens are true, and everything that is referred to exists."""
        table = writer.open()
        resolved = {label: writer.resolve(table, token) for label, token in self.unknown.items()}
        table = writer.open()
        there = writer.labels(table)
        assert {label for label, times in there.items() if times > 1} == set()
        assert self.committed - set(there) == set()
        assert self.failed & set(there) == set()
        wrong = {label: outcome for label, outcome in resolved.items() if outcome != 0 and (outcome == 1) != (label in there)}
        assert wrong == {}
        assert writer.complaints(table) == 0


TARGETS = {
    "version": lambda request: request.is_put_of(".metadata.json"),
    "reading of a version": lambda request: request.method == "GET" and request.path.endswith(".metadata.json"),
    "list": lambda request: request.method == "PUT" and "/snap-" in request.path,
    "manifest": lambda request: request.is_put_of("-m0.avro"),
    "hint": lambda request: request.path.endswith("version-hint.text"),
}


def commit_under_every_fault(writer, proxy, target, faults=fault_proxy.FAULTS):
    """Each affects one request of a commit, and another commit follows without faults."""
    table = writer.create()
    ledger = Ledger()
    for fault in faults:
        struck = []

        def direct(request):
            if struck or not TARGETS[target](request):
                return None
            struck.append(request)
            return fault

        proxy.direct = direct
        table = ledger.commit(writer, table, f"{fault.__name__}-first")
        proxy.direct = lambda request: None
        assert struck or target == "hint", fault.__name__  # which is moved once a second
        proxy.wait_for_late_requests()
        table = ledger.commit(writer, table, f"{fault.__name__}-second")
    ledger.check(writer)
    assert len(ledger.committed) >= 2 * len(faults) - 4, (ledger.failed, set(ledger.unknown))
