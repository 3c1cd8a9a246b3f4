#!/usr/bin/env python3
"""DuckDB's extension at the jobs of worker.py."""

import importlib.util
import os
import pathlib
import urllib.parse

import duckdb

import worker


def work(job, warehouse, namespace, table, commits=0):
    engine = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    for name in ("avro", "httpfs", "iceberg"):
        [folder] = importlib.util.find_spec(f"duckdb_extension_{name}").submodule_search_locations
        [extension] = pathlib.Path(folder).rglob(f"{name}.duckdb_extension")
        engine.execute(f"LOAD '{extension}'")
    at = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"])
    engine.execute(f"CREATE SECRET (TYPE s3, KEY_ID '{os.environ['AWS_ACCESS_KEY_ID']}', SECRET '{os.environ['AWS_SECRET_ACCESS_KEY']}', "
                   f"REGION 'auto', ENDPOINT '{at.netloc}', URL_STYLE 'path', USE_SSL false)")
    location = f"{warehouse}/{namespace}/{table}"
    if job == "open":
        return worker.timed(lambda: {"snapshots": len(engine.execute(f"FROM iceberg_snapshots('{location}')").fetchall())})
    if job == "plan":
        query = f"EXPLAIN SELECT id FROM iceberg_scan('{location}') WHERE day = 3"
        return worker.timed(lambda: {"plan": engine.execute(query).fetchall()[0][1]})
    try:
        engine.execute(f"ATTACH '{warehouse}' AS lake (TYPE iceberg, AUTHORIZATION_TYPE 'none')")
        engine.execute(f"CREATE TABLE lake.{namespace}.{table} (id BIGINT)")
    except duckdb.Error as error:
        return {"cannot": str(error)}
    raise NotImplementedError("it can write now")


worker.main(work)
