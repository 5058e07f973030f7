"""One run as a netCDF file: units and a name on every variable, provenance inside."""

import datetime as dt
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import precipice
from precipice.report.clearance import NO_GAP
from precipice.report.named_number import STANDARD_GRAVITY, TRACK, describe, si_unit
from precipice.report.scene import low_word, zero_time, zero_word
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import SCHEMA_VERSION, Run
from precipice.simulation.track import Track

_AXES = {"position": "axis", "velocity": "axis", "attitude": "quaternion", "control": "hand"}
_FRAME = (
    "Origin at the lip or exit; east, north, up; bearings clockwise from true north. Body axes forward, "
    "left, up; quaternions scalar first, body to east-north-up. Times count from the start of the run-up, "
    "or from the exit."
)


class Variable(NamedTuple):
    """One variable of the file.

    Attributes:
        dimensions: Names, one for each axis of the values.
        values: Numbers or words.
        attributes: Unit and meaning at least.
    """

    dimensions: tuple[str, ...]
    values: np.ndarray
    attributes: dict[str, Any]


def write_dataset(run: Run, scenario: Scenario, path: Path) -> None:
    """Write everything a run is made of as netCDF 4, by the CF conventions.

    Dimensions are `performer_step` (or `body_step`, `vehicle_step`), `motorcycle_step`, `event`, `field`,
    `axis`, `quaternion`, `hand`.

    Args:
        run: What happened.
        scenario: What was decided; its text goes into the attributes.
        path: Of the file.
    """
    import netCDF4

    variables = _variables(run, scenario)
    coordinates = [name for name in _coordinates(run) if name in variables]
    with netCDF4.Dataset(path, "w", format="NETCDF4") as file:
        file.setncatts(_attributes(run, scenario))
        for name, variable in variables.items():
            values = variable.values
            for dimension, length in zip(variable.dimensions, values.shape, strict=True):
                if dimension not in file.dimensions:
                    file.createDimension(dimension, length)
            words = values.dtype.kind == "U"
            missing = float("nan") if values.dtype.kind == "f" else None
            made = file.createVariable(
                name, str if words else values.dtype, variable.dimensions, fill_value=missing
            )
            beside = [
                other
                for other in coordinates
                if name not in coordinates and variables[other].dimensions[0] in variable.dimensions
            ]
            made.setncatts(variable.attributes | ({"coordinates": " ".join(beside)} if beside else {}))
            made[...] = values.astype(object) if words else values


def _coordinates(run: Run) -> list[str]:
    """Return names of what other variables are laid out along and that is no dimension itself."""
    return [
        *(f"{body}_time" for body in run.tracks),
        "event_name",
        "field_path",
        "axis_name",
        "quaternion_part",
    ]


def _variables(run: Run, scenario: Scenario) -> dict[str, Variable]:
    found = {
        # Named unlike their dimensions: by the CF conventions a coordinate variable holds numbers.
        "axis_name": _variable("axis", ["east", "north", "up"], "1", "axis of the local frame"),
        "quaternion_part": _variable(
            "quaternion", ["w", "x", "y", "z"], "1", "part of a quaternion, w is the scalar"
        ),
        **_tracks(run),
        **_events(run),
        **_numbers(run),
        **_fields(run, scenario),
    }
    if run.profile is not None:
        meaning = "corners of the rock's cross-section: out from the lip, up from the lip"
        found["rock_profile"] = _variable(("corner", "section"), run.profile, "m", meaning)
    return found


def _variable(dimensions: str | tuple[str, ...], values: Any, unit: str, meaning: str) -> Variable:
    along = (dimensions,) if isinstance(dimensions, str) else dimensions
    return Variable(along, np.asarray(values), {"units": unit, "long_name": meaning})


def _flags(dimension: str, words: np.ndarray, meaning: str) -> Variable:
    """Return words as small numbers, the way of the CF conventions: strings take long to write."""
    known = list(dict.fromkeys(words.tolist()))
    codes = np.array([known.index(word) for word in words.tolist()], np.int8)
    flags = {"flag_values": np.arange(len(known), dtype=np.int8), "flag_meanings": " ".join(known)}
    return Variable((dimension,), codes, {"units": "1", "long_name": meaning, **flags})


