#!/usr/bin/env python3
"""PyIceberg at the jobs of worker.py: its SqlCatalog on the SQLite database that PYICEBERG_CATALOG names, the tables in a bucket."""

import logging
import os
import uuid

import pyiceberg.catalog.sql
import pyiceberg.exceptions
import pyiceberg.manifest
import pyiceberg.schema
import pyiceberg.table
import pyiceberg.typedef
import pyiceberg.types

import worker

SCHEMA = pyiceberg.schema.Schema(pyiceberg.types.NestedField(1, "id", pyiceberg.types.LongType(), required=False))
STORE = {"s3.endpoint": os.environ["AWS_ENDPOINT_URL"], "s3.region": "auto", "s3.access-key-id": os.environ["AWS_ACCESS_KEY_ID"],
         "s3.secret-access-key": os.environ["AWS_SECRET_ACCESS_KEY"], "s3.force-virtual-addressing": "false"}


logging.getLogger("pyiceberg").setLevel(logging.ERROR)  # each retry is a warning


def described_file(of):
    """Nothing is written of it: what is measured are commits."""
    described = pyiceberg.manifest.DataFile.from_args(
        content=pyiceberg.manifest.DataFileContent.DATA, file_path=f"{of.location()}/data/{uuid.uuid4()}.parquet",
        file_format=pyiceberg.manifest.FileFormat.PARQUET, partition=pyiceberg.typedef.Record(), record_count=1000,
        file_size_in_bytes=100_000)
    described.spec_id = of.spec().spec_id
    return described


def work(job, warehouse, namespace, table, commits=0):
    catalog = pyiceberg.catalog.sql.SqlCatalog("bench", uri=os.environ["PYICEBERG_CATALOG"], warehouse=warehouse, **STORE)
    catalog.create_namespace_if_not_exists(namespace)
    name, location = (namespace, table), f"{warehouse}/{namespace}/{table}"
    if job == "append":
        known = catalog.create_table_if_not_exists(name, SCHEMA, location)

        def append_one():
            with known.transaction() as change, change.update_snapshot().fast_append() as appended:
                appended.append_data_file(described_file(known))

        return worker.append(append_one, known.refresh, commits)
    if not catalog.table_exists(name):  # it is this library's, which the catalog has to be told of
        catalog.register_table(name, pyiceberg.table.StaticTable.from_metadata(location, STORE).metadata_location)
    if job == "open":
        return worker.timed(lambda: {"snapshots": len(catalog.load_table(name).metadata.snapshots)})
    known = catalog.load_table(name)
    return worker.timed(lambda: {"files": len(list(known.scan("day = 3").plan_files()))})


worker.main(work)
