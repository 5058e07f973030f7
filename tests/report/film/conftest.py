"""The shared run, ready to be filmed, and a picture small enough for many of them."""

import numpy as np
import pytest

SIZE = (320, 180)
MAGENTA = (1.0, 0.0, 1.0)


@pytest.fixture(scope="session")
def raylib():
    """The library that draws; the test skips on a system that nobody builds it for."""
    return pytest.importorskip("raylib", reason="needs raylib_software, which is not built for this system")


@pytest.fixture(scope="session")
def stage(flown, scenario):
    from precipice.report.film.film import build_stage

    return build_stage(flown, scenario)


@pytest.fixture
def canvas(raylib):
    from precipice.report.film.canvas import Canvas

    with Canvas(*SIZE) as opened:
        yield opened


def picture_of(canvas):
    """Return a canvas's picture, one pixel of each square of samples averaged, `(rows, columns, 3)`."""
    samples = canvas.read().astype(float)
    rows, columns = canvas.height, canvas.width
    return samples.reshape(rows, 2, columns, 2, 3).mean(axis=(1, 3))


def magenta_in(picture):
    """Return how strongly each pixel is magenta, 0 to 1: red and blue without green."""
    red, green, blue = np.moveaxis(picture, -1, 0)
    return np.clip((np.minimum(red, blue) - green - 40.0) / 120.0, 0.0, 1.0)
