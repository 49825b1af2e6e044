"""A command → what it says, line by line, and how it ended; nothing that it started outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from packlint.record import record

LONGEST = 64 * 1024
"""Bytes of a line that are kept."""

MOST_UNHEARD = 256
"""Lines of one command that wait to be heard; it has to wait, too, before it says more."""

QUIET = 1.0
"""Seconds after which nobody waits any more for somebody who holds the pipes of a command that has ended."""

MOST_LEFT = 1024 * 1024
"""Bytes that are read after the end of a command: more than a pipe holds."""

MOST_LINES = 10_000
"""Lines of a short answer that are kept."""

_ROUNDS = 100


@record
class Line:
    """A line without its end; `error` tells that it came by standard error, `cut` that it was longer."""

    text: str
    error: bool = False
    cut: bool = False


@record
class Ended:
    """A command has ended; `code` is its exit code, or the negative number of the signal that ended it."""

    code: int


Message = Line | Ended
Tell = Callable[["Process", Message], None]


class Process:
    """A running command in a session of its own, so that a terminal's Ctrl-C is passed on once, by us.

    `tell` is called on other threads: with each line, then once with `Ended`. Who has heard a message says so
    by `heard`. Raises OSError where the command cannot be run.
    """

    def __init__(
        self, command: Sequence[str], directory: Path, environment: Mapping[str, str], tell: Tell
    ) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._reaped = False
        self._over_since: float | None = None
        self._unheard = threading.Semaphore(MOST_UNHEARD)
        self._popen = subprocess.Popen(
            command,
            cwd=directory,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Windows knows no sessions, and looks at the flags
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        pipes = ((self._popen.stdout, False), (self._popen.stderr, True))
        self._readers = [_Reader(self, pipe, error) for pipe, error in pipes if pipe is not None]
        for reader in self._readers:
            reader.start()
        threading.Thread(target=self._attend, daemon=True).start()

    def heard(self) -> None:
        """A line has been taken in: there is room for another one."""
        self._unheard.release()

    def interrupt(self) -> None:
        """Ask all of the command's processes to stop, as Ctrl-C on a terminal does.

        Up to 1.8, the first process of Packer only waits for another one, which does the work.
        """
        if sys.platform == "win32":
            self._signal(signal.CTRL_BREAK_EVENT)
        else:
            self._signal(signal.SIGINT)

    def kill(self) -> None:
        """End all of the command's processes at once."""
        if sys.platform == "win32":
            with suppress(OSError):
                self._popen.kill()
        else:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        """Sends a signal to the group, whose number nobody else has until its first process is reaped."""
        with self._lock, suppress(OSError):
            if self._reaped:
                return
            if sys.platform == "win32":
                self._popen.send_signal(number)
            else:
                os.killpg(self._popen.pid, number)

    def _attend(self) -> None:
        """Waits for the end, ends what is left, and tells when the last line has been told."""
        if hasattr(os, "waitid"):
            with suppress(ChildProcessError):  # where SIGCHLD is ignored there is nothing to reap
                os.waitid(os.P_PID, self._popen.pid, os.WEXITED | os.WNOWAIT)
        else:
            self._popen.wait()
        self._sweep()
        with self._lock:
            code = self._popen.wait()
            self._reaped = True
        self._over_since = time.monotonic()
        for reader in self._readers:
            while reader.is_alive() and not reader.waits_in_vain():
                reader.join(QUIET / 10)
        self._tell(self, Ended(code))

    def _sweep(self) -> None:
        """Kills what the command has left behind: a script's background child, or a whole tree of them."""
        if sys.platform == "win32":
            return
        self.kill()
        for _ in range(_ROUNDS):  # a child may bear another one while it is looked for
            left = [pid for pid in _session(self._popen.pid) if pid != self._popen.pid]
            for pid in left:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            if not left:
                return
            time.sleep(0.02)

    def said(self, line: Line) -> None:
        """Pass a line on, as soon as there is room for it."""
        self._unheard.acquire()
        self._tell(self, line)

    @property
    def over_since(self) -> float | None:
        """When the command itself has ended, on the clock of `time.monotonic`; None while it runs."""
        return self._over_since


class _Reader(threading.Thread):
    """Reads one pipe of a command to its end, or until the command has ended and nothing more comes."""

    def __init__(self, process: Process, pipe: IO[bytes], error: bool) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._pipe = pipe
        self._error = error
        self._waiting_since: float | None = None
        self._after = 0

    def run(self) -> None:
        with suppress(OSError, ValueError), self._pipe:
            while piece := self._read():
                line, cut = piece, False
                while len(line) >= LONGEST and not piece.endswith(b"\n"):
                    if not (piece := self._read()):
                        break
                    cut = cut or piece.strip() != b""
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                self._process.said(Line(text, self._error, cut))
                if self._after > MOST_LEFT:
                    break

    def waits_in_vain(self) -> bool:
        """Whether it has waited for long since the command has ended: what it reads now is somebody else's.

        It may have waited for long before, too, and the last words of the command be on their way.
        """
        since, over = self._waiting_since, self._process.over_since
        return since is not None and over is not None and time.monotonic() - max(since, over) > QUIET

    def _read(self) -> bytes:
        self._waiting_since = time.monotonic()
        piece = self._pipe.readline(LONGEST)
        self._waiting_since = None
        if self._process.over_since is not None:
            self._after += len(piece)
        return piece


def environment(inherited: Mapping[str, str], directory: Path) -> dict[str, str]:
    """What Packer is run with: the user's variables, but it asks nobody for its newest version.

    Its logging is as the user has it.
    """
    return {**inherited, "CHECKPOINT_DISABLE": "1", "PACKER_NO_COLOR": "1", "PWD": str(directory)}


def answer(
    command: Sequence[str], directory: Path, environment: Mapping[str, str], seconds: float
) -> tuple[int | None, tuple[Line, ...]]:
    """What a short command says, at most `MOST_LINES` lines, and its exit code; None where it takes too long.

    Raises OSError where it cannot be run.
    """
    from queue import Empty, Queue

    messages: Queue[Message] = Queue()  # not a SimpleQueue, see `build`
    process = Process(command, directory, environment, lambda _, message: messages.put(message))
    until = time.monotonic() + seconds
    lines: list[Line] = []
    try:
        while True:
            message = messages.get(timeout=max(0.0, until - time.monotonic()))
            if isinstance(message, Ended):
                return message.code, tuple(lines)
            process.heard()
            if len(lines) < MOST_LINES:
                lines.append(message)
            if time.monotonic() > until:
                return None, tuple(lines)
    except Empty:
        return None, tuple(lines)
    finally:
        process.kill()


def _session(leader: int) -> Iterator[int]:
    """The processes of a session, those that have made groups of their own among them, where /proc tells."""
    with suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            if entry.name.isdigit():
                with suppress(OSError, ValueError, IndexError):
                    # The name of the program, in parentheses, may hold anything.
                    status = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
                    if int(status[3]) == leader and status[0] != b"Z":
                        yield int(entry.name)
