"""An S3 server in this process that is as strict as R2, or more: it checks every signature on its own, refuses skewed clocks and
a second write of a key within a second, and its clock can be set ahead."""

import asyncio
import base64
import calendar
import collections
import dataclasses
import email.utils
import hashlib
import hmac
import re
import time
import urllib.parse
import xml.etree.ElementTree
import xml.sax.saxutils

from http_messages import answer_of, error_of, read_request
from loopback_server import LoopbackServer

KEY, SECRET = "tests", "tests-secret"
LONGEST_SKEW = 15 * 60
MUST_BE_SIGNED = ("host", "x-amz-date", "x-amz-content-sha256", "if-match", "if-none-match", "content-md5", "content-type", "range")


@dataclasses.dataclass
class Stored:
    body: bytes
    modified: float
    headers: dict

    @property
    def etag(self):
        return hashlib.md5(self.body).hexdigest()


class Refused(Exception):
    def __init__(self, status, code):
        super().__init__(code)
        self.status, self.code = status, code


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class StrictStub(LoopbackServer):
    def __init__(self, latency=0.0):
        self.objects = {}  # by path, as it is sent
        self.ahead = 0.0  # of the real time, in seconds
        self.latency = latency
        self.delay_of = lambda request: self.latency
        self.refuse = lambda request: None  # or status and code
        self.heeds_conditions = True
        self.refusals = collections.Counter()
        self.requests = collections.Counter()
        self._last_write = {}
        super().__init__()

    def now(self):
        return time.time() + self.ahead

    async def serve(self, reader, writer):
        while True:
            request = await read_request(reader)
            if delay := self.delay_of(request):
                await asyncio.sleep(delay)
            writer.write(self._answer(request))
            await writer.drain()

    def _answer(self, request):
        headers = request.headers()
        query = urllib.parse.parse_qsl(request.query, keep_blank_values=True)
        date = f"Date: {email.utils.formatdate(self.now(), usegmt=True)}\r\n"
        self.requests[request.method] += 1
        try:
            self._check_signature(request, headers, query)
            if refusal := self.refuse(request):
                raise Refused(*refusal)
            return self._act(request, headers, dict(query), date)
        except Refused as refused:
            self.refusals[refused.code] += 1
            answer = error_of(refused.status, refused.code, date)
            return answer.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if request.method == "HEAD" else answer

    def _check_signature(self, request, headers, query):
        """AWS Signature Version 4, as documented."""
        found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d+)/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)",
                             headers.get("authorization", ""))
        if not found:
            raise Refused("403 Forbidden", "AccessDenied")
        key, day, region, names, signature = found.groups()
        signed = names.split(";")
        if key != KEY:
            raise Refused("403 Forbidden", "InvalidAccessKeyId")
        unsigned = [name for name in (*MUST_BE_SIGNED, *(n for n in headers if n.startswith("x-amz-"))) if name in headers and name not in signed]
        if unsigned:
            raise Refused("403 Forbidden", "UnsignedHeader-" + unsigned[0])
        quoted = "&".join(sorted(f"{urllib.parse.quote(name, safe='-_.~')}={urllib.parse.quote(value, safe='-_.~')}" for name, value in query))
        canonical = "\n".join([request.method, request.path, quoted, *(f"{name}:{' '.join(headers[name].split())}" for name in signed), "", names,
                               headers["x-amz-content-sha256"]])
        scope = f"{day}/{region}/s3/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
        secret = _hmac(_hmac(_hmac(_hmac(("AWS4" + SECRET).encode(), day), region), "s3"), "aws4_request")
        if not hmac.compare_digest(_hmac(secret, to_sign).hex(), signature):
            raise Refused("403 Forbidden", "SignatureDoesNotMatch")
        sent = calendar.timegm(time.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ"))
        if abs(sent - self.now()) > LONGEST_SKEW:
            raise Refused("403 Forbidden", "RequestTimeTooSkewed")
        if hashlib.sha256(request.body).hexdigest() != headers["x-amz-content-sha256"]:
            raise Refused("400 Bad Request", "XAmzContentSHA256Mismatch")

    def _act(self, request, headers, query, date):
        if request.method == "PUT":
            return self._put(request, headers, date)
        if request.method == "POST" and "delete" in query:
            return self._delete(request, date)
        if request.method == "GET" and "list-type" in query:
            return self._list(request, query, date)
        stored = self.objects.get(request.path)
        if stored is None:
            raise Refused("404 Not Found", "NoSuchKey")
        details = f'ETag: "{stored.etag}"\r\nLast-Modified: {email.utils.formatdate(stored.modified, usegmt=True)}\r\n{date}'
        details += "".join(f"{name}: {value}\r\n" for name, value in stored.headers.items())
        body, status = stored.body, "200 OK"
        if request.method == "GET" and "range" in headers:
            first, last = re.fullmatch(r"bytes=(\d*)-(\d*)", headers["range"]).groups()
            size = len(body)
            begin = int(first) if first else max(0, size - int(last))
            end = min(int(last) + 1, size) if first and last else size
            if begin >= size:
                raise Refused("416 Range Not Satisfiable", "InvalidRange")
            details += f"Content-Range: bytes {begin}-{end - 1}/{size}\r\n"
            body, status = body[begin:end], "206 Partial Content"
        answer = answer_of(status, body, "application/octet-stream", details)
        return answer[: len(answer) - len(body)] if request.method == "HEAD" else answer

    def _put(self, request, headers, date):
        digest = hashlib.md5(request.body).digest()
        if "content-md5" in headers and headers["content-md5"] != base64.b64encode(digest).decode():
            raise Refused("400 Bad Request", "BadDigest")
        if time.monotonic() - self._last_write.get(request.path, -1000) < 1:
            raise Refused("429 Too Many Requests", "TooManyRequests")
        now = self.objects.get(request.path)
        if not self.heeds_conditions:
            headers = {name: value for name, value in headers.items() if name not in ("if-none-match", "if-match")}
        if headers.get("if-none-match") == "*" and now is not None:
            raise Refused("412 Precondition Failed", "PreconditionFailed")
        if "if-match" in headers and (now is None or headers["if-match"].strip('"') != now.etag):
            raise Refused("412 Precondition Failed", "PreconditionFailed")
        self._last_write[request.path] = time.monotonic()
        kept = {name: value for name, value in headers.items() if name.startswith("x-amz-meta-")}
        self.objects[request.path] = Stored(request.body, self.now(), kept)
        return answer_of("200 OK", b"", "application/xml", f'ETag: "{digest.hex()}"\r\n{date}')

    def _delete(self, request, date):
        bucket = request.path.rstrip("/")
        for key in xml.etree.ElementTree.fromstring(request.body).iter("{http://s3.amazonaws.com/doc/2006-03-01/}Key"):
            self.objects.pop(f"{bucket}/{urllib.parse.quote(key.text, safe='/-_.~')}", None)
        return answer_of("200 OK", b"<DeleteResult/>", "application/xml", date)

    def _list(self, request, query, date):
        bucket = request.path.rstrip("/") + "/"
        names = sorted(urllib.parse.unquote(path.removeprefix(bucket)) for path in self.objects if path.startswith(bucket))
        after = query.get("continuation-token", query.get("start-after", ""))
        names = [name for name in names if name.startswith(query.get("prefix", "")) and name > after]
        most = int(query.get("max-keys", 1000))
        page = names[:most]
        rows = "".join(
            f"<Contents><Key>{xml.sax.saxutils.escape(urllib.parse.quote(name))}</Key><Size>{len(self._of(bucket, name).body)}</Size>"
            f"<LastModified>{time.strftime('%Y-%m-%dT%H:%M:%S.000Z', time.gmtime(self._of(bucket, name).modified))}</LastModified></Contents>"
            for name in page)
        more = f"<IsTruncated>true</IsTruncated><NextContinuationToken>{page[-1]}</NextContinuationToken>" if len(names) > most else ""
        body = f"<ListBucketResult><EncodingType>url</EncodingType>{rows}{more}</ListBucketResult>"
        return answer_of("200 OK", body.encode(), "application/xml", date)

    def _of(self, bucket, name):
        return self.objects[bucket + urllib.parse.quote(name, safe="/-_.~")]
