"""JSON of reports: what `json.dumps` writes, and lists of which nobody has all at once."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from packlint.report.carry import json_text
from packlint.report.indented import pieces

DATA = {
    "text": 'a "quoted" line\n\x00\x7f\ud800 ü 😀',
    "numbers": [0, -1, 2**70, 1.5, 1e300, True, False, None],
    "empty": [{}, [], (), "", [[]], {"": {}}],
    "objects": [{"deep": {"er": [{"est": (1, [2, {"three": 3}])}]}}, 1, [{"x": []}]],
}


@pytest.mark.parametrize("data", [DATA, [DATA], {"": DATA}, [], {}, (), "text", 1, None, [1, [DATA]]])
def test_it_is_what_the_standard_library_writes(data: object) -> None:
    assert "".join(pieces(data)) == json.dumps(data, indent=1)


@pytest.mark.parametrize("items", [[], [DATA], [1, [], DATA]])
def test_an_iterator_is_written_as_a_list(items: list[object]) -> None:
    written = "".join(pieces({"before": 1, "items": iter(items), "after": [{"items": iter(items)}]}))
    assert written == json.dumps({"before": 1, "items": items, "after": [{"items": items}]}, indent=1)


def test_each_item_is_written_before_the_next_is_made() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(3):
            made.append(number)
            yield number

    for piece in pieces(items()):
        assert piece in ("[", "\n]") or int(piece.strip(" ,\n")) == made[-1]
    assert made == [0, 1, 2]


def test_commands_of_runners_are_nowhere_in_it() -> None:
    text = json_text({"##[a": "b##", "c": iter(["##vso[d"]), "##": {"##": ["###["]}})
    assert "##" not in text
    assert json.loads(text) == {"##[a": "b##", "c": ["##vso[d"], "##": {"##": ["###["]}}


def test_what_json_has_no_form_for_is_refused() -> None:
    with pytest.raises(TypeError, match="JSON has no set"):
        "".join(pieces({"a": {1}}))
