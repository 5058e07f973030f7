"""How long a run's stages will last, roughly: runs of a kind fly side by side best."""

from collections.abc import Callable, Mapping

import numpy as np

from precipice.earth import GRAVITY

Key = Callable[[Mapping[str, np.ndarray], Mapping[str, np.ndarray]], np.ndarray]
"""From the numbers so far and the scenario's values, each `(n,)`, to a time, `(n,)`, in any unit."""


def _under_canopy(numbers: Mapping[str, np.ndarray], values: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the height to come down from over a sink rate that grows with the wing loading."""
    loading = values["performer.mass"] / values["rig.canopy_area"]
    return numbers["open_up"] / np.sqrt(loading)


def _motorcycle(numbers: Mapping[str, np.ndarray], values: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the time to slide to rest: long where friction nearly holds on the slope."""
    del numbers
    slope = values.get("site.cliff.talus_angle", np.zeros_like(values["motorcycle.slide_friction"]))
    braking = GRAVITY * (values["motorcycle.slide_friction"] * np.cos(slope) - np.sin(slope))
    far, fast = 500.0, 25.0
    stops = fast / np.maximum(braking, fast / 100.0)
    runs_out = np.sqrt(2.0 * far / np.maximum(-braking, 0.01)) + fast
    return np.where(braking > 0.0, stops, runs_out)


ORDERS: dict[str, Key] = {"canopy": _under_canopy, "motorcycle": _motorcycle}
"""By stage; the others take all runs about the same time."""
