"""A contestant on a uvicorn of its own, and many connections to it from this process."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import callers
from contestants import Request

HERE = Path(__file__).parent


def allow_many_files() -> None:
    """Raise the limit of open files for this process and those it starts."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


class Server:
    """Where a contestant is served, by one worker."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port

    def held(self) -> tuple[float, int]:
        """Return its memory in KiB and how many threads it has."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        fields = dict(line.split(":", 1) for line in status.splitlines())
        return float(fields["VmRSS"].split()[0]), int(fields["Threads"])

    async def open(self, request: Request) -> Connection:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        connection = Connection(reader, writer)
        connection.send(request)
        return connection


class Connection:
    """One connection of a client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, request: Request) -> None:
        headers = "".join(
            f"{name}: {value}\r\n" for name, value in callers.headers_of(request).items()
        )
        head = f"{request.method} {request.path} HTTP/1.1\r\n{headers}\r\n"
        self._writer.write(head.encode() + request.body)

    async def first_item(self) -> None:
        """Wait for the first event of a stream."""
        await self._reader.readuntil(b"data: ")
        await self._reader.readuntil(b"\n\n")

    async def call(self, request: Request) -> bytes:
        """Send one more request, and return the body of its answer."""
        self.send(request)
        return await self.answer()

    async def answer(self) -> bytes:
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        if b"transfer-encoding: chunked" in head:
            body = await self._reader.readuntil(b"\r\n0\r\n\r\n")
        else:
            length = head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]
            body = await self._reader.readexactly(int(length))
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise SystemExit(f"got {head!r} {body[:200]!r}; expected 200")
        return body

    def abort(self) -> None:
        self._writer.transport.abort()


@asynccontextmanager
async def serve(name: str) -> AsyncIterator[Server]:
    """Serve a contestant on loopback; the process is killed at the end."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-W", "ignore", "-m", "uvicorn", "--factory"],
        "project:application",
        *["--host=127.0.0.1", f"--port={port}", "--log-level=error", "--lifespan=off"],
        "--backlog=4096",
        cwd=HERE,
        env={**os.environ, "CONTESTANT": name},
    )
    try:
        await wait_for(port, process)
        yield Server(process, port)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def wait_for(port: int, process: asyncio.subprocess.Process) -> None:
    start = time.monotonic()
    while process.returncode is None and time.monotonic() - start < 60:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return
    raise ChildProcessError("uvicorn does not start")
