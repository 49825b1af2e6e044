"""A policy file → its tests tried: what each policy finds in their templates, beside what it is to find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from packlint.diagnostic import Diagnostic
from packlint.errors import PolicyError, UsageError
from packlint.files import Unsaved
from packlint.pipeline import run
from packlint.plugins import PluginManager
from packlint.policy import Library
from packlint.policy.policy import PolicyFile, PolicyTest
from packlint.record import record, replace
from packlint.settings import UNREAD, Settings

MOST_TEXTS = 300
"""Texts that one test expects; each may have to be looked for in every finding."""

_STOPS = frozenset({*UNREAD, "internal-error"})


@record
class Trial:
    """A test, and how it went: `agreed` are the findings that it expects, as `LINE: MESSAGE`, in their order.

    `missing` are the texts that are in none, and `surplus` the findings that it does not expect. `unread`
    says what kept its template from being looked at, and `why` what may explain that something is missing.
    """

    test: PolicyTest
    agreed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    why: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything was found that is expected, and nothing else."""
        return not (self.missing or self.surplus or self.unread)


def trials(
    sheet: PolicyFile,
    library: Library,
    plugins: PluginManager,
    schemas: Sequence[Path] = (),
) -> Iterator[Trial]:
    """Try the tests of a policy file, in their order; nothing of them is written.

    Parameters have the values that a test gives, else their defaults, whatever the settings say: a test says
    the same wherever the file is in force. `schemas` are folders of schemas that components have here. Raises
    PolicyError for a policy or a test that cannot be used, and UsageError where no folder can be made.
    """
    with _folder() as folder:
        root = Path(folder).resolve()
        for test in sheet.tests:
            if len(test.finds) > MOST_TEXTS:
                message = f"a test of `{test.policy}` expects more than {MOST_TEXTS} findings"
                raise PolicyError(message, "write several tests", test.header_range)
            look = partial(_found, plugins=plugins, schemas=schemas, root=root)
            found, templates = look(test, sheet, library)
            trial = _judged(test, found, templates)
            if trial.missing and not (trial.unread or trial.why):
                told, _ = look(test, _warning(sheet), library)
                said = {it.message for it in found}
                trial = replace(trial, why=tuple(it.message for it in told if it.message not in said))
            yield trial


def _folder() -> TemporaryDirectory[str]:
    """An empty folder that stands for the root of the tests."""
    try:
        return TemporaryDirectory()
    except OSError:
        message = "no temporary folder can be made, and tests need an empty one"
        raise UsageError(message, "let `TMPDIR` name a folder that can be written to") from None


def _found(
    test: PolicyTest,
    sheet: PolicyFile,
    library: Library,
    *,
    plugins: PluginManager,
    schemas: Sequence[Path],
    root: Path,
) -> tuple[Sequence[Diagnostic], int]:
    """What is found in the templates of a test, and how many there are."""
    rules = tuple(it for it in library.rules(sheet, test.params) if it.name() == test.policy)
    # `idle-policy` says why a policy finds nothing.
    settings = Settings(
        select=frozenset({test.policy, "idle-policy"}), policies=rules, schemas=tuple(schemas)
    )
    texts = [Unsaved(text.encode(), root / path) for path, text in test.files.items()]
    outcome = run([root], settings, root, texts=texts, plugins=plugins)
    return outcome.diagnostics, outcome.templates


def _warning(sheet: PolicyFile) -> PolicyFile:
    """A policy file whose policies tell what cannot be known."""
    return replace(sheet, policies=tuple(replace(it, warns=True) for it in sheet.policies))


def _judged(test: PolicyTest, diagnostics: Sequence[Diagnostic], templates: int) -> Trial:
    several = len(test.files) > 1
    found = [_told(it, several) for it in diagnostics if it.rule == test.policy]
    unread = [_told(it, several) for it in diagnostics if it.rule in _STOPS]
    if not templates and not unread:
        unread = ["there is no template in `files`; the names of templates end in `.pkr.hcl` or `.pkr.json`"]
    pairs = matched(test.finds, found[:MOST_TEXTS])
    expected = set(pairs.values())
    missing = tuple(text for number, text in enumerate(test.finds) if number not in expected)
    idle = [it for it in diagnostics if it.rule == "idle-policy"]
    why = tuple("; ".join(filter(None, (it.message, it.hint))) for it in idle)
    return Trial(
        test,
        agreed=tuple(text for number, text in enumerate(found) if number in pairs),
        missing=missing,
        surplus=tuple(text for number, text in enumerate(found) if number not in pairs),
        unread=tuple(unread),
        why=why if missing and not unread else (),
    )


def _told(diagnostic: Diagnostic, several: bool) -> str:
    """`LINE: MESSAGE` in one line, of one of several files with its path before."""
    place = f"{diagnostic.range.first.line}: {' '.join(diagnostic.message.split())}"
    return f"{diagnostic.range.document.path}:{place}" if several else place


def matched(expected: Sequence[str], found: Sequence[str]) -> dict[int, int]:
    """Findings that have an expected text in them, each with a text of its own: as many as there can be.

    Both are told by their positions. However blanks and line breaks are written makes no difference.
    """
    texts = [" ".join(text.split()) for text in expected]
    fitting = [[number for number, it in enumerate(found) if text in it] for text in texts]
    pairs: dict[int, int] = {}
    # Augmenting paths: a text takes a finding from another one that has a second choice.
    for text in range(len(texts)):
        _placed(text, fitting, pairs, set())
    return pairs


def _placed(text: int, fitting: Sequence[Sequence[int]], pairs: dict[int, int], tried: set[int]) -> bool:
    for finding in fitting[text]:
        if finding not in tried:
            tried.add(finding)
            if finding not in pairs or _placed(pairs[finding], fitting, pairs, tried):
                pairs[finding] = text
                return True
    return False
