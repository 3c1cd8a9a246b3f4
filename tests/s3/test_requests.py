"""The requests of commits, opening and planning to a real server, by the library's own counters."""

import ctypes
import time
import uuid

import pytest

from commits import Writer
from lakehouse import Lakehouse, text
from servers import SERVERS

COUNTERS = ["gets", "heads", "puts", "lists", "deletes", "retries", "bytes_sent", "bytes_received", "class_a", "class_b", "connections"]


@pytest.fixture(params=sorted(SERVERS))
def writer(request):
    return Writer(Lakehouse(), SERVERS[request.param], f"s3://contract/{uuid.uuid4()}/table")


def counts(writer):
    library = writer.api.library
    return {name: library.evodb_storage_count(writer.storage, ctypes.c_int32(i + 1)) for i, name in enumerate(COUNTERS)}


def cost(writer, act):
    """Its requests, and its duration in seconds."""
    before, begun = counts(writer), time.monotonic()
    came = act()
    after = counts(writer)
    return came, {name: after[name] - before[name] for name in COUNTERS}, time.monotonic() - begun


def test_commits_of_one_writer(writer):
    table = writer.commit(writer.with_append(writer.create(), "first"))

    def commit_twenty():
        newest = table
        for i in range(20):
            newest = writer.commit(writer.with_append(newest, f"l{i}"))
        writer.api.call("future_wait", writer.api.start("storage_flush", writer.storage), ctypes.c_int64(-1))
        return newest

    _, asked, seconds = cost(writer, commit_twenty)
    hints = asked["puts"] - 3 * 20  # manifest, list and version
    assert 1 <= hints <= seconds + 1
    assert asked["gets"] == 2 * 20  # is there a next version, and is its own still the same?
    assert asked["heads"] == 2 * 20  # is there a next version that another writer has compressed?
    assert {name: asked[name] for name in ("lists", "deletes", "retries")} == dict.fromkeys(("lists", "deletes", "retries"), 0)
    assert (asked["class_a"], asked["class_b"]) == (asked["puts"], asked["gets"] + asked["heads"])
    assert asked["bytes_sent"] > 20 * 1000
    assert asked["connections"] <= 4


def test_opening_and_planning(writer):
    table = writer.create()
    for i in range(3):
        table = writer.commit(writer.with_append(table, f"l{i}"))
    writer.api.call("future_wait", writer.api.start("storage_flush", writer.storage), ctypes.c_int64(-1))
    table, asked, _ = cost(writer, writer.open)
    assert (asked["gets"], asked["heads"], asked["class_a"]) == (2, 3, 0)

    other = Writer(writer.api, writer.endpoint, writer.location)
    there = other.open()
    for process, value, gets in ((other, there, (3 + 1,)),  # one for each manifest, and their list
                                 (writer, table, (0, 1))):  # what it wrote is in memory, but perhaps for the list
        paths, asked, _ = cost(process, lambda: process.api.planned_paths(value, "id > 1"))
        assert len(paths) == 3
        assert asked["gets"] in gets
        assert (asked["heads"], asked["class_a"]) == (0, 0)


def test_what_is_counted_of_objects(writer):
    def finish(name, *arguments):
        writer.api.call("future_wait", writer.api.start(name, writer.storage, *arguments), ctypes.c_int64(-1))

    def write_read_delete():
        name, body = writer.location + "/notes/one", b"12345"
        finish("object_write", *text(name), body, ctypes.c_int64(len(body)), None)
        finish("object_read", *text(name), None)
        finish("objects_list", *text(writer.location + "/notes"), None)
        finish("objects_delete", (ctypes.c_char_p * 1)(name.encode()), None, ctypes.c_int64(1))

    _, asked, _ = cost(writer, write_read_delete)
    assert {name: asked[name] for name in ("puts", "gets", "lists", "deletes")} == {"puts": 1, "gets": 1, "lists": 1, "deletes": 1}
    assert (asked["class_a"], asked["class_b"]) == (2, 1)
    assert asked["bytes_received"] >= 5
