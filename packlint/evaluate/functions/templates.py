"""A file and values → the text that the file is as a template (hcl2template/function/templatefile.go)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from packlint.document import Document
from packlint.evaluate.functions import NAMES
from packlint.evaluate.functions.filesystem import file_text
from packlint.evaluate.functions.function import Evaluate, Family, Result, Wrong
from packlint.evaluate.giving_up import NotKnown
from packlint.evaluate.scope import Scope
from packlint.record import replace
from packlint.syntax import traversals
from packlint.value import ANY, STRING, Failure, Known, Unknown

FAMILY = Family()
function = FAMILY.function

_WITHIN = NAMES - {"env", "templatefile"}
_NAME = re.compile(r"[^\W\d][\w-]*")


@function("templatefile", STRING, ANY, scoped=True, evaluating=True)
def _templatefile(evaluate: Evaluate, scope: Scope, path: str, values: Known) -> Result:
    """It sees its own variables only, and may call all functions but itself. A lone `${…}` keeps its type."""
    names = values.data
    text = file_text(scope, path).removeprefix("\ufeff")
    if not isinstance(names, Mapping):
        raise Wrong(1, "a map is required")
    for name in names:
        if not _NAME.fullmatch(name):
            raise Wrong(1, f"`{name}` cannot be the name of a variable")
    scope.budget.spend(len(text))
    expression = scope.parse_template(Document(path, text)) if scope.parse_template else None
    if expression is None:
        raise NotKnown(Unknown(f'"{path}" cannot be read as a template'))
    for reference in traversals(expression):
        if reference.root not in names:
            raise Wrong(1, f"the template refers to `{reference.root}`, which it is not given")
    failures = len(scope.failures)
    inner = replace(scope, values=names, names=frozenset(), functions=_WITHIN)
    value = evaluate(expression, inner)
    raised, scope.failures[failures:] = scope.failures[failures:], []
    failure = value if isinstance(value, Failure) else next(iter(raised), None)
    if failure:
        raise Wrong(0, f"the template cannot be rendered: {failure.because}")
    return value
