import functools
import os
import pathlib
import shutil
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "interop" / "python"))

from scenarios import Scenario  # noqa: E402: it imports what is found by the path above


@pytest.fixture(scope="session")
def scenario(tmp_path_factory):
    """Makes the scenario of a command, once."""
    path = os.environ.get("EVODB_LAKEHOUSE_TOOL")
    if not path or not pathlib.Path(path).is_file():
        raise FileNotFoundError(f"EVODB_LAKEHOUSE_TOOL must be the path of the command line tool, not {path!r}")
    if not shutil.which("strace"):
        raise FileNotFoundError("strace is not installed")
    return functools.cache(lambda command: Scenario(path, command, tmp_path_factory.mktemp(command)))
