"""A proxy in front of an S3 server that injects faults of networks and servers, as the test decides for each request."""

import asyncio
import socket
import struct
import urllib.parse

from http_messages import answer_of, error_of, read_body, read_request
from loopback_server import LoopbackServer


class Gone(Exception):
    """The client's connection has been ended."""


def _abort(writer):
    """Resets the connection instead of closing it."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


HTML = b"<html><body><h1>Bad gateway</h1></body></html>"


# What may happen to a request. Each gets a function that forwards it and the client's writer, and returns the response; or ends
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


async def forwarded_later(proxy, request, client):
    proxy.later(0.6, request)
    _abort(client)
    raise Gone


async def forwarded_after_the_time_limit(proxy, request, client):
    await asyncio.sleep(proxy.time_limit + 0.3)
    await proxy.forward(request)
    raise Gone


async def sent_twice(proxy, request, client):
    await proxy.forward(request)
    return await proxy.forward(request)


async def sent_twice_and_answered_by_the_first(proxy, request, client):
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
    answer_lost, closed_without_an_answer, reset_before_it_is_forwarded, forwarded_later, forwarded_after_the_time_limit, sent_twice,
    sent_twice_and_answered_by_the_first, sent_again_later, answer_cut_in_its_head, answer_cut_in_its_body, answer_trickles, wrong_etag,
    refusal("429 Too Many Requests", "TooManyRequests"), refusal("500 Internal Server Error", "InternalError"),
    refusal("503 Service Unavailable", "ServiceUnavailable"), effect_then("429 Too Many Requests", "TooManyRequests"),
    effect_then("500 Internal Server Error", "InternalError"), effect_then("503 Service Unavailable", "ServiceUnavailable"),
    html_instead, effect_then_html, html_that_looks_well, redirected,
]


class FaultProxy(LoopbackServer):
    """Serves on a local port until it is closed. `direct(request)` returns one of FAULTS, or None."""

    def __init__(self, upstream, time_limit, tls=None):
        at = urllib.parse.urlsplit(upstream)
        self.upstream = (at.hostname, at.port)
        self.time_limit = time_limit
        self.direct = lambda request: None
        self.happened = {}
        self._late = set()
        super().__init__(tls)
        self.url += at.path

    def send_again(self, request):
        """The server's answer to it now."""
        return self.run(self.forward(request))

    def wait_for_late_requests(self):
        """Requests that were to be forwarded later have been."""
        self.run(self._settle())

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
            return head + (b"" if request.method == "HEAD" else await read_body(reader, head))
        finally:
            writer.close()

    async def serve(self, reader, writer):
        try:
            while True:
                request = await read_request(reader)
                fault = self.direct(request)
                if fault:
                    self.happened[fault.__name__] = self.happened.get(fault.__name__, 0) + 1
                writer.write(await (fault(self, request, writer) if fault else self.forward(request)))
                await writer.drain()
        except Gone:
            pass
