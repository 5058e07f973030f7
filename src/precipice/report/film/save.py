"""A film or single pictures as files: whole or not at all."""

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np

import precipice
from precipice.errors import InputError, quote
from precipice.report.export.gather import Say, gather
from precipice.report.export.told import LICENCE
from precipice.report.export.write import refuse_path
from precipice.report.film.canvas import find_raylib
from precipice.report.film.encode import FORMS, encode, find_ffmpeg
from precipice.report.film.eye import find_name
from precipice.report.film.film import Span, Take, Tell, build_stage, clock, pictures, span_of, take
from precipice.report.read_run import FILES, read_run
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.whole_file import whole_file

BEFORE, AFTER = 3.0, 5.0
"""Without --from and --to: from before takeoff or exit until after the canopy is open, or the end [s]."""
MANIFEST, RUN = "manifest.json", FILES[0]
LEAST, MOST = (160, 120), (3840, 2160)
"""Columns and rows of a picture."""
MOST_PICTURES = 20_000


class Wish(NamedTuple):
    """What is asked for.

    Attributes:
        camera: Its name.
        size: Columns and rows.
        rate: Pictures a second.
        since: First time [s after takeoff or exit]; None: see `BEFORE`.
        until: Last time; None: see `AFTER`.
        stills: Times of single pictures; none: a film.
    """

    camera: str
    size: tuple[int, int]
    rate: Fraction
    since: float | None
    until: float | None
    stills: tuple[float, ...]


def read_flight(folder: Path, number: int | None, say: Say | None = None) -> tuple[Run, Scenario]:
    """Return the run to film and its scenario.

    Args:
        folder: Of `fly --out`; or of `assess --out`, which holds many runs: then one is flown again.
        number: Of a campaign's run.
        say: Told what takes long.

    Raises:
        InputError: When the folder is none, incomplete, damaged or of another version.
    """
    is_campaign = (folder / MANIFEST).is_file() and not (folder / RUN).exists()
    if is_campaign and number is None:
        raise InputError(
            f"{folder} must be a run folder, but is a campaign's, which holds many runs: add --run 0 to fly "
            "one of its runs again and film it"
        )
    if number is not None and not is_campaign:
        found = "is a run's" if (folder / RUN).exists() else "is none"
        raise InputError(f"--run must come with a campaign's folder, but {folder} {found}: leave it out")
    if number is None:
        return read_run(folder)
    gathered = gather([folder], str(number), say)
    return gathered.others[f"run {number}"], gathered.scenario


def read_size(text: str) -> tuple[int, int]:
    """Return columns and rows: "1280x720".

    Raises:
        InputError: When it is no such size, or not even, which films must be.
    """
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text.strip(), re.ASCII)
    wide, high = (int(found[1]), int(found[2])) if found else (0, 0)
    fits = LEAST[0] <= wide <= MOST[0] and LEAST[1] <= high <= MOST[1]
    if not fits or wide % 2 or high % 2:
        raise InputError(
            f"--size must be even numbers of columns and rows from {LEAST[0]}x{LEAST[1]} to "
            f"{MOST[0]}x{MOST[1]}, but is {quote(text)}: write 1280x720"
        )
    return wide, high


def refuse_wish(wish: Wish, path: Path) -> None:
    """Refuse what cannot be made, before a run is read or flown.

    Args:
        wish: What is asked for.
        path: Where it goes.

    Raises:
        InputError: Saying what, and what to do.
    """
    refuse_path(path)
    if not path.parent.is_dir():
        raise InputError(
            f"-o must lie in a folder, but {path.parent} is none: make it, or choose another place"
        )
    given = [name for name, value in (("--from", wish.since), ("--to", wish.until)) if value is not None]
    ending = path.suffix.lower()
    if wish.stills:
        if given:
            raise InputError(
                f"{given[0]} must come without --still, which is one picture: leave one of them out"
            )
        if ending != ".png":
            raise InputError(f"-o must end in .png for --still, but is {quote(path.name)}: rename it")
    elif ending not in FORMS:
        what = ": add --still SECONDS for a picture" if ending == ".png" else ": rename it"
        raise InputError(f"-o must end in {', '.join(FORMS)}, but is {quote(path.name)}{what}")
    find_raylib()
    if not wish.stills:
        find_ffmpeg()


def save_film(run: Run, scenario: Scenario, wish: Wish, path: Path, tell: Tell | None = None) -> list[Path]:
    """Write a film, or single pictures, and return the files.

    Args:
        run: What happened.
        scenario: What was decided.
        wish: What is asked for.
        path: Of the file; one that is there is replaced. Of several pictures, each has its time in its name.
        tell: Told how many of how many pictures are done.

    Raises:
        InputError: When there is no such camera or time, or a file cannot be written.
    """
    refuse_wish(wish, path)
    span, camera = span_of(run), find_name(wish.camera, scenario)
    if wish.stills:
        time = np.array([clock(span, since, "--still") for since in wish.stills])
        return _stills(take(build_stage(run, scenario), camera, time, wish.size), wish.stills, path, tell)
    time = film_times(run, wish)
    shot = take(build_stage(run, scenario), camera, time, wish.size)
    title = scenario.title or scenario.file
    doubt = "" if run.resolved else " UNRESOLVED: its numbers cannot be trusted."
    about = {
        "title": f"{title}: {camera}",
        "comment": f"Simulated by precipice {precipice.__version__}.{doubt} {LICENCE}",
    }
    kind = FORMS[path.suffix.lower()]
    with whole_file(path) as part:
        encode(pictures(shot, tell), wish.size, wish.rate, part, kind, about)
    return [path]


def film_times(run: Run, wish: Wish) -> np.ndarray:
    """Return the times of a film's pictures, from its first to before its last, `(n,)` [s].

    Raises:
        InputError: When they lie outside the run, or are too many.
    """
    span = span_of(run)
    first, last = _ends(run, span, wish)
    if last <= first:
        raise InputError(
            f"--to must be later than --from, but {last - span.zero:g} is not later than "
            f"{first - span.zero:g}: give both in seconds from takeoff or exit"
        )
    count = max(1, math.floor((last - first) * wish.rate + 1e-6))
    if count > MOST_PICTURES:
        raise InputError(
            f"a film must have at most {MOST_PICTURES} pictures, but {last - first:.0f} s at "
            f"{float(wish.rate):g} a second are {count}: choose a shorter --from and --to, or fewer --fps"
        )
    return first + np.arange(count) / float(wish.rate)


def _ends(run: Run, span: Span, wish: Wish) -> tuple[float, float]:
    opened = run.event("canopy open")
    until = span.last if opened is None else min(opened.t + AFTER, span.last)
    first = max(span.first, span.clock(-BEFORE)) if wish.since is None else clock(span, wish.since, "--from")
    if wish.until is None and wish.since is not None and first >= until:
        until = span.last
    return first, until if wish.until is None else clock(span, wish.until, "--to")


def _stills(shot: Take, times: Sequence[float], path: Path, tell: Tell | None) -> list[Path]:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    about = PngInfo()
    about.add_text("Software", f"precipice {precipice.__version__}")
    about.add_itxt("Comment", f"Simulated. {LICENCE}")
    names = [path] if len(times) == 1 else [path.with_stem(f"{path.stem}_{since:+.2f}") for since in times]
    for name, picture in zip(names, pictures(shot, tell), strict=True):
        with whole_file(name) as part:
            Image.fromarray(picture).save(part, format="PNG", pnginfo=about)
    return names
