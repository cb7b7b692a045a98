"""The worker process: it answers, it comes back, and it never outlives the bot."""

import asyncio
import operator
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.worker import Worker, WorkerError, WorkerTimeoutError
from charts.model import Measure, Series, Track
from charts.render import render_chart

ROOT = Path(__file__).parents[2]
FOREVER = 1000

ORPHANAGE = """
import asyncio, os, time
from bot.worker import Worker

async def main():
    async with Worker() as worker:
        print(await worker.run(os.getpid), await worker.run(os.getppid), flush=True)
        await worker.run(time.sleep, 1000, timeout_seconds=1000)

if __name__ == "__main__":
    asyncio.run(main())
"""


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has buried yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def eventually(is_so: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)
    return is_so()


def die_the_first_time(marker: Path) -> str:
    if not marker.exists():
        marker.touch()
        os._exit(3)
    return "alive"


def remember_warm_up() -> None:
    os.environ["WARMED_UP"] = "yes"


async def test_a_call_is_answered_by_another_process_that_stays():
    async with Worker() as worker:
        assert await worker.run(operator.add, 2, 3) == 5
        pid = await worker.run(os.getpid)
        assert pid != os.getpid()
        assert await worker.run(os.getpid) == pid


async def test_calls_are_answered_in_the_order_they_came():
    async with Worker() as worker:
        calls = (worker.run(operator.neg, number) for number in range(20))
        assert await asyncio.gather(*calls) == [-number for number in range(20)]


async def test_an_error_is_the_callers_and_tells_where_it_arose():
    async with Worker() as worker:
        with pytest.raises(ZeroDivisionError) as caught:
            await worker.run(operator.truediv, 1, 0)
        assert "In the worker" in caught.value.__notes__[0]
        assert await worker.run(operator.add, 1, 1) == 2


async def test_an_answer_that_cannot_be_sent_is_an_error():
    async with Worker() as worker:
        with pytest.raises(WorkerError, match="cannot be sent back"):
            await worker.run(threading.Lock)


async def test_a_worker_that_died_is_replaced():
    async with Worker() as worker:
        pid = await worker.run(os.getpid)
        os.kill(pid, signal.SIGKILL)
        assert await worker.run(os.getpid) != pid


async def test_a_call_over_which_the_worker_dies_is_tried_once_more(tmp_path):
    async with Worker() as worker:
        assert await worker.run(die_the_first_time, tmp_path / "died") == "alive"


async def test_a_call_that_kills_every_worker_is_given_up():
    async with Worker() as worker:
        with pytest.raises(WorkerError, match="died twice"):
            await worker.run(os._exit, 3)
        assert await worker.run(operator.add, 1, 1) == 2


async def test_a_call_that_takes_too_long_is_ended_and_said_so():
    async with Worker() as worker:
        pid = await worker.run(os.getpid)
        with pytest.raises(WorkerTimeoutError, match=r"longer than 0\.1 seconds"):
            await worker.run(time.sleep, FOREVER, timeout_seconds=0.1)
        assert not is_alive(pid)
        assert await worker.run(operator.add, 1, 1) == 2


async def test_control_c_in_the_terminal_does_not_reach_it():
    async with Worker() as worker:
        pid = await worker.run(os.getpid)
        await worker.run(signal.raise_signal, signal.SIGINT)
        assert await worker.run(os.getpid) == pid


async def test_it_is_warm_before_the_first_call():
    async with Worker(remember_warm_up) as worker:
        assert await worker.run(os.getenv, "WARMED_UP") == "yes"


async def test_a_warm_up_that_fails_is_a_clear_error(capfd):
    async with Worker(os.abort) as worker:
        with pytest.raises(WorkerError, match="died twice"):
            await worker.run(os.getpid)


async def test_closing_ends_the_process_and_what_it_was_doing():
    async with Worker() as worker:
        pid = await worker.run(os.getpid)
        running = asyncio.ensure_future(worker.run(time.sleep, FOREVER, timeout_seconds=FOREVER))
        await asyncio.sleep(0)
    with pytest.raises(WorkerError, match="closed"):
        await running
    assert not is_alive(pid)
    with pytest.raises(WorkerError, match="closed"):
        await worker.run(os.getpid)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_nothing_is_left_when_the_bot_is_killed_in_the_middle_of_a_call(tmp_path):
    script = tmp_path / "orphanage.py"
    script.write_text(ORPHANAGE)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, env=environment, text=True
    ) as bot:
        assert bot.stdout is not None
        children = [int(pid) for pid in bot.stdout.readline().split()]
        assert len(children) == 2
        assert all(map(is_alive, children))
        bot.kill()
    assert eventually(lambda: not any(map(is_alive, children)))


async def test_a_chart_comes_back_as_it_would_be_drawn_here():
    series = Series("Busy", "today", Measure("BTC"), (0, 3600, 7200), (Track("moved", (1, None)),))
    async with Worker() as worker:
        png = await worker.run(render_chart, "volume", series, "dark")
    assert png == render_chart("volume", series, "dark")
