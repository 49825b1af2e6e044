"""A command line of packlint → a picture of its screen, in SVG, that loads nothing from elsewhere."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

from click.testing import CliRunner
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from packlint.cli import cli

PROJECT = Path(__file__).resolve().parent.parent
WIDTH = 95
COMMAND = (
    "check",
    "examples/windows-desktop",
    *("--select", "guest-os-type-mismatch,undeclared-variable"),
)


def screen() -> str:
    """The SVG: what was typed, and what was printed."""
    before = Path.cwd()
    os.chdir(PROJECT)
    try:
        printed = CliRunner().invoke(cli, [*COMMAND, "--color", "always"], env={"COLUMNS": str(WIDTH)}).stdout
    finally:
        os.chdir(before)
    nowhere = io.StringIO()
    console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True, color_system="standard")
    console.print(Text(f"$ packlint {' '.join(COMMAND)}", style="bold"), soft_wrap=False)
    console.print(Text.from_ansi(printed))
    svg = console.export_svg(title="packlint", theme=DIMMED_MONOKAI, unique_id="packlint")
    # Rich names fonts on somebody's server; the reader's own will do.
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    return svg.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace").rstrip() + "\n"