def _tracks(run: Run) -> dict[str, Variable]:
    found: dict[str, Variable] = {}
    for body, track in run.tracks.items():
        found |= _track(track, body)
    if run.motorcycle is None:
        del found[f"{run.subject}_gap"]
    return found


def _track(track: Track, body: str) -> dict[str, Variable]:
    step = f"{body}_step"
    found = {
        f"{body}_time": _variable(step, track.t, "s", f"{body}: time from the start of the run-up"),
        f"{body}_phase": _flags(step, track.phase, f"{body}: phase of the stunt"),
    }
    for name, column in TRACK.items():
        values = np.asarray(getattr(track, name), float)
        if name == "gap":
            values = np.where(values < NO_GAP, values, np.nan)
        dimensions = (step, _AXES[name]) if name in _AXES else step
        found[f"{body}_{name}"] = _variable(dimensions, values, column.unit, f"{body}: {column.meaning}")
    return found


def _events(run: Run) -> dict[str, Variable]:
    def of(name: str) -> list[Any]:
        return [getattr(event, name) for event in run.events]

    return {
        "event_name": _variable("event", of("name"), "1", "what happened"),
        "event_body": _variable("event", of("body"), "1", "to which body"),
        "event_time": _variable("event", of("t"), "s", "time of the event from the start of the run-up"),
        "event_position": _variable(("event", "axis"), of("position"), "m", TRACK["position"].meaning),
        "event_velocity": _variable(("event", "axis"), of("velocity"), "m s-1", TRACK["velocity"].meaning),
        "event_altitude": _variable("event", of("altitude"), "m", "altitude above sea level"),
        "event_height": _variable("event", of("height"), "m", f"height above {low_word(run)}"),
        "event_load": _variable("event", of("load"), STANDARD_GRAVITY, TRACK["load"].meaning),
    }


def _numbers(run: Run) -> dict[str, Variable]:
    found = {name: (describe(name), value) for name, value in sorted(run.numbers.items())}
    return {f"number_{name}": _variable((), value, d.unit, d.meaning) for name, (d, value) in found.items()}


def _fields(run: Run, scenario: Scenario) -> dict[str, Variable]:
    """Return what was flown for every field of the scenario; each has a unit of its own beside it."""
    quantities = scenario.quantities()
    paths = list(quantities)
    values = [run.values.get(path, quantity.value) for path, quantity in quantities.items()]
    units = [si_unit(quantity.dimension) for quantity in quantities.values()]
    bases = [quantity.basis for quantity in quantities.values()]
    return {
        "field_path": _variable("field", paths, "1", "dotted path of a scenario field"),
        "field_value": _variable("field", values, "1", "what was flown for the field, SI, in its field_unit"),
        "field_unit": _variable("field", units, "1", "SI unit of the field's value"),
        "field_basis": _variable("field", bases, "1", "measured, published or assumed"),
    }


def _attributes(run: Run, scenario: Scenario) -> dict[str, Any]:
    zero = zero_time(run)
    absent = "none"
    return {
        "title": scenario.title or scenario.file,
        "Conventions": "CF-1.11",
        "history": f"precipice {precipice.__version__}: precipice fly",
        "schema_version": SCHEMA_VERSION,
        "frame": _FRAME,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "precipice_version": precipice.__version__,
        "python_version": platform.python_version(),
        **{f"{name}_version": _version(name) for name in ("jax", "jaxlib", "llvmlite", "numpy", "netCDF4")},
        "scenario_file": scenario.file,
        "scenario_kind": scenario.kind,
        "scenario_sha256": scenario.sha256,
        "scenario_text": scenario.text,
        "run": absent if run.run is None else run.run,
        "seed": absent if run.seed is None else str(run.seed),
        "outcome": run.outcome,
        "resolved": int(run.resolved),
        "doubts": "; ".join(run.doubts),
        f"{zero_word(run)}_time_s": absent if zero is None else zero,
        "lip_latitude_deg": float(np.degrees(scenario.site.latitude.value)),
        "lip_longitude_deg": float(np.degrees(scenario.site.longitude.value)),
        "lip_altitude_m": run.lip_altitude,
        "landing_altitude_m": run.landing_altitude,
        "vertical_datum": scenario.site.vertical_datum,
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
