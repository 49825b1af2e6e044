"""The law of the house, read off the source: who may import and touch what, how long a module is."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

NOUNS = frozenset(
    {
        *("document", "diagnostic", "syntax", "blocks", "value", "model", "project", "inputs", "files"),
        *("settings", "errors", "version", "catalog", "components", "waiver", "limits"),
    }
)
EVERYTHING = frozenset({"*"})
BY_ALL = frozenset({"named", "noted", "once", "pattern", "record", "typed"})
"""What any module may import: they make classes and functions, and know nothing of Packer."""

MAY_IMPORT: dict[str, frozenset[str]] = {
    "named": frozenset(),
    "once": frozenset(),
    "pattern": frozenset(),
    "record": frozenset(),
    "typed": frozenset(),
    "document": frozenset(),
    "errors": frozenset({"document", "suggest"}),
    "suggest": frozenset(),
    "misplaced": frozenset({"blocks", "notation", "suggest"}),
    "notation": frozenset({"document"}),
    "witness": frozenset(),
    "recall": frozenset({"witness"}),
    "cache": frozenset({"witness"}),
    "answers": frozenset({"cache", "deliver", "errors", "recall", "witness"}),
    "files": frozenset({"document", "witness"}),
    "diagnostic": frozenset({"document"}),
    "limits": frozenset(),
    "waiver": frozenset({"diagnostic", "document"}),
    "waivers": NOUNS | {"json_text", "parse", "rule", "suggest", "waivers"},
    "suppress": NOUNS | {"rule", "waivers"},
    "ledger": NOUNS | {"outcome", "visible"},
    "syntax": frozenset({"document"}),
    "blocks": frozenset({"document", "syntax"}),
    "value": frozenset({"document"}),
    "version": frozenset(),
    "duration": frozenset(),
    "checksum": frozenset(),
    "downloads": NOUNS | {"checksum"},
    "base_image": NOUNS | {"downloads"},
    "model": frozenset({"document", "diagnostic", "syntax", "value", "files"}),
    "project": frozenset({"document", "model", "syntax"}),
    "inputs": frozenset({"document", "diagnostic", "syntax"}),
    "given": NOUNS,
    "options": frozenset(),
    "gather": NOUNS | {"glob", "load", "options", "parse", "request", "witness"},
    "glob": frozenset(),
    "settings": frozenset({"diagnostic", "ignore", "inputs", "limits", "project", "rule", "waiver"}),
    "configure": NOUNS
    | {"configure", "foreign", "ignore", "parse", "policy", "request", "rule", "schema", "suggest"}
    | {"witness"},
    "choice": NOUNS | {"check", "policy", "rule"},
    "policies": frozenset({"packlint"}),
    "policy": NOUNS
    | {"circles", "communicator", "effective", "evaluate", "guest", "parse", "policy", "rule", "schema"}
    | {"outcome", "report", "required", "secrets", "suggest", "traits", "visible", "witness", "wording"}
    | {"written"},
    "ignore": frozenset({"files"}),
    "legacy": frozenset(),
    "json_text": frozenset(),
    "gotemplate": frozenset({"gotemplate"}),
    "request": frozenset({"errors", "files", "witness"}),
    "discover": frozenset(
        {"document", "diagnostic", "settings", "model", "files", "ignore", "legacy", "request", "witness"}
    ),
    "load": frozenset({"document", "diagnostic", "settings", "errors", "model", "files"}),
    "format": frozenset({"format", "parse"}),
    "parse": NOUNS | {"parse", "suggest", "cache", "traits", "json_text", "witness"},
    "lower": NOUNS | {"lower", "suggest", "traits", "gotemplate", "json_text"},
    "evaluate": NOUNS | {"circles", "traits", "effective", "evaluate", "glob", "gotemplate", "suggest"},
    "unmatched": NOUNS | {"suggest"},
    "functions": frozenset(),
    "visible": frozenset(),
    "quantity": frozenset(),
    "circles": frozenset(),
    "edits": NOUNS,
    "gone": NOUNS,
    "faults": NOUNS | {"given", "suggest", "wording"},
    "homes": NOUNS | {"faults", "misplaced", "suggest", "wording"},
    "features": NOUNS | {"functions", "references"},
    "references": NOUNS | {"suggest"},
    "usage": NOUNS | {"suggest", "failures"},
    "required": NOUNS,
    "failures": NOUNS,
    "catalog": frozenset({"foreign"}),
    "foreign": frozenset({"errors", "files", "schema", "witness"}),
    "wording": frozenset({"catalog"}),
    "reference": frozenset(
        {
            *("catalog", "commands", "deliver", "errors", "foreign", "inspect", "options", "plugins"),
            *("reference", "report", "schemas", "visible", "wording"),
        }
    ),
    "schema": frozenset({"document", "value", "diagnostic", "duration", "errors", "schema"}),
    "spelling": NOUNS,
    "local_files": NOUNS,
    "shell": NOUNS | {"shell", "spelling"},
    "components": NOUNS,
    "written": NOUNS,
    "conform": NOUNS | {"conform", "schema", "written"},
    "rule": NOUNS,
    "shelf": frozenset({"diagnostic", "rule"}),
    "environment": frozenset({"cache", "witness"}),
    "glance": NOUNS | {"failures", "ordinary", "secrets", "traits"},
    "ordinary": frozenset({"blocks", "syntax"}),
    "traits": NOUNS,
    "system": frozenset(),
    "effective": NOUNS | {"notation"},
    "filters": NOUNS | {"effective", "glob", "suggest", "wording"},
    "guest": NOUNS | {"traits", "system"},
    "communicator": NOUNS | {"traits"},
    "boot_command": NOUNS | {"spelling"},
    "artifact": NOUNS | {"traits"},
    "stops": NOUNS | {"artifact"},
    "registry": NOUNS,
    "margins": NOUNS,
    "check": NOUNS | {"glance", "rule"},
    "outlook": NOUNS | {"chain", "references", "usage"},
    "company": NOUNS | {"chain", "outlook", "rule"},
    "chain": NOUNS
    | {"artifact", "chain", "circles", "effective", "glob", "local_files", "quantity", "rule", "secrets"}
    | {"suggest", "traits", "visible"},
    "packer": NOUNS
    | {"artifact", "chain", "duration", "effective", "evaluate", "local_files", "packer", "parse", "quantity"}
    | {"report", "secrets", "traits", "visible", "write"},
    "secrets": NOUNS | {"traits", "edits", "secrets", "shell", "spelling"},
    "sensitive": NOUNS | {"secrets"},
    "align": frozenset(),
    "identity": NOUNS,
    "baseline": NOUNS | {"identity", "outcome"},
    "baseline_file": frozenset({"baseline", "errors", "files", "identity", "witness"}),
    "changed": NOUNS | {"align", "identity", "outcome"},
    "git": frozenset({"align", "errors", "files", "witness"}),
    "since": frozenset({"changed", "document", "files", "git", "outcome", "request"}),
    "outcome": NOUNS | {"rule"},
    "fix": frozenset({"diagnostic", "document"}),
    "prove": NOUNS | {"fix", "inspect", "outcome"},
    "mend": NOUNS | {"fix", "outcome", "prove"},
    "difference": frozenset({"document", "report", "visible"}),
    "write": frozenset({"files"}),
    "report": frozenset(
        {
            *("chain", "document", "diagnostic", "explain", "fix", "outcome", "project", "report", "rule"),
            *("identity", "model", "quantity", "visible"),
        }
    ),
    "inspect": NOUNS | {"inspect", "effective", "report", "suggest", "visible"},
    "explain": frozenset({"diagnostic", "rule"}),
    "hookspecs": frozenset({"rule"}),
    "plugins": frozenset(
        {
            *("packlint", "diagnostic", "foreign", "hookspecs", "environment", "errors", "policy", "rule"),
            *("shelf", "witness"),
        }
    ),
    "stopwatch": frozenset(),
    "seen": NOUNS,
    "reading": NOUNS
    | {"check", "choice", "conform", "evaluate", "load", "lower", "parse", "seen", "stopwatch"},
    "together": NOUNS
    | {"chain", "check", "choice", "policy", "reading", "rule", "seen", "sensitive", "waivers"},
    "look": NOUNS | {"chain", "check", "outlook", "reading", "seen", "sensitive", "waivers"},
    "bench": NOUNS | {"chain", "check", "choice", "company", "look", "reading", "rule", "witness"},
    "looked": NOUNS | {"answers", "bench", "cache", "choice", "company", "look", "recall", "witness"},
    "noted": frozenset({"witness"}),
    "crew": frozenset({"witness"}),
    "apart": NOUNS
    | {"bench", "company", "crew", "load", "look", "looked", "parse", "secrets", "seen", "sensitive"},
    "pipeline": EVERYTHING,
    "start": NOUNS
    | {"commands", "outcome", "pipeline", "quantity", "report", "request", "start", "visible", "write"},
    "testing": NOUNS | {"fix", "outcome", "pipeline", "plugins", "policy", "prove", "request", "rule"},
    "trial": NOUNS | {"pipeline", "plugins", "policy"},
    "sketch": frozenset({"policy"}),
    "rulebook": NOUNS | {"policy", "report", "visible"},
    "overview": frozenset({"diagnostic", "rule"}),
    "deliver": frozenset({"errors", "files", "legacy", "outcome", "report", "request", "witness", "write"}),
    "cli": EVERYTHING,
    "commands": EVERYTHING,
    "compiled": frozenset({"cache"}),
    "__main__": frozenset({"answers", "cli", "commands", "compiled"}),
    "__init__": frozenset({"diagnostic", "rule", "hookspecs"}),
}

RULES_MAY_IMPORT = frozenset(
    {
        *("packlint", "document", "files", "syntax", "value", "model", "project", "version", "suggest"),
        *("catalog", "components", "traits", "system", "guest", "communicator", "artifact", "stops"),
        *("effective", "filters", "blocks", "misplaced", "notation", "edits", "margins", "spelling"),
        *("required", "registry", "usage", "references", "functions", "failures", "given", "gotemplate"),
        *("faults", "gone", "features", "homes", "wording", "ignore"),
        *("base_image", "boot_command", "checksum", "downloads", "duration", "local_files"),
        *("chain", "format", "secrets", "shell", "shelf"),
    }
)

DOORS = {
    "hcl2": ("parse",),
    "lark": ("parse",),
    "pluggy": ("hookspecs", "plugins"),
    "jinja2": ("report/html",),
    "sarif_om": ("report/sarif",),
    "platformdirs": ("cache",),
    "yaml": ("evaluate/functions/yaml_decode", "packer/ci/scalar"),
    "jsonschema": ("schema",),
    "referencing": ("schema",),
    "tree_sitter": ("shell/parse", "configure/places"),
    "tree_sitter_toml": ("configure/places",),
    "tree_sitter_bash": ("shell/parse",),
    "detect_secrets": ("secrets/formats",),
    "junitparser": ("report/junit",),
    "click": (
        *("cli", "commands", "deliver", "options", "reference/command", "report/tally", "start/command"),
    ),
    "psutil": ("commands/host",),
    "rich": ("packer/show/live",),
    "subprocess": ("git", "packer/run/process"),
}
"""Libraries, and the modules that may import them."""

IMPURE = ("time", "random", "secrets", "socket", "urllib.request", "http", "subprocess", "tempfile", "shutil")

OWN_DATA = ("catalog", "traits", "foreign", "parse/grammar")
"""Modules that read files of packlint's own, of its parser library or of a folder that the user names."""

