"""Eight processes append under kill -9 at random, one of them with a clock two minutes slow: every key is there exactly once,
and other engines open the table.

EVODB_KILL_SECONDS says how long it goes on (30)."""

import pathlib

import killed_writers
import pyiceberg_reader


def test_killed_processes(tool, java, duckdb, slow_clock, tmp_path):
    table = tmp_path / "table"
    files = killed_writers.make_files(tmp_path)
    tool.one("create", table, "--like", files[0])
    environments = [slow_clock] + [None] * (killed_writers.WRITERS - 1)
    writers = killed_writers.run_writers(tool.path, table, files, environments)
    killed_writers.check_history(tool.run("history", table), writers)
    versions = sorted(int(path.name[1:].split(".")[0]) for path in pathlib.Path(table, "metadata").glob("v*.metadata.json"))
    assert versions == list(range(1, len(versions) + 1))

    expected = killed_writers.expected_ids(writers)
    assert sorted(row["id"] for row in java.rows(table)) == expected
    assert sorted(duckdb.rows(table).column("id").to_pylist()) == expected
    newest = table / "metadata" / f"v{versions[-1]}.metadata.json"
    assert sorted(pyiceberg_reader.rows(newest).column("id").to_pylist()) == expected
