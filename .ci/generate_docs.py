"""The built-in rules → `docs/rules/`, a page for each and an index; pages of settings and speed; pictures.

Run this again when a rule, a setting or an example changes: `python .ci/generate_docs.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from inspect import cleandoc
from itertools import groupby
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from packlint.cli import cli
from packlint.configure.schema import published, settings_schema
from packlint.explain import fixes, markdown
from packlint.overview import in_order
from packlint.report.weaknesses import weakness
from packlint.rule import Category, Rule

PROJECT = Path(__file__).resolve().parent.parent
PAGES = PROJECT / "docs" / "rules"
PICTURES = PROJECT / "docs" / "pictures"
EXAMPLES = PROJECT / "examples" / "chains"
PACK_EVERYTHING = PROJECT.parent / "shared" / "corpus" / "rylagek+pack_everything"
"""Somebody's repository of many templates, which is not everywhere where this is run."""

TITLES = {
    Category.LANGUAGE: "Files and syntax",
    Category.STRUCTURE: "Structure",
    Category.SOURCES: "Sources",
    Category.PROVISIONERS: "Provisioners",
    Category.POST_PROCESSORS: "Post-processors",
    Category.CHAINING: "Builds that start from other builds",
    Category.SECURITY: "Security",
    Category.STYLE: "Style",
    Category.LEGACY: "Legacy templates and removed features",
    Category.WAIVERS: "Waivers",
    Category.POLICY: "Policies",
}

INTRODUCTION = """\
# Rules

`packlint explain RULE` shows the same pages in a terminal. `packlint check --preset NAME` chooses which rules
run: `default` has what is likely a defect or a risk, `strict` good advice that not everybody takes besides,
`all` matters of taste too, and `security` the rules on security that `strict` has. The column *preset* names
the smallest that has a rule. `--select` runs the rules or categories it names and no others, whatever their
presets. A *safe* fix keeps the meaning of a template or changes only what is broken; a rule with safe fixes
may have others, too.
"""


SETTINGS_INTRODUCTION = """\
# Settings

Settings stand in `packlint.toml`, in `.packlint.toml` or in `[tool.packlint]` of `pyproject.toml`, in
this order where a folder has several. For each file the nearest of them counts, looked for from its
folder up to the root of the repository, and no other: a file that wants what stands further up says
`extend = "../packlint.toml"`. What the command line says goes before, and so do the environment
variables below. `packlint settings show PATH` prints what is in force for a file and where it comes
from.

What an extended file says is added to: patterns, files, waivers and overrides of both files count. Where
both speak of the same key, rule or variable, the file that extends has the last word, as a later override
has over an earlier one; only what `[waivers]` demands cannot be taken back. `--preset` and `--select`
stand in for what the files say of the same; rules that an override leaves out in some paths stay out.

```toml
preset = "strict"
ignore = ["relative-path-without-path-root"]
exclude = ["archive/"]

[rules]
unused-variable = "note"                                        # another severity; "off" takes a rule out
too-many-parallel-sources = { max-parallel-sources = 8 }        # an option
iso-ssh-timeout-too-short = { severity = "error", minutes = 20 }

[[overrides]]
paths = ["images/lab/"]
ignore = ["secret-literal"]
var-files = ["vars/lab.pkrvars.hcl"]

[[waive]]
rules = ["iso-checksum-none"]
paths = ["images/windows-eval/"]
reason = "the vendor publishes no checksums"
until = 2027-06-30
```

Patterns for paths are those of `.gitignore`, from the folder of the file that they stand in; other
relative paths start there, too, and may not leave the repository. Settings cannot make packlint run
code: `plugins` only makes sure that packages are installed. `packlint settings schema` prints the JSON
Schema of such a file, with the options of all rules that are installed.
"""

ENVIRONMENT = """\
## Environment variables

Options that may be repeated take several values with blanks between them:
`PACKLINT_FORMAT="text sarif:packlint.sarif"`.

| Variable | Option |
|---|---|
"""

OVERRIDES = """\
## `[[overrides]]`

| Key | Meaning |
|---|---|
"""

WAIVE = """\
## `[[waive]]`

[How to waive findings](how-to/waivers.md) tells what waivers are for, and how they are written beside
the code.

| Key | Meaning |
|---|---|
"""

WAIVERS = """\
## `[waivers]`

| Key | Meaning |
|---|---|
"""

POLICIES = """\
## `[policies]`

[How to write policies](how-to/policies.md) tells what policies are: rules of your own, in HCL. Those in
`policies/` beside the settings, or in the root of the repository where there are no settings, are in force
without a word about them here.

| Key | Meaning |
|---|---|
"""

