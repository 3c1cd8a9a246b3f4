"""The tables that the tests read, made by the tool from Parquet files. A sample keeps beside its folder what
was put into it, so that the tests have the truth without any reader.
"""

import dataclasses
import datetime
import decimal
import pathlib
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.table import StaticTable

from lakehouse import text

FLIGHTS_FOLDER = pathlib.Path(__file__).resolve().parents[3] / "examples" / "data"


@dataclasses.dataclass
class Sample:
    name: str
    folder: pathlib.Path
    # Each snapshot's rows, oldest first.
    snapshots: dict[int, pa.Table]
    current_snapshot_id: int

    @property
    def rows(self):
        return self.snapshots[self.current_snapshot_id]


def flight_files():
    """From January 2013 to January 2014."""
    files = sorted(FLIGHTS_FOLDER.glob("flights-*.parquet"))
    assert len(files) == 13, f"the flights are missing in {FLIGHTS_FOLDER}"
    return files


def _read(files):
    return pa.concat_tables(pq.read_table(file) for file in files)


def _create_flights(tool, folder):
    tool.one("create", folder, "--like", flight_files()[0], "--partition", "month(time_hour)")


def months_of_flights(tool, folder, count):
    """The folder of a table with a commit for each of the first months."""
    _create_flights(tool, folder)
    for file in flight_files()[:count]:
        tool.append(folder, file)
    return folder


def flights(tool, folder):
    """Three commits of one, three and nine files; before the third the schema gets a column that no file has."""
    files = flight_files()
    _create_flights(tool, folder)
    first = tool.append(folder, files[0])
    second = tool.append(folder, *files[1:4])
    tool.one("evolve", folder, "--add", "note string")
    third = tool.append(folder, *files[4:])
    rows = {first: _read(files[:1]), second: _read(files[:4]), third: _read(files)}
    return Sample("flights", folder, rows, third)


def rolled_back_flights(tool, folder):
    """January and February, back to January alone, then March."""
    files = flight_files()
    _create_flights(tool, folder)
    first = tool.append(folder, files[0])
    second = tool.append(folder, files[1])
    row = tool.one("rollback", folder, "--to", first)
    assert (row["committed"], row["snapshot_id"]) == (True, first)
    third = tool.append(folder, files[2])
    rows = {first: _read(files[:1]), second: _read(files[:2]), third: _read([files[0], files[2]])}
    return Sample("rolled back flights", folder, rows, third)


def merged_flights(tool, folder):
    """A commit for each of seven months, which merge three manifests into one, among them merged ones."""
    files = flight_files()[:7]
    _create_flights(tool, folder)
    tool.one("set", folder, "--table-property", "commit.manifest.min-count-to-merge=3")
    rows = {tool.append(folder, file): _read(files[: i + 1]) for i, file in enumerate(files)}
    newest = StaticTable.from_metadata(str(folder))
    assert len(newest.current_snapshot().manifests(newest.io)) <= 3
    return Sample("merged flights", folder, rows, list(rows)[-1])


def flights_in_one_version(lakehouse, folder):
    """One commit of three appends, of one, three and nine files: one version with three snapshots."""
    files = flight_files()
    groups = [files[:1], files[1:4], files[4:]]
    runtime = lakehouse.make("runtime", "runtime_open", None)
    storage = lakehouse.make("storage", "storage_open", runtime, *text(str(folder.parent)), None)
    (folder / "data").mkdir(parents=True)
    for file in files:
        shutil.copy(file, folder / "data")
    schema = lakehouse.take("schema", "schema_inspect", storage, *text(f"{folder.name}/data/{files[0].name}"), None)
    spec = lakehouse.make("partition_spec", "partition_spec_parse", schema, *text("month(time_hour)"))
    table = lakehouse.make("table", "table_create", storage, *text(folder.name), schema, spec, None)
    for group in groups:
        table = lakehouse.append(table, [f"data/{file.name}" for file in group])
    lakehouse.take("table", "table_commit", table, None)
    ids = [snapshot.snapshot_id for snapshot in StaticTable.from_metadata(str(folder)).snapshots()]
    rows = {ids[i]: _read(sum(groups[: i + 1], [])) for i in range(3)}
    return Sample("flights in one version", folder, rows, ids[-1])


MIXED_SCHEMA = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("id", pa.int64(), nullable=False),
        ("name", pa.string()),
        ("price", pa.float64()),
        ("weight", pa.float32()),
        ("day", pa.date32()),
        ("at", pa.timestamp("us")),
        ("amount", pa.decimal128(9, 2)),
        ("ok", pa.bool_()),
    ]
)

NAN = float("nan")
LONG = "a name far longer than sixteen characters, "

