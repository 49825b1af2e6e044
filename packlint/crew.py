"""Tasks → their results, worked out by several processes that know what this one knows."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
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

    Tasks and results are what `pickle` takes; what the copies see of the disk is noted here as well. What a
    task is `about` tells which of them has most of it at hand from earlier tasks.
    """

    def __init__(
        self, work: Callable[[Any], T], size: int, about: Callable[[Any], Iterable[Any]] = lambda task: ()
    ) -> None:
        self._about = about
        self._having: dict[Any, int] = {}
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
        waiting, idle, busy = self._queues(tasks), [*self._ends], 0
        try:
            while any(waiting) or busy:
                while any(waiting) and idle:
                    end = idle.pop()
                    number = self._ends.index(end)
                    # Its own first, then what is nobody's, and then what others have not begun.
                    task = (waiting[number] or waiting[-1] or max(waiting, key=len)).popleft()
                    self._having |= dict.fromkeys(self._about(task), number)
                    end.send(task)
                    busy += 1
                for done in wait([it for it in self._ends if it not in idle]):
                    idle.append(self._end(done))
                    busy -= 1
                    yield _result(idle[-1])
        except (EOFError, OSError) as error:
            raise CrewError from error

    def _queues(self, tasks: Sequence[Any]) -> list[deque[Any]]:
        """The tasks of each process, by who has most of what they are about, and last those of nobody."""
        queues: list[deque[Any]] = [deque() for _ in range(len(self._ends) + 1)]
        for task in tasks:
            having = Counter(self._having[it] for it in self._about(task) if it in self._having)
            queues[having.most_common(1)[0][0] if having else -1].append(task)
        return queues

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
