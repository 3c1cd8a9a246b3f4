"""The filters that the tests give to every reader."""


def lt(term, value):
    return {"type": "lt", "term": term, "value": value}


def le(term, value):
    return {"type": "lt-eq", "term": term, "value": value}


def gt(term, value):
    return {"type": "gt", "term": term, "value": value}


def ge(term, value):
    return {"type": "gt-eq", "term": term, "value": value}


def eq(term, value):
    return {"type": "eq", "term": term, "value": value}


def ne(term, value):
    return {"type": "not-eq", "term": term, "value": value}


def is_in(term, *values):
    return {"type": "in", "term": term, "values": list(values)}


def not_in(term, *values):
    return {"type": "not-in", "term": term, "values": list(values)}


def is_null(term):
    return {"type": "is-null", "term": term}


def not_null(term):
    return {"type": "not-null", "term": term}


def is_nan(term):
    return {"type": "is-nan", "term": term}


def not_nan(term):
    return {"type": "not-nan", "term": term}


def starts(term, prefix):
    return {"type": "starts-with", "term": term, "value": prefix}


def not_starts(term, prefix):
    return {"type": "not-starts-with", "term": term, "value": prefix}


def both(left, right):
    return {"type": "and", "left": left, "right": right}


def either(left, right):
    return {"type": "or", "left": left, "right": right}


def negated(child):
    return {"type": "not", "child": child}


JULY = "2013-07-01T00:00:00+00:00"
AUGUST = "2013-08-01T00:00:00+00:00"

FLIGHTS = {
    "all": True,
    "none": False,
    "from July": ge("time_hour", JULY),
    "July": both(ge("time_hour", JULY), lt("time_hour", AUGUST)),
    "up to July's first hour": le("time_hour", JULY),
    "one hour": eq("time_hour", "2013-03-01T05:00:00+00:00"),
    "not July": negated(both(ge("time_hour", JULY), lt("time_hour", AUGUST))),
    "around the new year": either(lt("time_hour", "2013-01-01T12:00:00+00:00"), gt("time_hour", "2014-01-01T03:00:00+00:00")),
    "an airline": eq("carrier", "UA"),
    "rare airlines": is_in("carrier", "OO", "HA"),
    "no airline there": is_in("carrier", "XX", "ZZ"),
    "not these airports": not_in("origin", "JFK", "EWR"),
    "very late": gt("dep_delay", 1000),
    "very early": lt("arr_delay", -80),
    "cancelled in February": both(is_null("dep_time"), lt("time_hour", "2013-03-01T00:00:00+00:00")),
    "tail number unknown": is_null("tailnum"),
    "arrived": not_null("arr_time"),
    "airports in S": starts("dest", "S"),
    "tail numbers not in N": not_starts("tailnum", "N"),
    "a local month": eq("month", 12),
    "not that year": ne("year", 2013),
}

# A comparison with NaN is false for IEEE and pyarrow, while for DuckDB NaN is the largest number: where that matters,
# the filter leaves NaN out itself.
MIXED = {
    "all": True,
    "none": False,
    "id is": eq("id", 10),
    "id is none of them": eq("id", 7),
    "id is far away": gt("id", 1 << 40),
    "id in": is_in("id", 1, 12, 42, 77),
    "id not in": not_in("id", 42, 1),
    "id below": lt("id", 3),
    "id at least": ge("id", 1000),
    "id between": both(gt("id", 2), le("id", 21)),
    "name is": eq("name", "apple"),
    "name is not": ne("name", "same"),
    "name in": is_in("name", "same", "fig", "nobody"),
    "name not in": not_in("name", "same", "fig"),
    "name is empty": eq("name", ""),
    "name with a quote": eq("name", "it's"),
    "name is not ASCII": eq("name", "été"),
    "name after ASCII": gt("name", "zzz"),
    "name is long": eq("name", "a name far longer than sixteen characters, two"),
    "name below": lt("name", "b"),
    "name starts with": starts("name", "ap"),
    "name starts with more": starts("name", "a name far longer than sixteen characters, t"),
    "name does not start with": not_starts("name", "ap"),
    "name does not start with the file's one": not_starts("name", "sam"),
    "name is null": is_null("name"),
    "name is not null": not_null("name"),
    "price is NaN": is_nan("price"),
    "price is not NaN": not_nan("price"),
    "price above": both(gt("price", 3.0), not_nan("price")),
    "price below zero": lt("price", 0.0),
    "price is zero": eq("price", 0.0),
    "price is": eq("price", 2.5),
    "price is not": ne("price", 42.0),
    "weight below": lt("weight", -1.0),
    "weight is NaN or null": either(is_nan("weight"), is_null("weight")),
    "day is": eq("day", "2013-07-01"),
    "day from": ge("day", "2013-08-01"),
    "day before 1970": lt("day", "1970-01-01"),
    "day in": is_in("day", "1969-12-31", "2020-02-29"),
    "day is not": ne("day", "2014-01-01"),
    "at from": ge("at", "2013-07-02T23:59:59.999999"),
    "at before 1970": lt("at", "1970-01-01T00:00:00"),
    "at is": eq("at", "2013-07-01T12:30:00"),
    "amount is": eq("amount", "1.50"),
    "amount below zero": lt("amount", "0.00"),
    "amount in": is_in("amount", "0.10", "9999999.99"),
    "ok": eq("ok", True),
    "not ok": eq("ok", False),
    "ok is null": is_null("ok"),
    "not both": negated(both(ge("id", 10), lt("day", "2013-08-02"))),
    "not either": negated(either(is_null("name"), lt("id", 10))),
    "either of two columns": either(eq("name", "fig"), eq("day", "2013-07-01")),
    "nothing can satisfy both": both(lt("id", 0), gt("id", 999)),
}

# Footers do not count NaN, which some readers put above all numbers: a file that may hold one is kept.
WE_READ_MORE_FOR = [MIXED["price above"]]
# A truncate partition that begins with the prefix shows that no value of the file begins with anything else.
WE_READ_LESS_FOR = [MIXED["name does not start with"], MIXED["name does not start with the file's one"]]

# Where PyIceberg's plans are known to differ from Java's. It does not use that all of a file's values are one and the same …
PYICEBERG_READS_MORE_FOR = {"not-eq", "not-in", "not-starts-with"}
# … and a lower bound of -0.0 is not below 0.0 for it, as it is for Java.
PYICEBERG_READS_LESS_FOR = [lt("price", 0.0)]


def kinds(filter):
    """The kinds of predicate in a filter."""
    if isinstance(filter, bool):
        return set()
    parts = [filter[side] for side in ("left", "right", "child") if side in filter]
    return set().union(*map(kinds, parts)) if parts else {filter["type"]}
