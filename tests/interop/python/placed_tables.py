"""Tables that other programs wrote (tests/data/tables), put where they say that they are.

Their locations are absolute, and they were written below RECORDED: a copy goes into a folder whose name has the same length,
and the name is replaced in every metadata file. Avro blocks keep their length so, whatever their schema; they can be
compressed again with any codec."""

import contextlib
import pathlib
import shutil
import tempfile
import zlib

import pyarrow as pa

TABLES = pathlib.Path(__file__).resolve().parents[2] / "data" / "tables"
RECORDED = b"/tmp/other-writers-00000000"
MAGIC = b"Obj\x01"


@contextlib.contextmanager
def placed(name, codec=None):
    """The folder of a copy. `codec`: of its Avro files; None leaves it."""
    root = pathlib.Path(tempfile.mkdtemp(prefix="other-writers-", dir="/tmp"))
    try:
        here = str(root).encode()
        assert len(here) == len(RECORDED)
        folder = root / name
        shutil.copytree(TABLES / name, folder)
        for path in (folder / "metadata").iterdir():
            data = path.read_bytes()
            data = with_blocks(data, lambda b: b.replace(RECORDED, here), codec) if path.suffix == ".avro" else data.replace(RECORDED, here)
            path.write_bytes(data)
        yield folder
    finally:
        shutil.rmtree(root)


def with_blocks(data, change, codec=None):
    """An Avro file whose blocks' content is changed, and perhaps compressed with another codec."""
    assert data.startswith(MAGIC)
    pairs, at = read_header(data)
    sync, at = data[at : at + 16], at + 16
    before = pairs.get("avro.codec", b"null").decode()
    after = codec or before
    result = [MAGIC, header_of(pairs | {"avro.codec": after.encode()}), sync]
    while at < len(data):
        count, at = read_long(data, at)
        size, at = read_long(data, at)
        block = CODECS[after][0](change(CODECS[before][1](data[at : at + size])))
        at += size + 16
        result += [long_of(count), long_of(len(block)), block, sync]
    return b"".join(result)


def read_header(data):
    pairs, at = {}, len(MAGIC)
    while True:
        count, at = read_long(data, at)
        if count == 0:
            return pairs, at
        if count < 0:
            _, at = read_long(data, at)
        for _ in range(abs(count)):
            key, at = read_bytes(data, at)
            pairs[key.decode()], at = read_bytes(data, at)


def header_of(pairs):
    items = [bytes_of(part) for key, value in pairs.items() for part in (key.encode(), value)]
    return long_of(len(pairs)) + b"".join(items) + long_of(0)


def read_long(data, at):
    number = shift = 0
    while True:
        octet, at = data[at], at + 1
        number |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            return (number >> 1) ^ -(number & 1), at


def long_of(number):
    number = number << 1 ^ number >> 63
    octets = []
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*octets, number])


def read_bytes(data, at):
    size, at = read_long(data, at)
    return data[at : at + size], at + size


def bytes_of(value):
    return long_of(len(value)) + value


def deflate(data):
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(data) + compressor.flush()


def snappy(data):
    return pa.compress(data, "snappy", asbytes=True) + zlib.crc32(data).to_bytes(4, "big")


def unzstandard(data):
    return pa.CompressedInputStream(pa.BufferReader(data), "zstd").read()


CODECS = {
    "null": (bytes, bytes),
    "deflate": (deflate, lambda data: zlib.decompress(data, -15)),
    "snappy": (snappy, None),
    "zstandard": (lambda data: pa.compress(data, "zstd", asbytes=True), unzstandard),
}
