"""The server of a file system does not respond, so a call on it never returns: a command still ends at its deadline, and reports the
outcome. If the call returns later, nothing more is done for the caller."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from sample_tables import flight_files

SECONDS = 60  # until a command counts as hung, with a time-out of one

READING = [("stat", "/table"), ("open", "/metadata/"), ("pread", ".metadata.json"), ("open", "version-hint.text"), ("opendir", "/metadata")]
# What hangs, and what the command may have done by then.
CHANGING = [(*reading, {1}) for reading in READING[:-1]] + [
    ("mkdir", "/data", {1}),
    ("write", "/data/", {1}),
    ("fsync", "/data", {1}),
    ("write", "/metadata/", {1}),
    ("renameat2", "-m0.avro", {1}),
    ("renameat2", ".metadata.json", {3}),
    ("flock", "version-hint.text", {0}),
    ("rename", "version-hint.text", {0}),
]


@pytest.fixture(scope="session")
def hung_calls(tmp_path_factory):
    library = tmp_path_factory.mktemp("hung_calls") / "hung_calls.so"
    source = pathlib.Path(__file__).with_name("hung_calls.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source, "-ldl"], check=True)
    return library


def run(words, library, call, path, seen):
    """The exit status, the last line of the errors."""
    environment = os.environ | {"LD_PRELOAD": str(library), "HUNG_CALL": call, "HUNG_PATH": path, "HUNG_SEEN": str(seen)}
    done = subprocess.run([*words, "--timeout", "1s"], capture_output=True, text=True, timeout=SECONDS, env=environment)
    assert seen.exists(), f"there was no such call: {done.returncode} {done.stderr}"
    return done.returncode, done.stderr


@pytest.mark.parametrize("call, path", READING)
def test_reading(scenario, hung_calls, tmp_path, call, path):
    scenario = scenario("append")
    scenario.reset()
    words = [scenario.tool.path, "doctor" if call == "opendir" else "files", str(scenario.table), "--json"]
    status, error = run(words, hung_calls, call, path, tmp_path / "seen")
    assert status == 1 and "DEADLINE_EXCEEDED" in error, (status, error)


@pytest.mark.parametrize("call, path, statuses", CHANGING)
def test_changing(scenario, hung_calls, tmp_path, call, path, statuses):
    scenario = scenario("append")
    scenario.reset()
    before = scenario.read()
    status, error = run(scenario.words, hung_calls, call, path, tmp_path / "seen")
    assert status in statuses, (status, error)
    if status == 0:
        assert len(scenario.read().history) == len(before.history) + 1
    else:
        assert scenario.read() == before
        assert '"DEADLINE_EXCEEDED"' in error if status == 1 else '"token"' in error, error
    subprocess.run(scenario.words, check=True, capture_output=True, timeout=SECONDS)
    assert len(scenario.read().history) == len(before.history) + 1


@pytest.mark.parametrize("action, call, path, left", [
    ("write", "write", ".tmp", {"o0": "old", "o1": "old", "o2": "old", "o3": "old", "o4": "old"}),
    ("write", "fsync", ".tmp", {"o0": "old", "o1": "old", "o2": "old", "o3": "old", "o4": "old"}),
    ("delete", "unlink", "/o0", {"o1": "old", "o2": "old", "o3": "old", "o4": "old"}),
])
def test_calls_that_come_back_late(hung_calls, tmp_path, action, call, path, left):
    folder, until, seen = tmp_path / "objects", tmp_path / "until", tmp_path / "seen"
    folder.mkdir()
    for i in range(5):
        (folder / f"o{i}").write_text("old")
    environment = os.environ | {"HUNG_CALL": call, "HUNG_PATH": path, "HUNG_SEEN": str(seen), "HUNG_UNTIL": str(until),
                                "LD_PRELOAD": str(hung_calls), "PYTHONPATH": os.pathsep.join(sys.path)}
    script = pathlib.Path(__file__).with_name("late_calls.py")
    done = subprocess.run([sys.executable, script, action, folder], capture_output=True, text=True, timeout=SECONDS, env=environment)
    assert seen.exists() and done.returncode == 0, (done.returncode, done.stderr)
    assert json.loads(done.stdout) == {"outcome": "DEADLINE_EXCEEDED", "left": left}


def test_an_upload_whose_last_step_comes_back_late(scenario, hung_calls, tmp_path):
    scenario = scenario("create")
    scenario.reset()
    folder, until, seen, file = tmp_path / "objects", tmp_path / "until", tmp_path / "seen", flight_files()[0]
    folder.mkdir()
    scenario.tool.one("create", folder / "table", "--like", file)
    environment = os.environ | {"HUNG_CALL": "renameat2", "HUNG_PATH": "/data/", "HUNG_SEEN": str(seen), "HUNG_UNTIL": str(until),
                                "LD_PRELOAD": str(hung_calls), "PYTHONPATH": os.pathsep.join(sys.path)}
    script = pathlib.Path(__file__).with_name("late_calls.py")
    done = subprocess.run([sys.executable, script, "upload", folder, file], capture_output=True, text=True, timeout=SECONDS, env=environment)
    assert seen.exists() and done.returncode == 0, (done.returncode, done.stderr)
    assert json.loads(done.stdout) == {"outcome": "DEADLINE_EXCEEDED", "left": {}}