PURE = (
    *("parse", "lower", "evaluate", "check", "inspect", "report", "chain", "rule", "explain", "suggest"),
    *("conform", "difference", "fix", "format", "mend", "overview", "prove", "secrets", "sensitive", "shell"),
    *("ledger", "rulebook", "sketch", "suppress", "waiver", "waivers", "written"),
    *("align", "baseline", "changed", "company", "identity", "outlook"),
    *("catalog", "components", "foreign", "schema", "traits", "system", "guest", "communicator", "artifact"),
    *("stops", "effective", "filters", "blocks", "misplaced", "notation", "legacy", "edits", "margins"),
    *("spelling", "required", "registry", "usage", "references", "functions", "failures", "given"),
    *("gotemplate", "json_text", "glob", "version", "faults", "gone", "features", "homes", "wording"),
    *("base_image", "boot_command", "checksum", "downloads", "duration", "local_files"),
    *("circles", "glance", "ordinary", "quantity", "visible"),
)

PURE_PARTS = (
    *("packer/ci/", "packer/hear/", "packer/command", "packer/event", "packer/job", "packer/plan"),
    *("packer/stamp.", "packer/standing", "packer/show/outline", "packer/show/picture"),
    *("packer/show/plan_json", "packer/show/report", "packer/show/table", "packer/words"),
)
"""Of a folder that has to do with the world, the modules that do not; a full name ends in a point."""

