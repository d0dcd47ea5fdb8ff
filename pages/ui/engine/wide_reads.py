"""Reads of an answer as large as what has arrived.

httpcore asks its connection for 64 KiB at a time, so that an answer of 200 kB takes four rounds
through the event loop here and as many at our own server; whatever lies ready may be read at once.
"""

import ssl
from collections.abc import Iterable
from typing import Any

from httpcore2 import AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream

READ_BYTES = 2**20


class WideReads(AsyncNetworkBackend):
    """Connections of asyncio (``AnyIOBackend``) that are read in large pieces."""

    def __init__(self) -> None:
        self._backend = AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> AsyncNetworkStream:
        """A connection; see ``httpcore2.AsyncNetworkBackend``."""
        stream = await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return _WideStream(stream)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._backend.sleep(seconds)


class _WideStream(AsyncNetworkStream):
    def __init__(self, stream: AsyncNetworkStream) -> None:
        self._stream = stream
        self.write = stream.write
        self.aclose = stream.aclose
        self.get_extra_info = stream.get_extra_info

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(READ_BYTES, timeout)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> AsyncNetworkStream:
        return _WideStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))
