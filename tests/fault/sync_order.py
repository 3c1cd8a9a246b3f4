"""Whether what a trace makes in a table's folder is on the disk before anything refers to it."""

import pathlib

import strace


def _folder(path):
    return str(pathlib.Path(path).parent)


def find_violations(calls, table):
    """A sentence for every rule broken; the rules are:
    - What was written is synced after its last write, and what was named or made in a folder is synced by a sync of that
      folder, before any further file gets its name, and before the command ends. So whatever a file refers to is durable
      before the file can be seen, and an acknowledged version is durable too.
    - The folder is synced by the thread that made something in it: what is durable when one step is done must not depend
      on the next one.
    - A folder that is already there counts as made: its creator may not have synced the folder above yet.
    """
    table = str(table)
    files = []  # written and not synced
    entries = []  # (thread, path) named or made, the folder not synced since
    violations = []

    def is_ours(path):
        return path == table or path.startswith(table + "/")

    def forget(path):
        files[:] = [file for file in files if file != path]
        entries[:] = [entry for entry in entries if entry[1] != path]

    def require_all_synced(when, source=None):
        violations.extend(f"{when}: {file} is not synced" for file in files)
        violations.extend(
            f"{when}: {_folder(path)} is not synced by the thread that made {path}"
            for _, path in entries
            if path != source  # it is about to leave its folder
        )

    for call in calls:
        is_there = call.name in strace.MAKING_FOLDERS and call.result.startswith("-1 EEXIST")
        if not call.paths or not (call.succeeded or is_there):
            continue
        if call.name in strace.SYNCING:
            (path,) = call.paths
            files[:] = [file for file in files if file != path]
            entries[:] = [(thread, made) for thread, made in entries if thread != call.thread or _folder(made) != path]
        elif call.name in strace.CHANGING:
            path = call.paths[1 if call.name == "copy_file_range" else 0]
            if is_ours(path):
                forget(path)
                files.append(path)
                entries.append((call.thread, path))
        elif call.name in strace.MAKING_FOLDERS and is_ours(call.paths[0]):
            entries.append((call.thread, call.paths[0]))
        elif call.name in strace.UNLINKING:
            forget(call.paths[0])
        elif call.name in strace.NAMING and is_ours(call.paths[1]):
            source, target = call.paths
            require_all_synced(f"when {target} gets its name", source)
            forget(target)
            if call.name.startswith("rename"):
                forget(source)
            entries.append((call.thread, target))
    require_all_synced("at the end")
    return violations


def named_files(calls, table):
    """Those that appeared under their names by one call, in order."""
    named = [call.paths[1] for call in calls if call.name in strace.NAMING and call.succeeded]
    return [path.removeprefix(f"{table}/") for path in named if path.startswith(f"{table}/")]
