"""The header's conventions for wrong arguments, kept by every one of its functions."""

import json
import pathlib
import subprocess
import sys

import pytest

import header

NAMES = [function.name for function in header.functions()]


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """What argument_cases.py printed of each function, and its last words if it died."""
    folder = tmp_path_factory.mktemp("arguments")
    words = [sys.executable, "argument_cases.py", str(folder / "lake")]
    # Files and not pipes: what was printed is there even if the program hangs and is killed.
    with open(folder / "lines", "w+") as printed, open(folder / "words", "w+") as last_words:
        here = pathlib.Path(__file__).parent
        try:
            end = f"status {subprocess.run(words, stdout=printed, stderr=last_words, timeout=300, cwd=here).returncode}"
        except subprocess.TimeoutExpired:
            end = "hung"
        printed.seek(0)
        last_words.seek(0)
        return [json.loads(line) for line in printed], f"{end}: {last_words.read()[-2000:]}"


def test_the_header_is_understood():
    assert len(NAMES) == len(set(NAMES)) > 150


@pytest.mark.parametrize("name", NAMES)
def test_wrong_arguments_are_refused(calls, name):
    lines, end = calls
    begun = [line["case"] for line in lines if line["function"] == name and "complaint" not in line]
    ended = [line for line in lines if line["function"] == name and "complaint" in line]
    assert begun, f"never called: {end}"
    assert len(begun) == len(ended), f"died with {begun[-1]}: {end}"
    assert [(line["case"], line["complaint"]) for line in ended if line["complaint"]] == []
