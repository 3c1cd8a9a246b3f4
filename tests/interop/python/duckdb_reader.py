"""What DuckDB sees in a table that is opened by its folder."""

import importlib.util
import pathlib

import duckdb

# Avro first: the iceberg extension needs it and would otherwise look for it on the network.
EXTENSIONS = ("avro", "iceberg")


def _extension_file(name):
    package = importlib.util.find_spec(f"duckdb_extension_{name}")
    if package is None:
        raise ModuleNotFoundError(f"duckdb-extension-{name} is not installed")
    (file,) = pathlib.Path(package.origin).parent.glob(f"extensions/v{duckdb.__version__}/{name}.duckdb_extension")
    return file


class DuckDb:
    def __init__(self):
        self.connection = duckdb.connect()
        for name in EXTENSIONS:
            self.connection.execute(f"LOAD '{_extension_file(name)}'")

    def query(self, folder, select="*", where="TRUE", snapshot_id=None):
        """An Arrow table."""
        travel = f", snapshot_from_id={snapshot_id}::UBIGINT" if snapshot_id is not None else ""
        sql = f"SELECT {select} FROM iceberg_scan('{folder}'{travel}) WHERE {where}"
        return self.connection.execute(sql).to_arrow_table()

    def rows(self, folder, where="TRUE", snapshot_id=None):
        return self.query(folder, "*", where, snapshot_id)

    def count(self, folder, where="TRUE", snapshot_id=None):
        return self.query(folder, "count(*)", where, snapshot_id)[0][0].as_py()

    def snapshot_ids(self, folder):
        sql = f"SELECT snapshot_id FROM iceberg_snapshots('{folder}') ORDER BY sequence_number"
        return [id for (id,) in self.connection.execute(sql).fetchall()]

    def close(self):
        self.connection.close()
