"""Errors that say that memory ran out, whoever says it."""

import pytest
import tensorflow as tf

from evocnn.processes.child import is_out_of_memory

# What TensorFlow 2.21 raised on an H200 where a training was allowed 60 MB of it.
NO_ALGORITHM = (
    "No algorithm worked!  Error messages:\n"
    "  Profiling failure on CUDNN engine eng1{}: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 16.00MiB."
)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor"),
        tf.errors.NotFoundError(None, None, NO_ALGORITHM),
        tf.errors.InternalError(None, None, "cuBLAS: CUBLAS_STATUS_ALLOC_FAILED"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_memory_ran_out(error):
    assert is_out_of_memory(error)


@pytest.mark.parametrize("error", [tf.errors.NotFoundError(None, None, "no such file"), ValueError("Out of memory")])
def test_something_else_is_wrong(error):
    assert not is_out_of_memory(error)
