"""Commits through a network that does its worst: what was acknowledged is in the history once, what was not at most once."""

import collections
import concurrent.futures
import ctypes
import gc
import os
import random
import threading
import time
import uuid

import pytest

import fault_proxy
from lakehouse import Lakehouse, LakehouseError, text

SERVERS = dict(named.split("=", 1) for named in os.environ["EVODB_S3_SERVERS"].split())
SCHEMA = '{"type":"struct","fields":[{"id":1,"name":"id","required":false,"type":"long"}]}'
TIME_LIMIT = 0.5
RETRY_BUDGET_MS = 2000  # enough to write a key again, which must wait for a second
WRITERS = 8
COMMITS_EACH = int(os.environ.get("EVODB_FAULTY_COMMITS", "520")) // WRITERS


class Writer:
    """What one process has: a runtime and a storage of its own."""

    def __init__(self, api, endpoint, location, runtime_options=None, **settings):
        self.api = api
        self.runtime = api.make("runtime", "runtime_open", runtime_options)
        options = api.make("options", "options_new")
        settings = {"endpoint": endpoint, "access_key_id": "tests", "secret_access_key": "tests-secret",
                    "attempt_timeout_ms": int(TIME_LIMIT * 1000), "retry_budget_ms": 300, **settings}
        for key, value in settings.items():
            api.call("options_set_string", options, *text("storage." + key.replace("_", "-")), *text(str(value)))
        self.storage = api.make("storage", "storage_open", self.runtime, *text(location), options)
        self.location = location

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


@pytest.fixture(scope="module")
def api():
    return Lakehouse()


@pytest.fixture(params=sorted(SERVERS))
def proxy(request):
    made = fault_proxy.FaultProxy(SERVERS[request.param], TIME_LIMIT)
    yield made
    made.close()


@pytest.fixture
def location():
    return f"s3://contract/{uuid.uuid4()}/table"


class Ledger:
    """What the callers were told."""

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
        """In a network without faults: what was told is so, tokens tell the truth, and everything that is referred to is there."""
        table = writer.open()
        told = {label: writer.resolve(table, token) for label, token in self.unknown.items()}
        table = writer.open()
        there = writer.labels(table)
        assert {label for label, times in there.items() if times > 1} == set()
        assert self.committed - set(there) == set()
        assert self.failed & set(there) == set()
        wrong = {label: outcome for label, outcome in told.items() if outcome != 0 and (outcome == 1) != (label in there)}
        assert wrong == {}
        assert writer.complaints(table) == 0


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def wait_until_released(most):
    """The other sides' sockets, which are in this process too, are closed a little later."""
    end = time.monotonic() + 30
    gc.collect()
    while descriptors() > most and time.monotonic() < end:
        time.sleep(0.05)
    assert descriptors() <= most


TARGETS = {
    "version": lambda request: request.is_put_of(".metadata.json"),
    "reading of a version": lambda request: request.method == "GET" and request.path.endswith(".metadata.json"),
    "list": lambda request: request.method == "PUT" and "/snap-" in request.path,
    "manifest": lambda request: request.is_put_of("-m0.avro"),
    "hint": lambda request: request.path.endswith("version-hint.text"),
}


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_fault_alone(api, proxy, location, target):
    before = descriptors()
    commit_under_every_fault(api, proxy, location, target)
    wait_until_released(before)


def commit_under_every_fault(api, proxy, location, target):
    writer = Writer(api, proxy.url, location, retry_budget_ms=RETRY_BUDGET_MS)
    table = writer.create()
    ledger = Ledger()
    for fault in fault_proxy.FAULTS:
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
    assert len(ledger.committed) >= 2 * len(fault_proxy.FAULTS) - 4, (ledger.failed, set(ledger.unknown))
    api.call("future_wait", api.start("storage_flush", writer.storage), ctypes.c_int64(-1))


@pytest.mark.parametrize("seed", [1, 2])
def test_faults_at_random(api, proxy, location, seed):
    writers = [Writer(api, proxy.url, location, retry_budget_ms=RETRY_BUDGET_MS) for _ in range(WRITERS)]
    first = writers[0].create()
    ledger = Ledger()
    chance = random.Random(seed)
    calm = threading.Event()

    def direct(request):
        if calm.is_set():
            return None
        if chance.random() > 0.12:
            return None
        fault = chance.choice(fault_proxy.FAULTS)
        slow = fault in (fault_proxy.lands_after_the_time_limit, fault_proxy.answer_trickles)
        return None if slow and chance.random() > 0.6 else fault

    def write(number):
        table, writer = first, writers[number]
        for i in range(COMMITS_EACH):
            table = ledger.commit(writer, table, f"w{number}-{i}")

    proxy.direct = direct
    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    calm.set()
    proxy.wait_for_late_requests()
    print(f"seed {seed}: {len(ledger.committed)} committed, {len(ledger.unknown)} unknown, {len(ledger.failed)} failed, {proxy.happened}")
    ledger.check(Writer(api, proxy.url, location))
    assert len(ledger.committed) > WRITERS * COMMITS_EACH // 2
    assert set(proxy.happened) == {fault.__name__ for fault in fault_proxy.FAULTS}


@pytest.mark.parametrize("has_landed", [True, False], ids=["landed", "never landed"])
def test_a_commit_that_is_never_answered_is_unknown_until_it_is_resolved(api, proxy, location, has_landed):
    writer = Writer(api, proxy.url, location)
    table = writer.create()
    ledger = Ledger()
    sent = []

    def direct(request):
        if not TARGETS["version"](request) and not sent:
            return None
        sent.append(request)
        is_first = len(sent) == 1
        return fault_proxy.answer_lost if is_first and has_landed else fault_proxy.reset_before_it_is_forwarded

    proxy.direct = direct
    ledger.commit(writer, table, "unheard-of")
    assert set(ledger.unknown) == {"unheard-of"}
    proxy.direct = lambda request: None
    assert writer.resolve(table, ledger.unknown["unheard-of"]) == (1 if has_landed else 2)
    ledger.check(writer)
    assert ("unheard-of" in writer.labels(writer.open())) == has_landed
