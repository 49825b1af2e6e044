"""Parameters and locals → their values, or an error at the local that has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from packlint.document import Document
from packlint.errors import PolicyError
from packlint.evaluate.scope import Scope
from packlint.files import Files
from packlint.policy.policy import PolicyFile
from packlint.policy.read import read
from packlint.policy.values import open_params, params_of, scope_of
from packlint.value import NUMBER, STRING, Failure, Known, Type, Unknown, Value


def sheet(text: str, root: Path = Path()) -> PolicyFile:
    document = Document("policies/x.policy.hcl", text)
    return read(document, name="x", files=Files(root), directory="policies", foreign=False)


PARAMS = """
param "most" { type = number }
param "names" {
  type    = list(string)
  default = ["a"]
}
param "shape" {
  type    = object({ n = optional(number, 3) })
  default = {}
}
"""


def test_what_is_given_goes_before_the_default() -> None:
    text = Known("7", STRING)
    found = params_of(sheet(PARAMS), {"most": text, "names": Known((Known("b", STRING),))})
    assert found["most"] == Known(7, NUMBER)
    assert [it.known(str) for it in found["names"].items or ()] == ["b"]


def test_without_a_value_it_is_not_known() -> None:
    found = params_of(sheet(PARAMS), {})["most"]
    assert found == Unknown("nothing gives `param.most` a value", NUMBER)


def test_what_does_not_fit_is_a_failure() -> None:
    assert isinstance(params_of(sheet(PARAMS), {"most": Known("many", STRING)})["most"], Failure)


def test_given_objects_have_the_defaults_of_optional_attributes() -> None:
    found = params_of(sheet(PARAMS), {"shape": Known({})})["shape"]
    assert (found.entries or {})["n"] == Known(3, NUMBER)


def test_settings_may_give_any_value_of_the_type() -> None:
    found = open_params(sheet(PARAMS))
    assert all(isinstance(it, Unknown) for it in found.values())
    assert [it.type for it in found.values()][:2] == [NUMBER, Type("list", STRING)]


def local(scope: Scope, name: str) -> Value:
    return (scope.values["local"].entries or {})[name]


def test_locals_come_after_those_that_they_need() -> None:
    text = "locals {\n  a = [for b in local.c : upper(b)]\n  c = [local.d]\n}\nlocals {\n  d = param.x\n}\n"
    found = scope_of(sheet(text + 'param "x" {}'), {"x": Known("v", STRING)})
    assert [it.known(str) for it in local(found, "a").items or ()] == ["V"]


def test_what_depends_on_a_parameter_without_a_value_is_not_known() -> None:
    both = sheet('param "x" {}\nlocals {\n  a = upper(param.x)\n  b = [param.x, 1]\n}\n')
    found = scope_of(both, params_of(both, {}))
    assert isinstance(local(found, "a"), Unknown)
    assert not isinstance(local(found, "a"), Failure)


def test_locals_read_files_beside_the_policy(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/list.tmpl").write_text("${a}-b", encoding="utf-8")
    text = 'locals {\n  a = templatefile("list.tmpl", { a = "x" })\n}\n'
    assert local(scope_of(sheet(text, tmp_path), {}), "a").known(str) == "x-b"


@pytest.mark.parametrize(
    ("written", "place", "message"),
    [
        ('file("/etc/passwd")', 'file("/etc/passwd")', "outside the checked root"),
        ('file("none.txt")', 'file("none.txt")', "cannot be read"),
        ('[file("none.txt")]', '[file("none.txt")]', "cannot be read"),
        ("range(1, 2, 3, 4)", "range(1, 2, 3, 4)", "takes"),
        ("[1][2]", "[1][2]", "out of range"),
        ('1 + "x"', '"x"', "a number is required"),
        ('regex("(a+)+$", "aaaaaaaaaaaaaaaa!")', 'regex("(a+)+$", "aaaaaaaaaaaaaaaa!")', "take too long"),
        (
            "[for a in range(1000) : [for b in range(1000) : b]]",
            "[for a in range(1000) : [for b in range(1000) : b]]",
            "too large",
        ),
        ("upper(local.b)", "b", "needs itself: `b → c → b`"),
    ],
)
def test_a_local_without_a_value_is_an_error_at_its_place(written: str, place: str, message: str) -> None:
    text = f"locals {{\n  a = {written}\n}}\n"
    if "local." in written:
        text += "locals {\n  b = local.c\n  c = local.b\n}\n"
    with pytest.raises(PolicyError, match=message) as raised:
        scope_of(sheet(text), {})
    assert raised.value.range is not None
    assert raised.value.range.text == place


def test_locals_that_double_end_soon() -> None:
    doubling = "".join(f"  a{it} = [local.a{it - 1}, local.a{it - 1}]\n" for it in range(1, 200))
    with pytest.raises(PolicyError, match="too large to compute"):
        scope_of(sheet(f"locals {{\n  a0 = 1\n{doubling}}}\n"), {})


def test_a_long_circle_is_not_listed_as_a_whole() -> None:
    around = "".join(f"  a{it} = local.a{(it + 1) % 500}\n" for it in range(500))
    with pytest.raises(PolicyError) as raised:
        scope_of(sheet(f"locals {{\n{around}}}\n"), {})
    assert len(str(raised.value)) < 200
