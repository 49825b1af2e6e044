"""Templates that are made to break or to stall whoever looks at them: each is shown, and soon."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from packlint.inspect.addresses import Addresses
from packlint.inspect.show import Screen
from packlint.inspect.text import to_text
from packlint.inspect.values import DEEPEST, value_json
from packlint.inspect.view import to_json
from packlint.inspect.why import why
from packlint.inspect.write import written
from packlint.model import Configuration
from packlint.value import Known, Unknown, Value

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


def test_a_collection_may_be_as_deep_as_it_likes() -> None:
    value: Value = Unknown("at the bottom")
    for _ in range(5000):
        value = Known((value,))
    told = written(value_json(value))
    assert "nested too deeply to show" in told
    assert told.count("[") == DEEPEST
