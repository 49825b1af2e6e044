"""Signals to this process → how often somebody has asked it to stop."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")

APART = 0.3
"""Seconds in which signals count as one: a terminal that closes sends several."""


class Signals:
    """Takes SIGINT, SIGTERM and SIGHUP within a `with` statement, and counts them in `count`.

    Those that are ignored before, as with `nohup`, stay so. Other threads than the main one cannot take any.
    """

    def __init__(self) -> None:
        self.count = 0
        self._last = float("-inf")
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for name in NAMES:
                number = getattr(signal, name, None)
                if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
                    self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _take(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._last > APART:
            self.count += 1
        self._last = now


@contextmanager
def stoppable() -> Iterator[None]:
    """Has SIGTERM and SIGHUP end a `with` statement as Ctrl-C does, so that it leaves nothing behind."""
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name, None) for name in NAMES):
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
