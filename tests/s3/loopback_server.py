"""A server on a local port, in a thread of its own."""

import asyncio
import ssl
import threading


class LoopbackServer:
    """Serves from its creation until it is closed. Derived classes implement `serve(reader, writer)`."""

    def __init__(self, tls=None):
        self._tls = tls  # the context of a server
        self.handshakes_to_break = 0
        self.connections = 0  # so far
        self.open_connections = self.most_connections = 0
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait()
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def run(self, coroutine):
        """Its result, once the server's thread has it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)

    def close(self):
        self.run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, started):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()

    async def _serve(self, reader, writer):
        self.connections += 1
        self.open_connections += 1
        self.most_connections = max(self.most_connections, self.open_connections)
        try:
            if self.handshakes_to_break:
                self.handshakes_to_break -= 1
                writer.transport.abort()
            elif self._tls:
                await writer.start_tls(self._tls)
            await self.serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            self.open_connections -= 1
            writer.close()

    async def _end(self):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
