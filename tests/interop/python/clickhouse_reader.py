"""What ClickHouse (chdb) sees in a table that is opened by its folder.

It runs in a process of its own, because its failures end the process and wants the root as current folder.
"""

import pathlib
import sys
import tempfile

import pyarrow as pa

from json_lines_process import JsonLinesProcess


class ClickHouse:
    def __init__(self):
        self.worker = JsonLinesProcess([sys.executable, pathlib.Path(__file__).with_name("clickhouse_worker.py")])

    def query(self, folder, select="*", where="TRUE", snapshot_id=None, prune=True):
        """An Arrow table. `prune`: skip partitions that the filter excludes."""
        settings = f" SETTINGS use_iceberg_partition_pruning = {int(prune)}"
        if snapshot_id is not None:
            settings += f", iceberg_snapshot_id = {snapshot_id}"
        # Without that setting it lists the folder for the newest version.
        table = f"icebergLocal('{folder}', SETTINGS iceberg_use_version_hint = 1)"
        sql = f"SELECT {select} FROM {table} WHERE {where}{settings}"
        with tempfile.NamedTemporaryFile(suffix=".arrow") as output:
            self.worker.request("query", sql=sql, output=output.name)
            return pa.ipc.open_stream(output.read()).read_all()

    def rows(self, folder, where="TRUE", snapshot_id=None):
        return self.query(folder, "*", where, snapshot_id)

    def count(self, folder, where="TRUE", snapshot_id=None):
        return self.query(folder, "count(*)", where, snapshot_id)[0][0].as_py()

    def close(self):
        self.worker.close()
