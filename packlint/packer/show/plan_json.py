"""A plan → JSON for tools; `schemas/plan.schema.json` says what is what."""

from __future__ import annotations

import json
from typing import Any

from packlint.chain.demand import demand
from packlint.packer import command
from packlint.packer.command import Commands
from packlint.packer.job import Job, Plan

VERSION = 1


def to_json(plan: Plan, commands: Commands) -> str:
    """The document, with a line break at its end; it holds nothing that is secret."""
    limits = plan.limits
    document = {
        "schema_version": VERSION,
        "limits": {"max_parallel": limits.max_parallel, "memory_mb": limits.memory, "cpus": limits.cpus},
        "waves": [[job.name for job in jobs] for jobs in plan.waves],
        "jobs": [_job(job, plan, commands) for job in plan.jobs],
        "notes": list(plan.notes),
    }
    return json.dumps(document, indent=2) + "\n"


def _job(job: Job, plan: Plan, commands: Commands) -> dict[str, Any]:
    secret = command.secrets(job)
    lines = {"init": command.init(job), "validate": commands.validate(job), "build": commands.build(job)}
    return {
        "name": job.name,
        "wave": job.wave,
        "needs": [plan.jobs[number].name for number in job.needs],
        "directory": job.directory,
        "template": job.target,
        "only": list(job.only),
        "at_once": job.at_once,
        "memory_mb": job.memory,
        "cpus": job.cpus,
        "images": [
            {"name": image.name, "label": image.label, "builder": image.use.type, **_taken(job, number)}
            for number, image in enumerate(job.images)
        ],
        "commands": {name: list(command.masked(argv, secret)) for name, argv in lines.items() if argv},
    }


def _taken(job: Job, number: int) -> dict[str, Any]:
    """What an image takes by itself, and whether that is more than a guess."""
    found = demand(job.images[number].use)
    return {"memory_mb": found.memory, "cpus": found.cpus, "certain": found.certain}
