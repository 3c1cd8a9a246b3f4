"""Requests as servers read them, and answers as they write them."""

import dataclasses


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: str
    head: bytes
    body: bytes

    def headers(self):
        """By names in small letters."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines) if name}

    def is_put_of(self, ending):
        return self.method == "PUT" and self.path.endswith(ending)


def answer_of(status, body=b"", content_type="application/xml", extra=""):
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


def error_of(status, code, extra=""):
    return answer_of(status, f"<Error><Code>{code}</Code><Message>made up</Message></Error>".encode(), extra=extra)


async def read_request(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    method, target, _ = head.split(b"\r\n")[0].decode("latin-1").split(" ")
    path, _, query = target.partition("?")
    request = Request(method, path, query, head, b"")
    request.body = await reader.readexactly(int(request.headers().get("content-length", 0)))
    return request


async def read_body(reader, head):
    """As it is sent, chunks and all."""
    headers = dict(line.lower().split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:] if ": " in line)
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    body = b""
    while True:
        size = await reader.readuntil(b"\r\n")
        chunk = await reader.readexactly(int(size.split(b";")[0], 16) + 2)
        body += size + chunk
        if chunk == b"\r\n":
            return body
