"""The images of a run and those of an earlier state → which have to be built again, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from packlint.chain.images import ArtifactGraph, Image
from packlint.chain.ingredients import Recipes

MOST_REASONS = 2
"""Reasons that are told of one image; of more, how many there are."""


def to_rebuild(now: ArtifactGraph, before: ArtifactGraph) -> Mapping[Image, str]:
    """The images that differ from those of the same name, or start from one that does, each with the reason.

    They come in the order in which they can be built, those of a cycle last.
    """
    recipes, old = Recipes(now.images), Recipes(before.images)
    then = dict(named(before.images))
    reasons: dict[Image, list[str]] = {}
    for name, image in named(now.images):
        earlier = then.get(name)
        found = (
            ["it is new"]
            if earlier is None
            else [*differences(recipes.of(image).ingredients, old.of(earlier).ingredients)]
        )
        if found:
            reasons[image] = found
    order = in_order(now)
    waiting = [image for image in order if image in reasons]
    while waiting:
        image = waiting.pop()
        for derivation in now.derived(image):
            if derivation.consumer not in reasons:
                waiting.append(derivation.consumer)
            known = reasons.setdefault(derivation.consumer, [])
            reason = f"it starts from `{image.name}`"
            if reason not in known[-1:]:
                known.append(reason)
    return {image: told(reasons[image]) for image in order if image in reasons}


def named(images: Iterable[Image]) -> Iterator[tuple[tuple[str, int], Image]]:
    """Images with their names; those of one name are told apart by a number, in their order."""
    counts: dict[str, int] = {}
    for image in images:
        number = counts[image.name] = counts.get(image.name, 0) + 1
        yield (image.name, number), image


def differences(now: Mapping[str, str], before: Mapping[str, str]) -> Iterator[str]:
    """What is not as it was among ingredients, in sentences."""
    for label, digest in now.items():
        if label not in before:
            yield f"{label} is new"
        elif before[label] != digest:
            many = label.startswith("the arguments") or label == "required plugins"
            yield f"{label} {'have' if many else 'has'} changed"
    for label in before:
        if label not in now:
            yield f"{label} is no part of it any more"


def told(reasons: Sequence[str]) -> str:
    """Reasons as a part of a sentence: the first two, and how many more."""
    if len(reasons) > MOST_REASONS:
        return f"{', '.join(reasons[:MOST_REASONS])} and {len(reasons) - MOST_REASONS} more"
    return " and ".join(reasons)


def in_order(graph: ArtifactGraph) -> tuple[Image, ...]:
    """The images, each after those that it is made from; what is in a cycle or behind one comes last."""
    needs = {image: len(graph.bases(image)) for image in graph.images}
    ready = [image for image in reversed(graph.images) if not needs[image]]
    order: dict[Image, None] = {}
    while ready:
        image = ready.pop()
        order[image] = None
        for derivation in reversed(graph.derived(image)):
            needs[derivation.consumer] -= 1
            if not needs[derivation.consumer]:
                ready.append(derivation.consumer)
    order.update((image, None) for image in graph.images)
    return tuple(order)
