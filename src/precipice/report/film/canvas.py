"""Drawing triangles into memory with raylib's software renderer: no screen, no graphics card."""

import contextlib
import os
import platform
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np

from precipice.errors import InputError

FINE = 2
"""Samples a pixel, each way: edges are smooth."""
_PROJECTION, _MODELVIEW = 0x1701, 0x1700
_LOG_INFO, _LOG_NONE = 3, 7
_RGBA, _SHRUNK, _GROWN, _LINEAR, _NEAREST = 7, 0x2801, 0x2800, 0x2601, 0x2600
_QUIET = {"SDL_VIDEO_DRIVER": "dummy", "SDL_VIDEODRIVER": "dummy", "SDL_NO_SIGNAL_HANDLERS": "1"}


class View(NamedTuple):
    """Where a picture is taken from and how much it shows.

    Attributes:
        position: East-north-up, `(3,)` [m].
        axes: Right, up and back as columns, `(3, 3)`.
        across: Tangent of half the angle of view from side to side.
        upright: Tangent of half the angle from bottom to top.
    """

    position: np.ndarray
    axes: np.ndarray
    across: float
    upright: float

    def project(self, points: np.ndarray) -> np.ndarray:
        """Return where points are in the picture and how far, `(..., 3)`.

        The first two are -1 at the left or lower edge and 1 at the right or upper one; the third is the
        distance along the look [m], negative behind.

        Args:
            points: East-north-up, `(..., 3)` [m].

        Source: pinhole, u = f X / Z.
        """
        x, y, back = np.moveaxis((np.asarray(points, float) - self.position) @ self.axes, -1, 0)
        ahead = -back
        far = np.where(np.abs(ahead) > 1e-9, ahead, 1e-9)
        return np.stack([x / (far * self.across), y / (far * self.upright), ahead], axis=-1)


def find_raylib() -> Any:
    """Return the library that draws.

    Raises:
        InputError: When it is not installed, or not for this system.
    """
    loud = sys.modules.get("raylib") is None
    try:
        with _muted() if loud else contextlib.nullcontext():
            import raylib
    except ImportError:
        raise InputError(f"film must have the package raylib_software, but {_way_out()}") from None
    return raylib


def _way_out() -> str:
    system, machine = sys.platform, platform.machine()
    if system == "win32" or (system == "linux" and machine == "x86_64"):
        return "it is not installed: pip install 'precipice[video]'"
    return (
        f"nobody builds it for {system} on {machine}: film on Linux (x86_64) or Windows, or export the "
        "flight with precipice export --to glb"
    )


@contextlib.contextmanager
def _muted() -> Iterator[None]:
    """Keep a library from telling on standard error that it was loaded."""
    import logging

    logger = logging.getLogger("raylib")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


