"""Items of an iterable, made in a thread while others are used."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

T = TypeVar("T")


def read_ahead(items: Iterable[T], count: int) -> Iterator[T]:
    """The items in their order; up to `count` are made before they are asked for. Errors are raised in their place."""
    end, source = object(), iter(items)
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, source, end) for _ in range(count))
        try:
            while (item := waiting.popleft().result()) is not end:
                waiting.append(pool.submit(next, source, end))
                yield cast(T, item)
        finally:
            for future in waiting:
                future.cancel()
