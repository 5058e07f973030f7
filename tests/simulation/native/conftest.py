"""A function of single runs, compiled by LLVM."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest


@pytest.fixture
def compiled() -> Callable[..., Any]:
    """Function: results of a JAX function on rows of arrays, `compiled(function, arrays, lanes)`."""
    from precipice.simulation.native.kernel import Kernel, compile_text
    from precipice.simulation.native.stage import write_stage

    def run(function, arrays, lanes=16, shared=(), order=None):
        count = next(len(a) for k, a in enumerate(arrays) if k not in shared)
        ones = [a if k in shared else a[0] for k, a in enumerate(arrays)]
        wide = arrays[0].dtype == np.float64
        with jax.enable_x64(wide):
            closed = jax.make_jaxpr(function)(*ones)
        text, layout = write_stage(closed, [k in shared for k in range(len(arrays))], lanes)
        results = [np.zeros((count, *leaf.shape), leaf.dtype) for leaf in layout.outputs]
        kernel = Kernel(compile_text(text), layout)
        kernel(
            [np.ascontiguousarray(a) for a in arrays], results, np.arange(count) if order is None else order
        )
        return results

    return run
