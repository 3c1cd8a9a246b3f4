"""Commits to a server that checks every signature, refuses skewed clocks and takes one write of a key a second."""

import asyncio
import concurrent.futures
import ctypes
import json
import os
import subprocess
import threading
import time

import pytest

import fault_proxy
import http_messages
from commits import SCHEMA, TIME_LIMIT, Ledger, Writer
from lakehouse import LakehouseError, text
from loopback_server import LoopbackServer

LOCATION = "s3://contract/strict/table"
VERSION = "/contract/strict/table/metadata/v{}.metadata.json"


@pytest.mark.parametrize("is_cleaned_up", [False, True], ids=["", "after a clean-up"])
def test_a_commit_that_was_held_back_for_twenty_minutes_is_refused(api, stub, is_cleaned_up):
    """It would fork the history if the versions that were created meanwhile have been cleaned away."""
    proxy = fault_proxy.FaultProxy(stub.url, TIME_LIMIT)
    held, others = Writer(api, proxy.url, LOCATION), Writer(api, stub.url, LOCATION)
    table = held.create()
    ledger = Ledger()
    sent = []

    def direct(request):
        if request.is_put_of(".metadata.json") and not sent:
            sent.append(request)
        return fault_proxy.reset_before_it_is_forwarded if sent else None

    proxy.direct = direct
    ledger.commit(held, table, "held-back")
    assert set(ledger.unknown) == {"held-back"}

    stub.ahead = 20 * 60
    newest = others.open()
    for i in range(4):
        newest = ledger.commit(others, newest, f"other-{i}")
    assert len(ledger.committed) == 4
    assert stub.refusals["RequestTimeTooSkewed"] >= 1  # whereupon the others have set their clocks by the server's
    if is_cleaned_up:
        for version in (1, 2, 3):
            del stub.objects[VERSION.format(version)]
    before = dict(stub.objects)
    answer = proxy.send_again(sent[0])
    assert answer.startswith(b"HTTP/1.1 403") and b"RequestTimeTooSkewed" in answer
    assert stub.objects == before
    proxy.direct = lambda request: None
    ledger.check(others)
    proxy.close()


def test_sixty_four_appenders_in_one_process(api, stub):
    writer = Writer(api, stub.url, LOCATION)
    table = writer.create()
    ledger = Ledger()
    ready = threading.Barrier(64)

    def append(number):
        value = table
        ready.wait()
        for i in range(5):
            value = ledger.commit(writer, value, f"a{number}-{i}")

    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        list(pool.map(append, range(64)))
    assert (len(ledger.committed), ledger.failed, ledger.unknown) == (64 * 5, set(), {})
    ledger.check(writer)
    assert set(stub.refusals) <= {"NoSuchKey", "PreconditionFailed", "TooManyRequests"}


def test_twenty_processes(api, stub):
    writer = Writer(api, stub.url, LOCATION)
    writer.create()
    environment = {"AWS_ENDPOINT_URL": stub.url, "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret"}

    def write(number):
        answers = []
        for i in range(3):
            words = [os.environ["EVODB_LAKEHOUSE_TOOL"], "set", LOCATION, "--table-property", f"p{number}-{i}=x", "--json"]
            answers.append(subprocess.run(words, capture_output=True, text=True, env=environment, timeout=300))
        return answers

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = [answer for some in pool.map(write, range(20)) for answer in some]
    assert [answer.stderr for answer in answers if answer.returncode != 0] == []
    newest = json.loads(stub.objects[VERSION.format(61)].body)
    assert {f"p{number}-{i}" for number in range(20) for i in range(3)} <= set(newest["properties"])


