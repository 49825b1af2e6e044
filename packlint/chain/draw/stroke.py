"""The points of a line → its drawing with the arrow's head, and numbers as SVG has them."""

from __future__ import annotations

from collections.abc import Sequence

from packlint.chain.draw.geometry import Point

HEAD = 7
"""Pixels of the arrow's head."""


def pixels(number: float) -> str:
    """A number of pixels, with one digit behind the point at most."""
    return f"{number:.1f}".removesuffix(".0")


def line(points: Sequence[Point], ink: str, *, down: bool, together: bool, back: bool) -> str:
    """The paths of an arrow; broken where one build starts both ends, dotted where it leads back."""
    dashes = ' stroke-dasharray="2 4"' if back else ' stroke-dasharray="7 4"' if together else ""
    x, y = points[-1]
    behind = HEAD if back else -HEAD
    head = f"l{-HEAD / 2} {behind}h{HEAD}z" if down else f"l{behind} {-HEAD / 2}v{HEAD}z"
    how = f'fill="none" stroke="{ink}" stroke-width="1.5"{dashes}'
    return (
        f'<path class="line" d="{_path(points, down)}" {how}/>'
        f'<path class="head" d="M{pixels(x)} {pixels(y)}{head}"/>'
    )


def _path(points: Sequence[Point], down: bool) -> str:
    """Straight lines, and between them curves that leave and enter straight."""
    (x, y), *rest = points
    path = [f"M{pixels(x)} {pixels(y)}"]
    for number, (to_x, to_y) in enumerate(rest):
        if number % 2 == 0:
            path.append(f"V{pixels(to_y)}" if down else f"H{pixels(to_x)}")
        elif (x == to_x) if down else (y == to_y):
            path.append(f"L{pixels(to_x)} {pixels(to_y)}")
        else:
            middle = pixels((y + to_y) / 2 if down else (x + to_x) / 2)
            first = f"{pixels(x)} {middle}" if down else f"{middle} {pixels(y)}"
            second = f"{pixels(to_x)} {middle}" if down else f"{middle} {pixels(to_y)}"
            path.append(f"C{first} {second} {pixels(to_x)} {pixels(to_y)}")
        x, y = to_x, to_y
    return "".join(path)
