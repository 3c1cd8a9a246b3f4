"""Tables on real S3 servers, by the tool: tests/s3/run starts the servers."""

import concurrent.futures
import importlib.util
import json
import os
import pathlib
import subprocess
import urllib.parse
import uuid

import duckdb
import pyarrow
import pyarrow.parquet
import pyiceberg.table
import pytest

import killed_writers
from servers import SERVERS

SCHEMA = {"type": "struct", "fields": [{"id": 1, "name": "id", "required": False, "type": "long"}]}
PROCESSES, COMMITS = 16, 3


@pytest.fixture(params=sorted(SERVERS))
def endpoint(request):
    return SERVERS[request.param]


def credentials(endpoint):
    return {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret"}


@pytest.fixture
def location():
    return f"s3://contract/{uuid.uuid4()}/table"


@pytest.fixture
def run(endpoint, location):
    """Runs a command on the table; returns the exit status and the rows of --json, or the error."""
    environment = credentials(endpoint)

    def run_command(command, *arguments, given=None, **changed):
        words = [os.environ["EVODB_LAKEHOUSE_TOOL"], command, location, *arguments, "--json"]
        done = subprocess.run(words, input=given, capture_output=True, text=True, timeout=300, env={**environment, **changed})
        has_answer = done.returncode == 0 or done.stdout  # checks that are not ok are output too
        rows = [json.loads(line) for line in (done.stdout if has_answer else done.stderr).splitlines()]
        return done.returncode, rows if has_answer else rows[-1]["error"]

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


def parquet(folder, name, first, count, text="x"):
    """A file of ids from `first` on."""
    ids = pyarrow.array(range(first, first + count), pyarrow.int64())
    file = folder / f"{name}.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"id": ids, "note": [text] * count}), file)
    return str(file)


def ids_of_pyiceberg(endpoint, location):
    properties = {"s3.endpoint": endpoint, "s3.region": "auto", "s3.access-key-id": "tests", "s3.secret-access-key": "tests-secret",
                  "s3.force-virtual-addressing": "false"}
    table = pyiceberg.table.StaticTable.from_metadata(location, properties)
    return sorted(table.scan().to_arrow()["id"].to_pylist())


def ids_of_duckdb(endpoint, location):
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    for name in ("avro", "httpfs", "iceberg"):
        [folder] = importlib.util.find_spec(f"duckdb_extension_{name}").submodule_search_locations
        [extension] = pathlib.Path(folder).rglob(f"{name}.duckdb_extension")
        connection.execute(f"LOAD '{extension}'")
    at = urllib.parse.urlsplit(endpoint)
    connection.execute(f"CREATE SECRET (TYPE s3, KEY_ID 'tests', SECRET 'tests-secret', REGION 'auto', ENDPOINT '{at.netloc}{at.path}', "
                       "URL_STYLE 'path', USE_SSL false)")
    return [row[0] for row in connection.execute(f"SELECT id FROM iceberg_scan('{location}') ORDER BY id").fetchall()]


def test_local_files_are_appended_and_other_engines_read_them(run, endpoint, location, tmp_path):
    files = [parquet(tmp_path, f"f{i}", 10 * i, 10) for i in range(3)]
    status, rows = run("create", "--like", files[0])
    assert (status, rows[0]["committed"]) == (0, True), rows
    status, rows = run("append", *files)
    assert (status, rows[0]["committed"]) == (0, True), rows
    status, rows = run("append", parquet(tmp_path, "more", 30, 5))
    assert (status, rows[0]["summary"]["added-records"]) == (0, "5"), rows
    status, rows = run("files")
    assert status == 0
    assert len(rows) == 4 and all(row["file_path"].startswith(location + "/data/") for row in rows)
    assert run("verify", "--data") == (0, [])
    assert ids_of_pyiceberg(endpoint, location) == list(range(35))
    assert ids_of_duckdb(endpoint, location) == list(range(35))


def test_a_large_file_goes_in_parts(run, endpoint, location, tmp_path):
    ids = pyarrow.array(range(3_000_000), pyarrow.int64())
    large = tmp_path / "large.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"id": ids}), large, compression="none", use_dictionary=False)
    assert large.stat().st_size > 20 << 20
    create(run)
    assert run("append", str(large))[0] == 0
    assert run("verify", "--data") == (0, [])
    assert ids_of_pyiceberg(endpoint, location) == list(range(3_000_000))
    status, error = run("append", str(large), "--check-duplicates")
    assert (status, error["name"]) == (1, "ALREADY_EXISTS"), error


def test_what_cannot_be_appended_leaves_nothing(run, location, tmp_path):
    fits, other = parquet(tmp_path, "fits", 0, 3), tmp_path / "other.parquet"
    assert run("create", "--like", fits)[0] == 0
    pyarrow.parquet.write_table(pyarrow.table({"id": ["text"]}), other)
    for files, name, about in (
        ([fits, str(other)], "INCOMPATIBLE_SCHEMA", str(other)),
        ([fits, str(tmp_path / "none.parquet")], "NOT_FOUND", "none.parquet"),
        ([fits, fits], "INVALID_ARGUMENT", "given twice"),
        ([location + "/data/none.parquet"], "NOT_FOUND", "none.parquet"),
        (["s3://contract/elsewhere.parquet"], "INVALID_ARGUMENT", "--in-place"),
        ([fits, "--in-place"], "INVALID_ARGUMENT", "cannot refer to"),
    ):
        status, error = run("append", *files)
        assert (status in (1, 2), error["name"]) == (True, name), error
        assert about in error["message"] + str(error["subject"]), error
    status, rows = run("show")
    assert (status, rows[0]["version"]) == (0, 1)


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


def test_killed_processes_lose_and_double_nothing(run, endpoint, location, tmp_path):
    """As on local folders, tests/interop/python/test_killed_processes.py."""
    files = killed_writers.make_files(tmp_path)
    assert run("create", "--like", str(files[0]))[0] == 0
    environment = {**os.environ, **credentials(endpoint)}
    writers = killed_writers.run_writers(os.environ["EVODB_LAKEHOUSE_TOOL"], location, files, [environment] * len(files))
    killed_writers.check_history(run("history")[1], writers)
    assert run("verify", "--data") == (0, [])
    expected = killed_writers.expected_ids(writers)
    assert ids_of_pyiceberg(endpoint, location) == expected
    assert ids_of_duckdb(endpoint, location) == expected


def failed_checks(run):
    status, checks = run("probe")
    failed = [check["name"] for check in checks if not check["ok"]]
    assert status == (1 if failed else 0)
    return failed, {check["name"]: check for check in checks}


def test_probe_calls_it_safe(run):
    failed, checks = failed_checks(run)
    assert failed == []
    assert (checks["racing-creates"]["value"], checks["racing-replacements"]["value"]) == (32, 32)


@pytest.mark.parametrize("endpoint", [os.environ["EVODB_UNSAFE_S3_SERVER"]], ids=["s3s-fs"])
def test_probe_calls_a_store_unsafe_whose_conditions_race(run):
    failed, checks = failed_checks(run)
    assert {"racing-creates", "safe"} <= set(failed), checks
    assert "more than one winner" in checks["racing-creates"]["message"]
    assert "NOT safe" in checks["safe"]["message"]


@pytest.mark.parametrize("changed, name, text", [
    ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "ACCESS_DENIED", "SignatureDoesNotMatch"),
    ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "INVALID_ARGUMENT", "no credentials"),
    ({"AWS_ACCESS_KEY_ID": ""}, "INVALID_ARGUMENT", "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not"),
    ({"AWS_ENDPOINT_URL": "http://user:hunter2@127.0.0.1:9/x"}, "INVALID_ARGUMENT", "the endpoint has a user"),
    ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "STORAGE_UNAVAILABLE", "could not connect to 127.0.0.1:1"),
    ({"AWS_ENDPOINT_URL": "http://s3.example.org"}, "INVALID_ARGUMENT", "is not encrypted"),
    ({"AWS_ENDPOINT_URL": ""}, "INVALID_ARGUMENT", "no endpoint"),
], ids=["secret", "no key", "half a key", "user in the endpoint", "no server", "no encryption", "no endpoint"])
def test_one_sentence_says_what_is_wrong(run, changed, name, text):
    status, error = run("show", "--set", "storage.retry-budget-ms=300", **changed)
    assert status in (1, 2)
    assert (error["name"], text in error["message"]) == (name, True), error
    assert "wrong" not in json.dumps(error) and "hunter2" not in json.dumps(error) and "tests-secret" not in json.dumps(error)
