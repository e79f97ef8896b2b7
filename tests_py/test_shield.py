"""What has begun runs to its end."""

from __future__ import annotations

import asyncio

import pytest

from django_hyper.shield import call, run_to_end


async def test_a_cancelled_caller_still_gets_the_result():  # S28
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def action() -> str:
        begun.set()
        await go_on.wait()
        return "saved"

    caller = asyncio.create_task(run_to_end(action()))
    await begun.wait()
    caller.cancel()
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.sleep(0)
    go_on.set()

    assert await caller == "saved"


async def test_what_the_action_cancels_itself_stays_cancelled():
    async def action() -> None:
        await asyncio.wait_for(asyncio.sleep(1), timeout=0.001)

    with pytest.raises(asyncio.TimeoutError):
        await run_to_end(action())


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
async def test_what_ends_the_process_leaves_the_event_loop_alone(ending):  # S13
    async def action() -> None:
        raise ending

    with pytest.raises(ending):
        await run_to_end(action())


def test_a_stop_of_an_iterator_becomes_a_bug():
    def action(owner: None) -> None:
        next(iter(()))

    with pytest.raises(RuntimeError, match="raised StopIteration"):
        call(action, None, {})
