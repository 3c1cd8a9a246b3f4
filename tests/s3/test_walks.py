"""Iterations over a plan whose store no longer responds: they are cancelled from another thread, or end at their deadline, finally."""

import ctypes
import os
import signal
import subprocess
import threading

import pyarrow
import pyarrow.parquet
import pytest

from commits import Writer
from lakehouse import LakehouseError, text

LOCATION = "s3://bucket/table"
WATCHDOG = 60
KEYS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret"}
PATIENT = {"attempt_timeout_ms": 3_600_000, "retry_budget_ms": 3_600_000}


class Stalled:
    """A table of which each manifest is asked for and never sent."""

    def __init__(self, api, stub, options=None):
        writer = Writer(api, stub.url, LOCATION)
        table = writer.commit(writer.with_append(writer.create(), "one"))
        assert table
        self.stub, self.asked = stub, threading.Event()
        stub.delay_of = self._delay_of
        reader = Writer(api, stub.url, LOCATION, options, **PATIENT)
        self.plan = api.plan(reader.open())

    def _delay_of(self, request):
        if request.method != "GET" or not request.path.endswith("-m0.avro"):
            return 0
        self.asked.set()
        return 3600

    def recover(self):
        self.stub.delay_of = lambda request: 0


class Walk:
    """Any kind of iteration, and the names of its failures."""

    def __init__(self, api, plan, kind):
        self.api, self.kind = api, kind
        if kind == "stream":
            self.reader, self.handle = api.cancellable_stream(plan)
        else:
            self.handle = api.make(kind, {"file_cursor": "plan_files", "explain_cursor": "plan_explain"}[kind], plan)

    def failure(self):
        try:
            if self.kind == "stream":
                self.reader.read_all()
            else:
                while self.api.next(self.kind, self.handle):
                    pass
        except LakehouseError as failed:
            return f"{failed.name}: {failed.message}"
        except OSError as failed:
            return str(failed)
        return None

    def cancel(self):
        name = "cancellation" if self.kind == "stream" else self.kind
        getattr(self.api.library, f"evodb_{name}_cancel")(self.handle)


KINDS = ["file_cursor", "explain_cursor", "stream"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_walk_that_waits_is_cancelled_from_another_thread(api, stub, kind):
    stalled = Stalled(api, stub)
    walk, ends = Walk(api, stalled.plan, kind), []
    waiting = threading.Thread(target=lambda: ends.append(walk.failure()))
    waiting.start()
    assert stalled.asked.wait(WATCHDOG)
    walk.cancel()
    waiting.join(WATCHDOG)
    assert len(ends) == 1 and "CANCELLED" in ends[0]
    stalled.recover()
    assert walk.failure() == walk.failure() == ends[0]
    assert Walk(api, stalled.plan, kind).failure() is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_walk_that_waits_has_the_runtimes_deadline(api, stub, kind):
    options = api.make("options", "options_new")
    api.call("options_set_int64", options, *text("runtime.operation-timeout-ms"), ctypes.c_int64(1500))
    stalled = Stalled(api, stub, options)
    walk = Walk(api, stalled.plan, kind)
    first = walk.failure()
    assert "DEADLINE_EXCEEDED: not done within 1500 ms" in first
    stalled.recover()
    assert walk.failure() == walk.failure() == first
    assert Walk(api, stalled.plan, kind).failure() is None


def start(stub, command, *arguments):
    words = [os.environ["EVODB_LAKEHOUSE_TOOL"], command, LOCATION, *arguments, "--json"]
    patient = [word for key, value in PATIENT.items() for word in ("--set", f"storage.{key.replace('_', '-')}={value}")]
    # A shell starts what runs in its background with SIGINT ignored.
    return subprocess.Popen([*words, *patient], env={"AWS_ENDPOINT_URL": stub.url, **KEYS}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))


@pytest.mark.parametrize("command", ["files", "explain"])
def test_the_tools_time_bounds_a_walk(api, stub, command):
    stalled = Stalled(api, stub)
    process = start(stub, command, "--timeout", "1500ms")
    said = process.communicate(timeout=WATCHDOG)[1]
    assert stalled.asked.is_set()
    assert (process.returncode, '"DEADLINE_EXCEEDED"' in said, "not done within 1500 ms" in said) == (1, True, True)


@pytest.mark.parametrize("command", ["files", "explain"])
def test_a_signal_ends_a_walk_of_the_tool(api, stub, command):
    stalled = Stalled(api, stub)
    process = start(stub, command)
    assert stalled.asked.wait(WATCHDOG)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=WATCHDOG)
    assert process.returncode == -signal.SIGINT


def test_a_signal_ends_an_append_that_looks_for_the_files_content(api, stub, tmp_path):
    """Before anything is sent."""
    stalled = Stalled(api, stub)
    file = tmp_path / "1.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"id": [1]}), file)
    process = start(stub, "append", str(file), "--check-duplicates")
    assert stalled.asked.wait(WATCHDOG)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=WATCHDOG)[1]
    assert process.returncode == 1 and "interrupted by a signal" in said
