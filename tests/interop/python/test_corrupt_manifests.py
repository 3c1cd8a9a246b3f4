"""Every byte of a manifest flipped, left out and doubled: what we read then is what fastavro reads, or we refuse.

The mutated manifests go through the program manifest_dump (EVODB_MANIFEST_DUMP). An entry that differs from fastavro's, and an entry where
fastavro refuses, are failures. Refusing where fastavro reads on is allowed, for a reason that is counted.
"""

import collections
import io
import json
import os
import struct
import subprocess

import fastavro
import fastavro.read
import pytest

ADDED = 1
DELETED = 2
SEQUENCE_NUMBER, SNAPSHOT_ID, FIRST_ROW_ID = 7, 99, 1000  # as manifest_dump has them inherited
NOT_KNOWN = -1  # whatever is negative
REQUIRED = object()

MUTATIONS = {
    "flipped": lambda data, i: data[:i] + bytes([data[i] ^ (1 << (i % 8))]) + data[i + 1 :],
    "left out": lambda data, i: data[:i] + data[i + 1 :],
    "doubled": lambda data, i: data[: i + 1] + data[i:],
}


@pytest.fixture(scope="module")
def dump():
    path = os.environ.get("EVODB_MANIFEST_DUMP")
    if not path or not os.path.isfile(path):
        raise FileNotFoundError(f"EVODB_MANIFEST_DUMP must be the path of the program manifest_dump, not {path!r}")
    return path


@pytest.fixture(autouse=True)
def without_logical_types(monkeypatch):
    """Dates beyond Python's years are no error of the manifest."""
    for name in list(fastavro.read.LOGICAL_READERS):
        monkeypatch.delitem(fastavro.read.LOGICAL_READERS, name)


