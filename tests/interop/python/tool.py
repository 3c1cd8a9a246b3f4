"""The command line tool, as a program in a pipe uses it."""

import json
import pathlib
import subprocess

from filters import to_filter_text


class ToolError(Exception):
    """The tool failed; the fields are those of its error object."""

    def __init__(self, status, error):
        super().__init__(f"{error['name']}: {error['message']} (status {status})")
        self.status = status
        self.error = error
        self.name = error["name"]


class Tool:
    def __init__(self, path):
        self.path = str(path)

    def run(self, command, table, *arguments):
        """The rows of --json, as dicts."""
        words = [self.path, command, str(table), *(str(argument) for argument in arguments), "--json"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise ToolError(done.returncode, _error_object(done, words))
        return [json.loads(line) for line in done.stdout.splitlines()]

    def one(self, command, table, *arguments):
        (row,) = self.run(command, table, *arguments)
        return row

    def append(self, table, *files):
        """The id of the new snapshot."""
        row = self.one("append", table, *files)
        assert row["committed"] is True
        return row["snapshot_id"]

    def plan(self, table, filter=True, snapshot_id=None):
        """The paths of the data files to read, verbatim, sorted."""
        arguments = ["--filter", to_filter_text(filter)]
        if snapshot_id is not None:
            arguments += ["--snapshot", snapshot_id]
        return sorted(row["file_path"] for row in self.run("files", table, *arguments))

    def metadata(self, table):
        """The newest metadata file's JSON, read from the folder itself."""
        version = self.one("show", table)["version"]
        return json.loads((pathlib.Path(table) / "metadata" / f"v{version}.metadata.json").read_text())


def _error_object(done, words):
    lines = done.stderr.splitlines()
    try:
        return json.loads(lines[-1])["error"]
    except (IndexError, ValueError, KeyError, TypeError):
        # A crash, or an error that is not in the form that is promised.
        raise AssertionError(f"status {done.returncode} without an error object: {words}\n{done.stderr}") from None
