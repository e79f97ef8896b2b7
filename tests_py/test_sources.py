"""Where a generator runs, and how it is closed by readers that leave in every way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import asgiref.sync
import pytest
from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.test import AsyncClient, Client

from django_hyper.answers.sse import Frames
from django_hyper.batches import Batches
from django_hyper.details import HyperDetails
from django_hyper.dispatch import Call
from django_hyper.registry import action_of
from django_hyper.sources import (
    ApartStream,
    LoopStream,
    OwnLoop,
    ThreadStream,
    give_back_thread,
)
from django_hyper.states import State
from django_hyper.surroundings import Surroundings
from django_hyper.writers import write

from .site import streams_urls
from .site.processes import until


@pytest.fixture
def frames(rf):
    request = rf.post("/")
    request.hyper = HyperDetails(request.META, "go")
    call = Call(request, request.hyper, {}, None, {}, print)
    return Frames(call, action_of(streams_urls.go), State(), 0)


@pytest.fixture
def happened():
    return []


async def patient(happened, seconds=3_600.0):
    """Yield and wait, then need some time to close."""
    try:
        yield "first"
        await asyncio.sleep(seconds)
    finally:
        await asyncio.sleep(0.01)
        happened.append("closed")


def impatient(happened):
    try:
        yield from range(1_000_000)
    finally:
        happened.append(f"closed {threading.get_ident()}")


async def read_one(source):
    reading = aiter(source)
    await anext(reading)
    return reading


# Readers that leave


async def test_a_generator_may_await_while_it_is_closed(frames, happened):
    reading = await read_one(LoopStream(patient(happened), frames))

    await reading.aclose()

    assert happened == ["closed"]


async def test_a_reader_that_is_cancelled_closes_the_generator(frames, happened):  # F02
    async def read():
        async for _ in LoopStream(patient(happened), frames):
            pass

    task = asyncio.create_task(read())
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()  # some servers say so twice

    with pytest.raises(asyncio.CancelledError):
        await task
    assert happened == ["closed"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="needs Task.cancelling()")
async def test_a_loop_that_ends_cancels_a_generator_once(frames, happened):
    async def read():
        async for _ in LoopStream(patient(happened), frames):
            read_first.set()

    read_first = asyncio.Event()
    reading = asyncio.create_task(read())
    await read_first.wait()
    for task in asyncio.all_tasks() - {asyncio.current_task(), reading}:
        task.cancel()  # as the end of a loop does with all
    await asyncio.sleep(0)
    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading
    assert happened == ["closed"]


async def test_a_generator_that_swallows_its_cancellation_is_closed_all_the_same(frames, happened):
    async def swallowing():
        try:
            while True:
                with contextlib.suppress(asyncio.CancelledError):
                    yield "again"
                    happened.append("waits")
                    await asyncio.sleep(3_600)
        finally:
            happened.append("closed")

    reading = await read_one(LoopStream(swallowing(), frames))
    await until(lambda: happened)

    await asyncio.wait_for(reading.aclose(), 10)

    assert happened == ["waits", "closed"]


async def test_what_is_written_for_nobody_closes_the_generator(frames, happened):
    batches = Batches()
    batches.leave()

    with pytest.raises(asyncio.CancelledError):
        await write(patient(happened), frames, Surroundings(), batches)

    assert happened == ["closed"]


async def test_what_fails_after_the_reader_has_left_is_logged_once(frames, caplog):
    async def failing():
        try:
            yield "first"
            await asyncio.sleep(3_600)
        finally:
            raise RuntimeError("secret")

    caplog.set_level(logging.ERROR)
    reading = await read_one(LoopStream(failing(), frames))

    await reading.aclose()

    assert [record.exc_info[1].args for record in caplog.records] == [("secret",)]


async def test_a_sync_generator_is_closed_at_its_next_value_in_its_thread(frames, happened):  # F02
    reading = await read_one(LoopStream(impatient(happened), frames))

    await reading.aclose()

    assert len(happened) == 1
    assert happened != [f"closed {threading.get_ident()}"]


@pytest.mark.parametrize("generator", [patient, impatient])
async def test_closing_the_answer_ends_what_a_middleware_holds_on_to(frames, happened, generator):
    source = LoopStream(generator(happened), frames)
    reading = await read_one(source)

    await asyncio.to_thread(source.close)
    await until(lambda: happened)

    rest = [part async for part in reading]

    assert len(happened) == 1
    assert b"event: end" not in b"".join(rest)


async def test_closing_after_the_loop_is_no_fault(frames, happened):
    source = LoopStream(patient(happened), frames)

    def serve():
        loop = asyncio.new_event_loop()
        reading = loop.run_until_complete(read_one(source))
        leave = source._leave
        loop.run_until_complete(reading.aclose())
        loop.close()
        return leave

    leave = await asyncio.to_thread(serve)

    leave()


@pytest.mark.parametrize("ending", [SystemExit, KeyboardInterrupt])
async def test_what_ends_the_process_comes_to_the_reader(frames, ending):  # S13
    async def exiting():
        yield "first"
        raise ending

    def exiting_in_thread():
        yield "first"
        raise ending

    for generator in (exiting(), exiting_in_thread()):
        reading = await read_one(LoopStream(generator, frames))
        with pytest.raises(ending):
            await anext(reading)


async def test_a_fault_of_ours_comes_to_the_server_and_not_to_nobody(frames):
    async def failing():
        yield "first"

    del frames.action  # neither its end nor that fault can be told

    with pytest.raises(AttributeError):
        [part async for part in LoopStream(failing(), frames)]


# Threads


async def threads_of_a_request():
    """Return the threads that asgiref holds for this context."""
    owner = SyncToAsync.thread_sensitive_context.get(None)
    executor = SyncToAsync.context_to_thread_executor.get(owner)
    return list(executor._threads) if executor else []


async def test_an_async_stream_gives_the_thread_of_its_request_back(frames, happened):
    async with ThreadSensitiveContext():
        await sync_to_async(int)()
        (thread,) = await threads_of_a_request()

        reading = await read_one(LoopStream(patient(happened), frames))

        await until(lambda: not thread.is_alive())
        assert await threads_of_a_request() == []
        await reading.aclose()


async def test_a_generator_that_needs_a_thread_later_gets_one(frames):
    async def needy():
        yield await sync_to_async(threading.get_ident)()
        yield await sync_to_async(threading.get_ident)()

    async with ThreadSensitiveContext():
        first = await sync_to_async(threading.get_ident)()
        parts = [part async for part in LoopStream(needy(), frames)]

    body = b"".join(parts).decode()
    one, other = (
        line for line in body.splitlines() if line.startswith("data: ") and "{" not in line
    )
    assert one == other != f"data: {first}"


async def test_a_sync_generator_keeps_the_thread_of_its_request(frames):
    def telling():
        yield threading.get_ident()

    async with ThreadSensitiveContext():
        first = await sync_to_async(threading.get_ident)()
        body = b"".join([part async for part in LoopStream(telling(), frames)])

    assert f"data: {first}\n".encode() in body


async def test_a_thread_that_was_given_to_asgiref_is_left_alone(monkeypatch):
    class Owner:
        _executor = ThreadPoolExecutor(1)

    owner = Owner()
    monkeypatch.setitem(SyncToAsync.context_to_thread_executor, owner, owner._executor)
    token = SyncToAsync.thread_sensitive_context.set(owner)

    give_back_thread()

    SyncToAsync.thread_sensitive_context.reset(token)
    assert owner._executor.submit(int).result() == 0
    owner._executor.shutdown()


@pytest.mark.parametrize("name", ["context_to_thread_executor", "thread_sensitive_context"])
async def test_without_asgirefs_private_names_the_thread_is_kept(monkeypatch, name):
    async with ThreadSensitiveContext():
        await sync_to_async(int)()
        with monkeypatch.context() as patch:
            patch.delattr(asgiref.sync.SyncToAsync, name)
            give_back_thread()

        assert len(await threads_of_a_request()) == 1


# Under WSGI


def test_an_own_loop_that_was_never_read_has_nothing_to_close(frames, happened):
    source = OwnLoop(ApartStream(patient(happened), frames))

    source.close()

    assert happened == []


def test_an_own_loop_closes_the_generator_and_what_it_has_started(frames, happened):  # F02
    async def beside():
        try:
            await asyncio.sleep(3_600)
        finally:
            happened.append("beside")

    async def starting():
        task = asyncio.create_task(beside())
        async for value in patient(happened):
            yield value
        await task

    source = OwnLoop(ApartStream(starting(), frames))
    next(source)

    source.close()
    source.close()

    assert sorted(happened) == ["beside", "closed"]


def test_what_ends_the_process_leaves_an_own_loop(frames):  # S13
    async def exiting():
        yield "first"
        raise SystemExit

    source = OwnLoop(ApartStream(exiting(), frames))
    next(source)

    with pytest.raises(SystemExit):
        next(source)
    source.close()


@pytest.mark.parametrize("has_heart", [False, True])
def test_a_wsgi_stream_beats_where_it_may(frames, settings, has_heart):
    settings.HYPER_HEARTBEAT_SECONDS = 0.01

    async def slow():
        yield "first"
        await asyncio.sleep(0.1)

    source = OwnLoop(ApartStream(slow(), frames, has_heart))
    parts = list(source)
    source.close()

    assert (b":\n\n" in parts) == has_heart


def test_a_sync_generator_under_wsgi_is_read_value_by_value(frames, happened):
    source = ThreadStream(impatient(happened), frames)

    assert next(iter(source)) == b"event: message\ndata: 0\n\n"
    source.close()

    assert happened == [f"closed {threading.get_ident()}"]


# Clients that leave before the stream is open


async def test_a_client_that_leaves_while_the_generator_is_made_opens_none(entered):
    """The view runs to its end, and then nobody would read."""
    begun = asyncio.Event()
    client = AsyncClient()

    async def ask():
        return await client.post(
            "/streams/function-async/",
            {},
            content_type="application/json",
            headers={"X-Hyper-Action": "amade"},
        )

    streams_urls.making = begun
    task = asyncio.create_task(ask())
    await begun.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert entered == ["made"]


def test_a_reader_thread_is_a_setting(settings, entered):
    settings.HYPER_WSGI_HEARTBEAT = True
    answer = Client().post(
        "/streams/class-sync/",
        {"how": "words"},
        content_type="application/json",
        headers={"X-Hyper-Action": "go"},
    )

    assert answer.getvalue().endswith(b'event: end\ndata: {"result":null}\n\n')
    assert entered == ["opened", "closed"]
