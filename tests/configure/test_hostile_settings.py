"""Settings of a stranger: nothing in them makes packlint fail, wait, or show what is secret."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from packlint.cli import cli
from packlint.configure import Nearest
from packlint.configure import read as reading
from packlint.configure.places import place
from packlint.document import Document
from packlint.errors import SettingsError, UsageError
from packlint.foreign import folders_of
from packlint.plugins import by_name, load_rules
from packlint.settings import Settings

RULES = by_name(load_rules())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def settings(root: Path, text: str, name: str = "packlint.toml") -> Settings:
    (root / name).write_text(text, encoding="utf-8")
    return Nearest(RULES)(root, root).at(root / "a.pkr.hcl")


def told(root: Path, text: str, name: str = "packlint.toml") -> str:
    """What the command says of settings with a fault."""
    (root / name).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(cli, ["settings", "show", str(root)])
    assert result.exit_code == 2
    assert "itself failed" not in result.output
    return result.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"[{'.'.join(['a'] * 5000)}]\n", "a key of too many parts"),
        (f"x = {{k = '''\n''', {'.'.join(['a'] * 5000)} = ''}}\n", "a key of too many parts"),
        ("x = " + "[{a.b.c.d.e.f = [\n" * 40 + "]}]" * 40, "nested too deeply"),
        (f"variables.x = {'9' * 5000}\n", "has too many digits"),
        (f"variables.x = 0x{'f' * 5000}\n", "has too many digits"),
        (f"fail-on = 0x{'f' * 5000}\n", "has too many digits"),
        ("variables.x = 9223372036854775808\n", "has too many digits"),
        ("variables.x = [-9223372036854775809]\n", "has too many digits"),
        *(
            (f"{key} = {value}\n", "aaaa` ")
            for name in ("a" * 300, "a/" * 100_000 + "aaaa")
            for key, value in (
                ("extend", f'"{name}"'),
                ("working-directory", f'"{name}"'),
                ("schemas", f'["{name}"]'),
                ("var-files", f'["{name}"]'),
            )
        ),
    ],
)
def test_what_no_settings_have_is_an_error(root: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings(root, text)
    assert message in str(error.value)


def test_the_largest_numbers_of_toml_are_numbers(root: Path) -> None:
    found = settings(root, "variables = {a = 9223372036854775807, b = -9223372036854775808}")
    assert [it.text for it in found.variables.values()] == ["9223372036854775807", "-9223372036854775808"]


def test_many_dots_in_texts_and_comments_are_no_key(root: Path) -> None:
    dots = "a." * 200
    assert settings(root, f"# {dots} = 1\nexclude = [\"{dots}\", '{dots}'] # {'-' * 9}\n").excluded


@pytest.mark.parametrize(
    "text",
    [
        '[variables]\ntoken = ["tops3cret"]\n',
        '[variables]\ntoken = "tops3cret\n',
        '[variables]\ntoken = "tops3\\qcret"\n',
        '[variables]\ntoken = """\ntops3cret \\q"""\n',
        'variables = {token = "tops3cret", x = []}\n',
        'variables.token = "tops3cret" x\n',
        'variables.token = """\nx\ntops3cret \\q"""\n',
        'variables.token = """\nmemory = tops3cret \\q"""\n',
        '[[overrides]]\npaths = []\n[overrides.variables]\ntoken = "tops3cret" x\n',
        '[[overrides]]\npaths = []\nvariables.token = "tops3cret" x\n',
        '[ "variables" ]\ntoken = "tops3cret" x\n',
    ],
)
@pytest.mark.parametrize("name", ["packlint.toml", "pyproject.toml"])
def test_values_of_variables_are_not_shown(root: Path, text: str, name: str) -> None:
    if name == "pyproject.toml":
        text = (
            text.replace("[[", "[[tool.packlint.")
            .replace("[ ", "[tool.packlint.")
            .replace("[v", "[tool.packlint.v")
        )
        text = text.replace("[o", "[tool.packlint.o") if text.startswith("[[") else text
        text = "[tool.packlint]\n" + text
    output = told(root, text, name)
    assert "cret" not in output
    assert "***" in output


def test_a_table_of_another_tool_is_not_shown(root: Path) -> None:
    text = '[tool.packlint]\npreset = "all"\n[tool.other]\ntoken = "tops3cret\n'
    output = told(root, text, "pyproject.toml")
    assert "pyproject.toml:4" in output
    assert "tops3cret" not in output


@pytest.mark.parametrize("name", ["packlint.toml", "pyproject.toml"])
def test_what_is_no_variable_is_shown(root: Path, name: str) -> None:
    table = "tool.packlint." if name == "pyproject.toml" else ""
    text = f'[{table}variables]\nx = "y"\n[{table}rules]\nunused-local = "of"\n'
    assert 'unused-local = "of"' in told(root, text, name)


@pytest.mark.parametrize(
    "text",
    [
        "[variables]\n" + "".join(f'v{number} = "x"\n' for number in range(10_000)),
        "".join(f'[[overrides]]\npaths=["*"]\nvariables.v{number}="x"\n' for number in range(4_000)),
        "".join('[[waive]]\nrules=["style"]\npaths=["*"]\n' for _ in range(5_000)),
        f"ignore = [{','.join(f'{chr(34)}v{number}{chr(34)}' for number in range(20_000))}]",
    ],
    ids=["variables", "overrides", "waive", "unknown names"],
)
def test_much_of_a_thing_takes_no_time(root: Path, text: str) -> None:
    began = time.process_time()
    try:
        assert settings(root, text)
    except SettingsError as error:
        assert "`v0`" in str(error)
    assert time.process_time() - began < 20  # a guard against what grows with the square: minutes, before


def test_a_file_that_many_extend_is_read_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "base.toml").write_text('ignore = ["style"]\n', encoding="utf-8")
    read: list[str] = []
    actual = reading.read
    monkeypatch.setattr(reading, "read", lambda path, *rest: read.append(path.name) or actual(path, *rest))  # type: ignore[func-returns-value]
    choose = Nearest(RULES)
    for number in range(5):
        folder = root / f"d{number}"
        folder.mkdir()
        (folder / "packlint.toml").write_text('extend = "../base.toml"\n', encoding="utf-8")
        assert choose(folder, root).ignore == {"style"}
    assert read.count("base.toml") == 1


@pytest.mark.parametrize("first", ["outermost", "innermost"])
def test_a_long_chain_is_refused_whatever_is_read_first(root: Path, first: str) -> None:
    for number in range(13):
        folder = root / f"d{number}"
        folder.mkdir()
        extend = f'extend = "../d{number - 1}/packlint.toml"\n' if number else ""
        (folder / "packlint.toml").write_text(extend, encoding="utf-8")
    choose = Nearest(RULES)
    refused = []
    numbers = range(13) if first == "innermost" else reversed(range(13))
    for number in numbers:
        try:
            choose(root / f"d{number}", root)
        except SettingsError:
            refused.append(number)
    assert sorted(refused) == [11, 12]


def test_places_are_those_of_characters() -> None:
    document = Document("a.toml", '# äöü\n[variables]\n"ü" = "ß"\nexclude = ["ä", "ö"]\n')
    assert place(document, ("variables", "exclude", 1)).text == '"ö"'
    assert place(document, ("variables", "exclude")).text == "exclude"
    assert place(document, ("variables", "gone")).text == "variables"
    assert place(document, ("gone",)).start == place(document, ()).end == 0


def test_a_name_that_no_disk_has_is_told(root: Path) -> None:
    long = "a" * 300
    with pytest.raises(UsageError, match="there is no settings file"):
        Nearest(RULES, file=Path(long))(root, root)
    with pytest.raises(Exception, match="is not a folder"):
        folders_of([Path(long)])
    result = CliRunner().invoke(cli, ["settings", "show", long])
    assert "there is no file or directory" in result.output