# The rows in groups of one file each, as an unpartitioned table has them: ordinary values; nulls and NaNs among values;
# nothing but nulls; nothing but NaNs; below zero, before 1970 and both zeroes; text that is long, empty or not ASCII;
# one value throughout.
MIXED_ROWS = [
    [
        (1, "apple", 1.5, 0.5, "2013-07-01", "2013-07-01T00:00:00", "1.50", True),
        (2, "apricot", 2.5, 1.5, "2013-07-02", "2013-07-01T12:30:00", "2.50", False),
        (3, "banana", 3.5, 2.5, "2013-07-03", "2013-07-02T23:59:59.999999", "3.50", True),
    ],
    [
        (10, None, 10.0, NAN, None, "2013-08-01T00:00:00", None, None),
        (11, "cherry", None, 4.0, "2013-08-01", None, "11.00", True),
        (12, "date", NAN, None, "2013-08-02", "2013-08-02T00:00:00", "12.00", False),
    ],
    [
        (21, None, None, None, None, None, None, None),
        (22, None, None, None, None, None, None, None),
    ],
    [
        (31, "elder", NAN, NAN, "2014-01-01", "2014-01-01T00:00:00", "31.00", True),
        (32, "elder", NAN, NAN, "2014-01-01", "2014-01-01T00:00:00", "32.00", True),
    ],
    [
        (-5, "fig", -0.0, -0.0, "1969-12-31", "1969-12-31T23:59:59.999999", "-0.01", False),
        (-4, "fig", 0.0, 0.0, "1969-12-31", "1969-12-31T23:00:00", "0.00", False),
        (-4, "grape", -7.25, -7.25, "1900-02-28", "1900-02-28T00:00:00", "-9999999.99", False),
    ],
    [
        (1000, "", 1e300, 1e30, "2299-12-31", "2262-01-01T00:00:00", "9999999.99", True),
        (1001, "été", -1e300, -1e30, "2013-07-01", "2013-07-01T00:00:00", "0.10", None),
        (1001, "it's", 0.1, 0.1, "2013-07-01", "2013-07-01T00:00:00", "0.10", None),
        (1002, LONG + "one", 0.1, 0.1, "2013-07-01", "2013-07-01T00:00:00", "0.10", None),
        (1002, LONG + "two", 0.1, 0.1, "2013-07-01", "2013-07-01T00:00:00", "0.10", None),
    ],
    [
        (42, "same", 42.0, 42.0, "2020-02-29", "2020-02-29T12:00:00", "42.00", True),
        (42, "same", 42.0, 42.0, "2020-02-29", "2020-02-29T12:00:00", "42.00", True),
    ],
]


def _mixed_row(number, id, name, price, weight, day, at, amount, ok):
    return {
        "row": number,
        "id": id,
        "name": name,
        "price": price,
        "weight": weight,
        "day": day and datetime.date.fromisoformat(day),
        "at": at and datetime.datetime.fromisoformat(at),
        "amount": amount and decimal.Decimal(amount),
        "ok": ok,
    }


def _groups_as_written(group, row):
    return group


# How rows are divided into files, so that each file lies in one partition, which its footer alone proves: a bucket shows
# only where all values are the same.
MIXED_PARTITIONS = {
    "": _groups_as_written,
    "id": lambda group, row: row["id"],
    "bucket(4, id)": lambda group, row: row["id"],
    "truncate(10, id)": lambda group, row: row["id"] // 10,
    "bucket(3, name)": lambda group, row: row["name"],
    "truncate(3, name)": lambda group, row: row["name"] and row["name"][:3],
    "day": lambda group, row: row["day"],
    "year(day)": lambda group, row: row["day"] and row["day"].year,
    "hour(at)": lambda group, row: row["at"] and row["at"].replace(minute=0, second=0, microsecond=0),
    "amount, truncate(2, name)": lambda group, row: (row["amount"], row["name"] and row["name"][:2]),
}


def mixed(tool, folder, partition, files_folder):
    """Two commits; the first has half of the files."""
    groups = {}
    for group, rows in enumerate(MIXED_ROWS):
        for values in rows:
            row = _mixed_row(sum(map(len, groups.values())), *values)
            groups.setdefault(MIXED_PARTITIONS[partition](group, row), []).append(row)
    tables = [pa.Table.from_pylist(rows, MIXED_SCHEMA) for rows in groups.values()]
    files = []
    for number, table in enumerate(tables):
        files.append(files_folder / f"{number}.parquet")
        pq.write_table(table, files[-1])

    spec = ["--partition", partition] if partition else []
    tool.one("create", folder, "--like", files[0], *spec)
    half = len(files) // 2
    first = tool.append(folder, *files[:half])
    second = tool.append(folder, *files[half:])
    rows = {first: pa.concat_tables(tables[:half]), second: pa.concat_tables(tables)}
    return Sample(partition, folder, rows, second)
