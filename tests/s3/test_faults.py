"""Commits through a network with faults: what was acknowledged is in the history once, what was not at most once."""

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
from commits import RETRY_BUDGET_MS, TARGETS, TIME_LIMIT, Ledger, Writer, commit_under_every_fault
from servers import SERVERS

WRITERS = 8
COMMITS_EACH = int(os.environ.get("EVODB_FAULTY_COMMITS", "520")) // WRITERS


@pytest.fixture(params=sorted(SERVERS))
def proxy(request):
    made = fault_proxy.FaultProxy(SERVERS[request.param], TIME_LIMIT)
    yield made
    made.close()


@pytest.fixture
def location():
    return f"s3://contract/{uuid.uuid4()}/table"


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def wait_until_released(most):
    """The other sides' sockets, which are in this process too, are closed a little later."""
    end = time.monotonic() + 30
    gc.collect()
    while descriptors() > most and time.monotonic() < end:
        time.sleep(0.05)
    assert descriptors() <= most


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_fault_alone(api, proxy, location, target):
    before = descriptors()
    strike(api, proxy, location, target)
    wait_until_released(before)


def strike(api, proxy, location, target):
    writer = Writer(api, proxy.url, location, retry_budget_ms=RETRY_BUDGET_MS)
    commit_under_every_fault(writer, proxy, target)
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
        slow = fault in (fault_proxy.forwarded_after_the_time_limit, fault_proxy.answer_trickles)
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


@pytest.mark.parametrize("is_stored", [True, False], ids=["stored", "never stored"])
def test_a_commit_that_is_never_answered_is_unknown_until_it_is_resolved(api, proxy, location, is_stored):
    writer = Writer(api, proxy.url, location)
    table = writer.create()
    ledger = Ledger()
    sent = []

    def direct(request):
        if not TARGETS["version"](request) and not sent:
            return None
        sent.append(request)
        is_first = len(sent) == 1
        return fault_proxy.answer_lost if is_first and is_stored else fault_proxy.reset_before_it_is_forwarded

    proxy.direct = direct
    ledger.commit(writer, table, "unheard-of")
    assert set(ledger.unknown) == {"unheard-of"}
    proxy.direct = lambda request: None
    assert writer.resolve(table, ledger.unknown["unheard-of"]) == (1 if is_stored else 2)
    ledger.check(writer)
    assert ("unheard-of" in writer.labels(writer.open())) == is_stored
