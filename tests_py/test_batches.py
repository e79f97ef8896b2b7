"""Frames on their way from a writer, in a loop or in a thread, to a reader in a loop."""

from __future__ import annotations

import asyncio
import random
import threading
import time

import pytest

from django_hyper.batches import HEARTBEAT, Batches, Heart, max_bytes

from .site.processes import until


async def read_all(batches):
    taken = []
    while batch := await batches.take():
        taken.append(batch)
    return taken


async def test_the_first_frames_leave_one_by_one_and_later_ones_together():
    batches = Batches()
    frames = [b"%06d" % number for number in range(20_000)]

    async def write():
        for frame in frames:
            if batches.put(frame):
                await batches.room()
        batches.end()

    writing = asyncio.create_task(write())
    taken = await read_all(batches)
    await writing

    assert b"".join(taken) == b"".join(frames)
    assert taken[0] == frames[0]
    assert max(map(len, taken)) <= max_bytes + 6


async def test_a_writer_that_takes_long_hands_over_what_there_is(monkeypatch):
    batches = Batches()
    for _ in range(3):
        batches.put(b"x")
        await batches.take()

    assert not batches.put(b"y")
    await asyncio.sleep(0.01)
    assert batches.put(b"z")


@pytest.mark.parametrize("seed", range(6))
async def test_nothing_is_lost_between_a_thread_and_a_loop(seed):
    rng = random.Random(seed)
    loop = asyncio.get_running_loop()
    batches = Batches(loop)
    frames = [b"%d;" % number * rng.choice((1, 1, 300)) for number in range(3_000)]
    pauses = {number: rng.random() / 2_000 for number in range(0, 3_000, rng.choice((7, 101)))}

    def write():
        for number, frame in enumerate(frames):
            time.sleep(pauses.get(number, 0))
            if batches.put(frame) and not batches.room_for_thread():
                break
        loop.call_soon_threadsafe(batches.end)

    thread = threading.Thread(target=write)
    thread.start()
    taken = []
    while batch := await asyncio.wait_for(batches.take(), 10):
        taken.append(batch)
        if rng.random() < 0.1:
            await asyncio.sleep(rng.random() / 1_000)
    thread.join()

    assert b"".join(taken) == b"".join(frames)


@pytest.mark.parametrize("seed", range(20))
async def test_a_thread_learns_in_every_moment_that_the_reader_has_left(seed):
    rng = random.Random(seed)
    batches = Batches(asyncio.get_running_loop())

    def write():
        while not batches.put(b"x") or batches.room_for_thread():
            pass

    thread = threading.Thread(target=write)
    thread.start()
    for _ in range(rng.randrange(5)):
        await batches.take()
    await asyncio.sleep(rng.random() / 1_000)
    batches.leave()

    await until(lambda: not thread.is_alive())


async def test_a_writer_in_the_loop_learns_that_the_reader_has_left():
    batches = Batches()
    batches.put(b"x")
    waiting = asyncio.create_task(batches.room())
    await asyncio.sleep(0)

    batches.leave()

    assert not await waiting
    assert batches.put(b"y")
    assert not await batches.room()


async def test_a_thread_does_not_wait_where_nothing_is_left_to_take():
    batches = Batches(asyncio.get_running_loop())
    is_wanted = batches.room_for_thread()
    batches.put(b"x")
    batches.leave()

    assert (is_wanted, batches.room_for_thread()) == (True, False)


def test_an_empty_frame_is_no_end():
    batches = Batches()

    assert not batches.put(b"")
    batches.leave()
    assert batches.put(b"")


# The heart


@pytest.fixture
def often(settings):
    settings.HYPER_HEARTBEAT_SECONDS = 0.02


@pytest.fixture
async def beating(often):
    batches = Batches()
    heart = Heart(asyncio.get_running_loop(), batches)
    yield batches
    heart.stop()


async def test_an_idle_reader_gets_a_comment_again_and_again(beating):
    assert [await beating.take() for _ in range(3)] == 3 * [HEARTBEAT]


async def test_comments_do_not_pile_up_before_a_reader_that_is_busy(beating):
    await asyncio.sleep(0.1)  # several beats long, and nobody takes

    beating.put(b"x")

    assert await beating.take() == b"x"


async def test_a_busy_stream_gets_no_comment(settings):
    settings.HYPER_HEARTBEAT_SECONDS = 0.5
    batches = Batches()
    heart = Heart(asyncio.get_running_loop(), batches)

    async def write():
        for _ in range(60):
            batches.put(b"x")
            await asyncio.sleep(0.01)
        batches.end()

    writing = asyncio.create_task(write())
    taken = await read_all(batches)
    heart.stop()
    await writing

    assert b"".join(taken) == 60 * b"x"
