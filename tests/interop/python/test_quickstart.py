"""The quick start as the README has it, and the lines it ends with, which open its table in other engines."""

import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
FLIGHTS = 336776


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quickstart") / "flights"
    done = subprocess.run([ROOT / "scripts" / "quickstart", folder], capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr
    return done.stdout


def line(printed, engine):
    return re.search(rf"^{engine}: +(.*)$", printed, re.MULTILINE).group(1)


def test_it_shows_snapshots_the_past_and_why_july_is_one_file(printed):
    july = [row for row in printed.splitlines() if "flights-2013-07.parquet" in row]
    assert any("read" in row for row in july)
    assert f"{FLIGHTS}" in printed.replace(",", "")


def test_the_line_for_duckdb_counts_the_flights(printed, duckdb):
    *setup, query = [part for part in line(printed, "DuckDB").split("; ")]
    assert setup == ["INSTALL iceberg", "LOAD iceberg"]  # the extension is loaded already, from a package
    assert duckdb.connection.execute(query).fetchall() == [(FLIGHTS,)]


def test_the_line_for_pyiceberg_counts_the_flights(printed):
    command = line(printed, "PyIceberg").replace("python ", f"{sys.executable} ", 1)
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout.strip()) == (0, str(FLIGHTS)), done.stderr
