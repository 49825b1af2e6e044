"""An outcome → one page of HTML for people: findings by rule and by file, in their code, and the chains."""

from __future__ import annotations

import hashlib
from base64 import b64encode

from jinja2 import Environment, PackageLoader, StrictUndefined

from packlint.outcome import Outcome
from packlint.report import PLAIN, Look
from packlint.report.html.view import page
from packlint.visible import visible


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """A page that needs nothing beside itself and runs nothing: no script, no font, no address to load from.

    It is well-formed XML, too. Whatever comes from a template is escaped, and what steers a reader's eyes or
    a terminal is spelt out. Secrets are masked in the code. The same outcome gives the same page.
    """
    loader = PackageLoader("packlint.report", "html")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # The hash is that of the bytes between the tags, and a browser reads each line break as one character.
    css = "\n".join(loader.get_source(environment, "page.css")[0].splitlines())
    digest = b64encode(hashlib.sha256(css.encode()).digest()).decode()
    template = environment.get_template("page.jinja")
    return template.render(page=page(outcome, look), css=css, hash=f"sha256-{digest}")


def _shown(value: object) -> object:
    """What the page is given to show, made visible; markup of its own is left as it is."""
    return visible(value) if type(value) is str else value
