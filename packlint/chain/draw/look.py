"""What a picture of chains by itself looks like: colors for light and for dark, and its style sheet."""

from __future__ import annotations

from collections.abc import Mapping

MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"
SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif"

COLORS: Mapping[str, tuple[str, str]] = {
    "page": ("#ffffff", "#0d1117"),
    "card": ("#f6f8fa", "#1a212b"),
    "leaf": ("#ffffff", "#0d1117"),
    "edge": ("#8c959f", "#59636e"),
    "line": ("#6e7781", "#8b949e"),
    "ink": ("#1f2328", "#e6edf3"),
    "soft": ("#57606a", "#9da7b3"),
    "wait": ("#0b57b7", "#82b6ff"),
    "bad": ("#b3261e", "#ff9a91"),
    "bad-card": ("#fdecea", "#3b1d1c"),
    "new": ("#9a5b00", "#f2bd68"),
    "new-card": ("#fff3d6", "#3a2c12"),
}
"""Colors on a light page and on a dark one; what is told by a color is told by a shape, too."""

INK, PAGE = COLORS["ink"][0], COLORS["page"][0]

TINTS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#8a6d00")
"""For templates that have several images: told apart by those who see no red or no green (Okabe and Ito)."""


def style() -> str:
    """The style sheet of a picture that stands by itself."""
    fonts = (
        f".chain text{{font-family:{SANS}}}"
        f".chain .address,.chain .place,.chain .label{{font-family:{MONO}}}"
        f".chain .base .place,.chain .missing .place{{font-family:{SANS}}}"
    )
    tints = "".join(f".chain .tint{number}{{fill:{tint}}}" for number, tint in enumerate(TINTS))
    return (
        f"{fonts}{_rules(0)}{tints}@media (prefers-color-scheme:dark){{{_rules(1)}}}"
        "@media print{.chain .page{fill:#fff}}"
    )


def _rules(dark: int) -> str:
    rules = {
        ".page": "fill:{page}",
        ".node .card": "fill:{card};stroke:{edge}",
        ".base .card": "fill:{leaf};stroke:{edge}",
        ".changed .card": "fill:{new-card};stroke:{new};stroke-width:2",
        ".missing .card": "fill:{bad-card};stroke:{bad};stroke-width:1.5",
        "text": "fill:{ink}",
        ".place,.steps,.label,.legend text": "fill:{soft}",
        ".missing text": "fill:{bad}",
        ".changed .mark": "fill:{new}",
        ".line": "stroke:{line}",
        ".head": "fill:{line}",
        ".together .line": "stroke:{wait}",
        ".together .head": "fill:{wait}",
        ".back .line": "stroke:{bad}",
        ".back .head": "fill:{bad}",
        ".back .label": "fill:{bad}",
    }
    return "".join(
        ",".join(f".chain {part}" for part in selector.split(",")) + f"{{{_filled(body, dark)}}}"
        for selector, body in rules.items()
    )


def _filled(body: str, dark: int) -> str:
    for name, colors in COLORS.items():
        body = body.replace(f"{{{name}}}", colors[dark])
    return body
