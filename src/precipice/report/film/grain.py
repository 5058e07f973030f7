"""Grain of rock, scree and grass: a pattern of light and dark that only depends on the place.

It is decoration: it makes size and slope visible and says nothing about the site.
"""

from functools import cache

import numpy as np

PERIOD = 48.0
"""After which the fine grain repeats itself [m]."""
TEXELS = 512
"""Of the fine grain along a period."""
PLAIN = 0.86
"""Mean lightness of the fine grain."""
FADING = (1.0, 1.0, 1.0, 0.8, 0.5, 0.25)
"""What is left of it as it gets coarser by halves: from afar one would see that it repeats itself."""
ROCK, TURF = "rock", "turf"


def noise(points: np.ndarray, length: float | np.ndarray) -> np.ndarray:
    """Return smooth random numbers from -1 to 1, `(...)`.

    Args:
        points: `(..., 3)` [m].
        length: Of a bump, or of one along each axis, `(3,)` [m].

    Source: value noise, Perlin 1985; the numbers at the corners are a hash of where they are.
    """
    scaled = np.asarray(points, float) / length
    low = np.floor(scaled)
    share = scaled - low
    share = share * share * (3.0 - 2.0 * share)
    corner = low.astype(np.int64)
    total = np.zeros(scaled.shape[:-1])
    for x in (0, 1):
        for y in (0, 1):
            for z in (0, 1):
                u, v, w = (share[..., k] if up else 1.0 - share[..., k] for k, up in enumerate((x, y, z)))
                total += u * v * w * _hash(corner[..., 0] + x, corner[..., 1] + y, corner[..., 2] + z)
    return total


def _hash(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return a number from -1 to 1 for each corner, `(...)`. Source: the finaliser of MurmurHash3."""
    h = ((73_856_093 * x + 19_349_663 * y + 83_492_791 * z) & 0xFFFF_FFFF).astype(np.uint64)
    for shift, factor in ((16, 0x85EB_CA6B), (13, 0xC2B2_AE35)):
        h ^= h >> np.uint64(shift)
        h = (h * np.uint64(factor)) & np.uint64(0xFFFF_FFFF)
    h ^= h >> np.uint64(16)
    return h.astype(float) / 0x7FFF_FFFF - 1.0


@cache
def fine_grain(kind: str) -> list[np.ndarray]:
    """Return a pattern that repeats itself, and the same ever coarser by halves, `(n, n)` each, 0 to 1.

    Args:
        kind: `ROCK` or `TURF`.

    Source: noise with a power spectrum that falls with the wave number; cracks where such noise is zero.
    """
    rng = np.random.default_rng(11 if kind == ROCK else 12)
    waves = np.fft.fftfreq(TEXELS, 1.0 / TEXELS)
    number = np.hypot(*np.meshgrid(waves, waves, indexing="ij"))

    def field(slope: float) -> np.ndarray:
        weight = np.where(number > 0.0, np.maximum(number, 3.0) ** -slope, 0.0)
        found = np.fft.ifft2(np.fft.fft2(rng.standard_normal((TEXELS, TEXELS))) * weight).real
        return np.asarray(found / found.std())

    light = 0.055 * field(1.15)
    if kind == ROCK:
        light -= 0.16 * np.exp(-np.abs(field(1.7)) / 0.07) + 0.10 * np.exp(-np.abs(field(1.4)) / 0.05)
    level = np.clip(light - light.mean() + PLAIN, 0.3, 1.0)
    levels = [level]
    for _ in FADING[1:]:
        half = len(levels[-1]) // 2
        levels.append(levels[-1].reshape(half, 2, half, 2).mean(axis=(1, 3)))
    return [PLAIN + kept * (level - PLAIN) for kept, level in zip(FADING, levels, strict=True)]


def fine_level(footprint: float) -> int | None:
    """Return which of the ever coarser patterns suits samples that far apart [m]; None: none is seen."""
    level = max(0, int(np.ceil(np.log2(max(footprint * TEXELS / PERIOD, 1e-6)))))
    return level if level < len(FADING) else None
