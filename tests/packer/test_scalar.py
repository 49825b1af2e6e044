"""Texts of templates as scalars of YAML, for jobs of an engine."""

from __future__ import annotations

import unicodedata

import pytest
import yaml

from packlint.packer.ci.scalar import scalar


@pytest.mark.parametrize(
    "text",
    [
        *("", "plain", "on", "1e3", "- a: b", "a\nb", "\x1b[2J", "\x85\u2028\u2029\ufeff", '"\\', "größe"),
        *(
            "a\u202eb",
            "\u2066\u200b",
            "\U000e0041",
            "${{ x }}",
            "*a &b !c",
            "# no",
            "{{",
            " a ",
            "\t",
            "\r\n",
        ),
    ],
)
def test_a_scalar_means_its_text_and_hides_nothing(text: str) -> None:
    written = scalar(text)
    assert yaml.safe_load(f"it:\n  - {written}\n") == {"it": [text]}
    assert not [it for it in written if unicodedata.category(it) in ("Cc", "Cf", "Zl", "Zp")]
