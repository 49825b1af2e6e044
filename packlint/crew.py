"""Tasks → their results, worked out by several processes that know what this one knows."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait

from packlint import witness
from packlint.typed import Generic, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

T = TypeVar("T")

POSSIBLE = sys.platform == "linux"
"""Whether a process can be split in two as it is; where it cannot, each would have to begin anew."""


class CrewError(Exception):
    """A process of the crew has failed or is gone, whatever the reason."""


class Crew(Generic[T]):
    """So many copies of this process, each of which does one task after the other with `work`.

    Tasks and results are what `pickle` takes; what the copies see of the disk is noted here as well.
    """

    def __init__(self, work: Callable[[Any], T], size: int) -> None:
        context = multiprocessing.get_context("fork")
        self._ends: list[Connection[Any, Any]] = []
        self._processes = []
        for _ in range(size):
            ours, theirs = context.Pipe()
            process = context.Process(target=_labour, args=(work, theirs, [*self._ends, ours]), daemon=True)
            process.start()
            theirs.close()
            self._ends.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process, end in zip(self._processes, self._ends, strict=True):
            end.close()
            process.kill()  # it has nothing to put in order
            process.join()

    def share(self, tasks: Sequence[Any]) -> Iterator[T]:
        """The results, in the order in which they come; raises CrewError."""
        waiting, idle, busy = deque(tasks), [*self._ends], 0
        try:
            while waiting or busy:
                while waiting and idle:
                    idle.pop().send(waiting.popleft())
                    busy += 1
                for end in wait([it for it in self._ends if it not in idle]):
                    idle.append(self._end(end))
                    busy -= 1
                    yield _result(idle[-1])
        except (EOFError, OSError) as error:
            raise CrewError from error

    def dismiss(self) -> None:
        """Note what the processes have seen, and let them go; raises CrewError."""
        try:
            for end in self._ends:
                end.send(None)
                witness.add(_result(end))
        except (EOFError, OSError) as error:
            raise CrewError from error

    def _end(self, end: object) -> Connection[Any, Any]:
        return next(it for it in self._ends if it is end)


def _result(end: Connection[Any, Any]) -> Any:
    done, result = end.recv()
    if not done:
        raise CrewError
    return result


def _labour(
    work: Callable[[Any], object], end: Connection[Any, Any], others: Sequence[Connection[Any, Any]]
) -> None:
    """Do what is asked for until nothing is."""
    witness.handed()  # what this one has seen so far, the process that asks has seen itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks is told of it, and ends this one
    for other in others:
        other.close()  # or this process would not see that nobody asks any more
    try:
        while (task := end.recv()) is not None:
            try:
                result = True, work(task)
            except Exception:  # what it was, a check in one process tells
                result = False, None
            end.send(result)
        end.send((True, witness.handed()))
    except (EOFError, OSError):  # nobody waits for it any more
        return
