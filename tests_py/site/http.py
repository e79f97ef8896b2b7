"""An HTTP/1.1 client for the soak: it keeps its connection, and can cut one anywhere."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import NamedTuple

from .processes import TOKEN

answer_seconds = 60


class Request(NamedTuple):
    """A request as the Alpine client sends it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""

    def encode(self, cookies: str) -> bytes:
        sent = {
            "Host": "localhost",
            "Cookie": f"csrftoken={TOKEN}; {cookies}",
            "X-CSRFToken": TOKEN,
            "Content-Length": str(len(self.body)),
            **self.headers,
        }
        head = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in sent.items())]
        return "\r\n".join([*head, "", ""]).encode() + self.body


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """One visitor's browser; a connection that the server has closed is made anew."""

    def __init__(self, port: int) -> None:
        self.cookies = ""
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: Request) -> Answer:
        """Send a request and read its whole answer."""
        reader, writer = await self._connection()
        writer.write(request.encode(self.cookies))
        await writer.drain()
        answer = await asyncio.wait_for(read_answer(reader), answer_seconds)
        if answer.headers.get("connection", "").lower() == "close":
            self.leave()
        return answer

    async def cut(self, request: Request, sent: float, received: int, *, abort: bool) -> None:
        """Send a part of a request, wait for so many bytes of its answer, and leave.

        Args:
            sent: The part, 0 to 1.
            abort: Whether the connection is reset instead of closed.
        """
        reader, writer = await self._connection()
        # A server that refuses early may have left before.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            data = request.encode(self.cookies)
            writer.write(data[: max(1, int(len(data) * sent))])
            await writer.drain()
            if received:
                await asyncio.wait_for(reader.readexactly(received), answer_seconds)
        if abort:
            writer.transport.abort()
        self.leave()

    def leave(self) -> None:
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._reader.at_eof():
            self.leave()
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        assert self._writer
        return self._reader, self._writer


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    status = int(head[0].split()[1])
    if headers.get("transfer-encoding") == "chunked":
        return Answer(status, headers, await read_chunks(reader))
    return Answer(status, headers, await reader.readexactly(int(headers["content-length"])))


async def read_chunks(reader: asyncio.StreamReader) -> bytes:
    chunks = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        chunks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(chunks)
