"""What failed in the model of the commit without one of its rules (tests/model/commit_protocol), as far as a network can cause it,
over real connections to a strict server. The simulator has the others, and these too
(tests/simulation/counter_examples_test.cc)."""

import ctypes
import json
import threading
import time

import pytest

import fault_proxy
from commits import TARGETS, TIME_LIMIT, Ledger, Writer
from http_messages import answer_of, error_of
from lakehouse import LakehouseError, text
from strict_stub import StrictStub

LOCATION = "s3://contract/examples/table"
METADATA = "/contract/examples/table/metadata/"


def version_path(version):
    return f"{METADATA}v{version}.metadata.json"


class Scene:
    """A table on a strict server, and a writer whose requests a test directs."""

    def __init__(self, api):
        self.api = api
        self.stub = StrictStub()
        self.proxy = fault_proxy.FaultProxy(self.stub.url, TIME_LIMIT)
        self.writer, self.other = Writer(api, self.proxy.url, LOCATION), Writer(api, self.stub.url, LOCATION)
        self.ledger = Ledger()
        self.table = self.writer.create()
        self.bodies = []  # of the writer's versions, as they were sent

    def direct_bodies(self, *faults):
        """What happens to each version that the writer sends; the last entry applies to all that follow."""
        def direct(request):
            if not TARGETS["version"](request):
                return None
            self.bodies.append(request)
            return faults[min(len(self.bodies), len(faults)) - 1]

        self.proxy.direct = direct

    def store_without_response(self):
        """The writer's version is created, and the writer gets no response."""
        self.direct_bodies(fault_proxy.answer_lost, lost)
        direct = self.proxy.direct
        self.proxy.direct = lambda request: lost if self.bodies and request.method == "GET" else direct(request)

    def commit(self):
        self.table = self.ledger.commit(self.writer, self.table, "own")

    def others_commit(self, times):
        newest = self.other.open()
        for i in range(times):
            newest = self.ledger.commit(self.other, newest, f"other-{time.monotonic_ns()}-{i}")

    def clean_up(self, *versions):
        for version in versions:
            del self.stub.objects[version_path(version)]

    def calm(self):
        self.proxy.direct = lambda request: None

    def check(self, times=1):
        """How often the writer's change is in the history, and all outcomes reported to callers."""
        self.calm()
        self.proxy.wait_for_late_requests()
        self.ledger.check(self.other)
        assert self.other.labels(self.other.open())["own"] == times
        made = sorted(path for path in self.stub.objects if path.endswith(".metadata.json"))
        assert len(made) <= int(self.newest()["last-sequence-number"]) + 1

    def newest(self):
        version = max(int(path.removeprefix(METADATA + "v").split(".")[0]) for path in self.stub.objects if path.endswith(".metadata.json"))
        return json.loads(self.stub.objects[version_path(version)].body)

    def close(self):
        self.proxy.close()
        self.stub.close()


@pytest.fixture
def scene(api):
    made = Scene(api)
    yield made
    made.close()


async def lost(proxy, request, client):
    return await fault_proxy.reset_before_it_is_forwarded(proxy, request, client)


def after(act, then=None):
    """Something else happens before the request is forwarded."""
    async def acted(proxy, request, client):
        await act(proxy)
        return await (then(proxy, request, client) if then else proxy.forward(request))

    return acted


def test_a_body_that_is_stored_after_its_slot_read_empty_is_committed_once(scene):
    """The second copy is on its way when the first one, which was held back, is stored."""
    async def land_first(proxy):
        await proxy.forward(scene.bodies[0])

    scene.direct_bodies(lost, after(land_first))
    scene.commit()
    assert len(scene.bodies) == 2 and scene.bodies[0].head == scene.bodies[1].head  # the same bytes, the same signature
    assert scene.ledger.committed == {"own"}
    scene.check()


