"""One filter in the languages of all readers.

A filter is the JSON of Iceberg Java's ExpressionParser: {"type": "eq", "term": "x", "value": 1},
{"type": "in", "term": "x", "values": [1, 2]}, {"type": "and", "left": …, "right": …}, {"type": "not", "child": …},
True, False. Literals are the specification's JSON single values: dates, times, decimals, uuids as text, binary as hex.

SQL's meaning of NULL holds in the SQL and Arrow forms: a comparison with NULL is not true, and NOT does not make it so.
"""

import datetime
import decimal
import functools
import operator
import re
import uuid

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg import expressions as iceberg

COMPARISONS = {"lt": "<", "lt-eq": "<=", "gt": ">", "gt-eq": ">=", "eq": "=", "not-eq": "<>"}


def fold(filter, language):
    """Builds the filter bottom up from what `language` makes of its parts."""
    if isinstance(filter, bool):
        return language.constant(filter)
    kind = filter["type"]
    if kind in ("and", "or"):
        sides = fold(filter["left"], language), fold(filter["right"], language)
        return language.conjunction(*sides) if kind == "and" else language.disjunction(*sides)
    if kind == "not":
        return language.negation(fold(filter["child"], language))
    values = filter["values"] if "values" in filter else [filter["value"]] if "value" in filter else []
    return language.predicate(kind, filter["term"], values)


def column_types(schema):
    """Dotted column name to Iceberg type name, from the specification's schema JSON."""
    types = {}

    def visit(fields, prefix):
        for field in fields:
            name = prefix + field["name"]
            if isinstance(field["type"], str):
                types[name] = field["type"]
            elif field["type"]["type"] == "struct":
                visit(field["type"]["fields"], name + ".")

    visit(schema["fields"], "")
    return types


class _Text:
    """What SQL and the tool's filter text have in common."""

    def constant(self, value):
        return "TRUE" if value else "FALSE"

    def conjunction(self, left, right):
        return f"({left} AND {right})"

    def disjunction(self, left, right):
        return f"({left} OR {right})"

    def negation(self, child):
        return f"NOT ({child})"

    def predicate(self, kind, term, values):
        column = self.column(term)
        literals = [self.literal(value, term) for value in values]
        if kind in COMPARISONS:
            return f"{column} {COMPARISONS[kind]} {literals[0]}"
        if kind in ("in", "not-in"):
            return f"{column} {'NOT IN' if kind == 'not-in' else 'IN'} ({', '.join(literals)})"
        if kind in ("is-null", "not-null"):
            return f"{column} IS {'NOT ' if kind == 'not-null' else ''}NULL"
        if kind in ("is-nan", "not-nan"):
            return self.nan(column, kind == "not-nan")
        if kind in ("starts-with", "not-starts-with"):
            return self.prefix(column, literals[0], kind == "not-starts-with")
        raise ValueError(f"no such predicate: {kind}")


def _quoted(text):
    return "'" + text.replace("'", "''") + "'"


class _FilterText(_Text):
    """The tool's --filter. A text literal takes its column's type, so no types are needed."""

    KEYWORDS = set("AND OR NOT IN BETWEEN IS NULL NAN LIKE STARTS WITH TRUE FALSE DATE TIMESTAMP X".split())

    def column(self, term):
        return ".".join(
            part if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", part) and part.upper() not in self.KEYWORDS else f'"{part}"'
            for part in term.split(".")
        )

    def literal(self, value, term):
        if isinstance(value, bool):
            return "true" if value else "false"
        return _quoted(value) if isinstance(value, str) else repr(value)

    def nan(self, column, negated):
        return f"{column} IS {'NOT ' if negated else ''}NAN"

    def prefix(self, column, literal, negated):
        return f"{column} {'NOT ' if negated else ''}STARTS WITH {literal}"


class _Sql(_Text):
    def __init__(self, types):
        self.types = types

    def column(self, term):
        return ".".join(f'"{part}"' for part in term.split("."))

    def literal(self, value, term):
        if not isinstance(value, str):
            return repr(value).lower() if isinstance(value, bool) else repr(value)
        return self.typed(value, self.types[term])

    def prefix(self, column, literal, negated):
        call = f"{self.STARTS_WITH}({column}, {literal})"
        return f"NOT {call}" if negated else call

    def nan(self, column, negated):
        return f"{'NOT ' if negated else ''}isNaN({column})"


class _DuckDb(_Sql):
    STARTS_WITH = "starts_with"

    def typed(self, text, type):
        if type == "string":
            return _quoted(text)
        if type == "binary" or type.startswith("fixed"):
            return f"from_hex({_quoted(text)})"
        return f"CAST({_quoted(text)} AS {type.upper()})"


