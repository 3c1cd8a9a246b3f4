"""Every call returns, whatever the network does not do: over sockets under a generous watchdog. That it does so in time is asserted in the
simulator (tests/simulation/http_test.cc), and measured by bench/remote."""

import os
import pathlib
import subprocess

import pytest

from commits import SCHEMA
from loopback_server import LoopbackServer

LOCATION = "s3://contract/silent/table"
WATCHDOG = 60
KEYS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret"}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"


class SilentServer(LoopbackServer):
    """Reads everything, and sends a number of bytes and no more."""

    def __init__(self, answer):
        self.answer = answer
        super().__init__()

    async def serve(self, reader, writer):
        writer.write(self.answer)
        while await reader.read(1 << 16):
            pass


@pytest.fixture(scope="module")
def slow_resolver(tmp_path_factory):
    library = tmp_path_factory.mktemp("slow_resolver") / "slow_resolver.so"
    source = pathlib.Path(__file__).with_name("slow_resolver.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source)], check=True)
    return {"LD_PRELOAD": str(library)}


COMMANDS = [("show", ()), ("create", ("--schema", "-")), ("files", ()), ("doctor", ()), ("probe", ())]
LIMITS = {"attempt": ("--set", "storage.connect-timeout-ms=300", "--set", "storage.attempt-timeout-ms=300", "--set", "storage.retry-budget-ms=300"),
          "operation": ("--set", "runtime.operation-timeout-ms=500"), "wait": ("--timeout", "500ms")}


def run(command, arguments, limit, environment):
    words = [os.environ["EVODB_LAKEHOUSE_TOOL"], command, LOCATION, *arguments, *LIMITS[limit], "--json"]
    done = subprocess.run(words, input=SCHEMA, capture_output=True, text=True, timeout=WATCHDOG, env={**KEYS, **environment})
    assert done.returncode == 1
    return done.stderr or done.stdout  # doctor and probe answer with what they found


@pytest.mark.parametrize("limit", sorted(LIMITS))
@pytest.mark.parametrize("command, arguments", COMMANDS, ids=[command for command, _ in COMMANDS])
def test_a_server_that_says_no_more(command, arguments, limit):
    for answer in (b"", HEAD):
        server = SilentServer(answer)
        assert run(command, arguments, limit, {"AWS_ENDPOINT_URL": server.url})
        server.close()


@pytest.mark.parametrize("limit", sorted(LIMITS))
def test_a_name_that_is_never_resolved(slow_resolver, limit):
    said = run("show", (), limit, {"AWS_ENDPOINT_URL": "http://localhost:1", **slow_resolver})
    assert '"STORAGE_UNAVAILABLE"' in said or '"DEADLINE_EXCEEDED"' in said
