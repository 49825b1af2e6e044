"""Templates that are made to break or to stall whoever looks at them: each is shown, and soon."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from packlint.inspect.addresses import Addresses
from packlint.inspect.show import Screen
from packlint.inspect.sizes import Allowance
from packlint.inspect.text import MOST_STEPS as LINES_OF_STEPS
from packlint.inspect.text import to_text
from packlint.inspect.values import DEEPEST, Teller
from packlint.inspect.view import MOST_STEPS, to_json
from packlint.inspect.why import why
from packlint.inspect.write import written
from packlint.model import Configuration
from packlint.value import STRING, Known, Type, Unknown, Value

PLAIN = Screen(100, lambda text, **_: text)

Understood = Callable[..., tuple[Configuration, ...]]

MANY = ", ".join(map(str, range(100_000)))
DEEP = "[" * 300 + "]" * 300
SHARED = "locals {\n a0 = [1, 1]\n" + "".join(
    f" a{n} = [local.a{n - 1}, local.a{n - 1}]\n" for n in range(1, 60)
)
NESTED = "".join(f"disk {{\n a = {n}\n" for n in range(100)) + "}\n" * 100
WIDE = "".join(f'source "null" "s{n}" {{\n a = "${{source.name}}"\n}}\n' for n in range(2000))
LISTED = ", ".join(f'"source.null.s{n}"' for n in range(2000))
STEPS = 'provisioner "shell" {\n only = ["null.s1"]\n inline = ["${source.name}"]\n}\n' * 50
LONG_REASONS = f" a0 = var.{'x' * 200_000}\n" + "".join(f" a{n} = local.a0\n" for n in range(1, 2000))
ARGUMENTS = "".join(f" a{n} = {n}\n" for n in range(2000))


@pytest.mark.parametrize(
    "text",
    [
        f"locals {{\n many = [{MANY}]\n}}\n",
        f"locals {{\n deep = {DEEP}\n}}\n",
        SHARED + "}\n",
        f'locals {{\n long = "{"x" * 1_000_000}"\n}}\n',
        f"locals {{\n long = <<E\n{'line' * 20_000}\n{'x' * 100}\nE\n}}\n",
        f'source "qemu" "a" {{\n{NESTED}}}\n',
        f"{WIDE}build {{\n sources = [{LISTED}]\n{STEPS}}}\n",
        'locals {\n a = "\\u001b]0;x\\u0007\\r\\n::error::"\n}\n',
        'variable "a" {\n type = object({ a = list(object({ b = map(string) })) })\n}\n',
        "locals {\n a = {}.b.c.d\n b = [][0]\n c = 1e1000\n}\n",
        "build {\n post-processors {\n }\n}\n",
        "source\nbuild { source\n",
        f"locals {{\n{LONG_REASONS}}}\n",
        f'source "null" "{"x" * 200_000}" {{\n{ARGUMENTS}}}\n',
        f'build {{\n name = "{"x" * 200_000}"\n{STEPS}}}\n',
    ],
    ids=[
        *("many elements", "deep", "shared", "long", "heredoc", "nested blocks", "many instances", "escapes"),
        *("types", "errors", "an empty chain", "broken"),
        *("long reasons", "a long name", "a long name of a build"),
    ],
)
def test_it_is_shown(text: str, understood: Understood) -> None:
    configurations = understood(text)
    told = to_json(configurations)
    json.loads(told)
    assert len(told) < 40_000_000
    shown = to_text(configurations, PLAIN)
    assert "\x1b" not in shown
    assert len(shown) < 100 * len(text) + 10_000
    for configuration in configurations:
        for address in list(Addresses(configuration).by_address)[:50]:
            why([configuration], address, PLAIN)


@pytest.mark.parametrize(
    ("depth", "because", "shown"),
    [(1000, "nested too deeply to show", DEEPEST), (5000, "too large to show", 0)],
)
def test_a_collection_may_be_as_deep_as_it_likes(depth: int, because: str, shown: int) -> None:
    value: Value = Unknown("at the bottom")
    for _ in range(depth):
        value = Known((value,))
    told = written(Teller(Allowance()).value(value))
    assert because in told
    assert told.count("[") == shown


def chain(count: int, value: str) -> str:
    """Locals, each made of those before it by what is written, which has `PREV` for the last of them."""
    made = "".join(f" a{n} = {value.replace('PREV', f'local.a{n - 1}')}\n" for n in range(1, count))
    return f"locals {{\n a0 = {{ x = 1 }}\n{made}}}\n"


@pytest.mark.parametrize(
    "text",
    [
        chain(2000, "[PREV, PREV]"),
        chain(200, "{ x = PREV, y = PREV, z = [PREV] }"),
        'variable "u" {}\n' + chain(200, "{ x = PREV, y = PREV, z = [PREV, var.u] }"),
        'variable "u" {}\n' + chain(200, "[PREV, var.u, PREV]"),
        chain(40, 'join(",", [jsonencode(PREV), jsonencode(PREV)])'),
    ],
    ids=["lists", "objects", "partly known objects", "partly known lists", "texts"],
)
def test_what_is_shared_is_not_told_without_end(text: str, understood: Understood) -> None:
    (template,) = json.loads(to_json(understood(text)))["templates"]
    assert template["locals"]["a1"].keys() >= {"value"}
    unknown = [it["unknown"] for it in template["locals"].values() if "unknown" in it]
    assert all(it.keys() == {"type", "because"} and len(it["type"]) < 5000 for it in unknown)
    assert any("too large" in it["because"] for it in unknown)
    assert len(json.dumps(template)) < 12_000_000


@pytest.mark.parametrize(
    ("large", "characters"),
    [("range(1000)", 1_500_000), (f'["{"x" * 10_000}"]', 11_000_000)],
    ids=["many members", "long texts"],
)
def test_a_template_is_told_so_much_of_and_no_more(
    large: str, characters: int, understood: Understood
) -> None:
    copies = "".join(f' b{n} = local.a\n c{n} = "short"\n' for n in range(1000))
    (template,) = json.loads(to_json(understood(f"locals {{\n a = {large}\n{copies}}}\n")))["templates"]
    told = template["locals"]
    assert "value" in told["b0"]
    assert told["b999"]["unknown"]["because"] == "too large to show"
    assert all(told[f"c{n}"]["value"] == "short" for n in range(1000))
    assert len(json.dumps(template)) < characters


def test_a_large_value_is_told_in_full(understood: Understood) -> None:
    many = ", ".join(f'"{n:050}"' for n in range(9_000))
    (template,) = json.loads(to_json(understood(f"locals {{\n a = [{many}]\n}}\n")))["templates"]
    assert template["locals"]["a"]["value"] == [f"{n:050}" for n in range(9_000)]


OVERRIDES = ", ".join(f's{n} = {{ inline = ["y"] }}' for n in range(300))


def test_what_instances_share_is_told_so_much_of_and_no_more(understood: Understood) -> None:
    sources = "".join(f'source "null" "s{n}" {{\n}}\n' for n in range(300))
    step = f'provisioner "shell" {{\n inline = ["x"]\n override = {{ {OVERRIDES} }}\n}}\n'
    listed = ", ".join(f'"null.s{n}"' for n in range(300))
    text = f"{sources}build {{\n sources = [{listed}]\n{step * 30}}}\n"
    configurations = understood(text)
    (template,) = json.loads(to_json(configurations))["templates"]
    steps = [it for instance in template["builds"][0]["instances"] for it in instance["provisioners"]]
    assert len(steps) == 300 * 30
    assert steps[0]["arguments"]["inline"]["value"] == ["y"]
    assert steps[0]["meta"]["override"]["value"]["s299"] == {"inline": ["y"]}
    assert steps[-1].keys() == {"type", "address", "meta"}
    assert len(json.dumps(template)) < 5_000_000


def test_steps_are_told_so_many_times_and_no_more(understood: Understood) -> None:
    sources = "".join(f'source "null" "s{n}" {{\n}}\n' for n in range(400))
    listed = ", ".join(f'"null.s{n}"' for n in range(400))
    step = 'provisioner "shell" {\n inline = ["${source.name}"]\n}\n'
    configurations = understood(f"{sources}build {{\n sources = [{listed}]\n{step * 300}}}\n")
    (template,) = json.loads(to_json(configurations))["templates"]
    (build,) = template["builds"]
    assert sum(len(instance["provisioners"]) for instance in build["instances"]) == MOST_STEPS < 400 * 300
    assert build["open_steps"] is True
    lines = to_text(configurations, PLAIN).splitlines()
    assert sum("provisioner." in line for line in lines) <= LINES_OF_STEPS
    assert "      # too many steps to show" in lines


def test_a_long_type_is_told_by_its_kind() -> None:
    short = Type("object", attributes=tuple((f"a{n}", STRING) for n in range(100)))
    long = Type("object", attributes=tuple((f"a{n}", STRING) for n in range(1000)))
    shared = STRING
    for _ in range(100):
        shared = Type("tuple", elements=(shared, shared))
    deep = STRING
    for _ in range(500):
        deep = Type("list", deep)
    told = [Teller(Allowance()).value(Unknown("no", it))["unknown"] for it in (short, long, shared, deep)]
    types = [it["type"] for it in told if isinstance(it, dict)]
    assert types == [str(short), "object", "tuple", "list"]
    told_list = Teller(Allowance()).value(Known((Known({}, long),), Type("list", long)))
    assert told_list == {"value": [{}], "type": "list"}
