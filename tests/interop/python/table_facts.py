"""What two readings of one table must have in common, and a spelling in which equal readings are equal."""

FACTS = [
    "format-version",
    "table-uuid",
    "location",
    "last-sequence-number",
    "last-updated-ms",
    "last-column-id",
    "current-schema-id",
    "schemas",
    "default-spec-id",
    "partition-specs",
    "last-partition-id",
    "default-sort-order-id",
    "sort-orders",
    "properties",
    "current-snapshot-id",
    "snapshots",
    "snapshot-log",
    "metadata-log",
    "refs",
]


def facts(metadata):
    """The facts of the specification's table metadata JSON."""
    return {name: _normal(metadata.get(name)) for name in FACTS}


def schema_facts(schema):
    return _normal(schema)


def _normal(value):
    """Without what may be left out as well as written: nulls, the empty list of identifier fields, the space in decimal(9, 2)."""
    if isinstance(value, dict):
        kept = {key: _normal(part) for key, part in value.items() if part is not None}
        if kept.get("identifier-field-ids") == []:
            del kept["identifier-field-ids"]
        return kept
    if isinstance(value, list):
        return [_normal(part) for part in value]
    if isinstance(value, str) and value.startswith("decimal("):
        return value.replace(" ", "")
    return value
