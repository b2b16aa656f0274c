"""Images of equal content under several names: the same picture must not be in two splits."""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from evocnn.dataset.decoding import UnusableImageError
from evocnn.dataset.images import Images

Place = tuple[int, str]
"""An image: the number of its folder or zip, and its path there."""
K = TypeVar("K", bound=Hashable)


def equal_images(sources: Sequence[tuple[Images, Iterable[str]]]) -> list[list[Place]]:
    """Groups of images with equal content, two or more each, in the order of the names.

    Only images of one size whose excerpts are equal too are read as a whole: a few seconds for 25,000 images.

    Args:
        sources: folders or zips with the names of images there. Images that cannot be read have no equal.
    """
    images = [source for source, _ in sources]
    places = [(number, name) for number, (_, names) in enumerate(sources) for name in sorted(set(names))]
    groups: list[list[Place]] = []
    for size, group in _groups((images[number].size(name), (number, name)) for number, name in places):
        comparable = len({images[number].archive is None for number, _ in group}) == 1
        marked = (((images[n].excerpt(name) if comparable else b""), (n, name)) for n, name in group)
        for _, alike in _groups(marked) if size else ():
            contents = ((_digest(images[number], name), (number, name)) for number, name in alike)
            groups += [equal for digest, equal in _groups(contents) if digest]
    return sorted(groups)


def _groups(marked: Iterable[tuple[K, Place]]) -> Iterator[tuple[K, list[Place]]]:
    """Marks that several places have, with these places."""
    groups: defaultdict[K, list[Place]] = defaultdict(list)
    for mark, place in marked:
        groups[mark].append(place)
    return ((mark, group) for mark, group in groups.items() if len(group) > 1)


def _digest(images: Images, name: str) -> bytes:
    try:
        return hashlib.sha256(images.read(name)).digest()
    except UnusableImageError:
        return b""
