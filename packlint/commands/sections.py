"""The options of a command with many → its help, in sections by what they are about."""

from __future__ import annotations

import click

SECTIONS: dict[str, tuple[str, ...]] = {
    "Rules": ("preset", "select", "ignore", "fail_on", "file", "output", "baseline", "changed_since"),
    "Report": (
        *("address", "revision", "format_", "formats", "statistics", "suppressed", "color"),
        *("sarif_category", "sarif_limit"),
    ),
    "Fixes": ("fix", "unsafe", "diff"),
    "Building": (
        *("build", "dry_run", "rebuild", "trust", "timeout", "max_parallel", "memory", "cpus"),
        *("on_error", "force", "packer", "report"),
    ),
    "Files and settings": (
        *("root", "force_exclude", "stdin_filename", "settings", "isolated", "schemas", "plugins"),
        *(
            "jobs",
            "no_cache",
        ),
    ),
    "As given to Packer": ("variables", "var_files", "environment", "only", "exclude"),
}
"""Names of parameters by the headings that they stand under; what is in none of them comes last."""

OTHERS = "Others"


class Sectioned(click.Command):
    """A command whose help has its options in sections."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section for each heading that has options, in the order of the headings."""
        found: dict[str, list[tuple[str, str]]] = {title: [] for title in (*SECTIONS, OTHERS)}
        titles = {name: title for title, names in SECTIONS.items() for name in names}
        order = list(titles)
        options = [it for it in self.get_params(ctx) if isinstance(it, click.Option)]
        for it in sorted(options, key=lambda it: order.index(it.name) if it.name in titles else 0):
            if (record := it.get_help_record(ctx)) is not None:
                found[titles.get(it.name or "", OTHERS)].append(record)
        for title, records in found.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records, col_max=22)
