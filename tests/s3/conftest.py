import pathlib
import sys

import pytest

# What the tests of local folders have, too.
sys.path.append(str(pathlib.Path(__file__).parents[1] / "interop" / "python"))

from lakehouse import Lakehouse  # noqa: E402
from strict_stub import StrictStub  # noqa: E402


@pytest.fixture(scope="module")
def api():
    return Lakehouse()


@pytest.fixture
def stub():
    made = StrictStub()
    yield made
    made.close()
