"""What a command line asks of a check → its findings, reported, and an exit code that says how it went."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from packlint import answers, witness
from packlint.commands.building import Building
from packlint.commands.fixing import Fixing, Repair
from packlint.commands.limits import Limit, Limits, base_of
from packlint.commands.paths import CLEAN, FAILED, FOUND, Named, Progress, asked, say_nothing_found
from packlint.commands.wanted import Wanted
from packlint.deliver import deliver, targets_of
from packlint.files import Unsaved
from packlint.options import Asked
from packlint.report import PLAIN, Look
from packlint.stopwatch import Stopwatch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.inputs import Inputs
    from packlint.outcome import Outcome


def checked(
    *,
    paths: tuple[str, ...],
    formats: tuple[str, ...] = (),
    wanted: Wanted,
    fixing: Fixing,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen, as the next ones
    building: Building = Building(),  # noqa: B008
    color: str = "auto",
    statistics: bool = False,
    suppressed: bool = False,
    stdin_filename: str | None = None,
    sarif_category: str | None = None,
    sarif_limit: int = PLAIN.limit,
    root: Path | None = None,
    debug: bool = False,
    inputs: Asked = Asked(),  # noqa: B008
    jobs: int | None = None,
) -> int:
    """Check, mend and build, as far as that is asked for; raises PacklintError for what cannot be done."""
    if fixing or building or statistics or debug:
        witness.give_up()  # it does more than to look, or tells how long that took
    fixing.refuse_misuse(formats)
    building.refuse_misuse(fixing, limits, paths)
    inputs = building.asked(inputs)
    targets = targets_of(formats)
    choose, plugins = wanted.chosen()
    named = asked(paths, stdin_filename)
    from packlint import pipeline
    from packlint.gather import gather

    today = time.strftime("%Y-%m-%d", time.localtime())
    # These want the values of all templates in the end.
    at_once = bool(fixing or building or statistics or any(name == "html" for name, _ in targets))
    watch = Stopwatch(time.process_time if statistics else None)

    def given(texts: Sequence[Unsaved] = ()) -> Inputs:
        return gather(inputs, os.environ, named, root, texts)

    def whole(paths: Named, texts: Sequence[Unsaved] = (), limit: Limit = lambda outcome: outcome) -> Outcome:
        return pipeline.run(
            paths,
            choose,
            root,
            debug,
            progress.tell,
            inputs=given(texts),
            texts=texts,
            plugins=plugins,
            today=today,
            finish=lambda outcome, _: limit(outcome),
            jobs=None if at_once else jobs or processors(),
            watch=watch,
        )

    run = partial(whole, limit=limits.of(named, root, choose, whole))
    repair = Repair(fixing, named, choose, root, run, given)
    with Progress() as progress:
        result, outcome = repair.mended() if fixing else (None, run(named))
    if not outcome.documents and not outcome.diagnostics:
        say_nothing_found(paths)
    look = Look(statistics=statistics, suppressed=suppressed, category=sarif_category, limit=sarif_limit)
    done = True
    if result is not None:
        if fixing.diff:
            return repair.show(result, color)
        done = repair.write(result, debug)
        outcome = outcome if done else run(named)
    deliver(outcome, targets, color, look, err=repair.prints)
    print(watch.told(), end="", file=sys.stderr, flush=True)
    if not done or any(diagnostic.rule == "internal-error" for diagnostic in outcome.diagnostics):
        return FAILED
    code = FOUND if outcome.failing else CLEAN
    if building:
        from packlint.commands.making import Making
        from packlint.packer.run.signals import stoppable

        # What a program reads from standard output is the report alone.
        stream = sys.stderr if any(name != "text" for name, path in targets if path is None) else sys.stdout
        making = Making(building, choose, inputs, base_of(named, root), color, stream, code)
        with stoppable():
            code = making.make(outcome)
    answers.keep(code)
    return code


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
