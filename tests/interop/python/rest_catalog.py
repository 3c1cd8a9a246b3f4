"""A small Iceberg REST catalog over folders of v<N>.metadata.json, since DuckDB writes through REST catalogs alone.

    python rest_catalog.py ROOT        prints its port; namespaces are folders of ROOT, tables folders in them

No authentication, and no validation of what is committed beyond the requirements.
"""

import json
import os
import re
import sys
import time
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROOT = os.path.abspath(sys.argv[1])
NAMESPACE = "/v1/{prefix}/namespaces/{namespace}"
# Without this list clients assume the specification's, and DuckDB then sends each INSERT to transactions/commit.
ENDPOINTS = ["GET /v1/{prefix}/namespaces", "POST /v1/{prefix}/namespaces", f"GET {NAMESPACE}", f"GET {NAMESPACE}/tables",
             f"POST {NAMESPACE}/tables", f"GET {NAMESPACE}/tables/{{table}}", f"POST {NAMESPACE}/tables/{{table}}"]


class Refused(Exception):
    def __init__(self, code, kind, message):
        super().__init__(message)
        self.code, self.kind = code, kind


def newest(folder):
    metadata = os.path.join(folder, "metadata")
    names = os.listdir(metadata) if os.path.isdir(metadata) else []
    return max((int(m[1]) for m in (re.fullmatch(r"v(\d+)\.metadata\.json", n) for n in names) if m), default=0)


def path_of(folder, version):
    return f"{folder}/metadata/v{version}.metadata.json"


def load(folder):
    version = newest(folder)
    if not version:
        raise Refused(404, "NoSuchTableException", "Table does not exist")
    with open(path_of(folder, version)) as file:
        return version, json.load(file)


def create_version(folder, version, metadata):
    for name in ("metadata", "data"):  # DuckDB expects both
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    path = path_of(folder, version)
    temporary = f"{path}.{uuid.uuid4().hex}"
    with open(temporary, "w") as file:
        json.dump(metadata, file)
    try:
        os.link(temporary, path)  # exclusive
    except FileExistsError:
        raise Refused(409, "CommitFailedException", f"version {version} exists") from None
    finally:
        os.unlink(temporary)
    with open(f"{folder}/metadata/version-hint.text", "w") as file:
        file.write(str(version))
    return path


def highest_id(kind):
    if not isinstance(kind, dict):
        return 0
    if kind["type"] == "struct":
        return max((max(f["id"], highest_id(f["type"])) for f in kind["fields"]), default=0)
    if kind["type"] == "list":
        return max(kind["element-id"], highest_id(kind["element"]))
    return max(kind["key-id"], kind["value-id"], highest_id(kind["key"]), highest_id(kind["value"]))


def nothing_yet():
    return {"format-version": 2, "last-sequence-number": 0, "last-updated-ms": 0, "last-column-id": 0, "schemas": [], "partition-specs": [],
            "last-partition-id": 999, "sort-orders": [], "properties": {}, "current-snapshot-id": -1, "refs": {}, "snapshots": [], "snapshot-log": [],
            "metadata-log": []}


def check(requirements, metadata):
    same = {"assert-current-schema-id": "current-schema-id", "assert-last-assigned-field-id": "last-column-id",
            "assert-last-assigned-partition-id": "last-partition-id", "assert-default-spec-id": "default-spec-id",
            "assert-default-sort-order-id": "default-sort-order-id", "assert-table-uuid": "table-uuid"}
    for required in requirements:
        kind = required["type"]
        if kind == "assert-create":
            holds = metadata is None
        elif metadata is None:
            raise Refused(404, "NoSuchTableException", "Table does not exist")
        elif kind == "assert-ref-snapshot-id":
            holds = metadata["refs"].get(required["ref"], {}).get("snapshot-id") == required.get("snapshot-id")
        elif kind in same:
            holds = metadata[same[kind]] in [v for k, v in required.items() if k != "type"]
        else:
            raise Refused(400, "BadRequestException", f"unknown requirement {kind}")
        if not holds:
            raise Refused(409, "CommitFailedException", f"Requirement failed: {required}")


