"""Everything that a command writes is on the disk before anything refers to it, as far as its calls show."""

import pytest

import strace
from scenarios import COMMANDS
from sync_order import find_violations, named_files


@pytest.fixture(params=COMMANDS)
def traced(request, scenario):
    """The command's scenario and its run."""
    prepared = scenario(request.param)
    prepared.reset()
    run = strace.record(prepared.words, prepared.log)
    assert run.status == 0, run.error
    return request.param, prepared, run


def syncs(calls, table):
    inside = (str(table.parent), str(table))
    return [
        call for call in calls
        if call.name in strace.SYNCING and (call.paths[0] in inside or call.paths[0].startswith(f"{table}/"))
    ]


def test_what_is_referred_to_is_synced_before(traced):
    command, scenario, run = traced
    violations = find_violations(run.calls, scenario.table)
    assert not violations, "\n".join(violations)
    # That the trace shows what it is to show:
    named = named_files(run.calls, scenario.table)
    hint = "metadata/version-hint.text"
    if command == "append":
        data, manifest, manifest_list, version, last = named
        assert data.startswith("data/")
        assert manifest.endswith("-m0.avro") and manifest_list.startswith("metadata/snap-")
        assert (version, last) == ("metadata/v3.metadata.json", hint)
        assert any("/data/" in call.paths[0] for call in syncs(run.calls, scenario.table))
    else:
        assert named == [{"create": "metadata/v1.metadata.json", "evolve": "metadata/v3.metadata.json"}[command], hint]


def test_a_missing_sync_is_found(traced):
    _, scenario, run = traced
    for missing in syncs(run.calls, scenario.table):
        violations = find_violations([call for call in run.calls if call is not missing], scenario.table)
        assert any(missing.paths[0] in violation for violation in violations), f"not missed: {missing}"


@pytest.mark.parametrize("is_lasting", [False, True], ids=["once", "from then on"])
def test_a_failed_sync_is_not_acknowledged(traced, is_lasting):
    """A later sync proves nothing: it would succeed although what the failed one was to write is lost."""
    _, scenario, run = traced
    version = next(call for call in run.calls if call.name in strace.NAMING and call.paths[1].endswith(".metadata.json"))
    after_it = next(call for call in run.calls[run.calls.index(version) :] if call.name in strace.SYNCING)
    acknowledged = []
    for call in syncs(run.calls[: run.calls.index(after_it) + 1], scenario.table):  # not those of the hint: it is only a hint
        scenario.reset()
        failed = strace.run_with_fault(scenario.words, run, call, "error=EIO", scenario.log, is_lasting)
        hit = [one.shape for one in failed.calls if one.was_injected]
        assert hit[:1] == [call.shape], f"hit {hit}, not {call}"
        if failed.status == 0:
            acknowledged.append(str(call))
    assert not acknowledged, "status 0 although these failed:\n" + "\n".join(acknowledged)
