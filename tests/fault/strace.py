"""Runs a command under strace: records its calls on files, or makes one of them fail."""

import contextlib
import dataclasses
import os
import re
import signal
import subprocess
import time

CHANGING = "write pwrite64 writev pwritev copy_file_range sendfile ftruncate".split()
SYNCING = "fsync fdatasync".split()
NAMING = "rename renameat renameat2 link linkat".split()
UNLINKING = "unlink unlinkat".split()
MAKING_FOLDERS = "mkdir mkdirat".split()
OPENING = "open openat creat".split()
CALLS = [*CHANGING, *SYNCING, *NAMING, *UNLINKING, *MAKING_FOLDERS, *OPENING, "close"]
STARTING_THREADS = "clone clone3".split()

SECONDS = 60


@dataclasses.dataclass(frozen=True)
class Call:
    thread: int  # 0 is the main thread, others count in the order they were started
    name: str
    number: int  # which call of this name it is in its thread, from 1: what strace's when= counts
    paths: tuple[str, ...]
    result: str
    text: str

    @property
    def succeeded(self):
        return not self.result.startswith(("-1", "?"))

    @property
    def was_injected(self):
        return "(INJECTED)" in self.result or self.result.startswith("?")

    @property
    def shape(self):
        """What stays the same from run to run: no random names."""
        return self.name, *(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{8,}", "*", path) for path in self.paths)

    def __str__(self):
        return f"{self.name} {' '.join(path for path in self.shape[1:])} (thread {self.thread}, number {self.number})"


@dataclasses.dataclass(frozen=True)
class Run:
    status: int
    error: str
    calls: list[Call]


LINE = re.compile(r"(?:(?P<thread>\d+) +)?(?:<\.\.\. \w+ resumed>(?P<rest>.*)|(?P<text>\w+\(.*))")


def _read_log(log):
    calls, unfinished, numbers, threads = [], {}, {}, {}
    for line in log.read_text().splitlines():
        match = LINE.fullmatch(line)
        if not match:
            continue  # an exit
        thread = threads.setdefault(match["thread"], len(threads))
        text = match["text"] or unfinished.pop(thread) + match["rest"]
        if text.endswith("<unfinished ...>"):
            unfinished[thread] = text.removesuffix("<unfinished ...>")
            continue
        name = text[: text.index("(")]
        arguments, _, result = text.rpartition(" = ")
        if name in STARTING_THREADS:
            threads.setdefault(result, len(threads))
        numbers[thread, name] = number = numbers.get((thread, name), 0) + 1
        # A path is either text or what -y shows of a descriptor; the working folder is of no interest.
        found = re.findall(r'"(/[^"]*)"|\d<(/[^>]*)>', arguments)
        calls.append(Call(thread, name, number, tuple(one or other for one, other in found), result.strip(), text))
    return calls


def _strace(log, *more):
    traced = ",".join("?" + name for name in CALLS + STARTING_THREADS)  # not every machine has all of them
    return ["strace", "-y", "-s", "0", "-e", "signal=none", "-e", f"trace={traced}", "-o", str(log), *more]


def record(command, log):
    """All calls of all threads, in order."""
    done = subprocess.run([*_strace(log, "-f", "-qq"), *command], capture_output=True, text=True, timeout=SECONDS)
    return Run(done.returncode, done.stderr, _read_log(log))


def run_with_fault(command, recorded, call, fault, log, is_lasting=False):
    """Runs it again with a fault such as "error=EIO" at one recorded call; a lasting one also at all later calls of that
    name. strace counts in every thread by itself, so only the thread of that call may be traced: another would fail at
    its own call of the same number.
    """
    injection = f"--inject={call.name}:{fault}:when={call.number}{'+' if is_lasting else ''}"
    if call.thread == 0:
        done = subprocess.run([*_strace(log, "-qq", injection), *command], capture_output=True, text=True, timeout=SECONDS)
        return Run(done.returncode, done.stderr, _read_log(log))
    with _stopped_after_start_of(call.thread, command, recorded) as (process, thread):
        tracer = subprocess.Popen(_strace(log, injection, "-p", str(thread)), stderr=subprocess.PIPE, text=True)
        message = tracer.stderr.readline()
        assert "attached" in message, message
        os.kill(process.pid, signal.SIGCONT)
        _, error = process.communicate(timeout=SECONDS)
        tracer.communicate(timeout=SECONDS)
    return Run(process.returncode, error, _read_log(log))


@contextlib.contextmanager
def _stopped_after_start_of(thread, command, recorded):
    """Starts the command and stops it where it is about to start the thread after that one."""
    starts = [call for call in recorded.calls if call.name in STARTING_THREADS]
    assert len(starts) > thread and all(start.thread == 0 for start in starts), "threads start otherwise than expected"
    stop = f"--inject={starts[thread].name}:signal=STOP:when={starts[thread].number}"
    # With -D the process started here is the command itself.
    words = ["strace", "-D", "-qq", "-e", f"trace={starts[thread].name}", "-e", "signal=none", "-o", "/dev/null", stop, *command]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield process, _wait_until_stopped(process, thread)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _wait_until_stopped(process, thread):
    """The system's number of the thread."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, f"ended before it could be stopped: {process.stderr.read()}"
        # Numbers start again from below once the highest is reached; the main thread's is the process's.
        tasks = sorted(map(int, os.listdir(f"/proc/{process.pid}/task")), key=lambda task: (task < process.pid, task))
        # The main thread, being traced, is seen as "t"; the others only where all of them are stopped.
        if len(tasks) > thread and _state(process.pid, tasks[thread]) == "T":
            return tasks[thread]
        time.sleep(0.0005)
    raise TimeoutError("the process does not stop")


def _state(process, thread):
    with open(f"/proc/{process}/task/{thread}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0]
