"""Ranges → locations of SARIF."""

from __future__ import annotations

from urllib.parse import quote

import sarif_om as sarif

from packlint.document import Document, Range


def location(place: Range, message: sarif.Message | None = None, number: int = -1) -> sarif.Location:
    """A place, with what is to be seen there and the number by which a message links to it."""
    return sarif.Location(
        id=number,
        message=message,
        physical_location=sarif.PhysicalLocation(
            artifact_location=sarif.ArtifactLocation(uri=uri(place.document)), region=region(place)
        ),
    )


def region(place: Range) -> sarif.Region:
    """Lines and columns, without the text there: it may hold a secret."""
    first, last = place.first, place.last
    return sarif.Region(
        start_line=first.line, start_column=first.column, end_line=last.line, end_column=last.column
    )


def uri(document: Document) -> str:
    """The path as a relative reference, every other character than letters, digits and `/-._~` encoded."""
    return quote(document.path.encode(errors="surrogateescape"))