class _ClickHouse(_Sql):
    STARTS_WITH = "startsWith"

    def typed(self, text, type):
        if type == "date":
            return f"toDate32({_quoted(text)})"
        if type in ("timestamp", "timestamptz"):
            return f"parseDateTime64BestEffort({_quoted(text)}, 6, 'UTC')"
        if type == "uuid":
            return f"toUUID({_quoted(text)})"
        if type == "binary" or type.startswith("fixed"):
            return f"unhex({_quoted(text)})"
        if type.startswith("decimal"):
            precision, scale = re.findall(r"\d+", type)
            return f"CAST({_quoted(text)} AS Decimal({precision}, {scale}))"
        return _quoted(text)


class _PyIceberg:
    PREDICATES = {
        "lt": iceberg.LessThan,
        "lt-eq": iceberg.LessThanOrEqual,
        "gt": iceberg.GreaterThan,
        "gt-eq": iceberg.GreaterThanOrEqual,
        "eq": iceberg.EqualTo,
        "not-eq": iceberg.NotEqualTo,
        "is-null": iceberg.IsNull,
        "not-null": iceberg.NotNull,
        "is-nan": iceberg.IsNaN,
        "not-nan": iceberg.NotNaN,
        "starts-with": iceberg.StartsWith,
        "not-starts-with": iceberg.NotStartsWith,
    }
    SETS = {"in": iceberg.In, "not-in": iceberg.NotIn}

    def constant(self, value):
        return iceberg.AlwaysTrue() if value else iceberg.AlwaysFalse()

    def conjunction(self, left, right):
        return iceberg.And(left, right)

    def disjunction(self, left, right):
        return iceberg.Or(left, right)

    def negation(self, child):
        return iceberg.Not(child)

    def predicate(self, kind, term, values):
        if kind in self.SETS:
            return self.SETS[kind](term, set(values))
        return self.PREDICATES[kind](term, *values)


class _Arrow:
    OPERATORS = {
        "lt": operator.lt,
        "lt-eq": operator.le,
        "gt": operator.gt,
        "gt-eq": operator.ge,
        "eq": operator.eq,
        "not-eq": operator.ne,
    }

    def __init__(self, types):
        self.types = types

    def constant(self, value):
        return pc.scalar(value)

    def conjunction(self, left, right):
        return left & right

    def disjunction(self, left, right):
        return left | right

    def negation(self, child):
        return ~child

    def predicate(self, kind, term, values):
        column = pc.field(*term.split("."))
        literals = [_arrow_scalar(value, self.types[term]) for value in values]
        if kind in self.OPERATORS:
            return self.OPERATORS[kind](column, literals[0])
        if kind in ("in", "not-in"):
            # Not isin(), which says false and not NULL of a NULL.
            found = functools.reduce(operator.or_, (column == literal for literal in literals))
            return ~found if kind == "not-in" else found
        if kind in ("is-null", "not-null"):
            return column.is_null() if kind == "is-null" else column.is_valid()
        if kind in ("is-nan", "not-nan"):
            return pc.is_nan(column) if kind == "is-nan" else ~pc.is_nan(column)
        if kind in ("starts-with", "not-starts-with"):
            starts = pc.starts_with(column, values[0])
            return ~starts if kind == "not-starts-with" else starts
        raise ValueError(f"no such predicate: {kind}")


def _arrow_scalar(value, type):
    if not isinstance(value, str) or type == "string":
        return pc.scalar(value)
    if type == "date":
        return pc.scalar(datetime.date.fromisoformat(value))
    if type == "time":
        return pc.scalar(datetime.time.fromisoformat(value))
    if type in ("timestamp", "timestamptz"):
        zone = "UTC" if type == "timestamptz" else None
        return pc.scalar(pa.scalar(datetime.datetime.fromisoformat(value), pa.timestamp("us", zone)))
    if type == "uuid":
        return pc.scalar(uuid.UUID(value).bytes)
    if type.startswith("decimal"):
        precision, scale = (int(number) for number in re.findall(r"\d+", type))
        return pc.scalar(pa.scalar(decimal.Decimal(value), pa.decimal128(precision, scale)))
    return pc.scalar(bytes.fromhex(value))


def to_filter_text(filter):
    """For the tool's --filter."""
    return fold(filter, _FilterText())


def to_pyiceberg(filter):
    return fold(filter, _PyIceberg())


def to_duckdb(filter, schema):
    return fold(filter, _DuckDb(column_types(schema)))


def to_clickhouse(filter, schema):
    return fold(filter, _ClickHouse(column_types(schema)))


def to_arrow(filter, schema):
    """An expression for pyarrow.Table.filter."""
    return fold(filter, _Arrow(column_types(schema)))
