"""Writing runs as a file of one of the formats: whole or not at all."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from precipice.errors import InputError, quote
from precipice.report.export.clip import Clip, build_clip
from precipice.report.export.form import Wish, refuse_wish
from precipice.report.export.gather import Gathered
from precipice.report.export.globe import Globe, find_globe
from precipice.report.export.told import tell
from precipice.report.files import put_whole
from precipice.report.scene import zero_word

if TYPE_CHECKING:
    from precipice.report.export.ground import Surface

RESERVED = ("run.json", "run.nc", "track.csv", "flight.png", "manifest.json", "assessment.json")
"""What a run's or a campaign's own files are called."""


def export(gathered: Gathered, wish: Wish, path: Path) -> Path:
    """Write runs as a file for other programs.

    Args:
        gathered: Runs and their scenario.
        wish: Format and what is asked of it.
        path: Of the file; one that is there is replaced.

    Returns:
        The path.

    Raises:
        InputError: When the format cannot carry it, or the file cannot be written.
    """
    refuse_path(path)
    refuse_wish(wish, 1 + len(gathered.others))
    clip = _choose_camera(build_clip(gathered.run, gathered.scenario, wish.rate, gathered.others), wish)
    start = clip.start(wish.takeoff)
    if start is None and wish.form.needs_date:
        raise InputError(
            f"site.date and site.time must say when, for --to {wish.form.name}, but are absent: add them and "
            "fly again, or give the time of takeoff or exit with --takeoff"
        )
    globe = None
    if "globe" in wish.form.carries:
        globe = find_globe(gathered.scenario, gathered.run.lip_altitude, wish.datum)
    job = _Job(clip, globe, start, wish.ground)
    try:
        put_whole(path, lambda part: _WRITERS[wish.form.name](job, part))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{path} must be writable, but is not ({reason}): choose another place with -o"
        ) from None
    return path


def refuse_path(path: Path) -> None:
    """Refuse a file name that must not be written to.

    Raises:
        InputError: When it is a folder, or one of a run's own files.
    """
    if path.is_dir():
        raise InputError(f"-o must be a file, but {path} is a folder: add a file name")
    if path.name in RESERVED and any((path.parent / name).exists() for name in RESERVED):
        raise InputError(f"-o must be a new file, but {path} is one of the folder's own: choose another name")


def _choose_camera(clip: Clip, wish: Wish) -> Clip:
    """Return a clip with the camera that is asked for alone; a format of one camera needs one."""
    names = [shot.name for shot in clip.cameras]
    listed = ", ".join(quote(name) for name in names) or "none"
    if wish.camera is not None:
        if wish.camera not in names:
            raise InputError(
                f"--camera must be one of the scenario's, but is {quote(wish.camera)}: it has {listed}"
            )
        return dataclasses.replace(clip, cameras=tuple(s for s in clip.cameras if s.name == wish.camera))
    if "many" not in wish.form.carries and not names:
        raise InputError(
            f"site.camera must hold a camera for --to {wish.form.name}, but there is none: add one "
            "and fly again"
        )
    if "many" not in wish.form.carries and len(names) > 1:
        raise InputError(
            f"--to {wish.form.name} must be of one camera, but the scenario has {len(names)}: name one of "
            f"{listed} with --camera"
        )
    return clip


class _Job(NamedTuple):
    """What a writer writes, as far as its format needs it."""

    clip: Clip
    globe: Globe | None
    start: dt.datetime | None
    with_ground: bool

    @property
    def told(self) -> dict[str, Any]:
        return tell(self.clip, self.globe, self.start)

    @property
    def on_globe(self) -> Globe:
        assert self.globe is not None
        return self.globe

    @property
    def dated(self) -> dt.datetime:
        assert self.start is not None
        return self.start

    @property
    def ground(self) -> "list[Surface]":
        from precipice.report.export.ground import build_ground

        return build_ground(self.clip) if self.with_ground else []


def _put_lines(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def _kml(job: _Job, path: Path) -> None:
    from precipice.report.export.kml import kml_lines

    _put_lines(path, kml_lines(job.clip, job.on_globe, job.dated, job.told))


def _czml(job: _Job, path: Path) -> None:
    from precipice.report.export.czml import czml_lines

    _put_lines(path, czml_lines(job.clip, job.on_globe, job.dated, job.told))


def _csv(job: _Job, path: Path) -> None:
    from precipice.report.export.table import csv_lines

    _put_lines(path, csv_lines(job.clip, job.on_globe, job.start, zero_word(job.clip.run)))


def _netcdf(job: _Job, path: Path) -> None:
    from precipice.report.export.trajectory import write_trajectories

    write_trajectories(job.clip, job.on_globe, job.start, job.told, path)


def _glb(job: _Job, path: Path) -> None:
    from precipice.report.export.glb import glb_bytes

    path.write_bytes(glb_bytes(job.clip, job.ground, job.told))


def _usda(job: _Job, path: Path) -> None:
    from precipice.report.export.usda import usda_lines

    _put_lines(path, usda_lines(job.clip, job.ground, job.told))


def _chan(job: _Job, path: Path) -> None:
    from precipice.report.export.chan import chan_lines

    _put_lines(path, chan_lines(job.clip.cameras[0], job.clip.frames))


_WRITERS: dict[str, Callable[[_Job, Path], None]] = {
    "kml": _kml,
    "czml": _czml,
    "glb": _glb,
    "usda": _usda,
    "csv": _csv,
    "netcdf": _netcdf,
    "chan": _chan,
}
