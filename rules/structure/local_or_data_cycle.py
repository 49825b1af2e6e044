"""Locals and data sources → those that need one another."""

from collections import Counter
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.document import Range
from packlint.model import Configuration, DataSource, Local


class LocalOrDataCycle(Rule):
    """Flags locals and data sources that depend on themselves.

    Packer evaluates locals and data sources one after the other, each after those it refers to. Where they
    refer to one another in a circle there is no such order, and Packer stops before it does anything.

    Let one of them no longer refer to the next: move what both need into a local of its own. The name that
    a `for` introduces is no reference, even where it is called `local`.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/locals
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<cycle>",)

    examples = (
        Bad(
            """
            data "amazon-ami" "base" {
              owners = local.owners
            }
            locals {
              owners = [data.amazon-ami.base.owner] # finding: `local.owners` depends on itself
              label  = "from ${data.amazon-ami.base.name}"
              loop   = "${local.loop}!" # finding: `local.loop` depends on itself
            }
            """
        ),
        Good(
            """
            locals {
              owners = ["self"]
              names  = [for local in [{ names = "a" }] : local.names]
            }
            data "amazon-ami" "base" {
              owners = local.owners
            }
            local "owner" {
              expression = data.amazon-ami.base.owner
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        every: tuple[Local | DataSource, ...] = (*configuration.locals, *configuration.data_sources)
        declared = Counter(map(_name, every))
        for first, *others in configuration.cycles:
            names = [_name(member) for member in (first, *others)]
            # Which of two declarations of a name counts is not known: that is another mistake.
            if all(declared[name] == 1 for name in names):
                way = " → ".join([*names[:MOST_SHOWN], *(["…"] if len(names) > MOST_SHOWN else ()), names[0]])
                yield Finding(
                    _place(first),
                    f"`{names[0]}` depends on itself" + (f": `{way}`" if others else ""),
                    related=tuple(
                        Related(_place(it), f"`{_name(it)}` is part of it") for it in others[:MOST_RELATED]
                    ),
                    hint="let one of these no longer refer to the next"
                    if others
                    else "take out the reference",
                )


MOST_SHOWN = 8
"""How many names a message lists."""

MOST_RELATED = 20
"""How many other places a finding names."""


def _name(member: Local | DataSource) -> str:
    return f"data.{member.key}" if isinstance(member, DataSource) else f"local.{member.name}"


def _place(member: Local | DataSource) -> Range:
    return member.header_range if isinstance(member, DataSource) else member.name_range
