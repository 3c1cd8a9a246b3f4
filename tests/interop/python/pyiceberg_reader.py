"""What PyIceberg sees in a table that is opened by its folder or by one of its metadata files."""

import json

from pyiceberg.table import StaticTable

from filters import to_pyiceberg


def describe(location):
    """The table's metadata in the specification's own JSON, as PyIceberg understood it."""
    return json.loads(StaticTable.from_metadata(str(location)).metadata.model_dump_json())


def plan(location, filter=True, snapshot_id=None):
    """The paths of the data files to read, verbatim, sorted."""
    table = StaticTable.from_metadata(str(location))
    scan = table.scan(row_filter=to_pyiceberg(filter), snapshot_id=snapshot_id)
    return sorted(task.file.file_path for task in scan.plan_files())


def rows(location, filter=True, snapshot_id=None):
    table = StaticTable.from_metadata(str(location))
    return table.scan(row_filter=to_pyiceberg(filter), snapshot_id=snapshot_id).to_arrow()
