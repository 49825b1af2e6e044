"""What settings and the command line say of variables and builds → what Packer is given for each job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from packlint.choice import Choice
from packlint.options import Asked
from packlint.packer.job import Job, Passed
from packlint.settings import Choose, Settings


def passing(
    choose: Choose, asked: Asked, *, on_error: str | None = None, force: bool = False
) -> Callable[[Job], Passed]:
    """Tells for each job what Packer is given: by the settings of its template, then by the command line.

    A variable that the template does not have is left out, since Packer refuses one; so other templates of
    the run may have it. So is a variable file in HCL for a legacy template, of which Packer wants JSON.
    """
    exclude = tuple(filter(None, (it.strip() for value in asked.exclude for it in value.split(","))))
    choices: dict[tuple[Path, Path], Choice] = {}

    def settings(job: Job) -> Settings:
        template = job.images[0].configuration.template
        where = template.files.base, template.files.root
        if where not in choices:
            choices[where] = Choice((), choose, where[0], [where[1]])
        return choices[where].of(template)

    def passed(job: Job) -> Passed:
        configuration = job.images[0].configuration
        known = {variable.name for variable in configuration.variables}
        own = settings(job)
        given = [f"{name}={it.text}" for name, it in own.variables.items()]
        files = [
            path
            for path in (*own.var_files, *asked.var_files)
            if not (configuration.legacy and path.suffix == ".hcl")
        ]
        return Passed(
            variables=tuple(it for it in (*given, *asked.variables) if it.partition("=")[0] in known),
            # Of a file that is named over and over the last time counts.
            var_files=(*dict.fromkeys(reversed(files)),)[::-1],
            exclude=exclude,
            on_error=on_error,
            force=force,
        )

    return passed
