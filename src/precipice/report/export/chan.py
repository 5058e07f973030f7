"""Nuke's .chan: one camera, a line for each frame; y up, metres, degrees."""

from collections.abc import Iterator

import numpy as np

from precipice.report.export.camera import Shot
from precipice.report.export.rotation import y_up


def chan_lines(shot: Shot, frames: np.ndarray) -> Iterator[str]:
    """Yield frame, place, rotations about x, y and z, and vertical angle of view of each frame.

    A camera with a level horizon has no rotation about z: tilt about x, then pan about y. So every order
    of rotations that turns about y after x reads it alike, Nuke's own (ZXY) among them.

    Args:
        shot: One camera.
        frames: Their numbers, `(n,)`.

    Source: Nuke's readers of .chan, as the nukescripts reference tells: frame tx ty tz rx ry rz vfov.
    """
    place = " ".join(f"{x:.6f}" for x in y_up(shot.position).tolist())
    view = np.degrees(shot.lens.vertical)
    turns = np.degrees(np.stack([shot.tilt, -shot.pan], axis=1)) + 0.0
    for frame, (tilt, pan) in zip(frames.tolist(), turns.tolist(), strict=True):
        yield f"{frame} {place} {tilt:.6f} {pan:.6f} 0.000000 {view:.6f}"
