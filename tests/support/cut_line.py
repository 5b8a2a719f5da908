"""A thin, far line that breaks, in a process of its own, so that it takes nothing from the program measured.

    with cut_line(gateway.url, bits_per_second=64_000 * 150, round_trip_ms=2, cuts_every_s=2.0) as line:
        ... line.url ...
        line.begin_cuts()
        line.figures()        # {"up": bytes, "down": bytes, "cuts": n, "silent": n, "connections": n}

All connections share the line. A cut closes them (or, ``silent`` of all cuts, lets them hang without a byte)
and refuses new ones for a while. Times of cuts come from ``seed``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

_PIECE = 4096
_AHEAD = 16
"""Pieces that may be on the way at once: as much as a modem keeps, so that a sender feels the line."""


class _Way:
    def __init__(self, bytes_per_second: float, delay_s: float) -> None:
        self.rate, self.delay, self.count, self._free_at = bytes_per_second, delay_s, 0, 0.0

    def arrival(self, size: int) -> float:
        self.count += size
        self._free_at = max(time.monotonic(), self._free_at) + size / self.rate
        return self._free_at + self.delay


class _Line:
    def __init__(self, options: argparse.Namespace) -> None:
        delay = options.round_trip_ms / 2000
        self.up, self.down = (_Way(options.bits_per_second / 8, delay) for _ in range(2))
        self.options, self.delay = options, delay
        self.open: set[asyncio.StreamWriter] = set()
        self.deaf: set[asyncio.StreamWriter] = set()
        self.is_down = False
        self.connections = self.cuts = self.silent = 0
        self.pace = 1.0

    def hasten(self, times: float) -> None:
        """From now on everything goes so many times as fast as at the beginning."""
        self.up.rate *= times / self.pace
        self.down.rate *= times / self.pace
        self.delay /= times / self.pace
        self.up.delay = self.down.delay = self.delay
        self.pace = times

    async def join(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.is_down:
            near_out.transport.abort()
            return
        await asyncio.sleep(2 * self.delay)
        try:
            far_in, far_out = await asyncio.open_connection(self.options.host, self.options.port)
        except OSError:
            near_out.transport.abort()
            return
        self.open |= {near_out, far_out}
        await asyncio.gather(self._carry(near_in, far_out, self.up), self._carry(far_in, near_out, self.down))
        self.open -= {near_out, far_out}
        self.deaf -= {near_out, far_out}

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, way: _Way) -> None:
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_AHEAD)
        giving = asyncio.create_task(self._give(queue, target))
        with contextlib.suppress(OSError):
            while data := await source.read(_PIECE):
                await queue.put((way.arrival(len(data)), data))
        await queue.put((0.0, b""))
        await giving

    async def _give(self, queue: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter) -> None:
        while True:
            at, data = await queue.get()
            if not data:
                break
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            if target not in self.deaf and not target.is_closing():
                with contextlib.suppress(OSError):
                    target.write(data)
                    await target.drain()
        with contextlib.suppress(OSError):
            target.close()

    async def cut_again_and_again(self) -> None:
        chosen, options = random.Random(self.options.seed), self.options
        while True:
            await self._wait(chosen.expovariate(1 / options.cuts_every_s))
            self.cuts += 1
            if chosen.random() < options.silent:
                self.silent += 1
                self.deaf |= self.open
            else:
                for writer in self.open:
                    writer.transport.abort()
            self.is_down = True
            await self._wait(chosen.uniform(0, 2 * options.down_s))
            self.is_down = False

    async def _wait(self, seconds: float) -> None:
        """Seconds of the first pace; a change of pace in between is heeded."""
        while seconds > 0:
            piece = min(seconds / self.pace, 0.2)
            at, pace = time.monotonic(), self.pace
            await asyncio.sleep(piece)
            seconds -= (time.monotonic() - at) * pace

    def figures(self) -> dict[str, int]:
        return {
            "up": self.up.count,
            "down": self.down.count,
            "cuts": self.cuts,
            "silent": self.silent,
            "connections": self.connections,
        }


async def _serve(options: argparse.Namespace) -> None:
    line, loop = _Line(options), asyncio.get_running_loop()
    server = await asyncio.start_server(line.join, "127.0.0.1", 0, limit=_PIECE)
    print(server.sockets[0].getsockname()[1], flush=True)
    cutting = None
    while word := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        if word.startswith("hasten "):
            line.hasten(float(word.partition(" ")[2]))
        if word == "cuts" and cutting is None:
            cutting = asyncio.create_task(line.cut_again_and_again())
        print(json.dumps(line.figures()), flush=True)


@dataclass
class CutLine:
    """The line's process: its address, and what it says of itself."""

    url: str
    _said: IO[str]
    _heard: IO[str]

    def begin_cuts(self) -> None:
        """From now on it breaks."""
        self._ask("cuts")

    def hasten(self, times: float) -> None:
        """From now on so many times as fast as at the beginning, in every respect."""
        self._ask(f"hasten {times}")

    def figures(self) -> dict[str, int]:
        """Bytes each way, cuts, connections."""
        return self._ask("figures")

    def _ask(self, word: str) -> dict[str, int]:
        self._said.write(word + "\n")
        self._said.flush()
        told: dict[str, int] = json.loads(self._heard.readline())
        return told


@contextmanager
def cut_line(
    upstream: str,
    *,
    bits_per_second: float,
    round_trip_ms: float,
    cuts_every_s: float = 1e9,
    down_s: float = 0.0,
    silent: float = 0.0,
    seed: int = 1,
) -> Iterator[CutLine]:
    """The line until the block ends."""
    parts = urlsplit(upstream)
    command = [sys.executable, "-m", "tests.support.cut_line", str(parts.hostname), str(parts.port)]
    command += [str(each) for each in (bits_per_second, round_trip_ms, cuts_every_s, down_s, silent, seed)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        yield CutLine(f"http://127.0.0.1:{port}", process.stdin, process.stdout)
    finally:
        process.kill()
        process.communicate()


def main() -> None:
    """The process of the line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    for name in ("bits_per_second", "round_trip_ms", "cuts_every_s", "down_s", "silent"):
        parser.add_argument(name, type=float)
    parser.add_argument("seed", type=int)
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
