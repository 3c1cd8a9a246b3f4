#!/usr/bin/env python3
"""This library at the jobs of worker.py, through its C boundary."""

import ctypes
import os
import pathlib
import sys
import uuid

import worker

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/s3"), str(ROOT / "tests/interop/python")]
from lakehouse import Lakehouse, LakehouseError  # noqa: E402
from commits import Writer  # noqa: E402


def work(job, warehouse, namespace, table, commits=0):
    api = Lakehouse()
    patient = {"attempt_timeout_ms": 60_000, "retry_budget_ms": 60_000}
    writer = Writer(api, os.environ["AWS_ENDPOINT_URL"], f"{warehouse}/{namespace}/{table}", **patient)

    def count_snapshots():
        api.library.evodb_table_snapshot_count.restype = ctypes.c_int64
        return {"snapshots": api.library.evodb_table_snapshot_count(writer.open())}

    if job == "open":
        return worker.timed(count_snapshots)
    if job == "plan":
        known = writer.open()
        return worker.timed(lambda: {"files": len(api.planned_paths(known, "day = 3"))})
    try:
        known = writer.open()
    except LakehouseError:
        known = writer.create()

    def append_one():
        nonlocal known
        known = writer.commit(writer.with_append(known, str(uuid.uuid4())))

    def load_again():
        nonlocal known
        known = writer.open()

    append_one()  # a process tries the store out before its first commit
    done = worker.append(append_one, load_again, commits)
    api.call("future_wait", api.start("storage_flush", writer.storage), ctypes.c_int64(-1))
    return done


worker.main(work)
