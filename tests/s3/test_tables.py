"""Tables on real S3 servers, by the tool: tests/s3/run says where the servers are."""

import concurrent.futures
import json
import os
import subprocess

import pytest

SERVERS = dict(named.split("=", 1) for named in os.environ["EVODB_S3_SERVERS"].split())
SCHEMA = {"type": "struct", "fields": [{"id": 1, "name": "id", "required": False, "type": "long"}]}
PROCESSES, COMMITS = 16, 3


@pytest.fixture(params=sorted(SERVERS))
def run(request, tmp_path):
    """Runs a command on the table; gives the exit status and the rows of --json, or the error."""
    environment = {"AWS_ENDPOINT_URL": SERVERS[request.param], "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret"}
    table = f"s3://contract/{tmp_path.name}/table"

    def run_command(command, *arguments, given=None, **changed):
        words = [os.environ["EVODB_LAKEHOUSE_TOOL"], command, table, *arguments, "--json"]
        done = subprocess.run(words, input=given, capture_output=True, text=True, timeout=300, env={**environment, **changed})
        lines = (done.stdout if done.returncode == 0 else done.stderr).splitlines()
        rows = [json.loads(line) for line in lines]
        return done.returncode, rows if done.returncode == 0 else rows[-1]["error"]

    return run_command


def create(run):
    status, rows = run("create", "--schema", "-", given=json.dumps(SCHEMA))
    assert (status, rows[0]["committed"]) == (0, True), rows


def test_a_table_is_made_changed_and_found_well(run):
    create(run)
    status, error = run("create", "--schema", "-", given=json.dumps(SCHEMA))
    assert (status, error["name"]) == (1, "ALREADY_EXISTS")
    assert run("evolve", "--add", "note string")[0] == 0
    status, rows = run("show")
    assert (status, rows[0]["version"]) == (0, 2)
    assert rows[0]["location"].startswith("s3://contract/")
    assert run("verify", "--data") == (0, [])
    status, checks = run("doctor")
    assert (status, [check for check in checks if not check["ok"]]) == (0, [])


def test_sixteen_processes_commit_to_one_table(run):
    create(run)

    def write(writer):
        return [run("set", "--table-property", f"p{writer}-{i}=x", "--idempotency-key", f"w{writer}:{i}") for i in range(COMMITS)]

    with concurrent.futures.ThreadPoolExecutor(PROCESSES) as pool:
        answers = [answer for some in pool.map(write, range(PROCESSES)) for answer in some]
    assert [answer for answer in answers if answer[0] != 0] == []
    status, rows = run("show")
    assert (status, rows[0]["version"]) == (0, 1 + PROCESSES * COMMITS)
    properties = rows[0]["properties"]
    assert {f"p{writer}-{i}" for writer in range(PROCESSES) for i in range(COMMITS)} <= set(properties)


@pytest.mark.parametrize("changed, name, text", [
    ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "ACCESS_DENIED", "SignatureDoesNotMatch"),
    ({"AWS_ACCESS_KEY_ID": ""}, "INVALID_ARGUMENT", "no credentials"),
    ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "STORAGE_UNAVAILABLE", "could not connect to 127.0.0.1:1"),
    ({"AWS_ENDPOINT_URL": "http://s3.example.org"}, "INVALID_ARGUMENT", "is not encrypted"),
    ({"AWS_ENDPOINT_URL": ""}, "INVALID_ARGUMENT", "no endpoint"),
], ids=["secret", "no key", "no server", "no encryption", "no endpoint"])
def test_one_sentence_says_what_is_wrong(run, changed, name, text):
    status, error = run("show", "--set", "storage.retry-budget-ms=300", **changed)
    assert status in (1, 2)
    assert (error["name"], text in error["message"]) == (name, True), error
    assert "wrong" not in json.dumps(error) and "tests-secret" not in json.dumps(error)
