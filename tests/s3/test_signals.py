"""A command that commits is ended by a signal cleanly: nothing is left, or the token identifies the commit that may have succeeded."""

import json
import os
import pathlib
import signal
import subprocess
import threading

import pytest

import fault_proxy
from commits import TARGETS, TIME_LIMIT

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples" / "data"
FILES = [str(EXAMPLES / f"flights-2013-{month:02}.parquet") for month in (1, 2, 3)]
LOCATION = "s3://bucket/table"


def start(url, *words):
    environment = {"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret"}
    return subprocess.Popen([os.environ["EVODB_LAKEHOUSE_TOOL"], *words, "--json"], env=environment, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def end(process):
    said = process.communicate(timeout=60)[1]
    return process.returncode, json.loads(said.splitlines()[-1])["error"] if said else None


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_upload_is_taken_back(stub, sent):
    assert end(start(stub.url, "create", LOCATION, "--like", FILES[0])) == (0, None)
    uploading = threading.Event()

    def delay_of(request):
        if request.is_put_of(".parquet"):
            uploading.set()
            return 1
        return 0

    stub.delay_of = delay_of
    process = start(stub.url, "append", LOCATION, *FILES)
    assert uploading.wait(60)
    process.send_signal(sent)
    status, error = end(process)
    assert (status, error["name"], error["message"]) == (1, "CANCELLED", "interrupted by a signal")
    assert not [path for path in stub.objects if path.endswith(".parquet")]


def test_a_commit_that_was_sent_gives_its_token(stub):
    proxy = fault_proxy.FaultProxy(stub.url, TIME_LIMIT)
    assert end(start(stub.url, "create", LOCATION, "--like", FILES[0])) == (0, None)
    sending = threading.Event()

    async def never_answered(proxy, request, client):
        await proxy.forward(request)
        sending.set()
        await fault_proxy.asyncio.sleep(3600)

    proxy.direct = lambda request: never_answered if TARGETS["version"](request) else None
    process = start(proxy.url, "append", LOCATION, FILES[0])
    assert sending.wait(60)
    process.send_signal(signal.SIGINT)
    status, error = end(process)
    proxy.close()
    assert (status, error["name"]) == (3, "COMMIT_STATE_UNKNOWN")
    resolving = start(stub.url, "resolve", LOCATION, error["token"])
    assert json.loads(resolving.communicate(timeout=60)[0])["outcome"] == "committed"
