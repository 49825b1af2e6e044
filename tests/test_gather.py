"""What the command line and the environment say → the inputs of a run, and what is told about them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic
from packlint.errors import UsageError
from packlint.gather import gather
from packlint.inputs import NOTHING, Inputs
from packlint.options import Asked
from packlint.pipeline import run
from packlint.settings import Settings
from packlint.syntax import Literal, Tuple

TEMPLATE = """
variable "size" {
  type    = number
  default = 1
  validation {
    condition     = var.size < 10
    error_message = "That is too much."
  }
}
source "null" "here" {
  communicator = "none"
}
build {
  name    = "image-${var.size}"
  sources = ["source.null.here"]
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checked root `images` with one template; the working directory is the one above it."""
    (tmp_path / "images/.git").mkdir(parents=True)
    (tmp_path / "images/t.pkr.hcl").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def check(folder: Path) -> Callable[..., list[str]]:
    """The findings for a command line, as `path:line rule message`."""

    def checked(asked: Asked, select: str | None = None, **environment: str) -> list[str]:
        inputs = gather(asked, environment, [Path("images")], None)
        settings = Settings(select=frozenset({select}) if select else None)
        return [_line(it) for it in run([Path("images")], settings, inputs=inputs).diagnostics]

    return checked


def _line(it: Diagnostic) -> str:
    return f"{it.range.document.path}:{it.range.first.line} {it.rule} {it.message}"


def gathered(asked: Asked, **environment: str) -> Inputs:
    return gather(asked, environment, [Path("images")], None)


def test_nothing_asked_is_nothing_given() -> None:
    assert gather(Asked(), {"PKR_VAR_x": "1"}, [], None) is NOTHING


def test_variables_are_texts_and_expressions() -> None:
    one, two, three = gathered(Asked(variables=("a=[1]", "b=x=y", "c="))).variables
    assert (one.name, one.text, one.range.text, one.range.document.path) == ("a", "[1]", "[1]", "--var a")
    assert isinstance(one.expression, Tuple)
    (item,) = one.expression.items
    assert isinstance(item, Literal) and item.range.text == "1"
    assert (two.name, two.text, two.expression) == ("b", "x=y", None)
    assert (three.name, three.text, three.expression) == ("c", "", None)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("a b", False),
        ("1) + (2", False),
        ("1 # one", True),
        ("\n[\n1,\n2]\n", True),
        ("1 +\n1", True),
        ("<<E\na\nE\n", True),
        ("[" * 5000, False),
        ("[" * 5000 + "]" * 5000, False),
        ("${1}", False),
    ],
)
def test_what_is_an_expression(text: str, expression: bool) -> None:
    (given,) = gathered(Asked(variables=(f"a={text}",))).variables
    assert (given.expression is not None) is expression


def test_the_environment_is_seen_if_it_is_asked_for() -> None:
    environment = {"PKR_VAR_a": "1", "PKR_VAR_": "2", "HOME": "/root", "pkr_var_b": "3"}
    inputs = gather(Asked(environment=True), environment, [], None)
    assert [(it.name, it.text) for it in inputs.from_environment] == [("", "2"), ("a", "1")]
    assert inputs.environment == environment
    inputs = gather(Asked(variables=("a=2",)), environment, [], None)
    assert (inputs.environment, inputs.from_environment) == (None, ())


def test_globs_are_parted_by_commas() -> None:
    inputs = gathered(Asked(only=("null.*, a", "b"), exclude=("c,",)))
    assert (inputs.only, inputs.exclude) == (("null.*", "a", "b"), ("c",))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked(variables=("secret",)), "`--var` takes `NAME=VALUE`"),
        (Asked(variables=("=secret",)), "`--var` takes `NAME=VALUE`"),
        (Asked(only=(",",)), "`--only` names no build"),
        (Asked(exclude=("",)), "`--except` names no build"),
        (Asked(var_files=(Path("no.hcl"),)), "there is no variable file `no.hcl`"),
        (Asked(var_files=(Path("v.txt"),)), "the format of the variable file `v.txt` cannot be told"),
        (Asked(var_files=(Path("d.hcl"),)), "`../d.hcl` cannot be read: it is not a regular file"),
        (Asked(var_files=(Path("t.hcl"),)), "the variable file `t.hcl` holds blocks"),
        (Asked(var_files=(Path("utf16.hcl"),)), "`../utf16.hcl` cannot be read: it is UTF-16"),
    ],
)
def test_what_cannot_be_given(folder: Path, asked: Asked, message: str) -> None:
    (folder / "d.hcl").mkdir()
    (folder / "v.txt").write_text("size = 1\n")
    (folder / "t.hcl").write_text('variable "size" {}\n')
    (folder / "utf16.hcl").write_text("size = 1\n", encoding="utf-16")
    with pytest.raises(UsageError) as raised:
        gathered(asked)
    assert str(raised.value) == message
    assert raised.value.hint
    assert "secret" not in str(raised.value) + raised.value.hint


def test_files_are_named_as_others_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "images/deep").mkdir()
    for name in ("images/deep/a.pkrvars.hcl", "b.json"):
        (folder / name).write_text("{}" if name.endswith("json") else "size = 2\n")
    (folder / "c.hcl").symlink_to("images/deep/a.pkrvars.hcl")
    names = ["images/deep/a.pkrvars.hcl", "b.json", "c.hcl"]
    inputs = gathered(Asked(var_files=tuple(map(Path, names))))
    found = [file.document.path for file in inputs.var_files]
    assert found == ["deep/a.pkrvars.hcl", "../b.json", "deep/a.pkrvars.hcl"]
    monkeypatch.chdir(folder / "images/deep")
    inputs = gather(Asked(var_files=(Path("a.pkrvars.hcl"),)), {}, [Path("..")], None)
    assert inputs.paths == {"deep/a.pkrvars.hcl"}


@pytest.mark.parametrize("name", ["prod.json", "prod.pkrvars.json", "prod.hcl", "prod.pkrvars.hcl"])
def test_files_are_read_as_variable_files_whatever_their_names(folder: Path, name: str) -> None:
    text = '{"size": 3, "//": "a comment"}' if name.endswith("json") else "size = 3 # a comment\n"
    (folder / name).write_text(text)
    (file,) = gathered(Asked(var_files=(Path(name),))).var_files
    assert [attribute.name for attribute in file.body.attributes] == ["size"]
    assert not file.legacy


def test_what_a_value_does_is_checked(folder: Path, check: Callable[..., list[str]]) -> None:
    (folder / "v.hcl").write_text("size = 20\n")
    (folder / "w.hcl").write_text('size = "big"\n')
    rule = "failed-variable-validation"
    assert check(Asked()) == []
    assert check(Asked(variables=("size=9",))) == []
    assert check(Asked(var_files=(Path("v.hcl"),))) == [
        f"../v.hcl:1 {rule} this value of variable `size` fails its own validation"
    ]
    assert check(Asked(variables=("size=99",))) == [
        f"t.pkr.hcl:2 {rule} the value from `--var` of variable `size` fails its own validation"
    ]
    assert check(Asked(environment=True), PKR_VAR_size="99") == [
        f"t.pkr.hcl:2 {rule} the value from the environment of variable `size` fails its own validation"
    ]
    assert check(Asked(var_files=(Path("w.hcl"),), variables=("size=s3cret",))) == [
        "../w.hcl:1 variable-type-mismatch this value of variable `size` does not fit its type: "
        "a number is required",
        "t.pkr.hcl:2 variable-type-mismatch the value from `--var` of variable `size` does not fit its type: "
        "a number is required",
    ]


def test_the_line_of_a_secret_is_not_shown(folder: Path, check: Callable[..., list[str]]) -> None:
    text = (folder / "images/t.pkr.hcl").read_text().replace("default = 1", "sensitive = true")
    (folder / "images/t.pkr.hcl").write_text(text)
    (folder / "v.hcl").write_text("size = 99\n")
    assert check(Asked(var_files=(Path("v.hcl"),))) == [
        "t.pkr.hcl:2 failed-variable-validation "
        "the value from `../v.hcl` of variable `size` fails its own validation"
    ]
    (folder / "images/t.pkr.hcl").write_text(
        text.replace("sensitive = true", "sensitive = true\ndefault = 99")
    )
    assert check(Asked(), "failed-variable-validation") == [
        "t.pkr.hcl:2 failed-variable-validation the default of variable `size` fails its own validation"
    ]


def test_a_default_that_is_secret_is_not_shown_beside_what_does_not_fit_it(folder: Path) -> None:
    text = 'variable "size" {\ndefault = ["s3cret"]\nsensitive = true\n}\n'
    (folder / "images/t.pkr.hcl").write_text(text)
    (folder / "v.hcl").write_text('size = ["a", "b"]\n')
    inputs = gathered(Asked(var_files=(Path("v.hcl"),)))
    (told,) = run([Path("images")], Settings(), inputs=inputs).diagnostics
    shown = [told.range, *(related.range for related in told.related)]
    assert [(it.document.path, it.first.line) for it in shown] == [("t.pkr.hcl", 1)]


@pytest.mark.parametrize(("value", "hinted"), [("a,b", True), (" [1, 2]", False)])
def test_who_writes_an_expression_is_not_told_to(value: str, hinted: bool, folder: Path) -> None:
    text = 'variable "size" {\ntype = list(bool)\n}\n'
    (folder / "images/t.pkr.hcl").write_text(text)
    inputs = gathered(Asked(variables=(f"size={value}",)))
    (told,) = run([Path("images")], Settings(), inputs=inputs).diagnostics
    assert told.rule == "variable-type-mismatch"
    assert (told.hint is not None) is hinted


def test_a_file_is_told_of_once_and_wherever_it_lies(folder: Path, check: Callable[..., list[str]]) -> None:
    (folder / "images/v.pkrvars.hcl").write_text("size = = 1\n")
    (folder / "w.hcl").write_text("size = * 1\n")
    found = check(Asked(var_files=(Path("images/v.pkrvars.hcl"), Path("w.hcl"))))
    assert [line.split()[:2] for line in found] == [
        ["../w.hcl:1", "syntax-error"],
        ["v.pkrvars.hcl:1", "syntax-error"],
    ]


@pytest.mark.parametrize(
    ("name", "rule"), [("images/v.pkrvars.hcl", "non-constant-argument"), ("v.hcl", "variable-type-mismatch")]
)
def test_an_expression_that_cannot_stand_there_is_told_once(
    folder: Path, check: Callable[..., list[str]], name: str, rule: str
) -> None:
    (folder / name).write_text("size = var.other\n")
    (found,) = check(Asked(var_files=(Path(name),)))
    assert rule in found


def test_what_no_template_declares(folder: Path, check: Callable[..., list[str]]) -> None:
    (folder / "v.hcl").write_text("sise = 1\n")
    assert check(Asked(var_files=(Path("v.hcl"),))) == [
        "../v.hcl:1 undeclared-variable-in-var-file "
        "no variable `sise` is declared, and `packer build` ignores the value"
    ]
    with pytest.raises(UsageError, match="no template declares the variable `sise`") as raised:
        check(Asked(variables=("sise=1",)))
    assert raised.value.hint == "did you mean `size`?"
    (folder / "images/other").mkdir()
    (folder / "images/other/t.pkr.hcl").write_text(TEMPLATE.replace("size", "sise"))
    assert check(Asked(variables=("sise=1",), var_files=(Path("v.hcl"),))) == []


def test_a_legacy_template_takes_any_variable(folder: Path, check: Callable[..., list[str]]) -> None:
    (folder / "images/l.json").write_text('{"builders": [{"type": "null", "communicator": "none"}]}')
    assert check(Asked(variables=("sise=1",))) == []