POLICIES_IN_FORCE = """\

```toml
[policies]
paths = ["policies", "../shared/policies"]
packs = ["tags"]

[policies.params.tags]              # by the path of the file in its folder, without .policy.hcl
required = ["owner", "cost-centre"]
```

A parameter of a policy file that has no default has to be given a value. What an extended file brings is in
force, too, with the values that it gives; the file that extends may give others. Policies run with every
preset; `select` leaves out those that it does not name. Their names, and the category `policy` for all of
them, stand wherever those of rules do: in `select`, `extend-select`, `ignore`, `[rules]`, overrides and
waivers. A policy that says `waivable = false` cannot be waived, whatever `[waivers]` says.
"""

OPTIONS = """\
## Options of rules

In `[rules]` a rule has a severity, `note`, `warning` or `error`, or is `off`; or it has a table with
`severity` and its options. A rule with a severity runs, whatever the preset.

| Rule | Option | Type | Default | |
|---|---|---|---|---|
"""


def settings_schema_text() -> str:
    """The text of `schemas/settings.schema.json`."""
    return json.dumps(published(_own()), indent=1) + "\n"


KEPT = """\
## What is kept between runs

`packlint check` keeps what it has said, and says it again where nothing has changed: the arguments, the
directory, the environment, the day, packlint and the packages beside it, what every file holds that was read,
and that there still is none where one was looked for. What was said lies in the user's cache folder,
with the paths that were looked at, the names in their folders, and hashes of what files hold and of the
environment. Nobody else may enter that folder; one that others may, as any that comes with a repository, is
not used. An answer is good for the day; what is older than two days, or beyond 200 answers and 64 MB, goes
when the next is kept. `--no-cache` checks anew.

Of twelve templates and more, what was found in each is kept as well, with the texts in which it was found:
when one changes, it is checked anew, and so are those that touch it. That takes 128 MB at most.

Nothing is kept with `--fix`, `--diff`, `--build`, `--changed-since`, `--statistics` or `--debug`, of standard
input, where other packages bring rules, where no template was found, where the check could not be done,
and on Windows.
"""


def settings_page() -> str:
    """The text of `docs/settings.md`."""
    schema = settings_schema(_own())
    properties = schema["properties"]
    sections = ("overrides", "waivers", "waive", "policies")
    keys = {key: said for key, said in properties.items() if key not in sections}
    return "\n".join(
        [
            SETTINGS_INTRODUCTION,
            "## Keys\n\n| Key | Meaning |\n|---|---|\n" + _meanings(keys, schema),
            OVERRIDES + _meanings(properties["overrides"]["items"]["properties"], schema),
            WAIVE + _meanings(properties["waive"]["items"]["properties"], schema),
            WAIVERS + _meanings(properties["waivers"]["properties"], schema),
            POLICIES + _meanings(properties["policies"]["properties"], schema) + POLICIES_IN_FORCE,
            OPTIONS + "".join(_options(schema)),
            ENVIRONMENT + "".join(_variables()),
            KEPT,
        ]
    )


def _own() -> list[type[Rule]]:
    """The rules themselves, with all that they say of their options."""
    return [*import_module("packlint.rules").every()]


def _meanings(keys: dict[str, Any], schema: dict[str, Any]) -> str:
    lines = []
    for key, said in keys.items():
        resolved = schema["$defs"][said["$ref"].rpartition("/")[2]] if "$ref" in said else said
        meaning = said.get("description") or resolved["description"]
        choices = f" One of {', '.join(f'`{it}`' for it in said['enum'])}." if "enum" in said else ""
        lines.append(f"| `{key}` | {_cell(meaning)}{choices} |\n")
    return "".join(lines)


def _options(schema: dict[str, Any]) -> Iterator[str]:
    for rule in sorted(_own(), key=lambda rule: rule.name()):
        page = cleandoc(rule.Options.__doc__ or "").replace("\n", " ")
        options = schema["$defs"]["rules"]["properties"][rule.name()]["properties"]
        for number, (key, said) in enumerate(it for it in options.items() if it[0] != "severity"):
            name = f"[{rule.name()}](rules/{rule.name()}.md)" if not number else ""
            kind = said.get("type") or ", ".join(f"`{it}`" for it in said["enum"])
            meaning = "" if number else _cell(_kebab(page, options))
            yield f"| {name} | `{key}` | {kind} | `{json.dumps(said['default'])}` | {meaning} |\n"


def _kebab(page: str, options: dict[str, Any]) -> str:
    """The text with the names of options as settings have them."""
    for key in options:
        page = page.replace(f"`{key.replace('-', '_')}`", f"`{key}`")
    return page


def _variables() -> Iterator[str]:
    commands = (command for _, command in sorted(cli.commands.items()))
    found = {
        str(parameter.envvar): parameter.opts[0]
        for command in commands
        for parameter in command.params
        if parameter.envvar
    }
    yield from (f"| `{variable}` | `{option}` |\n" for variable, option in sorted(found.items()))
    yield "| `PACKLINT_CACHE_DIR` | the folder of the cache |\n"
    yield "| `NO_COLOR` | `--color never` |\n"


