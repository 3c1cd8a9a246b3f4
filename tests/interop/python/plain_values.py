"""Values of different readers in one form."""

import datetime as dt
import decimal
import re
import uuid


def plain(value):
    """As in Iceberg's JSON; a struct is the list of its members that are there, a map two lists."""
    match value:
        case dict():
            return [plain(member) for member in value.values() if member is not None]
        case list() if value and isinstance(value[0], tuple):
            return [[plain(key) for key, _ in value], [plain(item) for _, item in value]]
        case list():
            return [plain(item) for item in value]
        case bytes():
            return value.hex().upper()
        case dt.datetime() | dt.date() | dt.time():
            return re.sub(r"(\.\d*?)0+(?=$|\+)", r"\1", value.isoformat()) if getattr(value, "microsecond", 0) else value.isoformat()
        case decimal.Decimal() | uuid.UUID():
            return str(value)
    return value