@pytest.mark.parametrize("codec", ["null", "deflate"])
def test_every_byte(dump, codec, tmp_path, capsys):
    manifest = subprocess.run([dump, "--sample", codec], check=True, capture_output=True).stdout
    counts = collections.Counter()
    worse = []
    for name, mutate in MUTATIONS.items():
        paths = []
        for i in range(len(manifest)):
            path = tmp_path / f"{i}.avro"
            path.write_bytes(mutate(manifest, i))
            paths.append(path)
        given = "".join(f"{path}\n" for path in paths)
        answers = subprocess.run([dump], input=given, check=True, capture_output=True, text=True).stdout.splitlines()
        assert len(answers) == len(paths), "manifest_dump did not survive"
        for i, (path, answer) in enumerate(zip(paths, answers)):
            outcome = compare(json.loads(answer), path)
            counts[outcome] += 1
            if outcome.startswith("worse"):
                worse.append((name, i, outcome, answer[:300]))
    with capsys.disabled():
        print(f"\n{codec}, {len(manifest)} bytes: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
    assert counts["equal entries"] > 0 and counts["both refuse"] > 0
    assert not worse, worse[:10]


def test_the_manifest_itself(dump, tmp_path):
    for codec in ("null", "deflate"):
        path = tmp_path / f"{codec}.avro"
        path.write_bytes(subprocess.run([dump, "--sample", codec], check=True, capture_output=True).stdout)
        ours = json.loads(subprocess.run([dump, path], check=True, capture_output=True, text=True).stdout)
        assert len(ours["entries"]) == 3
        assert [normal(e) for e in ours["entries"]] == read_entries(path)


def compare(ours, path):
    try:
        theirs = read_entries(path)
    except Exception as problem:  # whatever fastavro throws at damaged bytes is a refusal
        theirs = problem
    if "error" in ours:
        assert ours["error"] in ("CORRUPT", "UNSUPPORTED", "RESOURCE_EXHAUSTED"), ours
        assert ours["subject"] == str(path), "an error names the file"
        if isinstance(theirs, Exception):
            return "both refuse"
        return "we alone refuse: " + ours["message"].split(":")[0]
    if isinstance(theirs, Exception):
        return f"worse: fastavro alone refuses: {type(theirs).__name__}: {theirs}"
    if [normal(e) for e in ours["entries"]] == theirs:
        return "equal entries"
    return f"worse: entries differ: {theirs}"


def normal(entry):
    """Our entry without the fields that have no statistics."""
    entry["metrics"] = {int(k): v for k, v in entry["metrics"].items() if any(x is not None for x in v)}
    return entry


def read_entries(path):
    """What fastavro reads, fields found by field id, in manifest_dump's form."""
    reader = fastavro.reader(io.BytesIO(path.read_bytes()))
    schema = json.loads(reader.metadata["avro.schema"])
    entry_names = names_by_id(schema)
    file_names = names_by_id(field_type(schema, entry_names[2]))
    file_schema = field_type(schema, entry_names[2])
    partition_names = []
    if 102 in file_names:
        partition_names = [f["name"] for f in field_type(file_schema, file_names[102])["fields"]]
    next_row_id = FIRST_ROW_ID
    result = []
    for record in reader:
        entry = Fields(record, entry_names)
        file = Fields(entry.get(2), file_names)
        status = entry.get(0)
        added = status == ADDED
        sequence_number = entry.get(3, SEQUENCE_NUMBER if added else REQUIRED) if 3 in entry_names else 0
        fallback = SEQUENCE_NUMBER if added else sequence_number
        record_count = max(file.get(103), NOT_KNOWN)
        first_row_id = file.get(142, None)
        if first_row_id is not None and first_row_id < 0:
            first_row_id = None
        if next_row_id is None:
            first_row_id = None
        elif status != DELETED and first_row_id is None:
            first_row_id = next_row_id
            next_row_id = None if record_count == NOT_KNOWN else next_row_id + record_count
        result.append(
            {
                "status": status,
                "snapshot_id": entry.get(1, SNAPSHOT_ID),
                "sequence_number": sequence_number,
                "file_sequence_number": entry.get(4, fallback if 3 in entry_names else 0),
                "content": file.get(134, 0),
                "file_path": file.get(100).encode().hex(),
                "file_format": file.get(101).lower(),
                "partition": [partition_value(file.get(102)[name]) for name in partition_names],
                "record_count": record_count,
                "file_size": max(file.get(104), NOT_KNOWN),
                "metrics": metrics(file, file_schema),
                "key_metadata": hexadecimal(file.get(131, None)),
                "split_offsets": file.get(132, None) or [],
                "equality_ids": file.get(135, None) or [],
                "sort_order_id": file.get(140, None),
                "first_row_id": first_row_id,
                "referenced_data_file": hexadecimal(file.get(143, None)),
                "content_offset": file.get(144, None),
                "content_size": file.get(145, None),
            }
        )
    return result


class Fields:
    """A record's values by field id."""

    def __init__(self, record, names):
        self.record = record
        self.names = names

    def get(self, field_id, default=REQUIRED):
        value = self.record[self.names[field_id]] if field_id in self.names else None
        if value is None and default is REQUIRED:
            raise ValueError(f"no value for field id {field_id}")
        return default if value is None else value


def names_by_id(record_schema):
    return {f["field-id"]: f["name"] for f in record_schema["fields"] if "field-id" in f}


def field_type(record_schema, name):
    (found,) = [f["type"] for f in record_schema["fields"] if f["name"] == name]
    return found


def partition_value(value):
    if isinstance(value, float):
        return struct.pack("<d", value).hex()
    return hexadecimal(value) if isinstance(value, (str, bytes)) else value


def hexadecimal(value):
    if value is None:
        return None
    return (value.encode() if isinstance(value, str) else value).hex()


def metrics(file, file_schema):
    result = {}
    for place, field_id in enumerate((108, 109, 110, 137, 125, 128)):
        pairs = file.get(field_id, None)
        if not pairs:
            continue
        key, value = pair_names(field_type(file_schema, file.names[field_id]))
        for pair in pairs:
            single = pair[value]
            if isinstance(single, int):
                single = None if single < 0 else single
            else:
                single = hexadecimal(single)
            result.setdefault(pair[key], [None] * 6)[place] = single
    return {k: v for k, v in result.items() if any(x is not None for x in v)}


def pair_names(optional_map):
    """What a map's keys and values are called: "key" and "value", or what comes first and second."""
    (array,) = [branch for branch in optional_map if branch != "null"]
    names = [field["name"] for field in array["items"]["fields"]]
    key = "key" if "key" in names else names[0]
    return key, "value" if "value" in names else names[1]
