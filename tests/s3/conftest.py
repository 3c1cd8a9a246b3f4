import pathlib
import sys

# What the tests of local folders have, too.
sys.path.append(str(pathlib.Path(__file__).parents[1] / "interop" / "python"))
