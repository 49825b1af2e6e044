"""The order of the stages: paths → templates → documents → syntax → configurations → values → diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path

from packlint.catalog import SHIPPED, Catalog
from packlint.check import over_projects
from packlint.choice import Choice
from packlint.diagnostic import Diagnostic, in_order, shown_in
from packlint.discover import Discovery, discover
from packlint.document import Range
from packlint.files import Unsaved
from packlint.inputs import NOTHING, Inputs
from packlint.limits import Limits
from packlint.model import Configuration, Template
from packlint.named import NamedTuple
from packlint.outcome import Outcome
from packlint.plugins import PluginManager, load_plugins, load_rules, load_schemas
from packlint.project import Declared
from packlint.reading import Reading
from packlint.record import replace
from packlint.rule import Category
from packlint.seen import Reader, Seen
from packlint.settings import UNREAD, Choose, Settings, everywhere
from packlint.stopwatch import Stopwatch
from packlint.together import together
from packlint.waiver import Excused, Sheet
from packlint.waivers import waivers

MANY = 12
"""Of fewer templates all are held at hand: that takes less time, and little memory."""

Progress = Callable[[str, int, int], None]
"""Is told what is done with each template, of how many it has been done, and how many there are."""

Ran = Callable[[str], frozenset[str]]
"""Tells for each file which rules have looked at all of it."""

Finish = Callable[[Outcome, Ran], Outcome]
"""What becomes of an outcome, as where a baseline accepts a part of it."""


def run(
    paths: Sequence[Path | Unsaved],
    settings: Settings | Choose,
    root: Path | None = None,
    debug: bool = False,
    progress: Progress = lambda doing, done, total: None,
    *,
    inputs: Inputs = NOTHING,
    texts: Sequence[Unsaved] = (),
    plugins: PluginManager | None = None,
    today: str = "",
    finish: Finish = lambda outcome, ran: outcome,
    jobs: int | None = None,
    watch: Stopwatch | None = None,
) -> Outcome:
    """Check the templates at and below `paths`; raises PacklintError where the invocation is at fault.

    `settings` are the same everywhere, or are asked for by directory. `texts` are read in the place of files
    that are there, as after a change that is only thought of. Waivers end with their days, reckoned from
    `today`, `YYYY-MM-DD`; without it none does. `finish` may take diagnostics out of the outcome before it is
    counted. With `jobs`, of many templates each is looked at by itself where that comes to the same, in so
    many processes; the outcome has then no configurations. `watch` is told what stages and rules take of all
    together.
    """
    plugins = plugins or load_plugins()
    rules = load_rules(plugins)
    choose = everywhere(settings) if isinstance(settings, Settings) else settings
    watch = watch or Stopwatch()
    discovery = watch.time("find", discover, paths, choose, root, texts)
    choice = Choice(rules, choose, discovery.base, discovery.roots)
    wide = frozenset(rule.name() for rule in rules if over_projects(rule))
    seen: Seen | None = None
    many = len(discovery.templates) >= MANY and not texts
    if jobs is not None and many and _may_be_apart(discovery, choice, inputs):
        from packlint.apart import apart
        from packlint.bench import Bench

        catalog = _catalog(choice, discovery, plugins)
        bench = Bench(discovery.templates, choice, inputs, catalog, wide)
        seen = apart(bench, jobs, partial(progress, "checking"))
    if seen is None:
        reading = _read(discovery, choice, debug, progress, inputs, plugins=plugins, watch=watch)
        elsewhere = partial(_elsewhere, discovery, choose, root, texts)
        seen = together(choice, reading, wide, partial(progress, "checking"), elsewhere)
    choice.refuse_strangers()
    return _outcome(discovery, choice, seen, inputs=inputs, wide=wide, today=today, finish=finish)


def _may_be_apart(discovery: Discovery, choice: Choice, inputs: Inputs) -> bool:
    """Whether each template can be looked at by itself: nothing is given, or said, that goes for several."""
    if _searched(discovery) or replace(inputs, environment=None) != NOTHING:
        return False
    settings = (choice.widest(), *(choice.of(template) for template in discovery.templates))
    if any(it.policies or it.chains for it in settings):
        return False
    from packlint.company import covered

    return covered(choice.rules(None))


def _outcome(
    discovery: Discovery,
    choice: Choice,
    seen: Seen,
    *,
    inputs: Inputs,
    wide: frozenset[str],
    today: str,
    finish: Finish,
) -> Outcome:
    """What is told of all that was found: what the user asked for and nobody has excused."""
    # A variable file by itself is read as a template is, and is none.
    documents = {name for t in discovery.templates for name in (*t.documents, *t.var_files, *t.unread)}
    rules = choice.known()
    whole = not (_searched(discovery) or inputs.only or inputs.exclude)
    found = choice.renamed((*seen.found, *_idle(choice, whole)))

    def shown(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        return (d for d in diagnostics if discovery.shows(d) or d.range.document.path in inputs.paths)

    wanted = shown((*discovery.diagnostics, *seen.told, *found))
    told = in_order(choice.judged((*inputs.diagnostics, *wanted)))
    ran = _ran(seen, inputs, choice, wide if _searched(discovery) else frozenset())
    excused = Excused(told, (), (), ())
    sheets, stated = _sheets(seen, told), choice.stated()
    if sheets or stated:
        from packlint.suppress import suppress

        excused = suppress(
            told,
            sheets,
            rules,
            today,
            ran=ran,
            demands=choice.demands,
            granted=choice.granted,
            stated=stated,
            everywhere=_everywhere(seen, ran) if stated else frozenset(),
        )
    told = in_order((*excused.left, *choice.judged(shown(excused.about))))
    reported = (*told, *excused.suppressed)
    # Scripts and settings have been read, too, and something may be found in them.
    documents |= {it.range.document.path for it in told if it.range.document.text}
    secret: tuple[Range, ...] = ()
    if reported or seen.links or excused.waivers:
        secret = seen.secrets(shown_in(reported))
    outcome = Outcome(
        diagnostics=told,
        rules=rules,
        templates=seen.templates,
        documents=len(documents),
        sensitive=secret,
        configurations=seen.configurations,
        components=seen.components,
        links=seen.links,
        declared=choice.declared(it.template for it in seen.configurations),
        suppressed=excused.suppressed,
        waivers=tuple(it for it in excused.waivers if discovery.has(it.range.document.path)),
        limits=choice.widest().limits,
        syntax=seen.syntax,
    )
    outcome = finish(_discreet(outcome), ran)
    return replace(outcome, failing=sum(map(choice.fails, outcome.diagnostics)))


def _sheets(seen: Seen, told: Sequence[Diagnostic]) -> list[Sheet]:
    """The waivers in all files that were read, and in others that have findings, by path."""
    known = {sheet.path: sheet for sheet in seen.sheets}
    others = (document for document in shown_in(told) if document.path not in known)
    known |= {sheet.path: sheet for sheet in waivers((), others)}
    return [known[path] for path in sorted(known)]


def _idle(choice: Choice, whole: bool) -> Iterator[Diagnostic]:
    if choice.policies:
        from packlint.policy import idle

        yield from idle(choice.ran(), whole)


def _ran(seen: Seen, inputs: Inputs, choice: Choice, partly: AbstractSet[str]) -> Ran:
    """For each file, the rules that have looked at all of it and of every template that has it.

    None of them where builds are left out or something has failed, and never those that have seen templates
    only `partly`.
    """
    nothing: frozenset[str] = frozenset()
    failed = any(d.rule == "internal-error" for d in (*seen.found, *seen.told))
    if failed or inputs.only or inputs.exclude:
        return lambda path: nothing
    having: dict[str, list[Reader]] = {}
    for reader in seen.readers:
        for path in reader.paths:
            having.setdefault(path, []).append(reader)

    def ran(path: str) -> frozenset[str]:
        there = having.get(path, [])
        if not there or not all(it.complete for it in there):
            return nothing
        looked = (choice.wanted(it.first) for it in there)
        return frozenset.intersection(*looked, choice.wanted(path)) - partly

    return ran


def _discreet(outcome: Outcome) -> Outcome:
    """The outcome without secrets in the words of others: in reasons of waivers and messages of policies."""
    policies = {rule.name() for rule in outcome.rules if rule.category is Category.POLICY}
    if any(it.rule in policies for it in (*outcome.diagnostics, *outcome.suppressed)):
        from packlint.policy import untold

        outcome = untold(outcome)
    if not (outcome.suppressed or outcome.waivers):
        return outcome
    from packlint.report.leaks import Leaks

    leaks = Leaks(outcome.sensitive)

    def said(reason: str) -> str:
        return "(it has a secret in it)" if leaks.tells(reason) else reason

    return replace(
        outcome,
        suppressed=tuple(
            replace(it, suppression=replace(it.suppression, reason=said(it.suppression.reason)))
            for it in outcome.suppressed
            if it.suppression is not None
        ),
        waivers=tuple(replace(it, reason=said(it.reason)) for it in outcome.waivers),
    )


def _everywhere(seen: Seen, ran: Ran) -> frozenset[str]:
    """The rules that have looked at all files that were asked for; none where there is no file."""
    return frozenset.intersection(*map(ran, seen.asked)) if seen.asked else frozenset()


class Understood(NamedTuple):
    """Templates with their values, and what kept some of them from being read.

    `declared` is what their settings say of chains, and `limits` what they say of the machine.
    """

    configurations: tuple[Configuration, ...]
    diagnostics: tuple[Diagnostic, ...]
    declared: tuple[Declared, ...]
    limits: Limits


def understand(
    paths: Sequence[Path | Unsaved],
    settings: Settings | Choose,
    root: Path | None = None,
    debug: bool = False,
    progress: Progress = lambda doing, done, total: None,
    *,
    inputs: Inputs = NOTHING,
    texts: Sequence[Unsaved] = (),
) -> Understood:
    """The templates at and below `paths` with their values, and what kept them from being read; no rule runs.

    `texts` are read in the place of files that are there. Raises PacklintError where the invocation is at
    fault.
    """
    choose = everywhere(settings) if isinstance(settings, Settings) else settings
    discovery = discover(paths, choose, root, texts)
    choice = Choice((), choose, discovery.base, discovery.roots)
    reading = _read(discovery, choice, debug, progress, inputs)
    found = (*inputs.diagnostics, *discovery.diagnostics, *reading.diagnostics)
    configurations = tuple(it for it in reading.configurations if it.template.counts)
    return Understood(
        configurations,
        in_order(d for d in found if d.rule in (*UNREAD, "internal-error")),
        choice.declared(it.template for it in configurations),
        choice.widest().limits,
    )


def _read(
    discovery: Discovery,
    choice: Choice,
    debug: bool,
    progress: Progress,
    inputs: Inputs,
    *,
    plugins: PluginManager | None = None,
    watch: Stopwatch | None = None,
) -> Reading:
    checked = {name for template in discovery.templates for name in template.var_files}
    catalog = _catalog(choice, discovery, plugins) if plugins else SHIPPED
    reading = Reading(debug, inputs, checked, choice, catalog, watch=watch)
    for done, template in enumerate(discovery.templates):
        progress("reading", done, len(discovery.templates))
        reading.read(template)
    if inputs.variables or inputs.only or inputs.exclude:
        from packlint.unmatched import refuse_unmatched

        refuse_unmatched(inputs, reading.configurations)
    return reading


def _catalog(choice: Choice, discovery: Discovery, plugins: PluginManager) -> Catalog:
    settings = [choice.of(template) for template in discovery.templates]
    folders = dict.fromkeys(folder for it in (choice.widest(), *settings) for folder in it.schemas)
    if not folders:
        return Catalog(load_schemas(plugins))
    from packlint.foreign import folders_of

    return Catalog((*load_schemas(plugins), *folders_of(folders)))


def _elsewhere(
    discovery: Discovery, choose: Choose, root: Path | None, texts: Sequence[Unsaved]
) -> list[Template]:
    """The templates of the checked roots that were not asked for."""
    searched = _searched(discovery)
    known = {template.path for template in discovery.templates}
    found = discover(sorted(searched), choose, root, texts).templates
    return [template for template in found if template.path not in known]


def _searched(discovery: Discovery) -> set[Path]:
    """The checked roots that were not asked for as a whole."""
    return {
        template.files.root
        for template in discovery.templates
        if template.files.name(template.files.root) not in discovery.folders
    }
