"""The history of the benchmark → a picture of its last run: what each ratio takes of what its goal allows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "speed.png"
REACHED, MISSED, BEFORE = "#2f7d4f", "#b4542a", "#9aa5b1"


def draw(history: Sequence[dict[str, Any]], path: Path = PICTURE) -> None:
    """Writes the picture; dots are the runs before the last one."""
    lines = list(reversed(history[-1]["lines"]))
    figure, axes = plt.subplots(figsize=(9, 0.5 * len(lines) + 1.4), dpi=110)
    for row, line in enumerate(lines):
        share = part(line)
        axes.barh(row, share, height=0.55, color=REACHED if share <= 1 else MISSED)
        axes.text(share * 1.05, row, line["measured"], va="center", fontsize=8, color="#444444")
        was = [part(it) for run in history[:-1] for it in run["lines"] if it["what"] == line["what"]]
        axes.plot(was, [row] * len(was), "o", markersize=3, color=BEFORE)
    axes.axvline(1, color="#333333", linewidth=1)
    axes.set_xscale("log")
    axes.set_yticks(range(len(lines)), [line["what"] for line in lines], fontsize=9)
    axes.set_xlabel("of what the goal allows (left of the line it is reached)", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlim(right=max(part(line) for line in lines) * 4)
    figure.tight_layout()
    figure.savefig(path, metadata={"Software": None})


def part(line: dict[str, Any]) -> float:
    """What a line takes of its goal: 1 is just enough, less is better."""
    return float(line["goal"] / line["ratio"] if line["more"] else line["ratio"] / line["goal"])
