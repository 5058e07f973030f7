"""A run and its scenario out of the folder that `fly --out` wrote."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from precipice.errors import InputError, PrecipiceError, quote
from precipice.report.clearance import NO_GAP
from precipice.scenario.load import reparse_scenario
from precipice.scenario.scenario import Scenario
from precipice.simulation.event import Event
from precipice.simulation.kind import KINDS
from precipice.simulation.run import SCHEMA_VERSION, Run
from precipice.simulation.track import COLUMNS, Track

FILES = ("run.json", "run.nc")
_AGAIN = "fly the scenario again with --out"
_LONGEST = 4_000_000
"""Bytes of a run.json; a long one has about 20,000."""


def read_run(folder: Path) -> tuple[Run, Scenario]:
    """Return the run that a folder holds and the scenario that was flown; nothing is flown again.

    Args:
        folder: Written by `precipice fly --out`.

    Raises:
        InputError: When it is no run folder, lacks a file, is damaged, or another version wrote it.
    """
    if not folder.is_dir():
        found = "a file" if folder.exists() else "missing"
        raise InputError(f"{folder} must be a run folder, but is {found}: name one that fly --out wrote")
    lost = [name for name in FILES if not (folder / name).is_file()]
    if lost:
        raise InputError(
            f"{folder} must hold {' and '.join(FILES)}, but lacks {' and '.join(lost)}: {_AGAIN} {folder}"
        )
    told = _json(folder / FILES[0])
    path = folder / FILES[1]
    refuse_version(path, _attempt(path, lambda: _attributes(path).get("schema_version")))
    run, scenario = _attempt(path, lambda: _read(path))
    _refuse_difference(folder, told, run, scenario)
    return run, scenario


def refuse_version(path: Path, version: object) -> None:
    """Refuse a file of another version than this program writes.

    Raises:
        InputError: Then.
    """
    if version != SCHEMA_VERSION:
        raise InputError(
            f"{path} must be of schema version {SCHEMA_VERSION}, but is of {quote(version)}: {_AGAIN}, "
            "or use the version of precipice that wrote it"
        )


def _damaged(path: Path, what: str) -> InputError:
    return InputError(f"{path} must be as precipice wrote it, but {what}: {_AGAIN}")


def _json(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            content = stream.read(_LONGEST + 1)
        told = json.loads(content.decode("utf-8")) if len(content) <= _LONGEST else None
    except OSError as error:
        raise InputError(f"{path} must be readable, but is not ({error.strerror}): check it") from None
    except (ValueError, RecursionError):
        raise _damaged(path, "is no whole JSON") from None
    if not isinstance(told, dict):
        raise _damaged(path, "is not a run's")
    refuse_version(path, told.get("schema_version"))
    return told


def _attempt(path: Path, read: Callable[[], Any]) -> Any:
    """Return what a reader of a foreign file finds, or refuse the file whatever it stumbles over."""
    try:
        return read()
    except PrecipiceError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file makes its reader raise anything
        reason = quote(str(error) or type(error).__name__, 80)
        raise _damaged(path, f"cannot be read ({reason})") from None


def _attributes(path: Path) -> dict[str, Any]:
    import netCDF4

    with netCDF4.Dataset(path) as file:
        found = {name: file.getncattr(name) for name in file.ncattrs()}
    return {name: v.item() if isinstance(v, np.generic) else v for name, v in found.items()}


def _read(path: Path) -> tuple[Run, Scenario]:
    import netCDF4

    told = _attributes(path)
    scenario = _scenario(path, told)
    with netCDF4.Dataset(path) as file:
        file.set_auto_mask(False)
        tracks = {body: _track(path, file, body) for body in KINDS[scenario.kind].bodies}
        run = Run(
            outcome=str(told["outcome"]),
            resolved=bool(told["resolved"]),
            doubts=tuple(str(told["doubts"]).split("; ")) if told["doubts"] else (),
            events=_events(file),
            numbers={
                name.removeprefix("number_"): float(variable[...])
                for name, variable in file.variables.items()
                if name.startswith("number_")
            },
            performer=next(iter(tracks.values())),
            motorcycle=tracks.get("motorcycle"),
            lip_altitude=float(told["lip_altitude_m"]),
            landing_altitude=float(told["landing_altitude_m"]),
            run=None if told["run"] == "none" else int(told["run"]),
            seed=None if told["seed"] == "none" else int(told["seed"]),
            values=dict(
                zip(map(str, file["field_path"][:]), map(float, file["field_value"][:]), strict=True)
            ),
            kind=scenario.kind,
            profile=np.asarray(file["rock_profile"][:]) if "rock_profile" in file.variables else None,
        )
    return run, scenario


def _scenario(path: Path, told: dict[str, Any]) -> Scenario:
    text, file = str(told["scenario_text"]), str(told["scenario_file"])
    try:
        scenario = reparse_scenario(text, file)
    except PrecipiceError as error:
        first = str(error).splitlines()[0]
        raise InputError(
            f"{path} must hold a scenario that this version of precipice reads, but does not ({first}): "
            f"correct the scenario and {_AGAIN}"
        ) from None
    # With a weather file the hash is of both, and that file may be elsewhere by now.
    if (
        not scenario.weather_sections()
        and hashlib.sha256(text.encode()).hexdigest() != told["scenario_sha256"]
    ):
        raise _damaged(path, "its scenario is not the one that was flown")
    return scenario


def _track(path: Path, file: Any, body: str) -> Track:
    phase = file[f"{body}_phase"]
    words = str(phase.flag_meanings).split()
    columns = {name: _column(file, body, name) for name in COLUMNS}
    track = Track(
        t=np.asarray(file[f"{body}_time"][:]), phase=np.array([words[code] for code in phase[:]]), **columns
    )
    moving = (track.t, track.position, track.velocity, track.attitude)
    if len(track.t) < 2 or not all(np.all(np.isfinite(values)) for values in moving):
        raise _damaged(path, f"the track of the {body} is not whole")
    unit = np.abs(np.linalg.norm(track.attitude, axis=1) - 1.0)
    if np.any(np.diff(track.t) < 0.0) or unit.max() > 1e-3:
        raise _damaged(path, f"the track of the {body} is no motion")
    return track


def _column(file: Any, body: str, name: str) -> np.ndarray:
    if name != "gap":
        return np.asarray(file[f"{body}_{name}"][:])
    rows = len(file.dimensions[f"{body}_step"])
    named = f"{body}_gap"
    values = np.asarray(file[named][:]) if named in file.variables else np.full(rows, np.nan)
    return np.where(np.isnan(values), NO_GAP, values)


def _events(file: Any) -> tuple[Event, ...]:
    def of(name: str) -> list[Any]:
        return np.asarray(file[f"event_{name}"][:]).tolist()

    rows = zip(
        *(
            of(name)
            for name in ("name", "body", "time", "position", "velocity", "altitude", "height", "load")
        ),
        strict=True,
    )
    return tuple(Event(name, body, t, tuple(at), tuple(v), *rest) for name, body, t, at, v, *rest in rows)


def _refuse_difference(folder: Path, told: dict[str, Any], run: Run, scenario: Scenario) -> None:
    """Refuse a folder whose two files are not of one run."""
    try:
        of_json = [told["scenario"]["run"], told["scenario"]["seed"], told["outcome"]]
        times = [float(event["t"]) for event in told["events"]]
    except (KeyError, TypeError, ValueError):
        raise _damaged(folder / FILES[0], "lacks what a run tells") from None
    same = of_json == [run.run, run.seed, run.outcome] and len(times) == len(run.events)
    if same:
        same = bool(np.allclose(times, [event.t for event in run.events], rtol=1e-6, atol=1e-6))
    if not scenario.weather_sections():
        same &= told["scenario"].get("sha256") == scenario.sha256
    if not same:
        raise InputError(
            f"{folder} must hold one run, but {' and '.join(FILES)} are of two: {_AGAIN} {folder}"
        )
