"""Callers that append by processes of the tool and kill some of them, repeating appends without an acknowledgement under the
same idempotency key."""

import collections
import concurrent.futures
import json
import os
import random
import subprocess
import time

import pyarrow as pa
import pyarrow.parquet as pq

WRITERS = 8
ROWS = 3
SEED = random.randrange(1 << 32)


class Writer:
    """One caller: it starts a process for every try, and kills some."""

    def __init__(self, tool, table, file, number, environment):
        self.environment = environment
        self.words = [tool, "append", str(table), str(file), "--json", "--idempotency-key"]
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


def make_files(folder):
    """One for each writer, with its number in every row."""
    for number in range(WRITERS):
        pq.write_table(pa.table({"id": pa.array([number] * ROWS, pa.int64())}), folder / f"{number}.parquet")
    return [folder / f"{number}.parquet" for number in range(WRITERS)]


def run_writers(tool, table, files, environments):
    """All at once, for EVODB_KILL_SECONDS (30)."""
    print(f"seed {SEED}")
    until = time.monotonic() + float(os.environ.get("EVODB_KILL_SECONDS", "30"))
    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(Writer(tool, table, file, number, environments[number]).run, until) for number, file in enumerate(files)]
        writers = [writer.result() for writer in running]
    print(f"{sum(w.acknowledged for w in writers)} acknowledged, {sum(w.kills for w in writers)} killed")
    assert sum(w.kills for w in writers) > 20
    return writers


def check_history(history, writers):
    """Every key is there once, and the history is one line."""
    keys = collections.Counter((key, value) for row in history for key, value in row["summary"].items() if key.startswith("evodb.app."))
    assert keys == {(f"evodb.app.writer{w.number}", str(n)): 1 for w in writers for n in range(1, w.acknowledged + 1)}
    assert [row["parent_snapshot_id"] for row in history] == [None] + [row["snapshot_id"] for row in history][:-1]


def expected_ids(writers):
    return sorted(w.number for w in writers for _ in range(ROWS * w.acknowledged))