def apply(metadata, updates):
    now = max(int(time.time() * 1000), metadata["last-updated-ms"] + 1)
    added = {}
    for update in updates:
        action = update["action"]
        if action == "assign-uuid":
            metadata["table-uuid"] = update["uuid"]
        elif action == "upgrade-format-version":
            metadata["format-version"] = update["format-version"]
            if update["format-version"] >= 3:
                metadata.setdefault("next-row-id", 0)
        elif action == "add-schema":
            schema = dict(update["schema"], **{"schema-id": len(metadata["schemas"])})
            metadata["schemas"].append(schema)
            metadata["last-column-id"] = max(metadata["last-column-id"], highest_id(schema), update.get("last-column-id") or 0)
            added["schema"] = schema["schema-id"]
        elif action == "add-spec":
            spec = dict(update["spec"], **{"spec-id": len(metadata["partition-specs"])})
            for field in spec["fields"]:
                field.setdefault("field-id", metadata["last-partition-id"] + 1)
                metadata["last-partition-id"] = max(metadata["last-partition-id"], field["field-id"])
            metadata["partition-specs"].append(spec)
            added["spec"] = spec["spec-id"]
        elif action == "add-sort-order":
            metadata["sort-orders"].append(update["sort-order"])
            added["sort-order"] = update["sort-order"]["order-id"]
        elif action in ("set-current-schema", "set-default-spec", "set-default-sort-order"):
            what = action.split("-", 2)[2]
            key = {"schema": "current-schema-id"}.get(what, f"default-{what}-id")
            given = update[f"{what}-id"]
            metadata[key] = added[what] if given == -1 else given
        elif action == "set-location":
            metadata["location"] = update["location"]
        elif action == "set-properties":
            metadata["properties"].update(update.get("updates") or {})
        elif action == "remove-properties":
            for key in update["removals"]:
                metadata["properties"].pop(key, None)
        elif action == "add-snapshot":
            snapshot = update["snapshot"]
            metadata["snapshots"].append(snapshot)
            metadata["last-sequence-number"] = max(metadata["last-sequence-number"], snapshot.get("sequence-number", 0))
            now = max(now, snapshot["timestamp-ms"])
            if metadata["format-version"] >= 3:
                reached = (snapshot.get("first-row-id") or 0) + (snapshot.get("added-rows") or 0)
                metadata["next-row-id"] = max(metadata["next-row-id"], reached)
        elif action == "set-snapshot-ref":
            metadata["refs"][update["ref-name"]] = {k: v for k, v in update.items() if k not in ("action", "ref-name")}
            if update["ref-name"] == "main":
                metadata["current-snapshot-id"] = update["snapshot-id"]
                metadata["snapshot-log"].append({"snapshot-id": update["snapshot-id"], "timestamp-ms": now})
        elif action == "remove-snapshots":
            metadata["snapshots"] = [s for s in metadata["snapshots"] if s["snapshot-id"] not in update["snapshot-ids"]]
        elif action == "remove-snapshot-ref":
            metadata["refs"].pop(update["ref-name"], None)
        else:
            raise Refused(400, "BadRequestException", f"unknown update {action}")
    metadata["last-updated-ms"] = now
    return metadata


def created(folder, request):
    properties = request.get("properties") or {}
    version = int(properties.pop("format-version", "2"))
    return apply(nothing_yet(), [
        {"action": "assign-uuid", "uuid": str(uuid.uuid4())}, {"action": "upgrade-format-version", "format-version": version},
        {"action": "add-schema", "schema": request["schema"]}, {"action": "set-current-schema", "schema-id": -1},
        {"action": "add-spec", "spec": request.get("partition-spec") or {"fields": []}}, {"action": "set-default-spec", "spec-id": -1},
        {"action": "add-sort-order", "sort-order": request.get("write-order") or {"order-id": 0, "fields": []}},
        {"action": "set-default-sort-order", "sort-order-id": -1}, {"action": "set-location", "location": request.get("location") or folder},
        {"action": "set-properties", "updates": properties}])


def answer(method, path, query, request):
    if path == ["v1", "config"]:
        return {"defaults": {}, "overrides": {}, "endpoints": ENDPOINTS}
    if path[:2] != ["v1", "namespaces"]:
        raise Refused(404, "NotFound", "no such route")
    if len(path) == 2:
        if method == "GET":
            names = [] if query.get("parent") else sorted(n for n in os.listdir(ROOT) if os.path.isdir(f"{ROOT}/{n}"))
            return {"namespaces": [[name] for name in names]}
        os.makedirs(os.path.join(ROOT, *request["namespace"]))
        return {"namespace": request["namespace"], "properties": {}}
    levels = path[2].split("\x1f")
    folder = os.path.join(ROOT, *levels)
    if not os.path.isdir(folder):
        raise Refused(404, "NoSuchNamespaceException", f"Namespace does not exist: {path[2]}")
    if len(path) == 3:
        return {"namespace": levels, "properties": {}}
    if len(path) == 4 and method == "GET":
        names = sorted(n for n in os.listdir(folder) if newest(f"{folder}/{n}"))
        return {"identifiers": [{"namespace": levels, "name": name} for name in names]}
    if len(path) == 4:
        table = f"{folder}/{request['name']}"
        if newest(table):
            raise Refused(409, "AlreadyExistsException", "Table exists")
        metadata = created(table, request)
        if request.get("stage-create"):
            for name in ("metadata", "data"):
                os.makedirs(f"{table}/{name}", exist_ok=True)
            return {"metadata-location": None, "metadata": metadata, "config": {}}
        return {"metadata-location": create_version(table, 1, metadata), "metadata": metadata, "config": {}}
    table = f"{folder}/{path[4]}"
    if method == "GET":
        version, metadata = load(table)
        return {"metadata-location": path_of(table, version), "metadata": metadata, "config": {}}
    version, metadata = load(table) if newest(table) else (0, None)
    check(request.get("requirements", []), metadata)
    before = metadata and metadata["last-updated-ms"]
    metadata = apply(metadata or nothing_yet(), request["updates"])
    if version:
        metadata["metadata-log"].append({"metadata-file": path_of(table, version), "timestamp-ms": before})
    return {"metadata-location": create_version(table, version + 1, metadata), "metadata": metadata}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_request(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urllib.parse.urlsplit(self.path)
        path = [urllib.parse.unquote(part) for part in url.path.strip("/").split("/")]
        try:
            code, result = 200, answer(self.command, path, urllib.parse.parse_qs(url.query), json.loads(body) if body else {})
        except Refused as refused:
            code, result = refused.code, {"error": {"message": str(refused), "type": refused.kind, "code": refused.code}}
        text = json.dumps(result).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = handle_request

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
