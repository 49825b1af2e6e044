"""`packlint rules` and `packlint explain`: which rules there are, and what each is about."""

from __future__ import annotations

import sys

import click

from packlint.commands.completion import complete_category, complete_rule
from packlint.deliver import is_colored, to_standard_output
from packlint.errors import unknown
from packlint.options import color_option, format_option


@click.command()
@click.argument("category", metavar="[CATEGORY]", required=False, shell_complete=complete_category)
@format_option("A table for people, or JSON for tools.")
@color_option
def rules(*, category: str | None, format_: str, color: str) -> int:
    """List the rules, or those of one CATEGORY.

    Each line has a rule, its severity and category, whether it offers fixes, safe or not, and the smallest
    preset that has it.
    """
    from packlint.overview import table, to_json
    from packlint.plugins import load_rules
    from packlint.rule import Category

    categories = [it.value for it in Category]
    if category is not None and category not in categories:
        raise unknown("category", category, categories, f"choose one of {', '.join(categories)}")
    shown = [rule for rule in load_rules() if category in (None, rule.category.value)]
    if format_ == "json":
        to_standard_output(to_json(shown), "never")
        return 0
    style = click.style if is_colored(color, sys.stdout) else lambda text, **_: text
    to_standard_output(table(shown, style), color)
    return 0


@click.command()
@click.argument("rule", shell_complete=complete_rule)
def explain(*, rule: str) -> int:
    """Print the page of a RULE: what it flags, why, and examples."""
    from packlint.explain import page
    from packlint.plugins import by_name, load_rules

    known = by_name(load_rules())
    if rule not in known:
        raise unknown("rule", rule, known, "`packlint rules` lists the rules")
    if rule != (now := known[rule].name()):
        click.echo(f"`{rule}` is called `{now}` now", err=True)
    to_standard_output(page(known[rule]), "never")
    return 0