def test_credentials_of_a_callback_are_asked_for_before_they_expire(api, stub):
    good_for_ms, calls = 0, []

    @ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
    def callback(context):
        calls.append(threading.get_ident())
        if good_for_ms is None:
            return None
        made = ctypes.c_void_p()
        expires_at = ctypes.c_int64(int(time.time() * 1000) + good_for_ms)
        api.call("credentials_new", *text("tests"), *text("tests-secret"), *text(f"token-{len(calls)}"), expires_at, ctypes.byref(made))
        return made.value

    options = api.make("options", "options_new")
    api.call("options_set_string", options, *text("storage.endpoint"), *text(stub.url))
    api.call("options_set_credentials", options, callback, None)
    runtime = api.make("runtime", "runtime_open", None)
    storage = api.make("storage", "storage_open", runtime, *text(LOCATION), options)
    tokens = []
    stub.refuse = lambda request: tokens.append(request.headers()["x-amz-security-token"])

    def write(name):
        future = api.start("object_write", storage, *text(name), b"x", ctypes.c_int64(1), None)
        api.call("future_wait", future, ctypes.c_int64(-1))

    good_for_ms = 1200
    write("one")
    write("and one")
    time.sleep(1)  # three quarters of that life are over: asked again
    write("two")
    good_for_ms = 3600 * 1000
    time.sleep(1)
    write("three")
    write("four")
    assert tokens == ["token-1", "token-1", "token-2", "token-3", "token-3"]
    assert len(set(calls)) == 1 and threading.get_ident() not in calls

    another = api.make("storage", "storage_open", runtime, *text(LOCATION), options)
    good_for_ms = None
    future = api.start("object_write", another, *text("five"), b"x", ctypes.c_int64(1), None)
    with pytest.raises(LakehouseError, match="ACCESS_DENIED: the callback for credentials gave none"):
        api.call("future_wait", future, ctypes.c_int64(-1))
    good_for_ms = -1
    future = api.start("object_write", another, *text("five"), b"x", ctypes.c_int64(1), None)
    with pytest.raises(LakehouseError, match="ACCESS_DENIED: the callback for credentials gave some that have expired"):
        api.call("future_wait", future, ctypes.c_int64(-1))


WRITES = ("PUT", "POST", "DELETE")


@pytest.mark.parametrize("changed, refuse, name, text", [
    ({"AWS_ACCESS_KEY_ID": "other"}, None, "ACCESS_DENIED", "InvalidAccessKeyId"),
    ({"AWS_SECRET_ACCESS_KEY": "other"}, None, "ACCESS_DENIED", "SignatureDoesNotMatch"),
    ({"AWS_SESSION_TOKEN": "old"}, lambda request: ("403 Forbidden", "ExpiredToken"), "ACCESS_DENIED", "ExpiredToken"),
    ({"AWS_SESSION_TOKEN": "old"}, lambda request: ("400 Bad Request", "InvalidToken"), "ACCESS_DENIED", "InvalidToken"),
    ({}, lambda request: ("404 Not Found", "XAdminUserNotFound"), "ACCESS_DENIED", "XAdminUserNotFound"),
    ({}, lambda request: ("404 Not Found", "NoSuchBucket"), "NOT_FOUND", "NoSuchBucket"),
    ({"AWS_REGION": "mars"}, lambda request: ("403 Forbidden", "AuthorizationHeaderMalformed"), "ACCESS_DENIED", "AuthorizationHeaderMalformed"),
    ({}, lambda request: ("403 Forbidden", "AccessDenied") if request.method in WRITES else None, "ACCESS_DENIED", "for reading alone"),
    ({}, lambda request: ("403 Forbidden", "AccessDenied"), "ACCESS_DENIED", "s3:ListBucket"),
    ({}, lambda request: ("301 Moved Permanently", "PermanentRedirect</Code><Endpoint>elsewhere.example</Endpoint><Code>"), "INVALID_ARGUMENT",
     "https://elsewhere.example"),
    ({}, "ignore conditions", "UNSAFE_STORE", "ignores If-None-Match"),
], ids=["key", "secret", "expired token", "invalid token", "unknown user", "bucket", "region", "read-only", "no right to list", "elsewhere", "conditions ignored"])
def test_one_sentence_says_what_is_wrong(stub, changed, refuse, name, text):
    environment = {"AWS_ENDPOINT_URL": stub.url, "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret", **changed}
    if refuse == "ignore conditions":
        stub.heeds_conditions = False
    elif refuse:
        stub.refuse = refuse
    words = [os.environ["EVODB_LAKEHOUSE_TOOL"], "create", LOCATION, "--schema", "-", "--json"]
    done = subprocess.run(words, input=SCHEMA, capture_output=True, text=True, env=environment, timeout=60)
    error = json.loads(done.stderr.splitlines()[-1])["error"]
    assert (done.returncode, error["name"]) == (1, name), error
    assert text in error["message"] and LOCATION in error["message"] + str(error["subject"]), error
    assert "\n" not in error["message"] and "secret" not in done.stderr, error
    assert not any("/metadata/v" in path for path in stub.objects)


def run_tool(stub, command, *arguments, **changed):
    environment = {"AWS_ENDPOINT_URL": stub.url, "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret", **changed}
    words = [os.environ["EVODB_LAKEHOUSE_TOOL"], command, LOCATION, *arguments]
    return subprocess.run(words, capture_output=True, text=True, env=environment, timeout=60)


