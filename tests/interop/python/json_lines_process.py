"""A child process that answers one line of JSON to each line of JSON."""

import json
import subprocess
import tempfile


class RemoteError(Exception):
    """The child's answer was {"error": …}."""

    def __init__(self, error):
        super().__init__(error.get("message") if isinstance(error, dict) else error)
        self.error = error


class JsonLinesProcess:
    def __init__(self, command):
        self.command = [str(word) for word in command]
        # A file and not a pipe: it is not read while the child runs, and a full pipe would block the child.
        self.stderr = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.stderr, text=True
        )

    def request(self, op, **arguments):
        try:
            self.process.stdin.write(json.dumps({"op": op, **arguments}) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self._death(op) from None
        line = self.process.stdout.readline()
        if not line:
            raise self._death(op)
        answer = json.loads(line)
        if "error" in answer:
            raise RemoteError(answer["error"])
        return answer

    def _death(self, op):
        status = self.process.wait()
        self.stderr.seek(0)
        last_words = self.stderr.read().decode(errors="replace")[-4000:]
        return RuntimeError(f"{self.command[0]} ended with status {status} on {op!r}:\n{last_words}")

    def close(self):
        try:
            self.process.stdin.close()
            self.process.wait(timeout=30)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.stderr.close()