def pages() -> dict[str, str]:
    """The text of each file of `docs/rules/` by its name."""
    rules = in_order(_own())
    return {"README.md": _index(rules), **{f"{rule.name()}.md": _page(rule) for rule in rules}}


def _index(rules: list[type[Rule]]) -> str:
    parts = [INTRODUCTION]
    for category, group in groupby(rules, key=lambda rule: rule.category):
        lines = [f"\n## {TITLES[category]}\n", "| Rule | Severity | Preset | Fixes |", "|---|---|---|---|"]
        for rule in group:
            name = f"[{rule.name()}]({rule.name()}.md)<br>{_cell(rule.summary())}"
            lines.append(f"| {name} | {rule.severity.value} | {rule.preset.value} | {fixes(rule)} |")
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def _page(rule: type[Rule]) -> str:
    cells = {
        "Severity": rule.severity.value,
        "Category": rule.category.value,
        "Preset": rule.preset.value,
        "Fixes": fixes(rule),
    }
    if rule.security_severity is not None:
        cells["Security severity"] = f"{rule.security_severity:.1f}"
    if rule.cwe:
        cells["Weaknesses"] = ", ".join(f"[CWE-{number}]({weakness(number).address})" for number in rule.cwe)
    table = f"| {' | '.join(cells)} |\n|{'---|' * len(cells)}\n| {' | '.join(cells.values())} |\n"
    return f"# {rule.name()}\n\n{table}\n{markdown(rule)}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def pictures() -> dict[str, str]:
    """The text of each file of `docs/pictures/` by its name, of those that can be made here."""
    folders = sorted(it for it in EXAMPLES.iterdir() if it.is_dir())
    made = {f"{folder.name}.svg": picture(folder) for folder in folders}
    return {**made, "pack_everything.svg": picture(PACK_EVERYTHING)} if PACK_EVERYTHING.is_dir() else made


def picture(folder: Path) -> str:
    """What `packlint graph --format svg` prints for a folder, named from there."""
    arguments = ["graph", str(folder), "--root", str(folder), "--format", "svg"]
    done = CliRunner().invoke(cli, arguments, env={"COLUMNS": "80"})
    if not done.stdout.startswith("<svg"):
        raise ValueError(f"no picture of {folder.name}: {done.output}")
    return done.stdout


SPEED = """\
# How fast it is

`packer validate -syntax-only` is Packer 1.6.6 of Debian, written in Go; the corpus are real templates of 136
repositories. Times are medians of rounds that take turns, on {processors} processors, with Python {python}.
*Cold*: nothing is known of an earlier run (`--no-cache`). *Warm*: nothing has changed since.
`python benchmarks/speed.py` measures all of it anew.

| What | Ratio | Goal | | Measured |
|---|--:|--:|---|---|
{rows}

![What each line takes of what its goal allows](pictures/speed.png)

The grammar is that of python-hcl2, a parser of HCL in Python: packlint drives the tables of it by itself.
A check of one file of many takes longer than to say that nothing has changed, for which little is loaded.
"""


def speed_page() -> str:
    """What the benchmark found the last time it was kept."""
    last = json.loads((PROJECT / "benchmarks/history.json").read_text(encoding="utf-8"))[-1]
    rows = (
        f"| {it['what']} | {it['ratio']:.3g} | {'≥' if it['more'] else '≤'} {it['goal']:.3g} | "
        f"{'' if _is_reached(it) else 'missed'} | {it['measured']} |"
        for it in last["lines"]
    )
    return SPEED.format(rows="\n".join(rows), **{key: last[key] for key in ("processors", "python")})


def _is_reached(line: dict[str, Any]) -> bool:
    return bool(line["ratio"] >= line["goal"] if line["more"] else line["ratio"] <= line["goal"])


def main() -> None:
    """Write the files, and remove those of rules that are gone."""
    from index_rules import write  # beside this file, which is where Python looks for a script
    from screen import screen

    write()

    PAGES.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in PAGES.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (PAGES / name).write_text(text, encoding="utf-8", newline="")
    PICTURES.mkdir(exist_ok=True)
    for name, text in pictures().items():
        (PICTURES / name).write_text(text, encoding="utf-8", newline="")
    (PROJECT / "docs/screen.svg").write_text(screen(), encoding="utf-8", newline="")
    (PROJECT / "docs/settings.md").write_text(settings_page(), encoding="utf-8", newline="")
    (PROJECT / "docs/speed.md").write_text(speed_page(), encoding="utf-8", newline="")
    (PROJECT / "schemas/settings.schema.json").write_text(
        settings_schema_text(), encoding="utf-8", newline=""
    )


if __name__ == "__main__":
    main()
