"""The commands that change a table, each with the table it starts from, and what can be read of that table."""

import copy
import dataclasses
import hashlib
import pathlib
import shutil
import subprocess
import urllib.parse

from sample_tables import flight_files
from tool import Tool, ToolError

COMMANDS = ["create", "append", "evolve"]

# One thread does all that the library does with files, so that the calls come in the same order in every run.
ONE_THREAD = ["--set", "runtime.io-threads=1", "--set", "runtime.blocking-threads=1"]


@dataclasses.dataclass(frozen=True)
class State:
    """What the table holds, verbatim; of each data file its content too, as "sha256"."""

    history: list
    schema: list
    files: list

    def without_random(self):
        """What is the same whenever the same was done."""
        history, files = copy.deepcopy((self.history, self.files))
        for row in history:
            for key in ("snapshot_id", "parent_snapshot_id", "timestamp_ms", "manifest_list"):
                del row[key]
            del row["summary"]["evodb.change"]
        for row in files:
            del row["file_path"]
        return history, self.schema, sorted(files, key=str)


class Scenario:
    def __init__(self, tool_path, command, folder):
        self.tool = Tool(tool_path)
        self.table = folder / "table"
        self.log = folder / "strace.log"
        self._before = folder / "before"
        january, february = flight_files()[:2]
        create = ["--like", january, "--partition", "month(time_hour)"]
        if command != "create":
            self.tool.one("create", self.table, *create)
            # Where the file stays, the table has no folder for data yet: to make it is part of the next append.
            self.tool.one("append", self.table, "--in-place", january)
            self.table.rename(self._before)
        arguments = {"create": create, "append": [february], "evolve": ["--add", "note string"]}[command]
        help_text = subprocess.check_output([self.tool.path, command, "--help"], text=True)
        self.has_key = "--idempotency-key" in help_text
        if self.has_key:
            arguments = [*arguments, "--idempotency-key", "app:1"]
        self.words = [self.tool.path, command, *map(str, [self.table, *arguments]), "--json", *ONE_THREAD]

    def reset(self):
        """Restores the table that the command starts from; a copy elsewhere could not be committed to."""
        shutil.rmtree(self.table, ignore_errors=True)
        if self._before.exists():
            shutil.copytree(self._before, self.table)

    def read(self):
        """The State; None where there is no table."""
        try:
            state = State(*(self.tool.run(command, self.table) for command in ("history", "schema", "files")))
        except ToolError as error:
            if error.name == "NOT_FOUND":
                return None
            raise
        for row in state.files:
            content = pathlib.Path(urllib.parse.urlsplit(row["file_path"]).path).read_bytes()
            assert len(content) == row["file_size_in_bytes"], f"not whole: {row['file_path']}"
            row["sha256"] = hashlib.sha256(content).hexdigest()
        return state
