"""Which operations conflict with which: this library beside Iceberg Java, by every pair of conflict_matrix.py on every kind of table.

Outcome, live files and columns must be Java's, except for the differences listed in conflict_differences.json, each with its reason: one
that is not listed fails, and so does one that no longer occurs.
"""

import functools

import pytest

from conflict_matrix import DIFFERENCES, KINDS, cells, difference_of, is_about, java_lines, reduced_cells
from conflict_table import DOCUMENT, short_lived_java, updated
from lakehouse import LakehouseError
from our_conflicts import Races

COMPARED = ("outcome", "live_data", "live_deletes", "columns")


@pytest.fixture(scope="module")
def javas():
    """Java's line of each cell of a kind of table, asked for once."""
    java = short_lived_java()

    @functools.cache
    def lines(kind):
        wanted = list(cells(kind))
        return dict(zip(wanted, java_lines(java, kind, wanted)))

    yield lines
    java.close()


@pytest.fixture(scope="module")
def races(lakehouse):
    return Races(lakehouse, "memory://conflicts")


def compared(line):
    return {key: line[key] for key in COMPARED}


def expected(races, cell, java_line):
    difference = difference_of(cell)
    if difference is None:
        return compared(java_line)
    ours = difference["ours"]
    # Where only one of the two has a conflict, what is left is what the concurrent operation alone leaves, and what is listed.
    is_other = ours.get("outcome", java_line["outcome"]) != java_line["outcome"]
    left = races.alone(cell.kind, cell.second(), cell.first().get("branch")) if is_other else compared(java_line)
    return left | ours


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_outcomes_are_javas_but_for_listed_differences(javas, races, kind):
    problems = []
    for cell, java_line in javas(kind).items():
        try:
            line = races.line(cell)
        except LakehouseError as failed:
            problems.append(f"{cell.facts()}: {failed}")
            continue
        wanted = expected(races, cell, java_line)
        if compared(line) != wanted:
            problems.append(f"{cell.facts()}:\n  ours     {compared(line)} {line['exception']}\n  expected {wanted}\n"
                            f"  Java     {compared(java_line)} {java_line['exception']}")
        if difference_of(cell) and compared(line) == compared(java_line):
            problems.append(f"listed, but no longer occurs: {cell.facts()}")
    assert not problems, f"{len(problems)} problems:\n" + "\n".join(problems)


def test_each_listed_difference_is_about_some_cells_and_has_a_reason():
    every = [cell for kind in KINDS for cell in cells(kind)]
    for difference in DIFFERENCES:
        assert any(is_about(difference, cell) for cell in every), difference
        assert set(difference) - {"reason", "ours"} <= set(every[0].facts()) and difference["reason"] and difference["ours"], difference


def test_outcomes_of_a_local_folder_are_those_of_memory(lakehouse, races, tmp_path):
    local = Races(lakehouse, str(tmp_path))
    for cell in reduced_cells():
        assert compared(local.line(cell)) == compared(races.line(cell)), cell


def test_the_documented_table_is_what_java_and_the_differences_give(javas):
    document = DOCUMENT.read_text()
    assert updated(document, [line for kind in KINDS for line in javas(kind).values()]) == document, "run scripts/generate-conflicts"
