"""Which jobs a graph of images becomes."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from packlint.chain.artifacts import links
from packlint.chain.images import ArtifactGraph, artifact_graph
from packlint.chain.waves import fits
from packlint.configure import Nearest
from packlint.errors import UsageError
from packlint.gather import gather
from packlint.limits import Limits
from packlint.options import Asked
from packlint.packer.job import Job, Plan
from packlint.packer.plan import plan, spread
from packlint.pipeline import understand
from packlint.settings import Flags

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def graph_of(folder: Path, only: Sequence[str] = ()) -> ArtifactGraph:
    """The graph of the templates in a folder, with the settings there."""
    inputs = gather(Asked(only=tuple(only)), os.environ, [folder], folder)
    found = understand([folder], Nearest({}, Flags()), folder, inputs=inputs)
    assert not found.diagnostics
    return artifact_graph(found.configurations, links(found.configurations), found.declared)


def write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def nulls(count: int, name: str = "n") -> str:
    """A template with so many sources that take nothing."""
    text = "".join(f'source "null" "{name}{at}" {{ communicator = "none" }}\n' for at in range(count))
    listed = ", ".join(f'"source.null.{name}{at}"' for at in range(count))
    return f"{text}build {{\n  sources = [{listed}]\n}}\n"


def legacy(name: str) -> str:
    """A legacy template with two builders, the second of that name."""
    plain = {"type": "null", "communicator": "none"}
    return json.dumps({"builders": [plain, {**plain, "name": name}]})


def told(found: Plan) -> list[tuple[str, list[str], tuple[str, ...], int, tuple[int, ...]]]:
    return [(job.name, [it.label for it in job.images], job.only, job.wave, job.needs) for job in found.jobs]


CHAIN = {
    "base/b.pkr.hcl": """
        source "qemu" "debian" {
          output_directory = "out"
          vm_name          = "debian.qcow2"
          memory           = 2048
        }
        build {
          sources = ["source.qemu.debian"]
        }
    """,
    "web/w.pkr.hcl": """
        source "qemu" "web" {
          disk_image = true
          iso_url    = "../base/out/debian.qcow2"
          memory     = 3000
        }
        source "qemu" "db" {
          disk_image = true
          iso_url    = "../base/out/debian.qcow2"
          memory     = 3000
        }
        build {
          sources = ["source.qemu.web", "source.qemu.db"]
        }
    """,
}


def test_images_come_after_what_they_start_from(tmp_path: Path) -> None:
    write(tmp_path, CHAIN)
    found = plan(graph_of(tmp_path), Limits())
    assert told(found) == [
        ("base", ["qemu.debian"], (), 0, ()),
        ("web", ["qemu.web", "qemu.db"], (), 1, (0,)),
    ]
    assert [(it.directory, it.target, it.memory, it.cpus) for it in found.jobs] == [
        ("base", ".", 2048, 1),
        ("web", ".", 6000, 2),
    ]
    assert found.limits == Limits(4)


def test_a_template_is_parted_where_the_machine_bears_no_more(tmp_path: Path) -> None:
    write(tmp_path, CHAIN)
    assert told(plan(graph_of(tmp_path), Limits(memory=4000))) == [
        ("base", ["qemu.debian"], (), 0, ()),
        ("web#1", ["qemu.web"], ("qemu.web",), 1, (0,)),
        ("web#2", ["qemu.db"], ("qemu.db",), 2, (0,)),
    ]


def test_what_is_built_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, CHAIN)
    graph = graph_of(tmp_path)
    debian, web, _ = graph.images
    assert told(plan(graph, Limits(), built={debian, web})) == [("web", ["qemu.db"], ("qemu.db",), 0, ())]
    assert plan(graph, Limits(), built=frozenset(graph.images)).jobs == ()


def test_what_the_user_leaves_out_is_not_built(tmp_path: Path) -> None:
    write(tmp_path, CHAIN)
    found = plan(graph_of(tmp_path, only=["*.web"]), Limits())
    assert told(found) == [("web", ["qemu.web"], ("qemu.web",), 0, ())]


def test_no_more_than_the_limit_are_built_at_once(tmp_path: Path) -> None:
    write(tmp_path, {"a/a.pkr.hcl": nulls(6)})
    first, second = plan(graph_of(tmp_path), Limits()).jobs
    assert (first.at_once, second.at_once) == (4, 2)
    assert first.only == ("null.n0", "null.n1", "null.n2", "null.n3")


def test_what_cannot_be_told_apart_is_held_back(tmp_path: Path) -> None:
    twice = "".join(nulls(1).partition("build")[1:]) * 5
    write(tmp_path, {"a/a.pkr.hcl": nulls(1) + twice})
    found = plan(graph_of(tmp_path), Limits(4))
    assert [(len(it.images), it.parallel, it.at_once, it.only) for it in found.jobs] == [(6, 4, 4, ())]
    assert found.notes == ("`-only` cannot tell 6 images of `a` apart",)


def test_what_cannot_be_told_apart_and_collides_is_built_one_by_one(tmp_path: Path) -> None:
    build = 'build {\n  sources = ["source.qemu.a"]\n}\n'
    write(tmp_path, {"a/a.pkr.hcl": f'source "qemu" "a" {{}}\n{build}{build}'})
    found = plan(graph_of(tmp_path), Limits(4))
    assert [(len(job.images), job.parallel, job.at_once) for job in found.jobs] == [(2, 1, 1)]
    assert found.notes == (
        'two images `a:qemu.a` both write to "output-a", so that they are built one after the other',
    )


def test_sources_that_only_a_run_knows_are_built_as_a_whole(tmp_path: Path) -> None:
    more = 'dynamic "source" {\n    for_each = var.more\n    labels = [source.value]\n    content {}\n  }'
    text = 'variable "more" {\n  type = set(string)\n}\n' + nulls(2).replace("\n}\n", f"\n  {more}\n}}\n")
    write(tmp_path, {"a/a.pkr.hcl": text})
    found = plan(graph_of(tmp_path), Limits(4))
    assert [(job.only, job.parallel) for job in found.jobs] == [((), len(found.jobs[0].images))]
    assert "may have more sources than are seen" in found.notes[0]


def test_a_circle_is_named(tmp_path: Path) -> None:
    settings = '[[chain]]\nfrom = "a"\nto = "b"\n[[chain]]\nfrom = "b"\nto = "a"\n'
    write(tmp_path, {"a/a.pkr.hcl": nulls(1), "b/b.pkr.hcl": nulls(1), "packlint.toml": settings})
    with pytest.raises(UsageError, match=r"in a circle: `a:null[.]n0` → `b:null[.]n0` → `a:null[.]n0`"):
        plan(graph_of(tmp_path), Limits())


def test_patterns_mean_one_image(tmp_path: Path) -> None:
    names = ["a,b", "a;b", "we{ird}*[x]?", "back\\\\slash", "plain", "!not"]
    blocks = "".join(f'  source "null.n0" {{\n    name = "{name}"\n  }}\n' for name in names)
    write(tmp_path, {"a/a.pkr.hcl": nulls(1).replace("\n}\n", f"\n{blocks}}}\n")})
    jobs = plan(graph_of(tmp_path), Limits(1)).jobs
    assert sorted(job.only for job in jobs) == sorted(
        [
            ("null.n0",),
            ("null.a?b", "null.a;b"),  # a comma cannot be passed, and `?` is like both
            (r"null.we\{ird\}\*\[x\]\?",),
            (r"null.back\\slash",),
            ("null.plain",),
            (r"null.\!not",),
        ]
    )


def test_builders_of_legacy_templates_are_chosen_by_their_names(tmp_path: Path) -> None:
    write(tmp_path, {"a/a.json": legacy("a b*")})
    jobs = plan(graph_of(tmp_path), Limits(1)).jobs
    assert [(job.only, job.directory, job.target) for job in jobs] == [
        (("null",), "a", "a.json"),
        (("a b*",), "a", "a.json"),
    ]


def test_a_name_with_a_comma_cannot_be_chosen_in_a_legacy_template(tmp_path: Path) -> None:
    write(tmp_path, {"a/a.json": legacy("a,b")})
    (job,) = plan(graph_of(tmp_path), Limits(1)).jobs
    assert (job.only, job.parallel, len(job.images)) == ((), 1, 2)


def test_over_many_machines_only_the_chain_counts(tmp_path: Path) -> None:
    write(tmp_path, CHAIN | {"many/m.pkr.hcl": nulls(9)})
    found = spread(graph_of(tmp_path))
    assert [len(jobs) for jobs in found.waves] == [10, 2]
    assert all(len(job.images) == 1 for job in found.jobs)


def invariants(graph: ArtifactGraph, found: Plan) -> None:
    """What holds of every plan, and of a run that begins each job as soon as it may."""
    made = [image for job in found.jobs for image in job.images]
    assert sorted(map(id, made)) == sorted(map(id, graph.images))
    assert len({job.name for job in found.jobs}) == len(found.jobs)
    number = {image: at for at, job in enumerate(found.jobs) for image in job.images}
    for at, job in enumerate(found.jobs):
        bases = {number[it.producer] for image in job.images for it in graph.bases(image)} - {at}
        assert set(job.needs) == bases
        assert all(found.jobs[base].wave < job.wave for base in bases)
    for jobs in found.waves:
        within(jobs, found.limits)
    waiting, done, running = list(range(len(found.jobs))), set[int](), list[int]()
    while waiting or running:
        for at in list(waiting):
            job = found.jobs[at]
            if done.issuperset(job.needs) and fits([found.jobs[it] for it in running], job, found.limits):
                running.append(at)
                waiting.remove(at)
        assert running, "no job can be begun"
        within([found.jobs[it] for it in running], found.limits)
        done.add(running.pop(0))


def within(jobs: Sequence[Job], limits: Limits) -> None:
    assert len(jobs) == 1 or (
        sum(job.at_once for job in jobs) <= (limits.max_parallel or 4)
        and (limits.memory is None or sum(job.memory for job in jobs) <= limits.memory)
        and (limits.cpus is None or sum(job.cpus for job in jobs) <= limits.cpus)
    )
    for one, other in combinations(jobs, 2):
        assert fits([one], other, Limits(100)), (one.name, other.name)


def test_the_invariants_hold_for_a_chain(tmp_path: Path) -> None:
    write(tmp_path, CHAIN | {"many/m.pkr.hcl": nulls(9), "more/m.pkr.hcl": nulls(3)})
    graph = graph_of(tmp_path)
    for limits in (Limits(), Limits(1), Limits(3, 4000), Limits(4, 100, 1), Limits(50)):
        invariants(graph, plan(graph, limits))
    assert told(plan(graph, Limits())) == told(plan(graph_of(tmp_path), Limits()))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_every_repository_of_the_corpus_has_a_plan() -> None:
    folders = sorted(it for it in CORPUS.iterdir() if it.is_dir())
    for folder in folders:
        found = understand([folder], Nearest({}, Flags()), folder)
        graph = artifact_graph(found.configurations, links(found.configurations), found.declared)
        for limits in (Limits(4, 8000, 4), Limits(1)):
            invariants(graph, plan(graph, limits))
        waves = spread(graph).waves
        assert all(max(map(len, pair)) for pair in pairwise(waves))
