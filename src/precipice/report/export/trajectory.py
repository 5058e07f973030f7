"""Trajectories as netCDF 4 by the CF conventions: every body and camera, place, time, heights, attitude."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np

from precipice.report.export.clip import Clip
from precipice.report.export.globe import Globe
from precipice.report.export.rotation import continuous, quaternion_of

_ROW = ("trajectory", "obs")
PLACE = ("east", "north", "up")
ATTITUDE = ("attitude_w", "attitude_x", "attitude_y", "attitude_z")


def write_trajectories(
    clip: Clip, globe: Globe, start: dt.datetime | None, told: dict[str, Any], path: Path
) -> None:
    """Write a clip as a netCDF file that tools for moving platforms read.

    The run folder's own `run.nc` holds more, at the solver's steps, but no place on the globe.

    Args:
        clip: Bodies and cameras, frame by frame.
        globe: Where on the earth.
        start: Of the first frame; None: times count from the first frame without a date.
        told: See `told.tell`.
        path: Of the file.

    Source: CF conventions 1.11, appendix H.4.1, multidimensional arrays of trajectories.
    """
    import netCDF4

    names, places, attitudes = _gathered(clip)
    longitude, latitude, above = globe.places(places)
    counts = "seconds" if start is None else f"seconds since {start:%Y-%m-%d %H:%M:%S.%f} +00:00"
    time = np.broadcast_to(clip.seconds, places.shape[:2])
    variables: list[tuple[str, tuple[str, ...], np.ndarray, dict[str, str]]] = [
        ("time", _ROW, time, {"standard_name": "time", "axis": "T"} if start else {"long_name": "time"}),
        ("lon", _ROW, longitude, {"standard_name": "longitude", "axis": "X"}),
        ("lat", _ROW, latitude, {"standard_name": "latitude", "axis": "Y"}),
        ("alt", _ROW, globe.in_datum(above), {"standard_name": "altitude", "axis": "Z", "positive": "up"}),
        ("height_above_ellipsoid", _ROW, above, {"standard_name": "height_above_reference_ellipsoid"}),
        # One variable for each number: a trajectory of the conventions has no further dimension.
        *(
            (name, _ROW, places[:, :, k], {"long_name": f"{name} of the lip or exit"})
            for k, name in enumerate(PLACE)
        ),
        *(
            (name, _ROW, attitudes[:, :, k], {"long_name": f"{name[-1]} of the {_ATTITUDE}", "units": "1"})
            for k, name in enumerate(ATTITUDE)
        ),
    ]
    units = {"time": counts, "lon": "degrees_east", "lat": "degrees_north"}
    with netCDF4.Dataset(path, "w", format="NETCDF4") as file:
        # A trajectory of the conventions has dates; without one the same arrays are no feature of theirs.
        feature = {"featureType": "trajectory"} if start else {}
        file.setncatts({"Conventions": "CF-1.11", **feature, **_attributes(told, globe)})
        for name, size in (("trajectory", len(names)), ("obs", len(clip.time))):
            file.createDimension(name, size)
        label = file.createVariable("trajectory_name", str, ("trajectory",))
        label.setncatts({"cf_role": "trajectory_id", "long_name": "body or camera"})
        label[...] = np.array(names, object)
        ended = file.createVariable("outcome", str, ("trajectory",))
        ended.setncatts({"long_name": "how the run ended that it belongs to"})
        ended[...] = np.array(_outcomes(clip, len(names)), object)
        for name, dimensions, values, more in variables:
            made = file.createVariable(name, "f8", dimensions, compression="zlib")
            coordinates = {} if name in ("time", "lon", "lat", "alt") else {"coordinates": "time lat lon alt"}
            made.setncatts({"units": units.get(name, "m"), **more, **coordinates})
            if name == "time" and start is not None:
                made.setncatts({"calendar": "standard", "units_metadata": "leap_seconds: utc"})
            made[...] = values
        _crs(file)


_ATTITUDE = "quaternion w, x, y, z, scalar first, that turns body axes (forward, left, up) to east-north-up"


def _gathered(clip: Clip) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return names, places, `(k, n, 3)` [m], and attitudes, `(k, n, 4)`, of bodies and cameras."""
    bodies = [body for body in clip.bodies if body.name != "canopy"]
    names = [body.title for body in bodies] + [f"camera: {shot.name}" for shot in clip.cameras]
    places = [body.position for body in bodies]
    places += [np.tile(shot.position, (len(clip.time), 1)) for shot in clip.cameras]
    attitudes = [body.attitude for body in bodies]
    for shot in clip.cameras:
        axes = np.stack([-shot.axes[:, :, 2], -shot.axes[:, :, 0], shot.axes[:, :, 1]], axis=2)
        attitudes.append(continuous(quaternion_of(axes)))
    return names, np.stack(places), np.stack(attitudes)


def _outcomes(clip: Clip, count: int) -> list[str]:
    """Return how the run of each body and camera ended; cameras are of the first."""
    bodies = [body for body in clip.bodies if body.name != "canopy"]
    found = [(clip.others[body.of] if body.of else clip.run).outcome for body in bodies]
    return found + [clip.run.outcome] * (count - len(found))


def _attributes(told: dict[str, Any], globe: Globe) -> dict[str, Any]:
    return {
        "title": str(told["title"]),
        "source": str(told["made_by"]),
        "history": f"{told['made_by']}: precipice export --to netcdf",
        "comment": str(told["note"]),
        "vertical_datum_of_alt": globe.datum,
        "heights": globe.source,
        "precipice": json.dumps(told, ensure_ascii=False, allow_nan=False),
    }


def _crs(file: Any) -> None:
    """Write which ellipsoid latitudes and longitudes are on, the way of the CF conventions."""
    crs = file.createVariable("crs", "i4")
    crs.setncatts(
        {
            "grid_mapping_name": "latitude_longitude",
            "semi_major_axis": 6378137.0,
            "inverse_flattening": 298.257223563,
            "long_name": "WGS84",
        }
    )
    for name in ("alt", "height_above_ellipsoid", *PLACE, *ATTITUDE):
        file[name].grid_mapping = "crs"
