"""Opens a table by its folder in Spark and compares what it sees with expectations.

    python spark_check.py --jar iceberg-spark-runtime-4.1_2.13-1.12.0.jar TABLE EXPECTATIONS.json

EXPECTATIONS.json, in which every key may be left out:
  {"count": 336776, "columns": ["year", …], "snapshots": [ID, …],
   "travel": [{"snapshot_id": ID, "count": 26865}, {"as_of_ms": 1700000000000, "count": 26865}, …],
   "filters": [{"where": "carrier = 'UA'", "count": 58665}, …]}

Prints a line for each difference. Exit status: 0 none, 1 some, 2 the expectations could not be read.
"""

import argparse
import datetime
import json
import pathlib
import sys


def session(jar):
    from pyspark.sql import SparkSession

    return (
        SparkSession.builder.master("local[1]")
        .appName("spark_check")
        .config("spark.jars", str(jar))
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", type=pathlib.Path, required=True, help="iceberg-spark-runtime")
    parser.add_argument("table", type=pathlib.Path, help="the table's folder")
    parser.add_argument("expectations", type=pathlib.Path)
    arguments = parser.parse_args()
    try:
        expected = json.loads(arguments.expectations.read_text())
    except (OSError, ValueError) as error:
        print(f"{arguments.expectations}: {error}", file=sys.stderr)
        return 2

    spark = session(arguments.jar.resolve())
    looked = different = 0
    for what, should, found in observations(spark, f"file://{arguments.table.resolve()}", expected):
        looked += 1
        if found != should:
            different += 1
            print(f"{what}: expected {should}, found {found}")
    spark.stop()
    print(f"{looked - different} passed, {different} failed")
    # Nothing looked at is nothing shown.
    return 1 if different or not looked else 0


if __name__ == "__main__":
    sys.exit(main())
