"""Every call on a table's files fails once, or the process is killed before it: the table is as before or as after, the
tool reports which, and the command can be repeated."""

import json
import subprocess

import pytest

import strace
from scenarios import COMMANDS
from tool import ToolError

FAULTS = ["signal=KILL", "error=EIO", "error=ENOSPC", "error=EINTR"]
FAILING = [*strace.OPENING, "write", "pwrite64", *strace.SYNCING, *strace.NAMING, *strace.UNLINKING, *strace.MAKING_FOLDERS, "close"]

# The exit statuses of a change, and as what the table may then read.
MEANING = {0: {"after"}, 1: {"before"}, 3: {"before", "after"}}

MOST_TRIES = 5


def is_in(table, call):
    return any(path == str(table) or path.startswith(f"{table}/") for path in call.paths)


def token_of(run):
    return json.loads(run.error.splitlines()[-1])["error"]["token"]


def resolve(scenario, token):
    words = [scenario.tool.path, "resolve", scenario.table, token, "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=strace.SECONDS)
    return done.returncode, json.loads(done.stdout)["outcome"]


def run_until_hit(scenario, recorded, call, fault):
    """Threads may do the same in another order than in the recording; then the fault hits another call."""
    for _ in range(MOST_TRIES):
        scenario.reset()
        run = strace.run_with_fault(scenario.words, recorded, call, fault, scenario.log)
        hit = [one for one in run.calls if one.was_injected]
        if [one.shape for one in hit] == [call.shape]:
            return run
    raise AssertionError(f"the fault was not injected but hit {[str(one) for one in hit]}")


def what_it_reads_as(scenario, before, after):
    """Either "before" or "after", or how it differs from both."""
    state = scenario.read()
    if state == before:
        return "before"
    if state is None:
        return "no table"
    old = before.history if before else []
    if state.without_random() == after.without_random() and state.history[: len(old)] == old:
        return "after"
    return f"neither: {state}"


def check_one(scenario, recorded, call, fault, before, after):
    """Raises the failure."""
    run = run_until_hit(scenario, recorded, call, fault)
    found = what_it_reads_as(scenario, before, after)
    if fault == "signal=KILL":
        assert run.status == -9, f"status {run.status}: {run.error}"
        assert found in {"before", "after"}, found
    else:
        assert run.status in MEANING, f"status {run.status}: {run.error}"
        assert found in MEANING[run.status], f"status {run.status}, but the table reads as {found}: {run.error}"
        assert run.status != 3 or token_of(run), f"unknown, without a token: {run.error}"
    if scenario.has_key or found == "before":
        again = subprocess.run(scenario.words, capture_output=True, text=True, timeout=strace.SECONDS)
        assert again.returncode == 0, f"repeated after status {run.status}: status {again.returncode}: {again.stderr}"
        found = what_it_reads_as(scenario, before, after)
        assert found == "after", f"repeated after status {run.status}: {found}"


def start(scenario):
    """What the table reads as before the command and after it, the recorded run, and its calls that are to fail."""
    scenario.reset()
    before = scenario.read()
    recorded = strace.record(scenario.words, scenario.log)
    assert recorded.status == 0, recorded.error
    after = scenario.read()
    calls = [call for call in recorded.calls if call.name in FAILING and is_in(scenario.table, call)]
    assert {"openat", "write", "fsync", "renameat2", "unlink", "mkdir", "close"} <= {call.name for call in calls}
    return before, after, recorded, calls


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_call_fails_once(scenario, command, fault):
    scenario = scenario(command)
    before, after, recorded, calls = start(scenario)
    wrong = []
    for call in calls:
        try:
            check_one(scenario, recorded, call, fault, before, after)
        except (AssertionError, ToolError, OSError, subprocess.TimeoutExpired) as error:
            wrong.append(f"{call}: {error}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(calls)} calls:", *wrong])


def test_unknown_outcome(scenario):
    """While naming the version fails with what may be a lost response, the outcome is unknown; another process resolves the
    token."""
    scenario = scenario("append")
    before, after, recorded, calls = start(scenario)
    (naming,) = [call for call in calls if call.name == "renameat2" and call.paths[1].endswith(".metadata.json")]
    scenario.reset()
    run = strace.run_with_fault(scenario.words, recorded, naming, "error=EIO", scenario.log, is_lasting=True)
    hit = {call.shape for call in run.calls if call.was_injected}
    assert hit == {naming.shape}
    assert run.status == 3 and token_of(run), run.error
    assert what_it_reads_as(scenario, before, after) == "before"
    assert len(list(scenario.table.glob("data/*.parquet"))) == 1, "the commit may refer to the copied file"
    assert resolve(scenario, token_of(run)) == (1, "lost")
    assert what_it_reads_as(scenario, before, after) == "before"
    subprocess.run(scenario.words, check=True, capture_output=True, timeout=strace.SECONDS)
    assert what_it_reads_as(scenario, before, after) == "after"
    assert resolve(scenario, token_of(run)) == (0, "committed")


def test_a_failed_append_leaves_no_copy(scenario):
    scenario = scenario("append")
    _, _, recorded, calls = start(scenario)
    left = []
    for call in calls:
        if call.thread != 0:
            continue  # not of the copying
        run = run_until_hit(scenario, recorded, call, "error=EIO")
        files = [file.name for file in scenario.table.glob("data/*")]
        if run.status == 1 and files:
            left.append(f"{call}: {files}")
    assert not left, "\n".join(left)
