"""Manifests and manifest lists as plain dicts, decoded by fastavro and nothing else."""

import json
import re

import fastavro


def local_path(location):
    """The path of a `file:` location. What follows is verbatim, never percent-decoded."""
    return re.sub("^file:(//)?", "", location)


def read(location):
    """{"metadata": the file's key-value metadata as text, "schema": the writer's schema, "records": […]}."""
    with open(local_path(location), "rb") as file:
        return decode(file)


def decode(file):
    """The same, of an open file."""
    reader = fastavro.reader(file)
    schema = json.loads(reader.metadata["avro.schema"])
    records = [_plain(record, schema) for record in reader]
    return {"metadata": dict(reader.metadata), "schema": schema, "records": records}


def field_ids(schema, prefix=""):
    """Dotted field name to field id, over the whole Avro schema."""
    schema = _not_null(schema)
    ids = {}
    if isinstance(schema, dict) and schema["type"] == "record":
        for field in schema["fields"]:
            ids[prefix + field["name"]] = field.get("field-id")
            ids.update(field_ids(field["type"], prefix + field["name"] + "."))
    elif isinstance(schema, dict) and schema["type"] == "array":
        if "element-id" in schema:
            ids[prefix + "element"] = schema["element-id"]
            prefix += "element."
        ids.update(field_ids(schema["items"], prefix))
    return ids


def _not_null(schema):
    if isinstance(schema, list):
        (schema,) = [branch for branch in schema if branch != "null"]
    return schema


def _plain(value, schema):
    """Turns Iceberg's maps with integer keys, which Avro holds as arrays of key and value, into dicts."""
    schema = _not_null(schema)
    if value is None or not isinstance(schema, dict):
        return value
    if schema["type"] == "record":
        return {field["name"]: _plain(value[field["name"]], field["type"]) for field in schema["fields"]}
    if schema["type"] == "array":
        items = [_plain(item, schema["items"]) for item in value]
        if schema.get("logicalType") == "map":
            return {item["key"]: item["value"] for item in items}
        return items
    return value
