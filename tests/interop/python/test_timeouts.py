"""An append that times out is reported with its outcome: in the table with its files, not there, or unknown with a token."""

import pyarrow as pa
import pyarrow.parquet as pq

from tool import ToolError


def test_appends_that_run_out_of_time(tool, tmp_path):
    table, file = tmp_path / "table", tmp_path / "1.parquet"
    pq.write_table(pa.table({"id": pa.array([1], pa.int64())}), file)
    tool.one("create", table, "--like", file)
    outcomes = {}
    for sequence in range(1, 121):
        try:
            tool.one("append", table, file, "--timeout", f"{sequence % 33}ms", "--idempotency-key", f"job:{sequence}")
            outcomes[sequence] = 0
        except ToolError as failed:
            outcomes[sequence] = failed.status
    there = {int(row["summary"]["evodb.app.job"]) for row in tool.run("history", table)}
    assert {sequence for sequence, status in outcomes.items() if status == 0} <= there
    assert not {sequence for sequence, status in outcomes.items() if status == 1} & there
    assert 0 < sum(status == 1 for status in outcomes.values()) < len(outcomes)
    assert tool.run("verify", table, "--data") == []
