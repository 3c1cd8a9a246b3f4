"""Eight processes append under kill -9 at random, one of them with a clock two minutes slow, each repeating what it was not told
of under the same idempotency key: every key is there exactly once, and other engines open the table.

EVODB_KILL_SECONDS says how long it goes on (30)."""

import collections
import concurrent.futures
import json
import os
import pathlib
import random
import subprocess
import time

import pyarrow as pa
import pyarrow.parquet as pq

import pyiceberg_reader

WRITERS = 8
ROWS = 3
SEED = random.randrange(1 << 32)


class Writer:
    """One caller: it starts a process for every try, and kills some."""

    def __init__(self, tool, table, file, number, environment):
        self.environment = environment
        self.words = [tool.path, "append", str(table), str(file), "--json", "--idempotency-key"]
        self.number = number
        self.dice = random.Random(SEED + number)
        self.acknowledged = 0
        self.kills = 0

    def try_once(self, may_kill):
        """Whether the next key was acknowledged."""
        process = subprocess.Popen([*self.words, f"writer{self.number}:{self.acknowledged + 1}"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment)
        if may_kill and self.dice.random() < 0.6:
            time.sleep(self.dice.uniform(0, 0.15))
            process.kill()
        out, err = process.communicate()
        if process.returncode == -9:
            self.kills += 1
            return False
        assert process.returncode in (0, 3), err
        if process.returncode == 0:
            assert json.loads(out)["committed"] in (True, False)
            self.acknowledged += 1
        return process.returncode == 0

    def run(self, until):
        while time.monotonic() < until:
            self.try_once(may_kill=True)
        while not self.try_once(may_kill=False):
            pass
        return self


def test_killed_processes(tool, java, duckdb, slow_clock, tmp_path):
    print(f"seed {SEED}")
    table = tmp_path / "table"
    files = []
    for number in range(WRITERS):
        files.append(tmp_path / f"{number}.parquet")
        pq.write_table(pa.table({"id": pa.array([number] * ROWS, pa.int64())}), files[-1])
    tool.one("create", table, "--like", files[0])
    until = time.monotonic() + float(os.environ.get("EVODB_KILL_SECONDS", "30"))
    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(Writer(tool, table, file, number, None if number else slow_clock).run, until)
                   for number, file in enumerate(files)]
        writers = [writer.result() for writer in writers]
    print(f"{sum(w.acknowledged for w in writers)} acknowledged, {sum(w.kills for w in writers)} killed")
    assert sum(w.kills for w in writers) > 20

    history = tool.run("history", table)
    keys = collections.Counter((key, value) for row in history for key, value in row["summary"].items() if key.startswith("evodb.app."))
    assert keys == {(f"evodb.app.writer{w.number}", str(n)): 1 for w in writers for n in range(1, w.acknowledged + 1)}
    parents = [row["parent_snapshot_id"] for row in history]
    assert parents == [None] + [row["snapshot_id"] for row in history][:-1]
    versions = sorted(int(path.name[1:].split(".")[0]) for path in pathlib.Path(table, "metadata").glob("v*.metadata.json"))
    assert versions == list(range(1, len(versions) + 1))

    expected = sorted(w.number for w in writers for _ in range(ROWS * w.acknowledged))
    assert sorted(row["id"] for row in java.rows(table)) == expected
    assert sorted(duckdb.rows(table).column("id").to_pylist()) == expected
    newest = table / "metadata" / f"v{versions[-1]}.metadata.json"
    assert sorted(pyiceberg_reader.rows(newest).column("id").to_pylist()) == expected
