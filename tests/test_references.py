"""References and calls at places where Packer gets over a mistake, or where a name is another thing."""

from __future__ import annotations

from inspect import cleandoc

import pytest

from packlint.diagnostic import Severity
from packlint.testing import findings

BUILD = """
source "null" "here" {
%s
}
build {
  sources = ["source.null.here"]
}
"""


def severities(rule: str, argument: str) -> list[Severity]:
    found = findings(rule, {"template.pkr.hcl": cleandoc(BUILD % f"  ssh_host = {argument}") + "\n"})
    return [diagnostic.severity for diagnostic in found]


@pytest.mark.parametrize(
    ("rule", "mistake"),
    [
        ("unknown-function", "nosuch(1)"),
        ("env-function-outside-default", 'env("HOME")'),
        ("undeclared-variable", "var.nosuch"),
        ("undeclared-local", "local.nosuch"),
        ("undeclared-data-source", "data.http.nosuch.body"),
    ],
)
def test_what_packer_gets_over_is_no_error(rule: str, mistake: str) -> None:
    assert severities(rule, mistake) == [Severity.ERROR]
    assert severities(rule, f'try({mistake}, "x")') == [Severity.WARNING]
    assert severities(rule, f'can(upper({mistake})) ? "a" : "b"') == [Severity.WARNING]
    assert severities(rule, f'"${{try("a", "b")}}-${{{mistake}}}"') == [Severity.ERROR]


@pytest.mark.parametrize("name", ["var", "local", "data"])
def test_what_an_iterator_is_called_is_no_reference(name: str) -> None:
    body = """
      dynamic "thing" {
        for_each = ["a"]
        iterator = NAME
        content {
          value = NAME.value
          key   = NAME.key.inner
        }
      }
    """.replace("NAME", name)
    rule = {"var": "undeclared-variable", "local": "undeclared-local", "data": "undeclared-data-source"}[name]
    assert not findings(rule, {"template.pkr.hcl": cleandoc(BUILD % body) + "\n"})
