"""Reanalysis and model fields as netCDF: ERA5 on pressure levels, with or without the surface."""

import datetime as dt
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from precipice.errors import RuleError, quote
from precipice.scenario.weather.sounding import Request, Row, Sounding, build_sounding
from precipice.scenario.weather.standard import (
    GAS_CONSTANT,
    GRAVITY,
    Numbers,
    geometric_altitude,
    humidity_of,
    saturation_pressure,
)

FORM = "ERA5 netCDF"
_NAMES = {
    "time": ("valid_time", "time"),
    "level": ("pressure_level", "level", "isobaricInhPa", "plev"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon"),
}
_LEVELS = {"hPa": 100.0, "millibars": 100.0, "mbar": 100.0, "Pa": 1.0}
_UNITS = {
    "z": ("m**2 s**-2", "m2 s-2"),
    "t": ("K",),
    "u": ("m s**-1", "m s-1", "m/s"),
    "v": ("m s**-1", "m s-1", "m/s"),
    "r": ("%",),
    "q": ("kg kg**-1", "kg kg-1", "1"),
    "sp": ("Pa",),
    "t2m": ("K",),
    "d2m": ("K",),
    "u10": ("m s**-1", "m s-1", "m/s"),
    "v10": ("m s**-1", "m s-1", "m/s"),
}
_ASK = "ask for geopotential, temperature, u and v component of wind on pressure levels"


class _Share(NamedTuple):
    """Neighbours along one dimension and how much each counts."""

    places: list[int]
    weights: list[float]


class _Grid:
    """Reads variables at one time and place, linearly between the neighbours."""

    def __init__(self, data: Any, shares: dict[str, _Share], level: str | None) -> None:
        self.data = data
        self.shares = shares
        self.level = level

    def has(self, name: str, *, levels: bool) -> bool:
        """Return whether there is a variable, on levels or not."""
        found = self.data.variables.get(name)
        return found is not None and (self.level in found.dimensions) == levels

    def read(self, name: str) -> Numbers:
        """Return a variable at the place and time, `(levels,)` or `()`; nan where it is masked."""
        variable = self.data.variables[name]
        unit = str(getattr(variable, "units", ""))
        if unit not in _UNITS[name]:
            raise RuleError(f"must have {name} in {_UNITS[name][0]}", quote(unit), "save it as ERA5 has it")
        picks = [self.shares[d].places if d in self.shares else slice(None) for d in variable.dimensions]
        values = np.ma.filled(np.ma.asarray(variable[tuple(picks)], float), np.nan)
        for axis in reversed(range(values.ndim)):
            dimension = variable.dimensions[axis]
            if dimension in self.shares:
                values = np.tensordot(values, self.shares[dimension].weights, (axis, 0))
            elif dimension != self.level:
                values = _without(values, axis, dimension)
        return values


def _without(values: Numbers, axis: int, dimension: str) -> Numbers:
    """Return values without a dimension of one, or of ERA5 beside its preliminary version."""
    if values.shape[axis] == 1:
        return np.take(values, 0, axis)
    if dimension == "expver":
        first, second = np.take(values, 0, axis), np.take(values, 1, axis)
        return np.where(np.isfinite(first), first, second)
    found = f"{values.shape[axis]} along {quote(dimension)}"
    raise RuleError("must have one value for each time, level and place", found, "save one member alone")


def read_era5(path: Path, request: Request) -> Sounding:
    """Return the column of air at the requested place and time, linear between the neighbours of both.

    Packed numbers are unpacked; longitudes may run to 180 or to 360 degrees; geopotential over 9.80665
    is height, and height becomes altitude with the place's gravity. Levels below the model's ground are
    left out where the file has the surface pressure.

    Args:
        path: Of the file.
        request: Place, and time where the file has several.

    Raises:
        RuleError: If variables lack, or the file does not cover the place.
    """
    import netCDF4

    _refuse_cut(path)
    try:
        with netCDF4.Dataset(str(path)) as data:
            return _column(data, request)
    except RuleError:
        raise
    except (OSError, RuntimeError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = quote(getattr(error, "strerror", None) or str(error))
        raise RuleError("must be whole netCDF", f"damaged ({reason})", "download it again") from None


def _refuse_cut(path: Path) -> None:
    """Refuse a netCDF 3 file that ends early: its library would read zeros there, weather of no day."""
    from scipy.io import netcdf_file

    with path.open("rb") as stream:
        kind = stream.read(4)
    if not kind.startswith(b"CDF"):
        return
    if kind[3:] not in (b"\x01", b"\x02"):
        raise RuleError("must be netCDF 3 or 4", f"of version {kind[3]}", "save it as netCDF 4")
    try:
        with netcdf_file(str(path), mmap=False) as data:
            for variable in data.variables.values():
                variable[:]
    except Exception as error:  # noqa: BLE001 - scipy raises whatever the damage leads to
        raise RuleError(
            "must be whole netCDF", f"cut or damaged ({quote(str(error))})", "download it again"
        ) from None


def _column(data: Any, request: Request) -> Sounding:
    names = {role: _find(data, role) for role in _NAMES}
    for role in ("time", "latitude", "longitude"):
        if names[role] is None:
            raise RuleError(f"must have {role}", f"variables {_listed(data)}", _ASK)
    if request.latitude is None or request.longitude is None:
        raise RuleError("must be asked for one place", _box(data, names), "add latitude and longitude")
    time, share = _time_share(data.variables[names["time"]], request.time)
    shares = {
        names["time"]: share,
        names["latitude"]: _place_share(data, names, "latitude", math.degrees(request.latitude)),
        names["longitude"]: _place_share(data, names, "longitude", math.degrees(request.longitude)),
    }
    grid = _Grid(data, shares, names["level"])
    notes: list[str] = []
    rows = _surface_and_levels(grid, request, notes)
    east = (math.degrees(request.longitude) + 180.0) % 360.0 - 180.0
    return build_sounding(
        FORM, rows, time=time, latitude=request.latitude, longitude=request.longitude,
        place=f"{math.degrees(request.latitude):.4f}, {east:.4f}", notes=notes,
    )  # fmt: skip


def _find(data: Any, role: str) -> Any:
    return next((name for name in _NAMES[role] if name in data.variables), None)


def _listed(data: Any) -> str:
    return ", ".join(list(data.variables)[:15]) or "none"


def _box(data: Any, names: dict[str, Any]) -> str:
    def span(role: str) -> str:
        values = np.asarray(data.variables[names[role]][:], float)
        return f"{role} {values.min():g} to {values.max():g}"

    return f"{span('latitude')}, {span('longitude')}"


def _time_share(variable: Any, wanted: dt.datetime | None) -> tuple[dt.datetime, _Share]:
    import netCDF4

    calendar = getattr(variable, "calendar", "standard")
    found: Any = netCDF4.num2date(
        np.atleast_1d(variable[:]), variable.units, calendar,
        only_use_cftime_datetimes=False, only_use_python_datetimes=True,
    )  # fmt: skip
    times = [time.replace(tzinfo=dt.UTC) for time in found]
    if wanted is None and len(times) > 1:
        ends = f"{len(times)} times, {min(times):%Y-%m-%d %H:%MZ} to {max(times):%Y-%m-%d %H:%MZ}"
        raise RuleError("must be asked for one time", ends, "add the time that is meant")
    seconds = np.array([time.timestamp() for time in times])
    at = float(np.clip((wanted or times[0]).timestamp(), seconds.min(), seconds.max()))
    return dt.datetime.fromtimestamp(at, dt.UTC), _share(seconds, at)


def _share(nodes: Numbers, at: float) -> _Share:
    """Return the neighbours of a value among nodes in any order, the value inside their range."""
    order = np.argsort(nodes)
    after = int(np.clip(np.searchsorted(nodes[order], at), min(1, len(nodes) - 1), len(nodes) - 1))
    low, high = (int(order[k]) for k in (max(after - 1, 0), after))
    if low == high or nodes[high] == nodes[low]:
        return _Share([high], [1.0])
    share = (at - float(nodes[low])) / float(nodes[high] - nodes[low])
    pairs = sorted([(low, 1.0 - share), (high, share)])
    return _Share([place for place, _ in pairs], [weight for _, weight in pairs])


def _place_share(data: Any, names: dict[str, Any], role: str, degrees: float) -> _Share:
    nodes: Numbers = np.atleast_1d(np.asarray(data.variables[names[role]][:], float))
    tried = [degrees] if role == "latitude" else [degrees, degrees + 360.0, degrees - 360.0]
    for at in tried:
        if nodes.min() - 1e-6 <= at <= nodes.max() + 1e-6:
            return _share(nodes, float(np.clip(at, nodes.min(), nodes.max())))
    if role == "longitude" and len(nodes) > 2:
        # A grid around the globe has no last column: beyond it comes the first.
        ends = np.array([nodes.max(), nodes.min() + 360.0])
        at = next((at for at in tried if ends[0] <= at <= ends[1]), None)
        if at is not None and ends[1] - ends[0] <= 1.5 * abs(nodes[1] - nodes[0]):
            share = (at - ends[0]) / (ends[1] - ends[0])
            pairs = sorted([(int(np.argmax(nodes)), 1.0 - share), (int(np.argmin(nodes)), share)])
            return _Share([place for place, _ in pairs], [weight for _, weight in pairs])
    rule = f"must cover {role} {degrees:.4f} deg"
    raise RuleError(rule, _box(data, names), "download the area around the place, or name another place")


def _surface_and_levels(grid: _Grid, request: Request, notes: list[str]) -> list[Row]:
    latitude = request.latitude if request.latitude is not None else math.nan
    levels = _levels(grid, latitude) if grid.has("z", levels=True) else []
    surface = grid.has("sp", levels=False)
    if not levels and not surface:
        lacks = ", ".join(name for name in ("z", "t", "u", "v") if name not in grid.data.variables)
        raise RuleError(
            "must have z, t, u, v on pressure levels",
            f"without {lacks or 'levels'}: {_listed(grid.data)}",
            _ASK,
        )
    if not surface:
        notes.append("no surface: levels below the model's ground, if any, are not told from air")
        return levels
    pressure = float(grid.read("sp"))
    ground = _ground(grid, levels, pressure, request, latitude)
    kept = [row for row in levels if row.pressure < pressure]
    if len(kept) < len(levels):
        notes.append(f"{len(levels) - len(kept)} levels below the model's ground at {ground:.0f} m: left out")
    near = _near_ground(grid, ground, pressure)
    return [*near, *(row for row in kept if row.altitude > ground + 11.0)]


def _levels(grid: _Grid, latitude: float) -> list[Row]:
    variable = grid.data.variables[grid.level]
    unit = str(getattr(variable, "units", ""))
    if unit not in _LEVELS:
        raise RuleError("must have levels in hPa", quote(unit), "save it as ERA5 has it")
    pressure = _LEVELS[unit] * np.atleast_1d(np.asarray(variable[:], float))
    altitude = geometric_altitude(grid.read("z") / GRAVITY, latitude)
    nothing = np.full_like(pressure, np.nan)
    t, u, v = (grid.read(name) if grid.has(name, levels=True) else nothing for name in ("t", "u", "v"))
    if np.all(np.isnan(t)) and np.all(np.isnan(u)):
        lacks = ", ".join(name for name in ("t", "u", "v") if name not in grid.data.variables)
        raise RuleError(
            "must have z, t, u, v on pressure levels", f"without {lacks}: {_listed(grid.data)}", _ASK
        )
    humidity = nothing
    if grid.has("r", levels=True):
        humidity = np.clip(0.01 * grid.read("r"), 0.0, 1.1)
    elif grid.has("q", levels=True):
        q = np.maximum(grid.read("q"), 0.0)
        humidity = np.clip(q * pressure / (0.622 + 0.378 * q) / saturation_pressure(t), 0.0, 1.1)
    speed, direction = from_components(u, v)
    table = np.stack([altitude, pressure, t, humidity, speed, direction], axis=1)
    return [Row(*(float(x) for x in row), line=0) for row in table if np.isfinite(row[0])]


def from_components(east: Any, north: Any) -> tuple[Numbers, Numbers]:
    """Return speed [m/s] and where the wind blows from [rad] of its components [m/s]."""
    towards = np.arctan2(-np.asarray(east, float), -np.asarray(north, float))
    return np.asarray(np.hypot(east, north)), np.asarray(np.mod(towards, 2.0 * math.pi))


def _ground(grid: _Grid, levels: list[Row], pressure: float, request: Request, latitude: float) -> float:
    if grid.has("z", levels=False):
        return float(geometric_altitude(grid.read("z") / GRAVITY, latitude))
    above = sorted((row.pressure, row.altitude) for row in levels)
    if above and above[0][0] < pressure < above[-1][0]:
        return float(np.interp(np.log(pressure), np.log([p for p, _ in above]), [z for _, z in above]))
    if request.altitude is not None:
        return request.altitude
    remedy = "ask for the geopotential of the surface as well"
    raise RuleError("must say how high the model's ground lies", "surface pressure without it", remedy)


def _near_ground(grid: _Grid, ground: float, pressure: float) -> list[Row]:
    def one(name: str) -> float:
        return float(grid.read(name)) if grid.has(name, levels=False) else math.nan

    temperature, dew_point = one("t2m"), one("d2m")
    scale = GAS_CONSTANT * (temperature if math.isfinite(temperature) else 288.15) / GRAVITY
    speed, direction = (float(x) for x in from_components(one("u10"), one("v10")))
    at_two, at_ten = (pressure * math.exp(-above / scale) for above in (2.0, 10.0))
    return [
        Row(ground + 2.0, at_two, temperature, float(humidity_of(dew_point, temperature))),
        Row(ground + 10.0, at_ten, speed=speed, direction=direction),
    ]
