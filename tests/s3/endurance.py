"""Whether the resources of a process that works in a bucket for minutes grow: endurance.py PROGRAM SECONDS, under tests/s3/run.

Memory may rise by less than a MiB a minute once two minutes have passed, and descriptors must be as many in the end as
before the library was opened."""

import json
import os
import statistics
import subprocess
import sys
import time

from servers import SERVERS

MOST_KIB_A_MINUTE = 1024
WARMING_UP = 120


def run(program, server, url, seconds):
    environment = {**os.environ, "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests-secret"}
    words = [program, f"s3://contract/endurance-{time.time_ns()}", str(seconds)]
    lines = []
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout:
            lines.append(json.loads(line))
            if lines[-1]["seconds"] % 60 == 0:
                print(server, line.strip(), flush=True)
    first, last = lines[0], lines[-1]
    steady = [line for line in lines[:-1] if line["seconds"] >= WARMING_UP]
    slope = statistics.linear_regression([line["seconds"] / 60 for line in steady], [line["resident_kib"] for line in steady]).slope
    print(f"{server}: {last['commits']} commits, {last['cancelled']} given up; memory {slope:+.0f} KiB a minute, at most "
          f"{max(line['resident_kib'] for line in lines)} KiB; descriptors {first['descriptors']} before, {last['descriptors']} after, "
          f"at most {max(line['descriptors'] for line in lines)}")
    complaints = []
    if running.returncode != 0:
        complaints.append(f"the program ended with {running.returncode}")
    if slope >= MOST_KIB_A_MINUTE:
        complaints.append("it holds more and more memory")
    if first["descriptors"] != last["descriptors"]:
        complaints.append("it leaves descriptors open")
    return [f"{server}: {complaint}" for complaint in complaints]


def main(program, seconds):
    if seconds < 2 * WARMING_UP:
        sys.exit(f"shorter than {2 * WARMING_UP} s shows nothing")
    complaints = [complaint for server, url in SERVERS.items() for complaint in run(program, server, url, seconds)]
    print("\n".join(complaints) or "nothing is held for ever")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
