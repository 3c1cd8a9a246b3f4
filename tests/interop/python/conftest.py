"""What the tests need, made once. A part that is missing is an error and never a skipped test."""

import functools
import os
import pathlib
import subprocess

import pytest

import sample_tables
from clickhouse_reader import ClickHouse
from duckdb_reader import DuckDb
from java_oracle import JavaOracle, java_folder
from lakehouse import Lakehouse
from tool import Tool


@pytest.fixture(scope="session")
def tool():
    path = os.environ.get("EVODB_LAKEHOUSE_TOOL")
    if not path or not pathlib.Path(path).is_file():
        raise FileNotFoundError(f"EVODB_LAKEHOUSE_TOOL must be the path of the command line tool, not {path!r}")
    return Tool(path)


@pytest.fixture(scope="session")
def slow_clock(tmp_path_factory):
    """The environment of a process whose clock is two minutes slow."""
    library = tmp_path_factory.mktemp("slow_clock") / "slow_clock.so"
    source = pathlib.Path(__file__).with_name("slow_clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    environment = os.environ | {"LD_PRELOAD": str(library), "SLOW_CLOCK_SECONDS": "120"}
    behind = float(subprocess.check_output(["date", "+%s.%N"], env=os.environ)) - float(subprocess.check_output(["date", "+%s.%N"], env=environment))
    assert 110 < behind < 130, f"the slow clock is {behind} seconds behind"
    return environment


@pytest.fixture(scope="session")
def lakehouse():
    return Lakehouse()


@pytest.fixture(scope="session")
def java():
    oracle = JavaOracle(java_folder())
    yield oracle
    oracle.close()


@pytest.fixture(scope="session")
def duckdb():
    reader = DuckDb()
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def clickhouse():
    reader = ClickHouse()
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def sample(tool, lakehouse, tmp_path_factory):
    """Makes a table once, by its name in FLIGHTS or its partition in MIXED."""

    @functools.cache
    def make(name):
        folder = tmp_path_factory.mktemp("tables") / "table"
        if name == "flights":
            return sample_tables.flights(tool, folder)
        if name == "rolled back flights":
            return sample_tables.rolled_back_flights(tool, folder)
        if name == "merged flights":
            return sample_tables.merged_flights(tool, folder)
        if name == "flights in one version":
            return sample_tables.flights_in_one_version(lakehouse, folder)
        return sample_tables.mixed(tool, folder, name, tmp_path_factory.mktemp("files"))

    return make


FLIGHTS = ["flights", "rolled back flights", "flights in one version", "merged flights"]
MIXED = list(sample_tables.MIXED_PARTITIONS)


def _id(name):
    return name or "unpartitioned"


@pytest.fixture
def flights(sample):
    return sample("flights")


@pytest.fixture
def rolled_back_flights(sample):
    return sample("rolled back flights")


@pytest.fixture
def flights_in_one_version(sample):
    return sample("flights in one version")


@pytest.fixture(params=FLIGHTS)
def any_flights(request, sample):
    return sample(request.param)


@pytest.fixture(params=MIXED, ids=_id)
def mixed(request, sample):
    return sample(request.param)


@pytest.fixture(params=FLIGHTS + MIXED, ids=_id)
def any_table(request, sample):
    return sample(request.param)
