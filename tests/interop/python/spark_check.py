"""Opens tables by their folders in Spark and compares what it sees with expectations.

    python spark_check.py --jar iceberg-spark-runtime-4.1_2.13-1.12.0.jar EXPECTATIONS.json…

EXPECTATIONS.json, a list of tables, in which every key but the table's folder may be left out:
  [{"table": "/lake/flights", "count": 336776, "columns": ["year", …], "snapshots": [ID, …],
    "travel": [{"snapshot_id": ID, "count": 26865}, {"as_of_ms": 1700000000000, "count": 26865}, …],
    "filters": [{"where": "carrier = 'UA'", "count": 58665}, …],
    "values": {"year": [2013, …], …}}]                            all rows of each column, as plain_values.py has them

Prints a line for each difference. Exit status: 0 none, 1 some, 2 the expectations could not be read.
"""

import argparse
import datetime
import json
import os
import pathlib
import sys
import time

from plain_values import plain


def session(jar):
    from pyspark.sql import SparkSession

    return (
        SparkSession.builder.master("local[1]")
        .appName("spark_check")
        .config("spark.jars", str(jar))
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        # Times in filters and answers are then UTC.
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )


def load(spark, location, **options):
    return spark.read.format("iceberg").options(**options).load(location)


def travel_options(step):
    if "snapshot_id" in step:
        return {"versionAsOf": str(step["snapshot_id"])}
    # Text, because a number would be whole seconds.
    time = datetime.datetime.fromtimestamp(step["as_of_ms"] // 1000, datetime.timezone.utc)
    return {"timestampAsOf": f"{time:%Y-%m-%d %H:%M:%S}.{step['as_of_ms'] % 1000:03}"}


def to_python(type, value):
    """As PyArrow gives it: structs as dicts, maps as lists of pairs, timestamps in UTC."""
    from pyspark.sql import types

    match type:
        case _ if value is None:
            return None
        case types.StructType():
            return {field.name: to_python(field.dataType, value[i]) for i, field in enumerate(type.fields)}
        case types.ArrayType():
            return [to_python(type.elementType, element) for element in value]
        case types.MapType():
            return [(to_python(type.keyType, key), to_python(type.valueType, item)) for key, item in value.items()]
        case types.TimestampType():
            return value.replace(tzinfo=datetime.timezone.utc)
        case types.BinaryType():
            return bytes(value)
    return value


def without_nested(frame):
    """Iceberg reads these in batches, and by other code a table with nested columns."""
    from pyspark.sql import functions, types

    nested = types.StructType, types.ArrayType, types.MapType
    flat = [field.name.replace("`", "``") for field in frame.schema if not isinstance(field.dataType, nested)]
    return frame.select([functions.col(f"`{name}`") for name in flat])


def values_of(frame):
    rows = [to_python(frame.schema, row) for row in frame.collect()]
    return {name: [plain(row[name]) for row in rows] for name in frame.columns}


def observations(spark, location, expected):
    """What was looked at, what should be there, what is there."""
    if "count" in expected:
        yield "count", expected["count"], load(spark, location).count()
    if "columns" in expected:
        yield "columns", expected["columns"], load(spark, location).columns
    if "snapshots" in expected:
        rows = load(spark, location + "#snapshots").orderBy("committed_at").collect()
        yield "snapshots", expected["snapshots"], [row.snapshot_id for row in rows]
    for step in expected.get("travel", []):
        options = travel_options(step)
        yield f"count at {options}", step["count"], load(spark, location, **options).count()
    for step in expected.get("filters", []):
        yield f"count where {step['where']}", step["count"], load(spark, location).where(step["where"]).count()
    if "values" in expected:
        frame = load(spark, location)
        yield "columns", list(expected["values"]), frame.columns
        for way, part in (" among all", frame), (" in batches", without_nested(frame)):
            for name, values in values_of(part).items():
                yield f"values of {name!r}{way}", expected["values"].get(name), values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", type=pathlib.Path, required=True, help="iceberg-spark-runtime")
    parser.add_argument("expectations", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    tables = []
    for path in arguments.expectations:
        try:
            tables += json.loads(path.read_text())
        except (OSError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 2

    os.environ["TZ"] = "UTC"  # Spark returns timestamps in the time zone of the process
    time.tzset()
    spark = session(arguments.jar.resolve())
    looked = different = 0
    for expected in tables:
        location = pathlib.Path(expected["table"]).resolve()
        print(f"{location.name}: {len(expected.get('values', []))} columns" if "values" in expected else location.name, flush=True)
        for what, should, found in observations(spark, f"file://{location}", expected):
            looked += 1
            if found != should:
                different += 1
                print(f"{location.name}: {what}: expected {should}, found {found}")
    spark.stop()
    print(f"{looked - different} passed, {different} failed")
    # Nothing looked at is nothing shown.
    return 1 if different or not looked else 0


if __name__ == "__main__":
    sys.exit(main())
