"""A schema, or a rule of one, → the words for it: types as HCL has them, values, rules and their conditions.

The rules are the entries of `allOf` with an `x-rule`; what they ask for and when is read off the standard
keywords, so that the schemas of others are worded as packlint's own are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from packlint.catalog import Schema, is_block, properties

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

TYPES = {"string": "string", "boolean": "bool", "number": "number", "integer": "number", "null": "null"}
DEEPEST = 16
"""How deep a rule of a schema is read."""

_Clause: TypeAlias = "tuple[Mapping[str, Any], Schema, str]"
"""What a rule asserts, the schema of the block that it is about, and the path to that, ending in a dot."""

_Said: TypeAlias = tuple[str, str, str]
"""A name, and what is said of it for one and for several."""


def type_words(schema: Schema) -> str:
    """The type of an argument, `block`, or `blocks` where there may be several."""
    if is_block(schema):
        return "blocks" if schema["x-block"] == "list" else "block"
    type_ = schema.get("type", schema.get("x-type", "any"))
    if isinstance(type_, Sequence) and not isinstance(type_, str):
        return " or ".join(type_words({**schema, "type": one}) for one in type_)
    if type_ == "array":
        return f"list({_element(schema, 'items')})"
    if type_ == "object":
        return "object" if "properties" in schema else f"map({_element(schema, 'additionalProperties')})"
    return TYPES.get(type_, str(type_))


def _element(schema: Schema, keyword: str) -> str:
    inner = schema.get(keyword)
    return type_words(inner) if isinstance(inner, Mapping) else "any"


def value_words(value: object) -> str:
    """A value of a schema as HCL would write it."""
    import json

    return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def listed(words: Iterable[str], conjunction: str = "and") -> str:
    """`a, b and c`."""
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def names_words(names: Iterable[str], conjunction: str = "and") -> str:
    """Names in backticks."""
    return listed((f"`{name}`" for name in names), conjunction)


def requirement_words(rule: Schema, around: Schema) -> str:
    """What a rule asks for, as a clause: "`a` is required", "at least one of `a` and `b`".

    `around` is the schema of the body whose `allOf` has the rule: that of the component, or of a block.
    """
    about = rule["x-rule"]
    kind, arguments = about["kind"], about["arguments"]
    names = names_words(arguments)
    if kind == "conflicts":
        first, *others = (f"`{name}`" for name in arguments)
        return f"not {first} with {others[0]}" if len(others) == 1 else f"not {names} together"
    if kind == "invalid_combination":
        return f"not allowed: {_assertion_words((rule.get('not', {}), around, '')) or names}"
    if kind in PLAIN:
        return PLAIN[kind].format(names, "is" if len(arguments) == 1 else "are")
    limit = limit_words(rule, around)
    return f"{names} {LIMITED.get(kind, 'can only be')} {limit or 'some values'}"


LIMITED = {"range_if": "has to be"}
PLAIN = {
    "one_of": "at least one of {0}",
    "exactly_one_of": "exactly one of {0}",
    "at_most_one_of": "at most one of {0}",
    "required": "{0} {1} required",
    "required_if": "{0} {1} required",
    "forbidden_if": "{0} {1} not allowed",
}
"""The kinds of rules that names are enough for."""


def limit_words(rule: Schema, around: Schema) -> str:
    """What a rule lets one argument be: ""scp" or "sftp"", "at least 3"; empty where that cannot be told."""
    *_, (assertion, _, _) = _way((rule, around, ""))
    values = [value for value in assertion.get("enum", ()) if value not in ("", None)]
    if values:
        return listed(map(value_words, values), "or")
    return next(filter(None, map(range_words, assertion.get("anyOf", ()))), "")


def condition_words(rule: Schema, around: Schema) -> str:
    """When a rule asks for something, as a clause: "`communicator` is "ssh""; empty where it always does.

    `around` is that of `requirement_words`. A condition that is not written as packlint's own are is told by
    the names that the rule has under `when`.
    """
    told = [_assertion_words(clause) for clause in _conditions(rule, around)]
    if all(told):
        return " and ".join(told)
    names = rule["x-rule"].get("when")
    return (
        f"{names_words(names)} so {'demand' if len(names) > 1 else 'demands'}" if names else "it is demanded"
    )


def _conditions(rule: Schema, around: Schema) -> Iterator[_Clause]:
    """The conditions, those within the blocks that the rule is about too."""
    for assertion, schema, path in _way((rule, around, "")):
        if "if" in assertion:
            yield assertion["if"], schema, path


def _way(clause: _Clause) -> Iterator[_Clause]:
    """A rule, and each schema that it leads to by `then`, a single property or the items of one."""
    for _ in range(DEEPEST):
        yield clause
        assertion, around, path = clause
        if "then" in assertion:
            clause = assertion["then"], around, path
        elif len(assertion.get("properties", ())) == 1:
            ((name, inner),) = assertion["properties"].items()
            clause = inner, properties(around).get(name, {}), f"{path}{name}."
        elif isinstance(assertion.get("items"), Mapping):
            clause = assertion["items"], around, path
        else:
            return


def range_words(schema: Schema) -> str:
    """The numbers that a schema admits: "5900 to 65535", "at least 1"; empty for all."""
    least, most = schema.get("minimum"), schema.get("maximum")
    told = []
    if least is not None and most is not None:
        told.append(f"{least} to {most}")
    elif least is not None or most is not None:
        told.append(f"at least {least}" if most is None else f"at most {most}")
    if "exclusiveMinimum" in schema:
        told.append(f"above {schema['exclusiveMinimum']}")
    if "exclusiveMaximum" in schema:
        told.append(f"below {schema['exclusiveMaximum']}")
    return " and ".join(told)


def _assertion_words(clause: _Clause) -> str:
    """What a schema says of the arguments of a block; empty where part of it cannot be told."""
    said = [*_said(clause, DEEPEST)]
    if not said or any(not one for _, one, _ in said):
        return ""
    parts = []
    for _, group in groupby(said, key=lambda it: it[1:]):
        alike = [*group]
        _, one, several = alike[0]
        parts.append(f"{names_words(name for name, _, _ in alike)} {one if len(alike) == 1 else several}")
    return listed(parts)


def _said(clause: _Clause, deepest: int) -> Iterator[_Said]:
    """Each name that a schema speaks of with what it says; nothing in place of what cannot be told."""
    assertion, around, path = clause
    if not deepest or not isinstance(assertion, Mapping) or not assertion.keys() <= _OF_OBJECTS:
        yield path, "", ""
        return
    for inner in assertion.get("allOf", ()):
        yield from _said((inner, around, path), deepest - 1)
    for name, inner in assertion.get("properties", {}).items():
        known = properties(around).get(name, {})
        leaf = _of_elements(inner)
        if isinstance(leaf, Mapping) and leaf.keys() & _OF_OBJECTS:
            yield from _said((leaf, known, f"{path}{name}."), deepest - 1)
        else:
            yield (f"{path}{name}", *_leaf_words(leaf, known))


def _of_elements(schema: Any) -> Any:
    """What is said of the blocks of a list, or of one of them."""
    alone = isinstance(schema, Mapping) and len(schema) == 1
    return next((schema[word] for word in ("items", "contains") if alone and word in schema), schema)


_OF_OBJECTS = frozenset({"required", "properties", "allOf"})


def _leaf_words(leaf: Any, known: Schema) -> tuple[str, str]:
    """What is said of one argument, for one and for several of which the same is said."""
    if not isinstance(leaf, Mapping) or len(leaf) != 1:
        return "", ""
    denied = "not" in leaf
    inner = leaf["not"] if denied else leaf
    sure = "not " if denied else ""
    if not isinstance(inner, Mapping) or len(inner) != 1:
        return "", ""
    ((keyword, wanted),) = inner.items()
    if keyword == "$ref" and str(wanted).endswith("/set"):
        state = "true" if known.get("type") == "boolean" else "set"
        return f"is {sure}{state}", f"are {sure}{state}"
    if keyword == "const":
        wanted = [wanted]
    elif keyword != "enum":
        return "", ""
    return _values_words(wanted, known, denied)


def _values_words(values: Sequence[Any], known: Schema, denied: bool) -> tuple[str, str]:
    """What is said of an argument that is, or is not, one of some values; an empty one is one not given."""
    zero = {"string": "", "number": 0, "integer": 0}.get(known.get("type", ""))
    empty = [value for value in values if value is None or (value == zero and not isinstance(value, bool))]
    given = [value for value in values if value not in empty or isinstance(value, bool)]
    default = known.get("default")
    usual = bool(default) and default in given
    told = listed(map(value_words, given), "or") if given else ""
    blank = zero in values and zero is not None and not usual
    if denied:
        parts = [*(["set"] if blank else []), *([f"not {told}"] if told else [])]
        words = " and ".join(parts)
    else:
        note = " (the default)" if usual else ""
        words = " or ".join([*([f"{told}{note}"] if told else []), *(["not set"] if blank else [])])
    return (f"is {words}", f"are {words}") if words else ("", "")
