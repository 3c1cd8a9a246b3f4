"""A proxy before an S3 server that does to requests what networks and servers do, as its user says for each of them."""

import asyncio
import dataclasses
import socket
import struct
import threading
import urllib.parse


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


class Gone(Exception):
    """The client's connection has been ended."""


def _abort(writer):
    """Resets the connection instead of closing it."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


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


async def _body(reader, head):
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


HTML = b"<html><body><h1>Bad gateway</h1></body></html>"


# What may happen to a request. Each is given how to forward it and the client's writer, and says what is answered; or ends
# the connection.


async def answer_lost(proxy, request, client):
    await proxy.forward(request)
    _abort(client)
    raise Gone


async def closed_without_an_answer(proxy, request, client):
    await proxy.forward(request)
    client.close()
    raise Gone


async def reset_before_it_is_forwarded(proxy, request, client):
    _abort(client)
    raise Gone


async def lands_later(proxy, request, client):
    proxy.later(0.6, request)
    _abort(client)
    raise Gone


async def lands_after_the_time_limit(proxy, request, client):
    await asyncio.sleep(proxy.time_limit + 0.3)
    await proxy.forward(request)
    raise Gone


async def sent_twice(proxy, request, client):
    await proxy.forward(request)
    return await proxy.forward(request)


async def sent_twice_the_first_answer_told(proxy, request, client):
    answer = await proxy.forward(request)
    await proxy.forward(request)
    return answer


async def sent_again_later(proxy, request, client):
    proxy.later(0.4, request)
    return await proxy.forward(request)


async def answer_cut_in_its_head(proxy, request, client):
    answer = await proxy.forward(request)
    client.write(answer[: len(answer.split(b"\r\n\r\n")[0]) // 2])
    await client.drain()
    client.close()
    raise Gone


async def answer_cut_in_its_body(proxy, request, client):
    answer = await proxy.forward(request)
    client.write(answer[:-1])
    await client.drain()
    _abort(client)
    raise Gone


async def answer_trickles(proxy, request, client):
    for octet in await proxy.forward(request):
        client.write(bytes([octet]))
        await client.drain()
    return b""


async def wrong_etag(proxy, request, client):
    answer = await proxy.forward(request)
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = [b'ETag: "00000000000000000000000000000000"' if line.lower().startswith(b"etag:") else line for line in head.split(b"\r\n")]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def refusal(status, code):
    async def refused(proxy, request, client):
        return error_of(status, code)

    refused.__name__ = f"refused_{code}"
    return refused


def effect_then(status, code):
    async def done_and_refused(proxy, request, client):
        await proxy.forward(request)
        return error_of(status, code)

    done_and_refused.__name__ = f"done_then_{code}"
    return done_and_refused


async def html_instead(proxy, request, client):
    return answer_of("502 Bad Gateway", HTML, "text/html")


async def effect_then_html(proxy, request, client):
    await proxy.forward(request)
    return answer_of("502 Bad Gateway", HTML, "text/html")


async def html_that_looks_well(proxy, request, client):
    await proxy.forward(request)
    return answer_of("503 Service Unavailable", HTML, "text/html", "Retry-After: 0\r\n")


async def redirected(proxy, request, client):
    return answer_of("301 Moved Permanently", b"", "text/html", "Location: http://127.0.0.1:1/elsewhere\r\n")


FAULTS = [
    answer_lost, closed_without_an_answer, reset_before_it_is_forwarded, lands_later, lands_after_the_time_limit, sent_twice,
    sent_twice_the_first_answer_told, sent_again_later, answer_cut_in_its_head, answer_cut_in_its_body, answer_trickles, wrong_etag,
    refusal("429 Too Many Requests", "TooManyRequests"), refusal("500 Internal Server Error", "InternalError"),
    refusal("503 Service Unavailable", "ServiceUnavailable"), effect_then("429 Too Many Requests", "TooManyRequests"),
    effect_then("500 Internal Server Error", "InternalError"), effect_then("503 Service Unavailable", "ServiceUnavailable"),
    html_instead, effect_then_html, html_that_looks_well, redirected,
]


class FaultProxy:
    """Serves on a port of this machine until it is closed. `direct(request)` gives one of FAULTS, or None."""

    def __init__(self, upstream, time_limit):
        at = urllib.parse.urlsplit(upstream)
        self.upstream = (at.hostname, at.port)
        self.time_limit = time_limit
        self.direct = lambda request: None
        self.happened = {}
        self.connections = 0
        self._late = set()
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait()
        self.url = f"http://127.0.0.1:{self.port}{at.path}"

    def _run(self, started):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()

    def close(self):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def send_again(self, request):
        """The server's answer to it now."""
        return asyncio.run_coroutine_threadsafe(self.forward(request), self._loop).result(60)

    def wait_for_late_requests(self):
        """Those that were to land later have landed."""
        asyncio.run_coroutine_threadsafe(self._settle(), self._loop).result(60)

    async def _settle(self):
        while self._late:
            await asyncio.gather(*self._late, return_exceptions=True)

    def later(self, seconds, request):
        async def forward():
            await asyncio.sleep(seconds)
            await self.forward(request)

        task = asyncio.ensure_future(forward())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def forward(self, request):
        """The server's whole answer."""
        reader, writer = await asyncio.open_connection(*self.upstream)
        try:
            writer.write(request.head + request.body)
            head = await reader.readuntil(b"\r\n\r\n")
            return head + (b"" if request.method == "HEAD" else await _body(reader, head))
        finally:
            writer.close()

    async def _serve(self, reader, writer):
        self.connections += 1
        try:
            while True:
                request = await read_request(reader)
                fault = self.direct(request)
                if fault:
                    self.happened[fault.__name__] = self.happened.get(fault.__name__, 0) + 1
                writer.write(await (fault(self, request, writer) if fault else self.forward(request)))
                await writer.drain()
        except (Gone, asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
