"""A rule's page, for the terminal and as Markdown."""

from __future__ import annotations

from packlint.diagnostic import Severity
from packlint.explain import markdown, page
from packlint.rule import Bad, Category, Fixable, Good, Preset, Rule


class DiskTooSmall(Rule):
    """Flags disks on which the installer has no room.

    An installer that runs out of space fails late, when most of the work is done, and it seldom says
    why it failed.

    - The first thing to look at is `disk_size`, which is in megabytes unless a unit is given with it.
    - The second is swap.

        disk_size = "8G"

    References:
    https://example.com/a/very/long/address/that/is/not/to/be/broken/even/though/it/is/too/long
    """

    category = Category.SOURCES
    severity = Severity.WARNING
    preset = Preset.STRICT
    fixable = Fixable.SAFE
    examples = (
        Bad("size = 1 # finding: small", fixed="size = 9"),
        Good({"a.pkr.hcl": "size = 9", "run.sh": "echo '```'"}),
    )


PAGE = """\
disk-too-small (warning, sources)
preset: strict, fixes: safe

Flags disks on which the installer has no room.

An installer that runs out of space fails late, when most of the work is done,
and it seldom says why it failed.

- The first thing to look at is `disk_size`, which is in megabytes unless a unit
  is given with it.
- The second is swap.

    disk_size = "8G"

References:
https://example.com/a/very/long/address/that/is/not/to/be/broken/even/though/it/is/too/long

Bad:

    size = 1 # finding: small

Fixed:

    size = 9

Good:

  a.pkr.hcl
    size = 9

  run.sh
    echo '```'
"""


def test_the_page_for_a_terminal() -> None:
    assert page(DiskTooSmall) == PAGE


def test_markdown_fences_are_longer_than_what_they_hold() -> None:
    text = markdown(DiskTooSmall)
    assert text.startswith("Flags disks on which the installer has no room.\n\nAn installer")
    assert (
        "**Bad**\n\n```hcl\nsize = 1 # finding: small\n```\n\n**Fixed**\n\n```hcl\nsize = 9\n```\n\n**Good**"
        in text
    )
    assert "`run.sh`\n\n````sh\necho '```'\n````\n" in text
