#!/usr/bin/env python3
"""Makes the seeds of tests/fuzz/corpus anew, and leaves other files there (regressions) as they are.

Manifests and manifest lists come from a table that the tool makes in a temporary folder, footers from tests/data/parquet.
  tests/fuzz/make_corpus.py [TOOL]        TOOL: by default build/release/tools/evodb-lakehouse
"""
import gzip
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

root = pathlib.Path(__file__).resolve().parent.parent.parent
corpus = root / "tests/fuzz/corpus"
data = root / "tests/data"
largest = 4096


def seed(target, name, content):
    if isinstance(content, str):
        content = content.encode()
    if len(content) > largest:
        return
    folder = corpus / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seed_{name}").write_bytes(content)


def seeds(target, contents):
    for number, content in enumerate(contents, start=1):
        seed(target, f"{number:02}", content)


def footers():
    for file in sorted((data / "parquet").glob("*.parquet")):
        content = file.read_bytes()
        length = struct.unpack("<I", content[-8:-4])[0]
        seed("parquet_footer", file.stem, content[-8 - length : -8])


def table_files(tool):
    file = data / "parquet/no_ids.parquet"
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "t"
        for command in (["create", table, "--like", file], ["append", table, file]):
            subprocess.run([tool, *map(str, command)], check=True, stdout=subprocess.DEVNULL)
        for written in sorted((table / "metadata").glob("*.avro")):
            kind = "manifest_list" if written.name.startswith("snap-") else "manifest"
            seed(kind, "written", written.read_bytes())
            seed("avro_file", kind, written.read_bytes())


def hadoop_checksum(content):
    return b"crc\0" + struct.pack(">I", 512) + b"".join(
        struct.pack(">I", zlib.crc32(content[at : at + 512])) for at in range(0, len(content), 512)
    )


def answer(status, body="", headers=(), reason="Reason"):
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status} {reason}\r\nContent-Length: {len(body)}\r\n{head}\r\n{body}"


xml = {
    "error": "<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>later &amp; slower</Message></Error>",
    "absent": "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>",
    "skewed": "<Error><Code>RequestTimeTooSkewed</Code><Message>clock</Message></Error>",
    "list": "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
    "<NextContinuationToken>next</NextContinuationToken><Contents><Key>t/a%20b</Key><Size>12</Size>"
    "<ETag>&quot;abc&quot;</ETag><LastModified>2020-01-02T03:04:05.678Z</LastModified></Contents>"
    "<CommonPrefixes><Prefix>t/folder/</Prefix></CommonPrefixes></ListBucketResult>",
    "last": "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>t/a</Key><Size>1</Size></Contents></ListBucketResult>",
    "uploads": "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><Upload><Key>t/k</Key><UploadId>u</UploadId>"
    "<Initiated>2020-01-02T03:04:05Z</Initiated></Upload></ListMultipartUploadsResult>",
    "deleted": "<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>AccessDenied</Code>"
    "<Message>no</Message></Error></DeleteResult>",
    "begun": "<InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult>",
    "completed": "<CompleteMultipartUploadResult><ETag>&quot;x-2&quot;</ETag></CompleteMultipartUploadResult>",
}


