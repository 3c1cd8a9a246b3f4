"""What DuckDB sees in a table that is opened by its folder, and writes through a catalog."""

import contextlib
import importlib.util
import pathlib
import subprocess
import sys

import duckdb

# Avro first: the iceberg extension needs it and would otherwise look for it on the network.
EXTENSIONS = ("avro", "iceberg")


def _extension_file(name):
    package = importlib.util.find_spec(f"duckdb_extension_{name}")
    if package is None:
        raise ModuleNotFoundError(f"duckdb-extension-{name} is not installed")
    (file,) = pathlib.Path(package.origin).parent.glob(f"extensions/v{duckdb.__version__}/{name}.duckdb_extension")
    return file


def _connect(extensions):
    connection = duckdb.connect()
    for name in extensions:
        connection.execute(f"LOAD '{_extension_file(name)}'")
    return connection


@contextlib.contextmanager
def writing(root):
    """A connection whose catalog "lake" holds the tables in `root`: lake.NAMESPACE.TABLE is the folder NAMESPACE/TABLE."""
    server = subprocess.Popen([sys.executable, pathlib.Path(__file__).with_name("rest_catalog.py"), root], stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline())
        with _connect(("avro", "httpfs", "iceberg")) as connection:
            connection.execute(
                f"ATTACH '' AS lake (TYPE iceberg, ENDPOINT 'http://127.0.0.1:{port}', AUTHORIZATION_TYPE 'none', ACCESS_DELEGATION_MODE 'none')"
            )
            yield connection
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


class DuckDb:
    def __init__(self):
        self.connection = _connect(EXTENSIONS)

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
