"""Which operations conflict on real S3 servers: the same as in memory, where tests/interop/python/test_conflict_matrix.py compares them with
Iceberg Java's."""

import uuid

import pytest

from conflict_matrix import reduced_cells
from our_conflicts import Races
from servers import SERVERS


@pytest.mark.parametrize("server", sorted(SERVERS))
def test_outcomes_are_those_of_memory(api, server):
    settings = {"storage.endpoint": SERVERS[server], "storage.access-key-id": "tests", "storage.secret-access-key": "tests-secret"}
    bucket, memory = Races(api, f"s3://contract/{uuid.uuid4()}", **settings), Races(api, "memory://conflicts")
    for cell in reduced_cells():
        line, wanted = bucket.line(cell), memory.line(cell)
        assert line | {"exception": None} == wanted | {"exception": None}, (line, wanted)