@pytest.mark.parametrize("may_see_what_is_absent", [True, False])
def test_a_key_that_may_not_list_in_a_store_that_is_safe(stub, may_see_what_is_absent):
    def refuse(request):
        is_absent = request.method in ("GET", "HEAD") and request.path not in stub.objects
        is_list = request.method == "GET" and "list-type" in request.query
        return ("403 Forbidden", "AccessDenied") if is_list or (is_absent and not may_see_what_is_absent) else None

    stub.refuse = refuse
    done = run_tool(stub, "probe", "--json")
    checks = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    failed = [name for name, row in checks.items() if not row["ok"]]
    assert (done.returncode, failed) == (1, ["list"] if may_see_what_is_absent else ["latency", "list"])
    assert all("s3:ListBucket" in checks[name]["message"] for name in failed)
    assert checks["safe"]["message"] == f"see {', '.join(failed)}: nothing can be committed here yet; racing writers as such are kept apart"


def test_what_is_concluded_of_a_wrong_secret(stub):
    """Once, and nothing that is unknown."""
    for command, checks in [("doctor", ["table"]), ("probe", ["write", "safe"])]:
        done = run_tool(stub, command, "--json", "--set", "storage.retry-budget-ms=100", AWS_SECRET_ACCESS_KEY="wrong")
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert (done.returncode, [row["name"] for row in rows if not row["ok"]]) == (1, checks)
        assert done.stdout.count("AWS_SECRET_ACCESS_KEY") == 1 and "can be read" not in done.stdout and "delete" not in done.stdout


def test_a_wait_is_explained(stub):
    """With the first try that fails, on standard error; not where the wait is short."""
    closed = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    done = run_tool(stub, "show", "--timeout", "300ms", **closed)
    first, last = done.stderr.splitlines()
    assert first == "evodb-lakehouse: warning: could not connect to 127.0.0.1:1: nothing listens there; are host and port right? (trying again for up to 0.3 s; Ctrl-C ends it)"
    assert last.startswith("evodb-lakehouse: DEADLINE_EXCEEDED: ")
    done = run_tool(stub, "show", "--timeout", "300ms", "--json", **closed)
    assert [list(json.loads(line)) for line in done.stderr.splitlines()] == [["warning"], ["error"]] and done.stdout == ""
    done = run_tool(stub, "show", "--set", "storage.retry-budget-ms=300", **closed)
    assert len(done.stderr.splitlines()) == 1


class Silent(LoopbackServer):
    async def serve(self, reader, writer):
        await asyncio.sleep(3600)


class Page(LoopbackServer):
    async def serve(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>")
        await writer.drain()


def test_what_a_silent_server_or_proxy_kept_waiting(stub):
    silent = Silent()
    place = silent.url.removeprefix("http://")
    for variables, awaited in [
        ({"AWS_ENDPOINT_URL": silent.url}, f"an answer of {place}"),
        ({"AWS_ENDPOINT_URL": f"https://{place}"}, f"the TLS handshake with {place}"),
        ({"AWS_ENDPOINT_URL": "https://bucket.example", "https_proxy": silent.url}, f"an answer of the proxy {place} (https_proxy), asked for bucket.example:443"),
    ]:
        for limit in [("--timeout", "300ms"), ("--set", "runtime.operation-timeout-ms=300")]:
            done = run_tool(stub, "show", *limit, **variables)
            assert f"DEADLINE_EXCEEDED: not done within 300 ms: cancelled while waiting for {awaited} (" in done.stderr
    silent.close()


def test_a_page_is_no_long_wait(stub):
    page = Page()
    done = run_tool(stub, "show", AWS_ENDPOINT_URL=page.url)
    assert len(done.stderr.splitlines()) == 1 and "answered 200, but with a page" in done.stderr
    assert page.connections == 3
    page.close()


def test_every_request_is_checked(api, stub):
    """The stub itself: what is not signed as it should be is refused."""
    Writer(api, stub.url, LOCATION).create()
    seen = []
    proxy = fault_proxy.FaultProxy(stub.url, TIME_LIMIT)
    proxy.direct = lambda request: seen.append(request)
    Writer(api, proxy.url, LOCATION).open()
    for change in (lambda head: head.replace(b"v1.", b"v2."),
                   lambda head: head.replace(b"Authorization:", b"If-Match: x\r\nAuthorization:"),
                   lambda head: head.replace(b"Credential=tests", b"Credential=other")):
        request = next(one for one in seen if one.path.endswith("v1.metadata.json") and one.method == "GET")
        assert proxy.send_again(request).startswith(b"HTTP/1.1 200")
        changed = http_messages.Request(request.method, request.path, request.query, change(request.head), request.body)
        assert b"403" in proxy.send_again(changed).split(b"\r\n")[0]
    proxy.close()
