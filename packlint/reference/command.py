"""`packlint schema`: the components that packlint knows, and what each of them takes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packlint.commands.completion import complete_component, complete_kind
from packlint.deliver import is_colored, to_standard_output, width_of_output
from packlint.errors import unknown
from packlint.options import color_option, format_option, schemas_option

if TYPE_CHECKING:
    from packlint.catalog import Catalog


@click.group(invoke_without_command=True)
@click.pass_context
def schema(context: click.Context) -> int:
    """Look up the components of Packer and of its plugins, offline."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        return 2
    return 0


@schema.command("list")
@click.argument("kind", metavar="[KIND]", required=False, shell_complete=complete_kind)
@schemas_option
def list_(*, kind: str | None, schemas: tuple[Path, ...]) -> int:
    """List the components, or those of one KIND.

    KIND is builder, provisioner, post-processor or data-source. Each line has a component, the address of its
    plugin and the version that packlint knows.
    """
    from packlint.catalog import KINDS
    from packlint.reference.find import entries
    from packlint.reference.listing import listing

    if kind is not None and kind not in KINDS:
        raise unknown("kind", kind, KINDS, f"choose one of {', '.join(KINDS)}")
    to_standard_output(listing(entries(_catalog(schemas)), kind), "never")
    return 0


@schema.command()
@click.argument("component", shell_complete=complete_component)
@format_option("Text for people, or the JSON Schema itself.")
@color_option
@schemas_option
def show(*, component: str, format_: str, color: str, schemas: tuple[Path, ...]) -> int:
    """Show the arguments of a COMPONENT, and the rules about them.

    COMPONENT is KIND/TYPE as in `builder/qemu`, or TYPE where no other kind has that, or PLUGIN/KIND/TYPE
    where several plugins bring it.
    """
    from packlint.reference.find import entries, find

    known = _catalog(schemas)
    entry = find(component, known)
    if format_ == "json":
        from packlint.schemas.compose import text

        to_standard_output(text(dict(entry.schema)), "never")
        return 0
    from packlint.inspect.show import Screen
    from packlint.reference.page import page

    screen = Screen(
        width_of_output(), click.style if is_colored(color, sys.stdout) else lambda text, **_: text
    )
    others = [it for it in entries(known) if it.name == entry.name and it != entry]
    to_standard_output(page(entry, screen, others), color)
    return 0


def _catalog(schemas: tuple[Path, ...]) -> Catalog:
    """What packlint knows, with the folders of plugins and then those that the command line names."""
    from packlint.catalog import Catalog
    from packlint.foreign import folders_of
    from packlint.plugins import load_schemas

    return Catalog((*load_schemas(), *folders_of(schemas)))