def store_answers():
    etag = [("ETag", '"abc"'), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"), ("x-amz-meta-a", "b")]
    date = [("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]
    scripts = [
        (0, answer(200, "content", etag)),
        (0, answer(404, xml["absent"])),
        (0, answer(503, xml["error"], [("Retry-After", "1")]) + answer(200, "content", etag)),
        (0, answer(403, xml["skewed"], date) + answer(200, "content", etag)),
        (1, answer(206, "ntent", etag + [("Content-Range", "bytes 2-6/7")])),
        (1, answer(416, xml["error"]) + answer(200, "", etag)),
        (2, answer(206, "tent", etag + [("Content-Range", "bytes 3-6/7")])),
        (3, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nETag: \"abc\"\r\n\r\n"),
        (3, "HTTP/1.1 404 No\r\n\r\n\x1eHTTP/1.1 200 OK\r\n\r\n"),
        (4, answer(200, "", etag)),
        (4, answer(412, xml["error"])),
        (4, answer(503, xml["error"])),
        (5, answer(500, xml["error"]) + "\x1e" + answer(200, "", etag)),
        (6, answer(200, xml["list"]) + answer(200, xml["last"])),
        (7, answer(200, xml["deleted"])),
        (8, answer(200, xml["uploads"])),
        (9, answer(200, xml["begun"]) + answer(200, "", etag) * 2 + answer(200, xml["completed"])),
        (9, answer(200, xml["begun"]) + answer(200, "", etag) * 2 + answer(200, xml["error"]) + answer(204)),
        (0, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
    ]
    seeds("store_answers", [chr(verb) + text for verb, text in scripts])


def texts():
    filters = [
        "a = true AND b >= -12 OR NOT (c < 5 AND d <> 1.5e3)",
        "e IS NAN OR e IS NOT NULL OR f IN (1, 2.5, 3) AND g BETWEEN 1 AND 2",
        "h = DATE '2013-07-01' AND j < TIMESTAMP '2013-07-01 00:00:00'",
        "k >= '2013-07-01T00:00:00.5+02:00' OR i > '10:11:12' OR l = '2013-07-01 00:00:00.000000001'",
        "n LIKE 'abc%' AND n NOT LIKE 'abd%' AND NOT n STARTS WITH 'x'",
        "o = '00000000-0000-0000-0000-000000000001' AND p = X'00ff00ff' AND q NOT IN (X'', X'0a')",
        'st.x = 3 AND st."y z" IS NULL AND TRUE OR FALSE',
    ]
    seeds("filter_text", filters)
    conditions = [
        [{"column": "b", "operator": ">=", "value": 1}, {"column": "n", "operator": "like", "value": "a%"}],
        [{"column": "c", "operator": "in", "value": [1, 2, 3]}, {"column": "d", "operator": "is not nan"}],
        [{"column": "st.x", "operator": "between", "value": [1, 2]}, {"column": "a", "operator": "=", "value": True}],
        [{"column": "f", "operator": "isNull", "value": False}, {"column": "j", "operator": "<", "value": "2013-07-01T00:00:00"}],
        [{"column": "n", "operator": "not starts with", "value": "x"}, {"column": "q", "operator": "not in", "value": ["ff"]}],
    ]
    seeds("filter_json", map(json.dumps, conditions))
    seeds(
        "type_text",
        [
            "struct<a: required int, b: list<string not null>, c: map<string, decimal(9,2)>>",
            "fixed[16]",
            'struct<"a ""b": timestamptz_ns, g: geography(OGC:CRS84, spherical), h: geometry(EPSG:3857)>',
            "map<long, struct<x: variant, y: uuid, z: unknown>>",
        ],
    )
    seeds(
        "partition_spec_text",
        [
            "a, bucket(16, c) AS shard, truncate(4, n)",
            "year(h), month(j), day(k), hour(l)",
            'void(b), st.x, truncate(2, st."y z") AS "t z"',
            "identity(o), bucket(7, p), truncate(3, g)",
        ],
    )
    field = {"source-id": 3, "field-id": 1000, "name": "c_bucket", "transform": "bucket[16]"}
    seeds(
        "partition_spec_json",
        map(
            json.dumps,
            [
                {"spec-id": 3, "fields": [field, {"source-ids": [8], "field-id": 1001, "name": "h_day", "transform": "day"}]},
                {"order-id": 1, "fields": [{"transform": "identity", "source-id": 2, "direction": "asc", "null-order": "nulls-first"}]},
                {"spec-id": 0, "fields": [{"source-id": 1, "name": "x", "transform": "zorder[3]"}]},
            ],
        ),
    )
    seeds("single_value", single_values())
    seeds("partition_json", [b"\0" + b'{"a_1000":true,"b_1002":5}', b"\x05" + b'{"c_1008":5,"c_1009":6}'])
    mapping = [{"field-id": 1, "names": ["a", "aa"]}, {"field-id": 22, "names": ["st"], "fields": [{"field-id": 20, "names": ["x"]}, {"names": ["y z"]}]}]
    seeds("name_mapping_json", [json.dumps(mapping)])
    seeds("json_text", ['{"a":[1,-2.5e-7,"\\u00e9\\ud83d\\ude00",null,true,{}],"b":18446744073709551615}', "[[[]],-0.0,1e308]"])
    seeds(
        "time_text",
        ["2013-07-01", "2013-07-01T22:31:08.123456789+02:30", "+12345-02-29 00:00", "-0001-12-31", "22:31:08.5", "Sun, 06 Nov 1994 08:49:37 GMT"],
    )
    seeds("location", ["s3://bucket/a%20b/c", "r2://b/k", "file:///tmp/../x", "file:/x", "memory://m/k", "../data/x.parquet", "/a/./b"])
    uuids = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
    seeds("commit_token", [f"evodb1.{uuids}.7.{uuids}.1700000000000.123-456.s", f"evodb1.{uuids}.7.{uuids}.0..n.5.617070"])
    seeds("metadata_folder", ["12\n", "v3.metadata.json", "v3.gz.metadata.json", "v3.metadata.json.gz"])
    seeds("endpoint", ["https://host.example:8443/prefix", "http://[::1]:9000", "http://user:pass%40@proxy:3128", "localhost", "eu"])
    seeds(
        "aws_profile",
        [
            "[default]\naws_access_key_id = A\naws_secret_access_key=B # c\n\n[profile p]\nregion = auto\ns3 =\n  endpoint_url = x\nendpoint_url = https://h\n",
            "[p]\naws_session_token = t\n; comment\n[services x]\n",
        ],
    )
    for name, text in xml.items():
        seed("store_xml", name, text)
    content = bytes(range(256)) * 3
    sums = hadoop_checksum(content)
    seeds("hadoop_checksum", [bytes([len(sums)]) + sums + content])
    seeds("gzip", [gzip.compress(b"abcabcabc" * 30, mtime=0), gzip.compress(b"a", mtime=0) + gzip.compress(b"b", mtime=0)])


def single_values():
    """The first byte: three times the type's number in sample_table.h, and 0 for JSON, 1 for bytes, 2 for text."""
    texts = [
        "true", "12", "-7", "1.5", "-2.5e3", "14.20", "123456789.5", "2013-07-01", "22:31:08.000001", "2013-07-01T22:31:08.5",
        "2013-07-01T22:31:08+00:00", "2013-07-01T22:31:08.000000001", "2013-07-01T22:31:08+00:00", "text",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479", "00ff00ff", "0a0b",
    ]
    bare = {0, 1, 2, 3, 4}
    widths = [1, 4, 8, 4, 8, 4, 16, 4, 8, 8, 8, 8, 8, 3, 16, 4, 2]
    for number, text in enumerate(texts):
        yield bytes([3 * number]) + (text if number in bare else f'"{text}"').encode()
        yield bytes([3 * number + 1]) + bytes(range(1, 1 + widths[number]))
        yield bytes([3 * number + 2]) + text.encode()


def documents():
    for file in sorted((data / "metadata").glob("*.json")):
        compact = json.dumps(json.loads(file.read_text()), separators=(",", ":"))
        seed("metadata_json", file.stem, compact)
        for schema in json.loads(compact).get("schemas", []):
            seed("schema_json", f"{file.stem}_{schema['schema-id']}", json.dumps(schema))


def deletion_vectors():
    """Iceberg Java's, as whole blobs and as what is behind the magic."""
    blobs = {
        "empty": "0000000cd1d339640000000000000000bf18480c",
        "array": "0000002ed1d339640100000000000000000000003a300000020000000000010001000000180000001c0000000000030070114799b8ce",
        "run": "0000001fd1d339640100000000000000000000003b300000010000e20301000500e203aa0a4272",
        "two_keys": "00000039d1d339640200000000000000000000003b300000010000070002000100000003000600010000003a3000000100000000000000100000000200723a991f",
    }
    for name, text in blobs.items():
        blob = bytes.fromhex(text)
        seed("deletion_vector", name, blob)
        seed("deletion_vector", f"{name}_content", blob[8:-4])


def puffin_files():
    facts = {"type": "deletion-vector-v1", "fields": [2147483645], "snapshot-id": -1, "sequence-number": -1, "offset": 4, "length": 5}
    properties = {"referenced-data-file": "s3://b/a.parquet", "cardinality": "2"}
    footers = [
        {"blobs": [facts | {"properties": properties}], "properties": {"created-by": "x"}},
        {"blobs": [facts, facts | {"offset": 9, "length": 0, "compression-codec": "zstd"}]},
        {"blobs": []},
    ]
    for number, footer in enumerate(footers, start=1):
        payload = json.dumps(footer).encode()
        seed("puffin", f"{number:02}", b"PFA1hello" + b"PFA1" + payload + struct.pack("<ii", len(payload), 0) + b"PFA1")


def arrow_files():
    seeds("arrow_files", [bytes((n * m + n) % 251 for n in range(size)) for m, size in ((7, 300), (31, 900), (97, 2000))])


def manifest_rows():
    seeds("manifest_list", [b"\x01" + bytes([10]) + b"path1" + bytes([20, 0, 0, 6, 6, 8] + [2] * 6 + [0, 0, 0])])


if __name__ == "__main__":
    for old in corpus.glob("*/seed_*"):
        old.unlink()
    footers()
    documents()
    texts()
    store_answers()
    arrow_files()
    deletion_vectors()
    puffin_files()
    manifest_rows()
    table_files(sys.argv[1] if len(sys.argv) > 1 else str(root / "build/release/tools/evodb-lakehouse"))
