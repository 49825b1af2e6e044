"""A repository → what it has already: settings, hooks, workflows, and the platform that it lives on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint.files import Files
from packlint.record import record
from packlint.request import settings_in

HOOKS = ".pre-commit-config.yaml"
WORKFLOWS = ".github/workflows"
GITLAB_CI = ".gitlab-ci.yml"

_REMOTE = re.compile(r"^[ \t]*url[ \t]*=[ \t]*(\S+)", re.MULTILINE)
_HOST = re.compile(r"^(?:[a-z+]{1,10}://)?(?:[^/@]{1,200}@)?([^/:@]+)")
_OURS = re.compile(r"\bpacklint\b")


@record
class Repository:
    """What a checked root holds beside templates, by names relative to it.

    `settings` is the file with packlint's settings, `hooks` that of pre-commit, `workflow` the one of GitHub
    and `pipeline` the one of GitLab that runs packlint; None where there is none. `git` tells whether it is a
    repository of git, `github` and `gitlab` where it seems to live, `has_hooks` and `has_pipeline` whether
    pre-commit and GitLab's CI are set up at all.
    """

    git: bool
    github: bool
    gitlab: bool
    settings: str | None
    hooks: str | None
    has_hooks: bool
    workflow: str | None
    pipeline: str | None
    has_pipeline: bool


def look(files: Files) -> Repository:
    """What the root of `files` holds; what cannot be read is as if it were not there."""
    hosts = set(_hosts(files.text(".git/config") or ""))
    return Repository(
        git=files.exists(".git"),
        github="github.com" in hosts or files.is_directory(".github"),
        gitlab=any("gitlab" in host for host in hosts) or files.exists(GITLAB_CI),
        settings=settings_in(files.root),
        hooks=HOOKS if _names_packlint(files, HOOKS) else None,
        has_hooks=files.exists(HOOKS),
        workflow=next((name for name in _workflows(files) if _names_packlint(files, name)), None),
        pipeline=GITLAB_CI if _names_packlint(files, GITLAB_CI) else None,
        has_pipeline=files.exists(GITLAB_CI),
    )


def _hosts(config: str) -> Iterator[str]:
    """The hosts of the remotes that a file of git names."""
    for url in _REMOTE.findall(config):
        if host := _HOST.match(url.lower()):
            yield host[1]


def _workflows(files: Files) -> list[str]:
    try:
        entries = files.entries(WORKFLOWS)
    except OSError:
        return []
    names = (name for name, is_directory in entries if not is_directory)
    return [f"{WORKFLOWS}/{name}" for name in names if name.endswith((".yml", ".yaml"))]


def _names_packlint(files: Files, name: str) -> bool:
    return _OURS.search(files.text(name) or "") is not None
