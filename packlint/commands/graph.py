"""`packlint graph`: which image starts from what another one is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packlint.commands.paths import (
    CLEAN,
    FAILED,
    FOUND,
    Named,
    Progress,
    asked,
    say_nothing_found,
    say_unread,
)
from packlint.commands.sections import Sectioned
from packlint.commands.wanted import Wanted, debug_option, paths_argument, place_options, root_option
from packlint.deliver import is_colored, to_standard_output, width_of_output
from packlint.errors import SettingsError
from packlint.options import Asked, color_option, inputs_options

if TYPE_CHECKING:
    from packlint.chain.images import ArtifactGraph, Image
    from packlint.inputs import Inputs
    from packlint.model import Configuration
    from packlint.pipeline import Understood
    from packlint.report.secret_names import SecretNames
    from packlint.settings import Choose

FORMATS = ("text", "mermaid", "dot", "svg", "json")


@click.command(cls=Sectioned)
@paths_argument
@click.option(
    "format_",
    "--format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="A tree, a picture for Mermaid, Graphviz or a browser, or JSON for tools; its schema is part of "
    "packlint.",
)
@click.option(
    "revision",
    "--changed-since",
    metavar="REV",
    help="Tell what has to be built again since HEAD left the git revision REV, and why; a picture marks it.",
)
@color_option
@root_option
@inputs_options
@place_options
@debug_option
def graph(
    *,
    paths: tuple[str, ...],
    format_: str,
    revision: str | None,
    color: str,
    root: Path | None,
    debug: bool,
    inputs: Asked,
    wanted: Wanted,
) -> int:
    """Show which images start from what others are, in the templates at and below each PATH.

    An image is one source of one build. It starts from another one where both name the same file, image or
    box, or where `[[chain]]` of the settings says so; else from install media or somebody else's image, as
    far as that is known. What a build was to make and none does, and circles, are red. Nothing is run, and
    no name that is sensitive is shown.

    PATH is a directory, which is searched, or a file, which is shown as part of its template, or `-` for
    standard input. The default is the current directory.

    Exits with 1 if a file could not be read or has syntax errors, which are told on standard error, 2 if the
    templates could not be shown, else with 0.
    """
    choose, _ = wanted.chosen()
    named = asked(paths, None)
    run = _Run(named, choose, root, debug, inputs)
    found = run.now()
    say_unread(found.diagnostics, debug)
    if not (found.configurations or found.diagnostics):
        say_nothing_found(paths)
    images = run.images(found)
    rebuild = run.to_rebuild(images, revision) if revision is not None else None
    to_standard_output(_drawn(run, found, images, rebuild, format_=format_, color=color), color)
    if any(diagnostic.rule == "internal-error" for diagnostic in found.diagnostics):
        return FAILED
    return FOUND if found.diagnostics else CLEAN


class _Run:
    """Reads what the command line asks for, as it is and as it was."""

    def __init__(self, named: Named, choose: Choose, root: Path | None, debug: bool, inputs: Asked) -> None:
        from packlint.gather import gather

        self.named = named
        self.choose = choose
        self.root = root
        self.debug = debug
        self.asked = inputs
        self.given: Inputs = gather(inputs, os.environ, named, root)
        self._secrets: SecretNames | None = None

    def now(self) -> Understood:
        """The templates as they are."""
        from packlint import pipeline

        with Progress() as progress:
            return pipeline.understand(
                self.named, self.choose, self.root, self.debug, progress.tell, inputs=self.given
            )

    def images(self, found: Understood) -> ArtifactGraph:
        """The images of templates; an artifact whose name is secret has none."""
        from packlint.chain.artifacts import links
        from packlint.chain.images import artifact_graph

        configurations = found.configurations
        return artifact_graph(
            configurations, self.secrets(configurations).withheld(links(configurations)), found.declared
        )

    def secrets(self, configurations: Sequence[Configuration]) -> SecretNames:
        """What is secret in the templates, as they are."""
        from packlint.report.secret_names import SecretNames
        from packlint.sensitive import sensitive

        if self._secrets is None:
            self._secrets = SecretNames(sensitive(configurations, self.given))
        return self._secrets

    def elsewhere(self, configurations: Sequence[Configuration]) -> Sequence[Configuration]:
        """The templates of the checked roots that were not asked for."""
        from packlint import pipeline
        from packlint.errors import PacklintError

        known = {it.template.path for it in configurations}
        roots = sorted({it.template.files.root for it in configurations})
        try:
            found = pipeline.understand(roots, self.choose, self.root, self.debug, inputs=self.given)
        except PacklintError:
            return ()
        return [it for it in found.configurations if it.template.path not in known]

    def to_rebuild(self, images: ArtifactGraph, revision: str) -> Mapping[Image, str]:
        """What has to be built again since a revision, with the reasons."""
        from packlint import pipeline
        from packlint.chain.artifacts import links
        from packlint.chain.images import ArtifactGraph, artifact_graph
        from packlint.chain.rebuild import to_rebuild
        from packlint.gather import gather
        from packlint.since import Since

        since = Since(revision, self.named, self.root)
        if not since.paths:
            return to_rebuild(images, ArtifactGraph(()))
        given = gather(self.asked, os.environ, since.paths, self.root, since.texts)
        was = pipeline.understand(
            since.paths, self.choose, self.root, self.debug, inputs=given, texts=since.texts
        )
        found = links(was.configurations)
        try:
            before = artifact_graph(was.configurations, found, was.declared)
        except SettingsError:
            # What the settings name today was not there then.
            before = artifact_graph(was.configurations, found)
        return to_rebuild(images, before)


def _drawn(
    run: _Run,
    found: Understood,
    images: ArtifactGraph,
    rebuild: Mapping[Image, str] | None,
    *,
    format_: str,
    color: str,
) -> str:
    """What `graph` prints."""
    from packlint.chain.graph import limited, whole

    configurations = found.configurations
    shown = whole(
        images,
        configurations,
        frozenset(rebuild or ()),
        others=lambda: run.elsewhere(configurations),
        is_secret=run.secrets(configurations).tells,
    )
    if format_ == "json":
        from packlint.chain.view import to_json

        return to_json(images, shown, rebuild)
    if format_ == "mermaid":
        from packlint.chain.mermaid import mermaid

        return mermaid(limited(shown))
    if format_ == "dot":
        from packlint.chain.dot import dot

        return dot(limited(shown))
    if format_ == "svg":
        from packlint.chain.draw.picture import svg

        picture = svg(limited(shown), standalone=True)
        return f"{picture}\n" if picture else ""
    from packlint.chain.tree import summary, to_build_again, tree

    paint: Callable[..., str] = click.style if is_colored(color, sys.stdout) else lambda text, **_: text
    if rebuild is not None:
        told = [(image.name, reason) for image, reason in rebuild.items()]
        return to_build_again(told, len(images.images), paint, ascii_only=_knows_ascii_only())
    text = tree(shown, paint, width_of_output(), ascii_only=_knows_ascii_only())
    said = summary(shown, len(configurations)) if configurations else ""
    return f"{text}\n{said}" if text else said


def _knows_ascii_only() -> bool:
    """Whether standard output cannot take the lines of a tree."""
    try:
        "├└│─→…·←".encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False
