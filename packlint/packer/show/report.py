"""How runs of Packer went → JSON for programs; `schemas/build.schema.json` says what is what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from packlint.document import Range
from packlint.packer.event import Artifact
from packlint.packer.result import ImageResult, JobResult
from packlint.packer.words import span
from packlint.report.carry import json_text, tool_version, utf8

VERSION = 1
"""Of the format: it may gain keys, and none of those that it has will change or go."""

JsonObject = dict[str, object]


def to_json(results: Sequence[JobResult], *, packer: str | None, exit_code: int) -> str:
    """One object in ASCII, the jobs in the order of the plan.

    `packer` is the version of Packer, None where it is not known, and `exit_code` that of packlint.
    """
    begun, seconds = span(results)
    return json_text(
        {
            "version": VERSION,
            "tool": {"name": "packlint", "version": tool_version()},
            "packer": packer and utf8(packer),
            "started": _moment(begun),
            "seconds": _seconds(seconds),
            "exit": exit_code,
            "jobs": [_job(result) for result in results],
        }
    )


def _job(result: JobResult) -> JsonObject:
    job = result.job
    return {
        "name": utf8(job.name),
        "template": utf8(job.images[0].configuration.template.path) if job.images else None,
        "directory": utf8(job.directory or "."),
        "commands": [[utf8(argument) for argument in command] for command in result.commands],
        "state": result.state.value,
        "started": _moment(result.started),
        "seconds": _seconds(result.seconds),
        "exit_code": result.exit_code,
        "log": utf8(result.log) or None,
        "troubles": [utf8(trouble) for trouble in result.troubles],
        "images": [_image(image) for image in result.images],
    }


def _image(image: ImageResult) -> JsonObject:
    return {
        "name": utf8(image.image.name),
        "builder": utf8(image.image.use.type),
        "state": image.state.value,
        "because": utf8(image.because) or None,
        "failed_at": _place(image.place) if image.place else None,
        "artifacts": [_artifact(artifact) for artifact in image.artifacts],
    }


def _place(place: Range) -> JsonObject:
    line, column = place.first
    return {"file": utf8(place.document.path), "line": line, "column": column}


def _artifact(artifact: Artifact) -> JsonObject:
    return {
        "builder_id": utf8(artifact.builder_id),
        "id": utf8(artifact.id),
        "string": utf8(artifact.string),
        "files": [utf8(path) for path in artifact.files],
    }


def _moment(seconds: float) -> str | None:
    """A time of ISO 8601, in UTC and to the second; None for none."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}" if seconds else None


def _seconds(seconds: float) -> float:
    return round(max(seconds, 0.0), 3)
