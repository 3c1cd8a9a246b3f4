"""The header's conventions for wrong arguments, kept by every one of its functions."""

import json
import subprocess
import sys

import pytest

import header

NAMES = [function.name for function in header.functions()]


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """What argument_cases.py printed of each function, and its last words if it died."""
    words = [sys.executable, "argument_cases.py", str(tmp_path_factory.mktemp("arguments"))]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, cwd=__file__.rpartition("/")[0])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines, f"status {done.returncode}: {done.stderr[-2000:]}"


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
