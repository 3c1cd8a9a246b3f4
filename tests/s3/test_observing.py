"""The events that an observer of a runtime gets, and the counts of its storage's connections."""

import ctypes
import os
import pathlib
import re
import subprocess
import threading
import time

import pytest

import fault_proxy
from commits import TIME_LIMIT, Writer
from lakehouse import LakehouseError, text
from strict_stub import SECRET

LOG, STARTED, ENDED = 1, 2, 3
DEBUG = 4
IN_USE, WAITS = 12, 13
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples" / "data"
LOCATION = "s3://bucket/table"
KEPT = []
CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


class Watcher:
    """All events of the runtimes that are opened with its options."""

    def __init__(self, api):
        self.api, self.events, self.threads = api, [], set()
        self.callback = CALLBACK(self._take)
        KEPT.append(self.callback)  # called until the background work of commits has ended too
        self.options = api.make("options", "options_new")
        api.call("options_set_observer", self.options, self.callback, None, ctypes.c_int32(DEBUG))

    def _take(self, context, event):
        library, event = self.api.library, ctypes.c_void_p(event)
        self.threads.add(threading.get_ident())
        attributes = {}
        for index in range(library.evodb_event_attribute_count(event)):
            parts = [ctypes.c_char_p(), ctypes.c_int64(), ctypes.c_char_p(), ctypes.c_int64()]
            self.api.call("event_attribute", event, ctypes.c_int64(index), *map(ctypes.byref, parts))
            attributes[parts[0].value.decode()] = parts[2].value.decode()
        self.events.append({
            "kind": library.evodb_event_kind(event), "level": library.evodb_event_log_level(event),
            "time_ns": library.evodb_event_time_ns(event), "attributes": attributes,
            **{name: self.api.text(f"event_{name}", event) for name in ("name", "operation_id", "span_id", "parent_id")},
        })

    def of(self, operation_id):
        """An operation's events, once it has ended."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            found = [event for event in list(self.events) if event["operation_id"] == operation_id]
            if found and (found[-1]["kind"], found[-1]["parent_id"]) == (ENDED, ""):
                return found
            time.sleep(0.01)
        raise TimeoutError(f"no end of {operation_id} among {len(self.events)} events")


def test_spans_of_a_commit(api, stub):
    watcher = Watcher(api)
    writer = Writer(api, stub.url, LOCATION, watcher.options)
    table = writer.with_append(writer.create(), "one")
    future = api.start("table_commit", table, None)
    operation = api.text("future_operation_id", future)
    assert re.fullmatch("[0-9a-f]{32}", operation)
    api.make("table", "future_take_table", future, ctypes.c_int64(-1))
    events = watcher.of(operation)
    assert len(watcher.threads) == 1 and threading.get_ident() not in watcher.threads

    root = events[0]
    assert (root["kind"], root["name"], root["parent_id"]) == (STARTED, "evodb_table_commit", "")
    assert abs(root["time_ns"] / 1e9 - time.time()) < 60
    assert (events[-1]["kind"], events[-1]["span_id"], events[-1]["attributes"]) == (ENDED, root["span_id"], {})
    requests = {event["span_id"]: event for event in events if event["kind"] == ENDED and event is not events[-1]}
    assert {event["parent_id"] for event in requests.values()} == {root["span_id"]}
    assert len({event["span_id"] for event in events if event["kind"] == STARTED}) == len(requests) + 1
    asked = sorted((event["attributes"]["http.request.method"], event["attributes"]["http.response.status_code"]) for event in requests.values())
    assert asked.count(("PUT", "200")) >= 3
    (version,) = [event for event in requests.values() if event["attributes"]["url.path"].endswith("v2.metadata.json") and event["name"] == "PUT"]
    assert version["attributes"]["server.address"] == stub.url.removeprefix("http://")
    assert int(version["attributes"]["http.request.body.size"]) > 500
    (record,) = [event for event in events if event["name"] == "committed"]
    assert record["attributes"] == {"evodb.table.location": LOCATION, "evodb.table.version": "2"}
    assert record["span_id"] == root["span_id"]
    assert SECRET not in str(watcher.events)


def test_retries_and_failures_are_reported(api, stub):
    watcher = Watcher(api)
    writer = Writer(api, stub.url, LOCATION, watcher.options)
    refused = []

    def refuse(request):
        if len(refused) < 2:
            refused.append(request)
            return "503 Service Unavailable", "SlowDown"

    stub.refuse = refuse
    future = api.start("table_open", writer.storage, *text(LOCATION), None)
    operation = api.text("future_operation_id", future)
    with pytest.raises(LakehouseError, match="NOT_FOUND"):
        api.make("table", "future_take_table", future, ctypes.c_int64(-1))
    events = watcher.of(operation)
    retries = [event for event in events if event["name"] == "a request is tried again"]
    assert len(retries) == 2 and all("SlowDown" in event["attributes"]["evodb.retry.reason"] for event in retries)
    assert {event["level"] for event in retries} == {2}
    assert events[-1]["attributes"]["error.type"] == "NOT_FOUND" and events[-1]["name"] == "evodb_table_open"


def test_an_operation_has_a_deadline(api, stub):
    """Whatever it waits for; and a commit that was sent does not claim to have failed."""
    options = api.make("options", "options_new")
    api.call("options_set_int64", options, *text("runtime.operation-timeout-ms"), ctypes.c_int64(2500))
    proxy = fault_proxy.FaultProxy(stub.url, TIME_LIMIT)
    patient = {"attempt_timeout_ms": 3_600_000, "retry_budget_ms": 3_600_000}
    writer = Writer(api, proxy.url, LOCATION, options, **patient)
    table = writer.create()
    stalled = []

    async def never_answered(proxy, request, client):
        stalled.append(request)
        await proxy.forward(request)
        await fault_proxy.asyncio.sleep(3600)

    proxy.direct = lambda request: never_answered if request.is_put_of("v2.metadata.json") else None
    with pytest.raises(LakehouseError, match="COMMIT_STATE_UNKNOWN") as unknown:
        writer.commit(writer.with_append(table, "one"))
    assert unknown.value.token and stalled

    proxy.direct = lambda request: never_answered
    begun = time.monotonic()
    with pytest.raises(LakehouseError, match="DEADLINE_EXCEEDED: not done within 2500 ms"):
        writer.open()
    assert time.monotonic() - begun < 60
    proxy.close()
    assert Writer(api, stub.url, LOCATION).labels(Writer(api, stub.url, LOCATION).open())["one"] == 1


def test_connections_are_limited(api, stub):
    stub.latency = 0.05
    writer = Writer(api, stub.url, LOCATION, max_connections=2)

    def start(name):
        return api.start("object_write", writer.storage, *text(name), b"x", ctypes.c_int64(1), None)

    def count(which):
        return api.library.evodb_storage_count(writer.storage, ctypes.c_int32(which))

    writes = [start(f"n{i}") for i in range(12)]
    most = 0
    while not all(api.library.evodb_future_is_ready(one) for one in writes):
        most = max(most, count(IN_USE))
        time.sleep(0.002)
    for one in writes:
        api.call("future_wait", one, ctypes.c_int64(-1))
    assert (most, count(IN_USE)) == (2, 0)
    assert count(WAITS) >= 10
    assert stub.most_connections == 2

    stub.latency = 3600
    writes = [start(f"m{i}") for i in range(3)]
    while count(WAITS) < 11:
        time.sleep(0.002)
    for one in reversed(writes):  # the one that waits for a connection first
        api.library.evodb_future_cancel(one)
        with pytest.raises(LakehouseError, match="CANCELLED"):
            api.call("future_wait", one, ctypes.c_int64(60_000))
    stub.latency = 0.0
    last = start("last")
    api.call("future_wait", last, ctypes.c_int64(60_000))
    assert count(IN_USE) == 0


def test_progress_of_an_upload(api, stub):
    """Of whole files, and of the parts of large ones."""
    writer = Writer(api, stub.url, LOCATION)
    files = [str(EXAMPLES / f"flights-2013-{month:02}.parquet") for month in (1, 2, 3)]
    local = api.make("storage", "storage_open", writer.runtime, *text(str(EXAMPLES)), None)
    columns = api.take("schema", "schema_inspect", local, *text(files[0]), None)
    table = api.make("table", "table_create", writer.storage, *text(LOCATION), columns, None, None)
    names = (ctypes.c_char_p * len(files))(*(file.encode() for file in files))
    stub.latency = 0.1
    future = api.start("data_files_upload", table, names, None, ctypes.c_int64(len(files)), None)

    def progress():
        done, total = ctypes.c_int64(), ctypes.c_int64()
        api.library.evodb_future_progress(future, ctypes.byref(done), ctypes.byref(total))
        return done.value, total.value

    seen = []
    while not api.library.evodb_future_is_ready(future):
        seen.append(progress())
        time.sleep(0.005)
    api.make("data_files", "future_take_data_files", future, ctypes.c_int64(-1))
    size = sum(pathlib.Path(file).stat().st_size for file in files)
    assert progress() == (size, size)
    assert (0, size) in seen and seen == sorted(seen)


def test_a_cancelled_upload_leaves_nothing(api, stub):
    writer = Writer(api, stub.url, LOCATION)
    files = [str(EXAMPLES / f"flights-2013-{month:02}.parquet") for month in range(1, 9)]
    local = api.make("storage", "storage_open", writer.runtime, *text(str(EXAMPLES)), None)
    columns = api.take("schema", "schema_inspect", local, *text(files[0]), None)
    table = api.make("table", "table_create", writer.storage, *text(LOCATION), columns, None, None)
    names = (ctypes.c_char_p * len(files))(*(file.encode() for file in files))
    copies = lambda: [path for path in stub.objects if path.endswith(".parquet")]
    stub.latency = 0.2
    future = api.start("data_files_upload", table, names, None, ctypes.c_int64(len(files)), None)
    while not copies():  # four at once
        time.sleep(0.002)
    api.library.evodb_future_cancel(future)
    with pytest.raises(LakehouseError, match="CANCELLED"):
        api.call("future_wait", future, ctypes.c_int64(60_000))
    assert copies() == []


def test_the_tool_shows_progress_on_a_terminal_alone(stub):
    """Of an upload that takes longer than half a second."""
    environment = {"AWS_ENDPOINT_URL": stub.url, "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret", "TERM": "xterm"}
    file = str(EXAMPLES / "flights-2013-01.parquet")
    tool = os.environ["EVODB_LAKEHOUSE_TOOL"]
    subprocess.run([tool, "create", LOCATION, "--like", file], env=environment, check=True, capture_output=True)
    stub.delay_of = lambda request: 1.2 if request.is_put_of(".parquet") else 0
    words = [tool, "append", LOCATION, file]
    main, other = os.openpty()
    shown = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=other)
    os.close(other)
    text_shown = b""
    while True:
        try:
            piece = os.read(main, 1000)
        except OSError:  # the other side is closed
            break
        text_shown += piece
    assert shown.wait() == 0
    os.close(main)
    assert b"copying a file: 0.0 KiB of" in text_shown and text_shown.endswith(b"\r\x1b[K")
    again = subprocess.run(words, env=environment, capture_output=True)
    assert (again.returncode, again.stderr) == (0, b"")
