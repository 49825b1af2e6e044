"""`packlint rules` and `packlint explain`: which rules there are, and what each is about."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packlint.commands.completion import complete_category, complete_rule
from packlint.commands.in_force import InForce, here
from packlint.deliver import is_colored, to_standard_output
from packlint.errors import PacklintError, unknown
from packlint.options import color_option, format_option
from packlint.visible import visible

if TYPE_CHECKING:
    from packlint.policy import PolicyRule


@click.command()
@click.argument("category", metavar="[CATEGORY]", required=False, shell_complete=complete_category)
@format_option("A table for people, or JSON for tools.")
@color_option
def rules(*, category: str | None, format_: str, color: str) -> int:
    """List the rules, or those of one CATEGORY.

    Each line has a rule, its severity and category, whether it offers fixes, safe or not, and the smallest
    preset that has it. The policies in force in the current directory are among them.
    """
    from packlint.overview import table, to_json
    from packlint.plugins import load_rules
    from packlint.rule import Category

    categories = [it.value for it in Category]
    if category is not None and category not in categories:
        raise unknown("category", category, categories, f"choose one of {', '.join(categories)}")
    shown = [rule for rule in load_rules() if category in (None, rule.category.value)]
    broken: PacklintError | None = None
    if category in (None, Category.POLICY.value):
        try:
            shown += InForce.by_default().policies(here())
        except PacklintError as error:
            broken = error  # which is told after what there is, as it may be needed to put it right
    if format_ == "json":
        to_standard_output(to_json(shown), "never")
    else:
        style = click.style if is_colored(color, sys.stdout) else lambda text, **_: text
        to_standard_output(table(shown, style), color)
    if broken is not None:
        raise broken
    return 0


@click.command()
@click.argument("rule", shell_complete=complete_rule)
def explain(*, rule: str) -> int:
    """Print the page of a RULE: what it flags, why, and examples.

    RULE may be a policy that is in force in the current directory, or one of a pack.
    """
    from packlint.explain import page
    from packlint.plugins import by_name, load_rules

    known = by_name(load_rules())
    if rule not in known:
        _explain_policy(rule, known)
        return 0
    if rule != (now := known[rule].name()):
        click.echo(f"`{rule}` is called `{now}` now", err=True)
    to_standard_output(page(known[rule]), "never")
    return 0


def _explain_policy(name: str, others: Iterable[str]) -> None:
    """Print the page of a policy that is in force here, or that a pack has.

    Raises UsageError where there is none, SettingsError and PolicyError where it cannot be told what is in
    force; that of a pack is printed before, as it may be needed to put that right.
    """
    force = InForce.by_default()
    known: dict[str, type[PolicyRule]] = {}
    broken: PacklintError | None = None
    try:
        known = {it.name(): it for it in force.policies(here())}
    except PacklintError as error:
        broken = error
    schemas = () if broken else force.settings(here()).schemas
    brought = {} if name in known else {it.name(): it for it in _of_packs(force, schemas)}
    found = known.get(name) or brought.get(name)
    if found is not None:
        text = _page(found)
        if found is brought.get(name) and broken is None:
            pack = found.sheet.name
            text += f'\nIt is not in force here: `packs = ["{pack}"]` of `[policies]` does that.\n'
        to_standard_output(text, "never")
    if broken is not None:
        raise broken
    if found is None:
        raise unknown("rule", name, {*others, *known, *brought}, "`packlint rules` lists the rules")


def _of_packs(force: InForce, schemas: Iterable[Path]) -> Iterator[type[PolicyRule]]:
    """The policies of all packs, with the defaults of their parameters."""
    library = force.nearest.policies.library
    for path, _ in force.nearest.packs().values():
        for sheet in library.within(path, path.parent, foreign=True, schemas=schemas):
            yield from library.rules(sheet, {})


def _page(rule: type[PolicyRule]) -> str:
    """The page of a policy; nothing in it steers the terminal."""
    from packlint.explain import page

    where = f"{rule.sheet.document.path}:{rule.policy.name_range.first.line}"
    place = f"pack: {rule.sheet.name}" if rule.sheet.foreign else where
    text = page(rule, (f"target: {rule.policy.target}", place))
    return "".join(f"{visible(line)}\n" for line in text.expandtabs(4).splitlines())
