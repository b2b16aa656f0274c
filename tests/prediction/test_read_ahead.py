"""Reading ahead: the same items in the same order, and errors in their place."""

import threading

import pytest

from evocnn.prediction.read_ahead import read_ahead


@pytest.mark.parametrize("count", [1, 3, 50])
def test_items_keep_their_order(count):
    assert list(read_ahead(range(10), count)) == list(range(10))


def test_items_are_made_ahead_in_a_thread_of_their_own():
    made, threads = [], set()

    def items():
        for number in range(10):
            made.append(number)
            threads.add(threading.get_ident())
            yield number

    ahead = read_ahead(items(), 4)
    assert next(ahead) == 0
    assert next(ahead) == 1
    assert len(made) >= 2
    assert list(ahead) == list(range(2, 10))
    assert threads.isdisjoint({threading.get_ident()})


def test_an_error_is_raised_where_it_belongs():
    def items():
        yield 1
        raise ValueError("broken")

    ahead = read_ahead(items(), 5)
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="broken"):
        next(ahead)