def test_a_version_that_was_cleaned_away_is_not_made_again(scene):
    """The first copy is stored, without a response, after its slot was read as empty; other writers continue and clean up; then the
    second copy arrives."""
    async def land_first_and_clean_up(proxy):
        await proxy.forward(scene.bodies[0])
        scene.others_commit(4)
        scene.stub.ahead = 20 * 60
        scene.clean_up(1, 2, 3)

    scene.direct_bodies(lost, after(land_first_and_clean_up), None)
    scene.commit()
    assert version_path(2) not in scene.stub.objects
    assert scene.stub.refusals["RequestTimeTooSkewed"] > 0
    scene.calm()
    assert scene.other.labels(scene.other.open())["own"] == 1
    assert "own" not in scene.ledger.failed
    scene.ledger.check(scene.other)


def test_no_version_is_sent_beyond_the_next_one(scene):
    scene.direct_bodies(lost)
    scene.commit()
    assert set(scene.ledger.unknown) == {"own"} and len(scene.bodies) > 1
    assert {body.path for body in scene.bodies} == {version_path(2)}
    scene.proxy.send_again(scene.bodies[0])
    scene.check()


@pytest.mark.parametrize("response", [
    error_of("412 Precondition Failed", "PreconditionFailed"), error_of("429 Too Many Requests", "TooManyRequests"),
    error_of("500 Internal Server Error", "InternalError"), error_of("503 Service Unavailable", "ServiceUnavailable", "Retry-After: 1\r\n"),
    error_of("409 Conflict", "OperationAborted"), error_of("403 Forbidden", "SignatureDoesNotMatch"),
    error_of("403 Forbidden", "RequestTimeTooSkewed"), error_of("403 Forbidden", "ExpiredRequest"),
    error_of("403 Forbidden", "ObjectLockedByBucketPolicy"), error_of("400 Bad Request", "ClientDisconnect"),
    error_of("400 Bad Request", "IncompleteBody"), answer_of("500 Internal Server Error"), answer_of("502 Bad Gateway", fault_proxy.HTML, "text/html"),
    b"not HTTP at all\r\n\r\n", b""], ids=lambda answer: answer[9:12].decode() + "-" + (answer.partition(b"<Code>")[2].partition(b"<")[0].decode() or "bare"))
def test_a_stored_body_is_committed_whatever_its_response(scene, response):
    """A hidden second copy was refused, or a server failed after it had stored the version."""
    async def stored(proxy, request, client):
        await proxy.forward(request)
        return response

    scene.direct_bodies(stored, None)
    scene.commit()
    assert scene.ledger.committed == {"own"}
    scene.check()


def test_what_was_refused_for_good_is_not_committed(scene):
    scene.stub.refuse = lambda request: ("403 Forbidden", "AccessDenied") if TARGETS["version"](request) else None
    with pytest.raises(LakehouseError, match="ACCESS_DENIED"):
        scene.writer.commit(scene.writer.with_append(scene.table, "own"))
    scene.stub.refuse = lambda request: None
    scene.check(times=0)


def test_a_commit_whose_hint_was_not_moved_is_committed(scene):
    """A stale hint is only out of date."""
    scene.proxy.direct = lambda request: lost if request.path.endswith("version-hint.text") and request.method == "PUT" else None
    scene.commit()
    assert scene.ledger.committed == {"own"}
    scene.check()


def test_a_hint_that_was_held_back_does_not_go_back(scene):
    held = []

    async def hold(proxy, request, client):
        held.append(request)
        return await lost(proxy, request, client)

    time.sleep(1.1)  # since the table was made
    scene.proxy.direct = lambda request: hold if request.path.endswith("version-hint.text") and request.method == "PUT" else None
    scene.commit()
    scene.calm()
    assert held
    time.sleep(1.1)
    scene.others_commit(3)
    flushed = scene.api.start("storage_flush", scene.other.storage)
    scene.api.call("future_wait", flushed, ctypes.c_int64(-1))
    hint = scene.stub.objects[METADATA + "version-hint.text"].body
    time.sleep(1.1)
    for request in held:
        scene.proxy.send_again(request)
    assert scene.stub.objects[METADATA + "version-hint.text"].body == hint == b"5"
    scene.check()


