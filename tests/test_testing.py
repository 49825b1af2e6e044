"""What authors of rules are told about their examples and fixes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from packlint import Bad, Category, Edit, Finding, Fix, Good, Rule, Severity, hookimpl, plugins
from packlint.model import Configuration, Local
from packlint.rule import Example, Fixable, Preset
from packlint.testing import check_examples, fixed

BAD = """
locals {
  a = 1 # finding: `a` is one
  b = 2
}
"""
GOOD = Good("locals {\n  a = 2\n}")
Made = Callable[..., type[Rule]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Makes an installed rule against a local that is one, which offers to write something in its place."""

    def make(
        instead: str, *examples: Example, fixable: Fixable = Fixable.SAFE, safe: bool = True
    ) -> type[Rule]:
        class LocalOne(Rule):
            """Flags locals that are one."""

            category = Category.STYLE
            severity = Severity.NOTE
            preset = Preset.ALL

            def check_local(self, local: Local, configuration: Configuration) -> Iterator[Finding]:
                if local.value.known(int) == 1 and local.expression is not None:
                    fix = Fix("write it", (Edit(local.expression.range, instead),), safe) if instead else None
                    yield Finding(local.range, f"`{local.name}` is one", fix=fix)

        LocalOne.fixable, LocalOne.examples = fixable, examples
        hook = SimpleNamespace()
        hook.packlint_rules = hookimpl(lambda: [LocalOne])
        real = plugins.entry_points

        def found(group: str) -> list[Any]:
            return [*real(group=group), SimpleNamespace(value="stranger", load=lambda: hook)]

        monkeypatch.setattr(plugins, "entry_points", found)
        return LocalOne

    return make


AFTER = "locals {\n  a = 3\n  b = 2\n}\n"


def test_what_the_fixes_make_is_compared_without_the_marks(made: Made) -> None:
    check_examples(made("3", Bad(BAD, fixed=AFTER), GOOD))
    assert fixed("local-one", {"t.pkr.hcl": BAD})["t.pkr.hcl"] == BAD.replace("1 #", "3 #")


@pytest.mark.parametrize(
    ("instead", "after", "fixable", "complaint"),
    [
        ("4", AFTER, Fixable.SAFE, "after its fixes"),
        ("1.0", AFTER, Fixable.SAFE, "the finding is still there"),
        ("[", AFTER, Fixable.SAFE, "syntax-error"),
        ("nothing()", AFTER, Fixable.SAFE, "unknown-function"),
        ("3", None, Fixable.SAFE, "one Bad example of local-one shows in `fixed`"),
        ("3", AFTER, Fixable.NO, "says that it is fixable"),
        ("3", AFTER, Fixable.UNSAFE, "says that it is fixable"),
        ("", None, Fixable.SAFE, "says that it is fixable"),
        ("", AFTER, Fixable.NO, "after its fixes"),
    ],
)
def test_what_is_wrong_with_a_fix_is_said(
    made: Made, instead: str, after: str | None, fixable: Fixable, complaint: str
) -> None:
    rule = made(instead, Bad(BAD, fixed=after), GOOD, fixable=fixable)
    with pytest.raises(AssertionError, match=complaint):
        check_examples(rule)


def test_fixes_that_have_to_wait_for_each_other_are_all_applied(made: Made) -> None:
    rule = made("3", Bad(BAD.replace("b = 2", "b = 1 # finding: `b`"), fixed=AFTER.replace("2", "3")), GOOD)
    check_examples(rule)