FORBIDDEN = (
    *("open", "print", "input", "exec", "eval", "os.getenv", "uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4"),
    *("Path.cwd", "Path.home"),
)
"""Calls that reach out of the program, or answer differently from one day to the next."""

OF_OS = ("stat", "lstat", "scandir", "listdir", "readlink", "walk", "open")
OF_PATHS = ("exists", "lexists", "isdir", "isfile", "islink", "realpath", "getsize", "getmtime")
OF_OBJECTS = ("iterdir", "glob", "rglob", "resolve", "is_symlink", "is_dir", "is_file", "stat", "lstat")
"""Functions that tell what is on the disk."""

LOOK_FOR_THEMSELVES = (
    *(
        "witness",
        "recall",
        "cache",
        "answers",
        "compiled",
        "environment",
        "__main__",
        "deliver",
        "write",
        "files",
    ),
    *("git", "since", "plugins", "commands", "packer", "start", "testing", "trial"),
)
"""Modules that look at what no answer depends on, or make that none is kept."""

LONGEST = 400


def modules(folder: str = "packlint") -> Iterator[tuple[str, Path]]:
    """Every module by its name below the folder, with slashes."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path.relative_to(ROOT / folder).with_suffix("").as_posix(), path


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            for alias in node.names:
                within = ROOT.joinpath(*module.split("."), alias.name)
                is_module = within.is_dir() or within.with_suffix(".py").is_file()
                yield f"{module}.{alias.name}" if is_module else module


def stage(name: str) -> str:
    """The row of the table that a module belongs to: `parse/hcl` → `parse`."""
    return name.partition("/")[0]


def within(dotted: str) -> str:
    """What of packlint an import names: `packlint.parse.hcl` → `parse`, the package itself → `packlint`."""
    return [*dotted.split("."), ""][1] or "packlint"


@pytest.mark.parametrize(("name", "path"), [*modules()], ids=str)
def test_imports_follow_the_table(name: str, path: Path) -> None:
    allowed = MAY_IMPORT[stage(name)]
    if allowed == EVERYTHING:
        return
    wanted = {within(dotted) for dotted in imports(path) if dotted.partition(".")[0] == "packlint"}
    assert wanted <= allowed | BY_ALL, f"{name} may not import {wanted - allowed}"


def test_the_table_names_no_module_that_is_gone() -> None:
    assert set(MAY_IMPORT) == {stage(name) for name, _ in modules()}


@pytest.mark.parametrize(("name", "path"), [*modules("rules")], ids=str)
def test_rules_import_what_a_stranger_may(name: str, path: Path) -> None:
    wanted = {within(dotted) for dotted in imports(path) if dotted.partition(".")[0] == "packlint"}
    assert wanted <= RULES_MAY_IMPORT | BY_ALL


def test_nothing_imports_the_rules_by_statement() -> None:
    for name, path in modules():
        assert not any(dotted.startswith("packlint.rules") for dotted in imports(path)), name


@pytest.mark.parametrize("library", DOORS)
def test_each_dependency_has_one_door(library: str) -> None:
    users = [
        name
        for name, path in [*modules(), *modules("rules")]
        if any(dotted.partition(".")[0] == library for dotted in imports(path))
    ]
    doors = DOORS[library]
    assert all(any(name == door or name.startswith(f"{door}/") for door in doors) for name in users), users


def test_no_cycles() -> None:
    graph = {
        name.removesuffix("/__init__"): {
            dotted.removeprefix("packlint.").replace(".", "/")
            for dotted in imports(path)
            if dotted.startswith("packlint.")
        }
        for name, path in modules()
    }
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join([*above[above.index(name) :], name])
        if name in done:
            return
        for below in sorted(graph.get(name, ())):
            visit(below, (*above, name))
        done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *[(n, p) for n, p in modules() if stage(n) in PURE or f"{n}.".startswith(PURE_PARTS)],
        *modules("rules"),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_the_core_is_pure(name: str, path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for dotted in imports(path):
        assert not any(dotted == module or dotted.startswith(f"{module}.") for module in IMPURE), name
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in FORBIDDEN, f"{name}: {called}"
            assert not called.endswith((".open", ".write_text", ".write_bytes")), f"{name}: {called}"
            assert not called.endswith((".now", ".today", ".utcnow", ".cwd", ".home")), f"{name}: {called}"
            assert name in OWN_DATA or not called.endswith((".read_text", ".read_bytes")), f"{name}: {called}"
        if isinstance(node, ast.ImportFrom) and node.module in ("os", "sys"):
            assert not {alias.name for alias in node.names} & {"environ", "getenv", "stdout", "stderr"}, name
        if isinstance(node, ast.Attribute):
            assert ast.unparse(node) not in ("os.environ", "sys.stdout", "sys.stderr"), name


@pytest.mark.parametrize(
    ("name", "path"),
    [*[it for it in modules() if stage(it[0]) not in LOOK_FOR_THEMSELVES], *modules("rules")],
    ids=lambda value: str(value)[-40:],
)
def test_what_a_check_looks_at_is_noted(name: str, path: Path) -> None:
    """Else an answer may be given again when it is wrong."""
    functions = {*(f"os.{it}" for it in OF_OS), *(f"os.path.{it}" for it in OF_PATHS)}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        assert ast.unparse(node.func) not in functions, f"{name}: {ast.unparse(node)}"
        if isinstance(node.func, ast.Attribute) and node.func.attr in OF_OBJECTS:
            asked = ast.unparse(node.func.value)
            known = asked == "witness" or asked.startswith("witness.noted(")
            assert known or f"witness.noted({asked})" in path.read_text(encoding="utf-8"), f"{name}: {asked}"


@pytest.mark.parametrize(
    ("name", "path"),
    [*modules(), *modules("rules"), *modules("schemas")],
    ids=lambda value: str(value)[-40:],
)
def test_modules_are_short_and_say_what_they_are(name: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), f"{name} has no docstring"
    lines = text.count("\n") - sum(end - start + 1 for start, end in _prose(tree, text))
    assert lines <= LONGEST, f"{name} has {lines} lines of code"
    assert path.name != "utils.py"


def _prose(tree: ast.Module, text: str) -> Iterator[tuple[int, int]]:
    """First and last lines of docstrings and of a rule's examples."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if (
            token.type == tokenize.STRING
            and token.string.startswith('"""')
            and not token.line[: token.start[1]].strip()
        ):
            yield token.start[0], token.end[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "examples":
            yield node.lineno, node.end_lineno or node.lineno


@pytest.mark.parametrize(("name", "path"), [*modules(), *modules("rules"), *modules("schemas")], ids=str)
def test_no_group_is_repeated_possessively(name: str, path: Path) -> None:
    """Before Python 3.11.5 such a group may match wrongly; `(?>(?:…)*)` does the same and does not."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\)[*+?]\+", text), name