class Canvas:
    """A picture in memory; one at a time in a process, as raylib has one.

    Attributes:
        width: Of a finished picture [pixels].
        height: [pixels].
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._raylib: Any = None

    def __enter__(self) -> "Canvas":
        self._raylib = library = find_raylib()
        rl = library.rl
        before = {name: os.environ.get(name) for name in _QUIET}
        os.environ.update(_QUIET)
        try:
            with _silent(rl):
                rl.SetTraceLogLevel(_LOG_NONE)
                rl.InitWindow(FINE * self.width, FINE * self.height, b"precipice")
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        if not rl.IsWindowReady():
            raise InputError("the renderer must start, but does not: choose a smaller --size")
        rl.rlDisableBackfaceCulling()
        self._material = rl.LoadMaterialDefault()
        self._plain = int(self._material.maps[0].texture.id)
        self._unmoved = library.ffi.new("Matrix *", {f"m{k}": 1.0 for k in (0, 5, 10, 15)})
        self._learn_order()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _silent(self._raylib.rl):
            self._raylib.rl.CloseWindow()

    def begin(self, view: View, near: float, far: float) -> None:
        """Start a picture.

        Args:
            view: From where, and how much is shown.
            near: What is nearer is not drawn [m].
            far: What is farther is not drawn [m].
        """
        rl = self._raylib.rl
        rl.rlViewport(0, 0, FINE * self.width, FINE * self.height)
        rl.rlClearScreenBuffers()
        rl.rlMatrixMode(_PROJECTION)
        rl.rlLoadIdentity()
        across, upright = near * view.across, near * view.upright
        rl.rlFrustum(-across, across, -upright, upright, near, far)
        rl.rlMatrixMode(_MODELVIEW)
        rl.rlLoadIdentity()
        turn = np.eye(4)
        turn[:3, :3] = view.axes.T
        turn[:3, 3] = -view.axes.T @ view.position
        rl.rlMultMatrixf(self._raylib.ffi.new("float[16]", turn.T.ravel().tolist()))
        rl.rlEnableDepthTest()
        rl.rlEnableColorBlend()

    def pattern(self, light: np.ndarray, *, smooth: bool) -> int:
        """Keep a pattern for `draw`, and return its number.

        Args:
            light: By which colours are multiplied, `(rows, columns)`, 0 to 1.
            smooth: Whether it is smooth between its texels, which takes three times as long.
        """
        rl, ffi = self._raylib.rl, self._raylib.ffi
        texels = np.full((*light.shape, 4), 255, np.uint8)
        texels[..., :3] = np.round(255.0 * light)[..., None]
        data = ffi.cast("void *", ffi.from_buffer(texels))
        number = int(rl.rlLoadTexture(data, light.shape[1], light.shape[0], _RGBA, 1))
        for which in (_SHRUNK, _GROWN):
            rl.rlTextureParameters(number, which, _LINEAR if smooth else _NEAREST)
        return number

    def draw(
        self,
        corners: np.ndarray,
        colours: np.ndarray,
        pattern: tuple[int, np.ndarray] | None = None,
        *,
        hides: bool = True,
    ) -> None:
        """Draw triangles.

        Args:
            corners: Three for each triangle, east-north-up, `(3 n, 3)` [m].
            colours: Red, green, blue, opacity of each corner, 0 to 255, `(3 n, 4)`.
            pattern: Number of one that was kept, and where in it the corners are, `(3 n, 2)` [repeats].
            hides: Whether what is farther and is drawn later is hidden; nearer things hide these in any case.
        """
        if not len(corners):
            return
        rl, ffi = self._raylib.rl, self._raylib.ffi
        points = np.ascontiguousarray(corners, np.float32)
        paint = np.ascontiguousarray(colours, np.uint8)
        mesh = ffi.new("Mesh *")
        mesh.vertexCount, mesh.triangleCount = len(points), len(points) // 3
        mesh.vertices = ffi.cast("float *", ffi.from_buffer(points))
        mesh.colors = ffi.cast("unsigned char *", ffi.from_buffer(paint))
        self._material.maps[0].texture.id = self._plain if pattern is None else pattern[0]
        if pattern is not None:
            repeats = np.ascontiguousarray(pattern[1], np.float32)
            mesh.texcoords = ffi.cast("float *", ffi.from_buffer(repeats))
        (rl.rlEnableDepthMask if hides else rl.rlDisableDepthMask)()
        rl.DrawMesh(mesh[0], self._material, self._unmoved[0])
        rl.rlEnableDepthMask()

    def _learn_order(self) -> None:
        """Find out which row and which colour this build of the library gives first: they differ."""
        self.begin(View(np.zeros(3), np.eye(3), 1.0, 1.0), 0.5, 10.0)
        corners = np.array([[-9.0, 0.0, -2.0], [9.0, 0.0, -2.0], [0.0, 9.0, -2.0]])
        self.draw(corners, np.tile(np.array([255, 0, 0, 255], np.uint8), (3, 1)))
        raw = self._raw()
        upper, lower = (raw[row, raw.shape[1] // 2] for row in (len(raw) // 4, -len(raw) // 4))
        self._from_below = not upper[:3].any()
        red = lower if self._from_below else upper
        self._red_first = bool(red[0] > red[2])

    def read(self) -> np.ndarray:
        """Return what was drawn, `FINE` samples a pixel each way, from the top, `(rows, columns, 3)`."""
        raw = self._raw()[:: -1 if self._from_below else 1]
        return raw[..., :3] if self._red_first else raw[..., 2::-1]

    def _raw(self) -> np.ndarray:
        rl, ffi = self._raylib.rl, self._raylib.ffi
        wide, high = FINE * self.width, FINE * self.height
        found = rl.rlReadScreenPixels(wide, high)
        try:
            return np.frombuffer(ffi.buffer(found, 4 * wide * high), np.uint8).reshape(high, wide, 4).copy()
        finally:
            rl.MemFree(found)


@contextlib.contextmanager
def _silent(rl: Any) -> Iterator[None]:
    """Keep the renderer's own words off standard output, which is for what was asked for."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        # Only a message flushes what the library has already printed.
        rl.SetTraceLogLevel(_LOG_INFO)
        rl.TraceLog(_LOG_INFO, b"")
        rl.SetTraceLogLevel(_LOG_NONE)
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
