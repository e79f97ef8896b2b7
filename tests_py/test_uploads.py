"""Uploads: their memory, what is left of them, and those that are refused."""

from __future__ import annotations

import json
import re
import socket
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from .conftest import Caller
from .site.processes import TOKEN, read, send, wait_until, web_server

MEGABYTE = 2**20
CHUNK = bytes(range(256)) * 256  # 64 KiB
BOUNDARY = "b" * 40
FORM = f"multipart/form-data; boundary={BOUNDARY}"
END = f"--{BOUNDARY}--\r\n".encode()

KINDS = [("class-sync", "upload"), ("function-async", "aupload")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where the servers put what they are sent."""
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module", params=["uvicorn", "gunicorn"])
def port(request, folder):
    with web_server(request.param, {"TEST_UPLOADS": str(folder)}) as port:
        yield port


def part(name: str) -> bytes:
    """Return the head of a part that is a file."""
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="f.bin"'
    return f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: a/b\r\n\r\n".encode()


def start(port, kind, action, length, **headers) -> socket.socket:
    """Send the head of a call that has a body of this length."""
    sent = {"Content-Type": FORM, "Content-Length": str(length), "X-Hyper-Action": action}
    return send(port, f"/servers/{kind}/", {**sent, **headers}, b"")


def body_of(name: str, sizes: Iterable[int]) -> Iterator[bytes]:
    """Give a body with files of these sizes, in pieces: it is never in memory as a whole."""
    for size in sizes:
        yield part(name)
        yield from (CHUNK for _ in range(size // len(CHUNK)))
        yield b"\r\n"
    yield END


def upload(port, kind, action, name, sizes):
    """Upload files of these sizes, and return the answer's JSON."""
    length = sum(len(part(name)) + size + 2 for size in sizes) + len(END)
    connection = start(port, kind, action, length)
    for piece in body_of(name, sizes):
        connection.sendall(piece)
    return json.loads(read(connection).partition(b"\r\n\r\n")[2])["result"]


def call(port, action):
    """Call an action without arguments, and return its result."""
    headers = {"X-Hyper-Action": action}
    answer = read(send(port, "/servers/class-sync/", headers, b""))
    return json.loads(answer.partition(b"\r\n\r\n")[2])["result"]


def memory_of(process: int, name: str) -> int:
    """Return bytes of real memory: ``VmRSS`` for now, ``VmHWM`` for the most there was."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) * 1_024  # type: ignore[index]


def sum_of(size: int) -> int:
    value = 0
    for _ in range(size // len(CHUNK)):
        value = zlib.crc32(CHUNK, value)
    return value


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux")
@pytest.mark.parametrize(
    ("kind", "action", "name", "sizes"),
    [
        (*KINDS[0], "file", [200 * MEGABYTE]),
        (*KINDS[1], "files", [150 * MEGABYTE, 50 * MEGABYTE]),
    ],
)
def test_a_large_upload_needs_little_memory(port, folder, kind, action, name, sizes):
    process = upload(port, kind, action, name, [4 * MEGABYTE])["process"]
    Path(f"/proc/{process}/clear_refs").write_text("5")  # forgets the most there was
    before = memory_of(process, "VmRSS")

    result = upload(port, kind, action, name, sizes)

    assert result == {"sizes": sizes, "sums": list(map(sum_of, sizes)), "process": process}
    assert memory_of(process, "VmHWM") - before < 20 * MEGABYTE
    wait_until(lambda: not list(folder.iterdir()))


@pytest.mark.parametrize("how", ["half-closed", "closed"])
@pytest.mark.parametrize(("kind", "action"), KINDS)
@pytest.mark.parametrize("named", ["header", "field"])
def test_an_upload_cut_at_half_is_never_run(port, folder, kind, action, named, how):  # F06 D16
    before = call(port, "entries")
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="_action"\r\n\r\n{action}\r\n'
    is_field = named == "field"
    headers = {"X-Hyper-Action": "", "HX-Request": "true"} if is_field else {}

    connection = start(port, kind, action, 8 * MEGABYTE, **headers)
    connection.sendall(
        field.encode() * is_field + part("file") + 4 * MEGABYTE // len(CHUNK) * CHUNK
    )
    answer = b""
    if how == "half-closed":
        connection.shutdown(socket.SHUT_WR)
        answer = read(connection)
    connection.close()
    wait_until(lambda: not list(folder.iterdir()))

    assert b'"result"' not in answer
    assert upload(port, kind, action, "file", [MEGABYTE])["sizes"] == [MEGABYTE]
    assert call(port, "entries") == before + 1
    wait_until(lambda: not list(folder.iterdir()))


# --- Limits, and handlers of one's own ---


class Stopping(FileUploadHandler):
    """Refuses a file in the middle, as a handler with a quota does."""

    error: Any = StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data, start):
        if start > 0:
            raise self.error
        return raw_data

    def file_complete(self, file_size):
        """Leave the file to the next handler."""


class Resetting(Stopping):
    error = StopUpload(connection_reset=True)


class TooBig(Stopping):
    error = RequestDataTooBig("The quota is used up.")


class Early(Stopping):
    error = StopUpload(connection_reset=True)

    def new_file(self, *args, **kwargs):
        raise self.error


def handlers(handler, then="Temporary"):
    return {
        "FILE_UPLOAD_HANDLERS": [
            f"{__name__}.{handler.__name__}",
            f"django.core.files.uploadhandler.{then}FileUploadHandler",
        ]
    }


LIMITS = {
    "a field too large": {"DATA_UPLOAD_MAX_MEMORY_SIZE": 500},
    "too many fields": {"DATA_UPLOAD_MAX_NUMBER_FIELDS": 1},
    "too many files": {"DATA_UPLOAD_MAX_NUMBER_FILES": 1},
    "stopped": handlers(Stopping),
    "stopped in memory": {**handlers(Stopping, "Memory"), "FILE_UPLOAD_MAX_MEMORY_SIZE": 2**30},
    "stopped, and the connection reset": handlers(Resetting),
    "stopped before it began": handlers(Early),
    "too big": handlers(TooBig),
}


@pytest.fixture
def temporary(settings, tmp_path) -> Path:
    """Where uploads go, all of them as files."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    return tmp_path


def files_of(count: int) -> dict[str, Any]:
    content = 4 * CHUNK
    return {"files": [SimpleUploadedFile(f"{number}.bin", content) for number in range(count)]}


@pytest.mark.parametrize("checked", [False, True], ids=["", "CSRF"])
@pytest.mark.parametrize(("kind", "action"), KINDS)
@pytest.mark.parametrize("limit", LIMITS)
def test_an_upload_beyond_a_limit_is_refused(
    world, settings, temporary, entered, kind, action, limit, checked
):  # F06
    for name, value in LIMITS[limit].items():
        setattr(settings, name, value)
    call = Caller(world, enforce_csrf_checks=checked)
    call.client.cookies["csrftoken"] = TOKEN

    answer = call.request(
        *("POST", f"/servers/{kind}/"),
        data={**files_of(2), "a": 600 * "a", "b": "b", "c": "c", "d": "d"},
        headers={"X-Hyper-Action": action, "X-CSRFToken": TOKEN},
    )

    told = answer.json()
    assert (answer.status_code, told["code"]) in [(413, "too_large"), (400, "bad_request")]
    assert told["error"]
    assert entered == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_a_temporary_file_is_gone_with_the_answer(call, temporary, entered, kind, method):
    body = b"".join(body_of("file", [MEGABYTE]))

    answer = call(f"/servers/{kind}/", "look", method=method, data=body, content_type=FORM)

    assert (answer.json(), entered) == ({"result": MEGABYTE}, [1])
    assert list(temporary.iterdir()) == []


def test_a_small_file_stays_in_memory(call, temporary, settings, entered):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = MEGABYTE + 1_000
    body = b"".join(body_of("file", [MEGABYTE]))

    answer = call("/servers/class-sync/", "look", data=body, content_type=FORM)

    assert (answer.json(), entered) == ({"result": MEGABYTE}, [0])
