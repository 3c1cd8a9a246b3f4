"""Eight processes append to one table, one of them with a clock two minutes slow: what was acknowledged is there exactly once, and so
is what all of them append under one key."""

import concurrent.futures
import json
import os
import pathlib
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq

PROCESSES = 8
APPENDS = 5


def append(tool, table, file, environment):
    done = subprocess.run([tool, "append", str(table), str(file), "--json"], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)
    assert row["committed"]
    return row["snapshot_id"]


def test_eight_processes(java, slow_clock, tmp_path):
    tool = os.environ["EVODB_LAKEHOUSE_TOOL"]
    table = tmp_path / "table"
    files = []
    for writer in range(PROCESSES):
        file = tmp_path / f"{writer}.parquet"
        pq.write_table(pa.table({"id": pa.array([writer] * 3, pa.int64())}), file)
        files.append(file)
    subprocess.run([tool, "create", str(table), "--like", str(files[0])], check=True, capture_output=True)

    def write(writer):
        return [append(tool, table, files[writer], slow_clock if writer == 0 else None) for _ in range(APPENDS)]

    with concurrent.futures.ThreadPoolExecutor(PROCESSES) as pool:
        acknowledged = [snapshot for snapshots in pool.map(write, range(PROCESSES)) for snapshot in snapshots]
    assert len(set(acknowledged)) == PROCESSES * APPENDS

    history = [json.loads(line) for line in subprocess.check_output([tool, "history", str(table), "--json"], text=True).splitlines()]
    assert sorted(row["snapshot_id"] for row in history) == sorted(acknowledged)
    parent, time = None, 0
    for number, row in enumerate(history, start=1):
        assert (row["sequence_number"], row["parent_snapshot_id"]) == (number, parent)
        assert row["timestamp_ms"] > time
        parent, time = row["snapshot_id"], row["timestamp_ms"]

    rows = java.rows(table)
    assert sorted(row["id"] for row in rows) == sorted(writer for writer in range(PROCESSES) for _ in range(3 * APPENDS))
    leftovers = [path.name for path in pathlib.Path(table, "metadata").iterdir() if path.name.endswith(".tmp")]
    assert not leftovers


def test_one_key_from_eight_processes(tool, tmp_path):
    table, file = tmp_path / "table", tmp_path / "1.parquet"
    pq.write_table(pa.table({"id": pa.array([1], pa.int64())}), file)
    tool.one("create", table, "--like", file)
    for sequence in range(1, 6):
        with concurrent.futures.ThreadPoolExecutor(PROCESSES) as pool:
            appends = [pool.submit(tool.one, "append", table, file, "--idempotency-key", f"job:{sequence}") for _ in range(PROCESSES)]
            rows = [append.result() for append in appends]
        assert sorted(row["committed"] for row in rows) == [False] * (PROCESSES - 1) + [True]
        assert len({row["snapshot_id"] for row in rows}) == 1
    assert [row["summary"]["evodb.app.job"] for row in tool.run("history", table)] == ["1", "2", "3", "4", "5"]
    assert len(list(table.glob("data/*.parquet"))) == 5, "copies of files that were not committed stay"


def test_one_file_of_the_tables_folder_from_eight_processes(tool, tmp_path):
    table, file = tmp_path / "table", tmp_path / "1.parquet"
    pq.write_table(pa.table({"id": pa.array([1], pa.int64())}), file)
    tool.one("create", table, "--like", file)
    for number in range(5):
        own = table / "data" / f"{number}.parquet"
        own.parent.mkdir(exist_ok=True)
        own.write_bytes(file.read_bytes())
        command = [tool.path, "append", str(table), str(own), "--json"]
        processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
        refusals = [json.loads(process.communicate()[1])["error"] for process in processes if process.wait() != 0]
        assert [(error["name"], pathlib.Path(error["subject"]).name) for error in refusals] == [("ALREADY_EXISTS", own.name)] * (PROCESSES - 1)
    assert len(tool.run("history", table)) == len(tool.run("files", table)) == 5
