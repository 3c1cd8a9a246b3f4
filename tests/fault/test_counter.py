"""Eight processes add to one counter by puts that replace only what they have read: no increment is lost, and without the
lock file some are."""

import os
import pathlib
import subprocess

import pytest

PROCESSES = 8
STEPS = 40


@pytest.fixture(scope="session")
def counter():
    path = os.environ.get("EVODB_COUNTER")
    if not path or not pathlib.Path(path).is_file():
        raise FileNotFoundError(f"EVODB_COUNTER must be the path of the test's program, not {path!r}")
    return path


def race(counter, folder, environment=None):
    folder.mkdir()
    processes = [subprocess.Popen([counter, folder, str(STEPS)], env=environment) for _ in range(PROCESSES)]
    assert [process.wait(timeout=120) for process in processes] == [0] * PROCESSES
    return int((folder / "counter").read_text())


def test_no_step_is_lost(counter, tmp_path):
    assert race(counter, tmp_path / "race") == PROCESSES * STEPS


def test_without_the_lock_file_steps_are_lost(counter, tmp_path):
    library = tmp_path / "no_lock.so"
    source = pathlib.Path(__file__).with_name("no_lock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    unlocked = os.environ | {"LD_PRELOAD": str(library)}
    totals = []
    while not totals or (totals[-1] == PROCESSES * STEPS and len(totals) < 20):
        totals.append(race(counter, tmp_path / f"race{len(totals)}", unlocked))
    assert totals[-1] < PROCESSES * STEPS
