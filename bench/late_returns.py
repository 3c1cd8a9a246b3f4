#!/usr/bin/env python3
"""How long calls take that wait for what never comes, as JSON.

  late_returns.py LIMIT MILLISECONDS

LIMIT is what ends them: "operation" for the runtime's limit of an operation, "request" for the storage's of an attempt, of connecting and
of all tries. AWS_ENDPOINT_URL is where they wait."""

import ctypes
import json
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests/s3"), str(ROOT / "tests/interop/python")]
from lakehouse import Lakehouse, LakehouseError, text  # noqa: E402
from commits import Writer  # noqa: E402

CALLS, NEVER = 20, 3_600_000


def main():
    limit, ms = sys.argv[1], int(sys.argv[2])
    api = Lakehouse()
    options = api.make("options", "options_new")
    if limit == "operation":
        api.call("options_set_int64", options, *text("runtime.operation-timeout-ms"), ctypes.c_int64(ms))
    patience = ms if limit == "request" else NEVER
    limits = {"attempt_timeout_ms": patience, "connect_timeout_ms": patience, "retry_budget_ms": patience}
    writer = Writer(api, os.environ["AWS_ENDPOINT_URL"], "s3://contract/nowhere", options, **limits)
    waited, errors = [], set()
    for _ in range(CALLS):
        begun = time.monotonic()
        try:
            writer.open()
        except LakehouseError as error:
            waited.append((time.monotonic() - begun) * 1000)
            errors.add(f"{error.name}: {error.message}")
    print(json.dumps({"waited_ms": waited, "error": "; ".join(sorted(errors))}))


main()
