"""Ranges → locations of SARIF."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

import sarif_om as sarif

from packlint.document import Range
from packlint.report.sarif.plain import JsonObject, plain


def location(
    place: Range, message: JsonObject | None = None, number: int = -1, address: str | None = None
) -> JsonObject:
    """A place, with what is to be seen there, the number by which a message links to it, and its address."""
    return plain(
        sarif.Location,
        id=number,
        logical_locations=[plain(sarif.LogicalLocation, fully_qualified_name=address)] if address else None,
        message=message,
        physical_location=plain(
            sarif.PhysicalLocation,
            artifact_location=file(place.document.path),
            region=region(place),
        ),
    )


def region(place: Range) -> JsonObject:
    """Lines and columns, without the text there: it may hold a secret."""
    first, last = place.first, place.last
    return plain(
        sarif.Region,
        start_line=first.line,
        start_column=first.column,
        end_line=last.line,
        end_column=last.column,
    )


@lru_cache(maxsize=64)
def file(path: str) -> JsonObject:
    """A path as a relative reference, every other character than letters, digits and `/-._~` encoded."""
    return plain(sarif.ArtifactLocation, uri=quote(path.encode(errors="surrogateescape")))
