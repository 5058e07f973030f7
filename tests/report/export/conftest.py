"""A run folder, its clip, and the earth by formulas of the tests' own.

The earth: Hofmann-Wellenhof et al., GPS Theory and Practice, 2001, eqs. 10.3 and 10.10, with the WGS84
ellipsoid (a = 6378137 m, 1/f = 298.257223563); no projection library.
"""

import dataclasses
import json
from fractions import Fraction

import numpy as np
import pytest

A, F = 6378137.0, 1.0 / 298.257223563
E2 = F * (2.0 - F)
RATE = Fraction(8)


def earth_fixed(longitude, latitude, height):
    """Return earth-centred axes of degrees and metres above the ellipsoid, `(..., 3)`."""
    lon, lat = np.radians(longitude), np.radians(latitude)
    n = A / np.sqrt(1.0 - E2 * np.sin(lat) ** 2)
    level = (n + height) * np.cos(lat)
    up = (n * (1.0 - E2) + height) * np.sin(lat)
    return np.stack([level * np.cos(lon), level * np.sin(lon), up], axis=-1)


def east_north_up(longitude, latitude):
    """Return unit vectors east, north and up as rows, `(3, 3)`."""
    lon, lat = np.radians(longitude), np.radians(latitude)
    return np.array(
        [
            [-np.sin(lon), np.cos(lon), 0.0],
            [-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)],
            [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)],
        ]
    )


@pytest.fixture(scope="session")
def to_local(scenario):
    """Function: local east-north-up of longitude [deg], latitude [deg], height above the ellipsoid [m].

    The origin's height is that of its own altitude and a geoid that the test gives.
    """
    site = scenario.site
    lon, lat = np.degrees([site.longitude.value, site.latitude.value])

    def local(longitude, latitude, height, origin):
        away = earth_fixed(longitude, latitude, height) - earth_fixed(lon, lat, origin)
        return away @ east_north_up(lon, lat).T

    return local


def delayed(run, seconds):
    """Return a run as if its clock had been started earlier: all times are later, all places the same."""

    def later(track):
        return dataclasses.replace(track, t=track.t + seconds)

    return dataclasses.replace(
        run,
        performer=later(run.performer),
        motorcycle=None if run.motorcycle is None else later(run.motorcycle),
        events=tuple(dataclasses.replace(event, t=event.t + seconds) for event in run.events),
        run=7,
        seed=0,
    )


@pytest.fixture(scope="session")
def clip(flown, scenario):
    """The shared run at 8 frames a second."""
    from precipice.report.export.clip import build_clip

    return build_clip(flown, scenario, RATE)


@pytest.fixture(scope="session")
def pair(flown, scenario):
    """The shared run at 4 frames a second, and beside it the same with another clock."""
    from precipice.report.export.clip import build_clip

    return build_clip(flown, scenario, Fraction(4), {"run 7": delayed(flown, 12.34)})


@pytest.fixture(scope="session")
def written(flown, scenario, tmp_path_factory):
    """Function: path of the shared run in a format, `written("kml")`, at 8 frames a second; made once."""
    from precipice.report.export.form import Wish, find_form
    from precipice.report.export.gather import Gathered
    from precipice.report.export.write import export

    folder, made = tmp_path_factory.mktemp("written"), {}

    def path(name, **more):
        key = (name, *sorted(more.items()))
        if key not in made:
            form = find_form(name)
            made[key] = export(
                Gathered(flown, scenario, {}), Wish(form, RATE, **more), folder / f"{len(made)}{form.suffix}"
            )
        return made[key]

    return path


@pytest.fixture
def folder(flown, scenario, tmp_path):
    """A run folder, as far as it is read back."""
    from precipice.report.files import run_json, save_netcdf

    save_netcdf(flown, scenario, tmp_path / "run.nc")
    (tmp_path / "run.json").write_text(json.dumps(run_json(flown, scenario)), encoding="utf-8")
    return tmp_path
