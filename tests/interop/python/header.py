"""The public header's functions: what there is to call, read from the header itself so that none is forgotten."""

import dataclasses
import pathlib
import re

HEADER = pathlib.Path(__file__).resolve().parents[3] / "include" / "evodb_lakehouse.h"


@dataclasses.dataclass(frozen=True)
class Parameter:
    type: str  # "const evodb_table *", "int64_t"
    name: str


# The last parameter of a function that can fail at once.
ERROR = Parameter("evodb_error **", "error")


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    returns: str
    parameters: tuple[Parameter, ...]


def functions():
    text = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)
    declarations = re.findall(r"^EVODB_API\s+([^;]*);", text, re.MULTILINE)
    return [_function(" ".join(declaration.split())) for declaration in declarations]


def _function(declaration):
    returns, name, parameters = re.fullmatch(r"(.*?[ *])(evodb_\w+)\((.*)\)", declaration).groups()
    declared = [] if parameters == "void" else parameters.split(", ")
    return Function(name, returns.strip(), tuple(_parameter(one) for one in declared))


def _parameter(declaration):
    type, name = re.fullmatch(r"(.*?[ *])(\w+)", declaration).groups()
    return Parameter(type.strip(), name)