def test_an_etag_does_not_identify_the_writer_of_a_body(scene):
    scene.direct_bodies(fault_proxy.wrong_etag)
    scene.commit()
    assert scene.ledger.committed == {"own"}
    scene.check()


@pytest.mark.parametrize("others", [0, 1, 20])
@pytest.mark.parametrize("gets_response", [True, False], ids=["acknowledged", "unknown"])
def test_the_same_value_committed_again_is_committed_once(scene, others, gets_response):
    value = scene.writer.with_append(scene.table, "own")
    if not gets_response:
        scene.store_without_response()
    try:
        scene.writer.commit(value)
        assert gets_response
    except LakehouseError as error:
        assert (error.name, gets_response) == ("COMMIT_STATE_UNKNOWN", False)
    scene.calm()
    scene.others_commit(others)
    for _ in range(2):
        scene.writer.commit(value)
    scene.check()


def test_a_restarted_process_does_not_append_again_under_its_key(scene):
    options = scene.api.make("options", "options_new")
    scene.api.call("options_set_string", options, *text("idempotency.application"), *text("job"))
    scene.api.call("options_set_int64", options, *text("idempotency.sequence"), ctypes.c_int64(1))

    def commit(writer, table):
        return scene.api.take("table", "table_commit", writer.with_append(table, "own"), options)

    scene.store_without_response()
    with pytest.raises(LakehouseError, match="COMMIT_STATE_UNKNOWN"):
        commit(scene.writer, scene.table)
    scene.calm()
    restarted = Writer(scene.api, scene.stub.url, LOCATION)
    commit(restarted, restarted.open())
    scene.check()


def test_a_commit_at_its_deadline_deletes_nothing(scene):
    """Its version is stored long after the unknown outcome was reported to its caller."""
    options = scene.api.make("options", "options_new")
    scene.api.call("options_set_int64", options, *text("runtime.operation-timeout-ms"), ctypes.c_int64(1500))
    hasty = Writer(scene.api, scene.proxy.url, LOCATION, options, attempt_timeout_ms=3_600_000, retry_budget_ms=3_600_000)
    table = hasty.open()

    async def held(proxy, request, client):
        await fault_proxy.asyncio.sleep(3600)

    scene.direct_bodies(held)
    scene.ledger.commit(hasty, table, "own")
    assert set(scene.ledger.unknown) == {"own"}
    scene.calm()
    assert scene.proxy.send_again(scene.bodies[0]).startswith(b"HTTP/1.1 200")
    scene.check()


@pytest.mark.parametrize("is_stored", [True, False], ids=["stored", "held back"])
def test_a_cancelled_commit_that_was_sent_is_not_said_to_have_failed(scene, is_stored):
    """Nor is it committed after a failure was reported."""
    was_sent = threading.Event()

    async def held(proxy, request, client):
        if is_stored:
            await proxy.forward(request)
        was_sent.set()
        await fault_proxy.asyncio.sleep(3600)

    patient = Writer(scene.api, scene.proxy.url, LOCATION, attempt_timeout_ms=3_600_000, retry_budget_ms=3_600_000)
    value = patient.with_append(patient.open(), "own")
    scene.direct_bodies(held)
    future = scene.api.start("table_commit", value, None)
    assert was_sent.wait(60)
    scene.api.library.evodb_future_cancel(future)
    with pytest.raises(LakehouseError, match="COMMIT_STATE_UNKNOWN"):
        scene.api.make("table", "future_take_table", future, ctypes.c_int64(60_000))
    scene.calm()
    scene.proxy.send_again(scene.bodies[0])
    patient.commit(value)
    scene.check()
