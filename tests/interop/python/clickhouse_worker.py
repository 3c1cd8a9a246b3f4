"""The process in which ClickHouse runs: {"op": "query", "sql": …, "output": FILE} puts an Arrow stream into FILE."""

import json
import os
import sys

import chdb


def main():
    # The answers go to a copy: what the engine prints by itself must not come between them.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # Only what lies below the current folder may be read.
    os.chdir("/")
    for line in sys.stdin:
        request = json.loads(line)
        try:
            result = chdb.query(request["sql"], "ArrowStream").bytes()
            with open(request["output"], "wb") as output:
                output.write(result)
            answer = {}
        except Exception as error:  # whatever it is, it is the answer
            answer = {"error": {"message": str(error)}}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
