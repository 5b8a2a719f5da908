"""A full queue says so before the body is read, and never forgets a place."""

from __future__ import annotations

import asyncio

import pytest

from app.province.gate import Gate
from app.province.problems import ApiProblem


def test_running_queued_refused_and_free_again() -> None:
    async def play() -> None:
        gate, order = Gate(running=1, queued=1), []

        async def work(name: str) -> None:
            gate.look()
            async with gate.place():
                order.append(name)
                await asyncio.sleep(0.01)

        first = asyncio.create_task(work("first"))
        await asyncio.sleep(0)
        second = asyncio.create_task(work("second"))
        await asyncio.sleep(0)
        with pytest.raises(ApiProblem) as refused:
            await work("third")
        assert refused.value.status == 503 and 2 <= int(refused.value.headers["Retry-After"]) <= 8
        await asyncio.gather(first, second)
        await work("third")
        assert order == ["first", "second", "third"]

    asyncio.run(play())


def test_a_failure_gives_its_place_back() -> None:
    async def play() -> None:
        gate = Gate(running=1, queued=0)
        for _ in range(3):
            gate.look()
            with pytest.raises(ValueError, match="x"):
                async with gate.place():
                    raise ValueError("x")

    asyncio.run(play())
