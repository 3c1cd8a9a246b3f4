"""What the programs that bench/remote compares have in common. Each is called as

  PROGRAM open|append|plan WAREHOUSE NAMESPACE TABLE [COMMITS]

says "ready", does its job once it is sent a line, and prints what came of it as JSON. A table that is to be appended to is made if
it is not there; by 0 commits that alone."""

import json
import sys
import time


def wait_for_start():
    print("ready", flush=True)
    sys.stdin.readline()


def timed(count):
    """One job: `count` does it and gives what it has found, by name."""
    wait_for_start()
    begun = time.monotonic()
    found = count()
    return {"seconds": time.monotonic() - begun, **found}


def append(append_one, load_again, commits):
    """Many commits, each by `append_one`. One that fails is counted, and what the writer knew of the table is loaded again."""
    if commits == 0:
        return {}
    wait_for_start()
    waited, failed, failure = [], 0, ""
    begun = time.monotonic()
    for _ in range(commits):
        sent = time.monotonic()
        try:
            append_one()
        except Exception as error:
            failed, failure = failed + 1, f"{type(error).__name__}: {error}"
            load_again()
        else:
            waited.append((time.monotonic() - sent) * 1000)
    return {"seconds": time.monotonic() - begun, "waited_ms": waited, "failed": failed, "failure": failure}


def main(work):
    job, warehouse, namespace, table, *commits = sys.argv[1:]
    print(json.dumps(work(job, warehouse, namespace, table, *map(int, commits))))
