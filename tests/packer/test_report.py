"""The build report: written down by hand on its page, and valid by its schema whatever happens."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from packlint.packer.event import Artifact
from packlint.packer.result import ImageResult, JobResult, State
from packlint.packer.show.report import to_json
from packlint.record import replace

SCHEMA = json.loads(files("packlint.schemas").joinpath("build.schema.json").read_text(encoding="utf-8"))
PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats.md"


def parsed(results: Any, packer: str | None = "1.6.6", exit_code: int = 3) -> dict[str, Any]:
    text = to_json(results, packer=packer, exit_code=exit_code)
    assert text.isascii()
    assert text.endswith("}\n")
    report: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    return report


def test_the_page_shows_what_is_written(played: Any) -> None:
    section = PAGE.read_text(encoding="utf-8").partition("\n## Build report\n")[2]
    (example,) = re.findall(r"```json\n(.+?)```", section, re.DOTALL)
    text = to_json(played.all_states()[1:], packer="1.6.6", exit_code=3)
    assert text == example.replace('"version": "0.1.0"', f'"version": "{version("packlint")}"')


def test_all_states(played: Any) -> None:
    report = parsed(played.all_states())
    assert (report["version"], report["packer"], report["exit"]) == (1, "1.6.6", 3)
    assert (report["started"], report["seconds"]) == ("2027-01-15T08:00:00Z", 785.65)
    assert [(job["name"], job["state"], job["started"], job["exit_code"]) for job in report["jobs"]] == [
        ("base", "built", "2027-01-15T08:00:00Z", 0),
        ("site", "failed", "2027-01-15T08:12:03Z", 1),
        ("last", "skipped", None, None),
    ]
    assert report["jobs"][0]["commands"] == [
        ["packer", "init", "."],
        ["packer", "build", "-machine-readable", "."],
    ]
    images = {image["name"]: image for job in report["jobs"] for image in job["images"]}
    assert {name: image["state"] for name, image in images.items()} == {
        "base:qemu.debian": "built",
        "site:docker.web": "unchanged",
        "site:null.db": "failed",
        "last:null.last": "skipped",
    }
    assert images["site:null.db"]["failed_at"] == {"file": "site/site.pkr.hcl", "line": 12, "column": 3}
    assert images["last:null.last"]["failed_at"] is None
    assert images["base:qemu.debian"]["artifacts"][0]["files"] == ["output-base/debian.qcow2"]


def test_nothing_at_all() -> None:
    report = parsed((), None, 0)
    assert (report["started"], report["seconds"], report["jobs"], report["packer"]) == (None, 0, [], None)


@pytest.mark.parametrize("text", ["", "\x00\x1b[2J\n", "\udcff", "##[error]", '"}', "\u202e👩‍👩‍👧"])
def test_it_is_valid_whatever_is_in_it(played: Any, text: str) -> None:
    _, db = played.site.images
    artifact = Artifact(text, text, text, (text,))
    images = tuple(ImageResult(db, state, text, played.step("site:null.db"), (artifact,)) for state in State)
    job = replace(played.site, name=text, directory=text)
    troubles = (text,) if text else ()
    result = JobResult(job, images, ((text, text),), text, 1.5, 0.0001, -9, troubles)
    written = to_json([result, JobResult(replace(job, images=()), ())], packer=text, exit_code=130)
    assert "##[" not in written
    assert "hunter2" not in written
    report = parsed([result, JobResult(replace(job, images=()), ())], text, 130)
    if "\udcff" not in text:
        assert report["jobs"][0]["images"][0]["artifacts"][0]["id"] == text
        assert report["jobs"][0]["images"][0]["because"] == (text or None)


def test_the_schema_refuses_what_is_no_report(played: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    report = parsed(played.all_states())
    (first, *_) = report["jobs"]
    for other in (
        {},
        {**report, "version": 2},
        {**report, "more": 1},
        {**report, "started": "yesterday"},
        {**report, "seconds": -1},
        {**report, "jobs": [{**first, "state": "done"}]},
        {**report, "jobs": [{**first, "commands": [[]]}]},
        {**report, "jobs": [{**first, "log": ""}]},
    ):
        assert not validator.is_valid(other), other


def test_everything_is_described() -> None:
    """Whoever reads the schema alone knows what each key says, here or where it is referred to."""
    told = SCHEMA["$defs"] | {"report": SCHEMA}
    plain = {"name", "version", "file", "line", "state", "images", "tool"}
    for name, form in told.items():
        for key, value in form.get("properties", {}).items():
            assert "description" in value or key in plain, f"{name}.{key}"
