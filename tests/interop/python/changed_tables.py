"""Makes a table of each format version and has the tool change it in every way that removes rows, for scripts/interop-spark.

    python changed_tables.py TOOL FOLDER

Writes FOLDER/changed.json: what spark_check.py is to find.
"""

import json
import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet as pq

from tool import Tool


def write(path, p, ids):
    pq.write_table(pa.table({"p": pa.array([p] * len(ids), pa.int32()), "id": pa.array(ids, pa.int64())}), path)
    return path


def changed_table(tool, folder, version):
    folder.mkdir(parents=True)
    table = folder / "numbers"
    files = {p: write(folder / f"{p}.parquet", p, list(range(10 * p, 10 * p + 6))) for p in range(5)}
    tool.one("create", table, "--like", files[0], "--partition", "p", "--format-version", version)
    tool.append(table, *files.values())
    rows = {(p, 10 * p + i) for p in range(5) for i in range(6)}
    steps = []

    def step(command, *arguments):
        row = tool.one(command, table, *arguments)
        steps.append({"snapshot_id": row["snapshot_id"], "count": len(rows)})

    def path_of(p):
        return next(row["file_path"] for row in tool.run("files", table, "--with-deletes") if row["partition"]["p"] == p)

    rows -= {(1, 10), (1, 13)}
    step("delete-rows", path_of(1), 0, 3)
    rows -= {(1, 15), (2, 20)}
    step("delete-rows", path_of(1), 5)
    steps.pop()  # of which the next line's rows are not gone yet
    step("delete-rows", path_of(2), 0)
    rows -= {row for row in rows if row[0] == 3}
    step("delete", "--where", "p = 3", "--yes")
    rows = {row for row in rows if row[0] != 4} | {(4, 400)}
    step("overwrite", write(folder / "new.parquet", 4, [400]), "--replace-partitions")
    step("rewrite-manifests")
    if version == 2:
        tool.one("upgrade", table, "--to", 3)
        rows -= {(0, 1)}
        step("delete-rows", path_of(0), 1)
    # As many rows as there should be, and each of these: so they are the same.
    each = " or ".join(f"p = {p} and id = {id}" for p, id in sorted(rows))
    return {"table": str(table), "count": len(rows), "travel": steps, "filters": [{"where": each, "count": len(rows)}]}


def main():
    tool, folder = Tool(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    expectations = [changed_table(tool, folder / f"v{version}", version) for version in (2, 3)]
    (folder / "changed.json").write_text(json.dumps(expectations))


if __name__ == "__main__":
    main()
