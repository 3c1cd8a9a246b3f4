"""What Iceberg Java sees, asked of one JVM that lives as long as the tests.

Requests carry "op", "table" (a folder) and, where they make sense, "filter" and "snapshot_id":
  describe  {"metadata": the specification's table metadata JSON, as Java writes it again}
  plan      {"files": [{"file_path": …, …}, …]}
  rows      {"rows": [{column: single value JSON, …}, …]}
  count     {"count": …}
  file_rows {"files": [{"file_path": …, "rows": …}, …]}
and write_parquet makes a file, as ParquetFiles.java says; mutate changes a table, and conflicts does so while another change is under
way, as Mutation.java and Conflicts.java have it.
"""

import os
import pathlib

from json_lines_process import JsonLinesProcess

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
DEFAULT_FOLDER = REPOSITORY / "build" / "interop-java"


def java_folder():
    """Where the compiled oracle lies, with its jars."""
    folder = pathlib.Path(os.environ.get("EVODB_INTEROP_JAVA", DEFAULT_FOLDER))
    if not (folder / "classes").is_dir() or not (folder / "lib").is_dir():
        raise FileNotFoundError(f"no Java oracle in {folder}: build it, or set EVODB_INTEROP_JAVA to its folder")
    return folder


class JavaOracle:
    def __init__(self, folder, *flags):
        classpath = f"{folder}/lib/*:{folder}/classes"
        self.process = JsonLinesProcess(["java", *flags, "-cp", classpath, "evodb.oracle.Oracle"])

    def _request(self, op, table, filter=True, snapshot_id=None):
        arguments = {"table": str(table)}
        if filter is not True:
            arguments["filter"] = filter
        if snapshot_id is not None:
            arguments["snapshot_id"] = snapshot_id
        return self.process.request(op, **arguments)

    def describe(self, table):
        """The table's metadata in the specification's own JSON, as Java understood it."""
        return self._request("describe", table)["metadata"]

    def plan(self, table, filter=True, snapshot_id=None):
        """The paths of the data files to read, verbatim, sorted."""
        return sorted(file["file_path"] for file in self._request("plan", table, filter, snapshot_id)["files"])

    def rows(self, table, filter=True, snapshot_id=None):
        return self._request("rows", table, filter, snapshot_id)["rows"]

    def rows_by_mapping(self, table):
        """All rows of the live files, read as Spark reads them: by the table's name mapping, which rows() passes over."""
        files = self._request("file_rows", table)["files"]
        return [row for file in files for row in file["rows"]]

    def mutate(self, table, operation, **facts):
        """Changes the table as Mutation.java has it; returns the id of main's snapshot."""
        return self.process.request("mutate", table=str(table), operation=operation, **facts)["snapshot_id"]

    def write_parquet(self, path, schema, rows):
        """A file of any layout: `schema` is Parquet's own text."""
        self.process.request("write_parquet", path=str(path), schema=schema, rows=rows)

    def count(self, table, filter=True, snapshot_id=None):
        return self._request("count", table, filter, snapshot_id)["count"]

    def close(self):
        self.process.close()
