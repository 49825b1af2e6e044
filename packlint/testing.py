"""For authors of rules: templates given as text → what a rule finds in them, and what its fixes do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from packlint.diagnostic import Diagnostic
from packlint.document import Document
from packlint.files import Unsaved
from packlint.fix import fix
from packlint.pipeline import run
from packlint.plugins import load_rules
from packlint.policy import Library
from packlint.prove import prove
from packlint.request import FOLDER
from packlint.rule import Bad, Category, Example, Fixable, Preset, Rule
from packlint.settings import Settings

EXPECTED = re.compile(r"(?:#|//)\s*finding:\s*(.+?)\s*$")
_MARK = re.compile(r"[ \t]*(?:#|//)\s*finding:.*")

_ABOUT = (Category.WAIVERS, Category.POLICY)

MOST_ROUNDS = 10
"""How often fixes are applied that had to wait for others, or that others have brought about."""


def findings(rule: str, files: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """What the installed rule of that name finds in files given by path."""
    with _written(files) as root:
        return _run(root, rule)


def fixed(rule: str, files: Mapping[str, str]) -> dict[str, str]:
    """Files given by path after all fixes that the installed rule of that name offers."""
    with _written(files) as root:
        texts: dict[str, str] = {}
        for _ in range(MOST_ROUNDS):
            fixes = [it.fix for it in _run(root, rule, _documents(texts)) if it.fix]
            documents, _ = fix(fixes)
            texts |= {document.path: document.text for document in documents}
            if not documents:
                break
    return {**files, **texts}


def unproven(rule: type[Rule], files: Mapping[str, str]) -> dict[str, str]:
    """Why fixes that an installed rule offers must not be applied, by `path:line: message` of their findings.

    No rule may find anything new after a fix, save those that are a matter of taste.
    """
    names = {it.name() for it in load_rules() if it.preset is not Preset.ALL or it is rule}
    settings = Settings(select=frozenset(names))
    with _written(files) as root:
        today = date.today().isoformat()
        before = run([root], settings, root, today=today)
        reasons = {
            f"{_where(it)}: {it.message}": prove(
                [it],
                before,
                lambda changed: run([root], settings, root, texts=_unsaved(root, changed), today=today),
            )
            for it in before.diagnostics
            if it.rule == rule.name() and it.fix
        }
    return {finding: reason for finding, reason in reasons.items() if reason is not None}


def check_examples(rule: type[Rule]) -> None:
    """Raises AssertionError where an example of a rule does not show what it says."""
    assert any(isinstance(example, Bad) for example in rule.examples), f"{rule.name()} shows nothing bad"
    safe: set[bool] = set()
    for number, example in enumerate(rule.examples, 1):
        found = check_example(rule, example, f"example {number} of {rule.name()}")
        safe |= {it.fix.safe for it in found if it.fix}
    shown = Fixable.NO if not safe else Fixable.SAFE if True in safe else Fixable.UNSAFE
    assert shown is rule.fixable, f"{rule.name()} says that it is fixable: {rule.fixable}; examples: {shown}"
    fixes = any(isinstance(example, Bad) and example.fixed is not None for example in rule.examples)
    assert fixes == bool(safe), f"one Bad example of {rule.name()} shows in `fixed` what fixes make of it"


def check_example(rule: type[Rule], example: Example, title: str) -> Sequence[Diagnostic]:
    """The findings in an example.

    Raises AssertionError where they are not exactly the expected ones, where a fix is not proven, and where
    all of them together do not make what is `fixed`.
    """
    files = example.by_path
    expected = _expected(example, files)
    assert bool(expected) == isinstance(example, Bad), f"{title}: a Bad one, and no other, marks findings"
    found = findings(rule.name(), files)
    places = sorted(_where(it) for it in found)
    assert places == sorted(place for place, _ in expected), f"{title}: {found}"
    for place, text in expected:
        messages = [it.message for it in found if _where(it) == place]
        assert any(text in message for message in messages), f"{title}: {text!r} is not in {messages}"
    if any(it.fix for it in found):
        assert not (reasons := unproven(rule, files)), f"{title}: {reasons}"
    if isinstance(example, Bad) and example.fixed is not None:
        after = {path: _without_marks(text) for path, text in fixed(rule.name(), files).items()}
        wanted = {path: _without_marks(text) for path, text in files.items()} | example.fixed_by_path
        assert after == wanted, f"{title}, after its fixes"
    return found


def _where(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.range.document.path}:{diagnostic.range.first.line}"


def _without_marks(text: str) -> str:
    return _MARK.sub("", text)


@contextmanager
def _written(files: Mapping[str, str]) -> Iterator[Path]:
    """A folder that has the files."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8", newline="")
        yield root


def _run(root: Path, rule: str, changed: Sequence[Document] = ()) -> tuple[Diagnostic, ...]:
    """What a rule finds; with one about waivers or policies all the others run, which it is about."""
    rules = load_rules()
    about = any(it.name() == rule and it.category in _ABOUT for it in rules)
    policies = _policies(root)
    names = {it.name() for it in (*rules, *policies)} if about else {rule}
    settings = Settings(select=frozenset(names), policies=policies)
    found = run(
        [root], settings, root, texts=_unsaved(root, changed), today=date.today().isoformat()
    ).diagnostics
    return tuple(it for it in found if it.rule == rule) if about else found


def _policies(root: Path) -> tuple[type[Rule], ...]:
    """The policies of the files, which stand in the folder for them."""
    library = Library()
    sheets = library.within(root / FOLDER, root) if (root / FOLDER).is_dir() else ()
    return tuple(rule for sheet in sheets for rule in library.rules(sheet, {}))


def _documents(texts: Mapping[str, str]) -> list[Document]:
    return [Document(path, text) for path, text in texts.items()]


def _unsaved(root: Path, changed: Sequence[Document]) -> list[Unsaved]:
    return [Unsaved(document.text.encode(), root / document.path) for document in changed]


def _expected(example: Example, files: Mapping[str, str]) -> list[tuple[str, str]]:
    marked = [
        (f"{path}:{number}", match[1])
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := EXPECTED.search(line))
    ]
    return marked + list((example.finds or {}).items() if isinstance(example, Bad) else ())
