"""Tables of air and wind: what is flown is what the rows say, to 50 km, and what leaving rows out costs.

Sources:
- US Standard Atmosphere 1976, Table I, geometric altitude: as in tests/published/test_atmosphere.py.
- CIPM-2007 (Picard et al. 2008) for moist air: `_cipm_2007` below is written from that paper.
- Real soundings and ERA5 in `data/weather` beside the checkout.
"""

import datetime as dt
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.published.test_atmosphere import PRINTED, _cipm_2007

from precipice.scenario.weather.column import air_column, gaps_of, wind_column
from precipice.scenario.weather.read import read_sounding
from precipice.scenario.weather.sounding import Request, Row, build_sounding
from precipice.scenario.weather.table import ROWS, air_table, choose_rows, standard_table, wind_table

STANDARD = {"air.altitude": 0.0, "air.temperature": 288.15, "air.pressure": 101325.0, "air.humidity": 0.0}


@pytest.fixture(scope="module")
def density():
    """Function: density [kg/m^3] at altitudes [m] in an air table, with a temperature offset [K]."""
    from precipice.world.atmosphere import build_atmosphere

    @jax.jit
    def many(table, altitude, offset):
        v = {key: jnp.asarray(value) for key, value in STANDARD.items()}
        v |= {"option.air_measured": jnp.asarray(0.0), "air.temperature_offset": offset}
        air = build_atmosphere(v, table, jnp.asarray(1000.0))
        return jax.vmap(air.density)(altitude - 1000.0)

    return lambda table, altitude, offset=0.0: np.asarray(
        many(jnp.asarray(table), jnp.asarray(altitude, float), jnp.asarray(offset))
    )


def _sounding(rows):
    found = build_sounding("test", [Row(*row) for row in rows])
    assert found.problems == ()
    return found


def test_the_standard_table_changes_nothing(density):
    """Printed densities of 1976 to 60 km, to their fifth digit."""
    altitude = np.array(list(PRINTED), float)
    printed = np.array([row[2] for row in PRINTED.values()])
    assert density(standard_table(), altitude) == pytest.approx(printed, rel=6e-5)


MORE = {0: (288.15, 101325.0), 5000: (255.676, 54048.0), 11000: (216.774, 22699.0)}


def test_a_column_goes_on_as_the_standard(density):
    """Three printed rows of 1976, 0 to 11 km: between and above them the printed densities, to 47 km."""
    column = air_column(_sounding([(z, p, t, 0.0) for z, (t, p) in MORE.items()]))
    altitude = np.array([z for z in PRINTED if z < 50e3], float)
    printed = np.array([PRINTED[int(z)][2] for z in altitude])
    # Pressures printed to five digits.
    assert density(air_table(column).rows, altitude) == pytest.approx(printed, rel=2e-4)


def test_a_warm_column_goes_on_hydrostatically(density):
    """20 K warmer than the standard at one level: up to 50 km, dp/dz = -rho g with the standard's lapse."""
    warm = air_table(air_column(_sounding([(0.0, 101325.0, 308.15, 0.0)])))
    low, high = 19e3, 21e3
    z = np.linspace(low, high, 401)
    rho = density(warm.rows, z)
    earth = 6356766.0
    gravity = 9.80665 * (earth / (earth + z)) ** 2
    # The pressures at the ends, from density and a temperature 20 K above the printed 216.65 K, 217.58 K.
    ends = rho[[0, -1]] * 287.05287 * (np.array([216.65, 217.581]) + 20.0)
    weight = np.sum(0.5 * ((rho * gravity)[1:] + (rho * gravity)[:-1])) * (z[1] - z[0])
    assert ends[0] - ends[1] == pytest.approx(weight, rel=2e-3)


@pytest.mark.parametrize(
    ("pressure", "celsius", "humidity"),
    [(101325.0, 15.0, 0.0), (101325.0, 27.0, 1.0), (87000.0, 25.0, 0.3), (70000.0, 5.0, 0.6)],
)
def test_density_of_a_measured_row(density, pressure, celsius, humidity):
    """At the row itself within 1e-3 of metrology's moist air."""
    height = 8000.0 * math.log(101325.0 / pressure)
    column = air_column(_sounding([(height, pressure, celsius + 273.15, humidity)]))
    found = density(air_table(column).rows, [height])[0]
    assert found == pytest.approx(_cipm_2007(pressure, celsius, humidity), rel=1e-3)


def test_an_offset_on_top_of_a_file(density):
    """5 K on 295 K virtual: density falls by 5/300; the pressure stays."""
    column = air_column(_sounding([(0.0, 1e5, 295.0, 0.0), (1000.0, 89000.0, 290.0, 0.0)]))
    rows = air_table(column).rows
    assert density(rows, [0.0], 5.0) / density(rows, [0.0]) == pytest.approx(295.0 / 300.0, rel=1e-9)


def test_pressures_that_lack_are_completed():
    """Isothermal dry air at 250 K: p falls by exp(-g h / (R T)), h the geopotential height."""
    column = air_column(_sounding([(0.0, math.nan, 250.0), (1000.0, 9e4, 250.0), (2000.0, math.nan, 250.0)]))
    height = 6356766.0 * np.array([0.0, 1000.0, 2000.0]) / (6356766.0 + np.array([0.0, 1000.0, 2000.0]))
    expected = 9e4 * np.exp(-9.80665 * (height - height[1]) / (287.05287 * 250.0))
    assert column.pressure == pytest.approx(expected, rel=1e-9)


def test_rows_are_chosen_by_what_leaving_them_out_costs():
    """A straight line with one kink keeps its kink; a kinkless line keeps its ends."""
    z = np.linspace(0.0, 1000.0, 11)
    bent = np.where(z < 300.0, z, 300.0)[:, None]
    chosen, error = choose_rows(z, bent, 3)
    assert list(chosen) == [0, 3, 10]
    assert error == pytest.approx(0.0, abs=1e-12)
    assert list(choose_rows(z, z[:, None], 5)[0]) == [0, 10]
    # A parabola of sag h^2/8 c with two pieces of 500 m: 1/8 * 500^2 * 2e-6 = 0.0625.
    chosen, error = choose_rows(z, 1e-6 * z[:, None] ** 2, 3)
    assert error == pytest.approx(0.06, abs=0.0026)


def test_a_sounding_with_thousands_of_rows(density):
    """A jet of 40 m/s, veering, in 5,000 rows: 64 of them are within 0.15 m/s everywhere."""
    z = np.linspace(0.0, 30e3, 5000)
    speed = 5.0 + 35.0 * np.exp(-(((z - 11e3) / 3e3) ** 2))
    direction = np.mod(np.radians(200.0) + 1.5 * np.tanh(z / 4e3), 2.0 * np.pi)
    rows = [(a, math.nan, math.nan, math.nan, b, c) for a, b, c in zip(z, speed, direction, strict=True)]
    column = wind_column(_sounding(rows))
    table = wind_table(column)
    assert table.rows.shape == (ROWS, 3)
    assert table.kept == ROWS
    assert table.error < 0.15
    # The same distance, worked out from the table alone.
    kept, flown = table.rows, column.components
    parts = [kept[:, 1] * np.sin(kept[:, 2] + np.pi), kept[:, 1] * np.cos(kept[:, 2] + np.pi)]
    found = np.stack([np.interp(z, kept[:, 0], part) for part in parts], axis=1)
    assert np.max(np.linalg.norm(found - flown, axis=1)) == pytest.approx(table.error, rel=1e-9)


def test_gaps():
    """1 km low down, a quarter of the altitude high up; both ends are gaps."""
    found = gaps_of(np.array([0.0, 900.0, 2000.0, 2900.0, 20e3, 24e3, 35e3]))
    assert [(gap.low, gap.high) for gap in found[1:-1]] == [(900.0, 2000.0), (2900.0, 20e3), (24e3, 35e3)]
    assert (found[0].high, found[-1].low) == (0.0, 35e3)


REAL = {
    "metpy/may4_sounding.txt": (Request(), 2e-3),
    "era5/euroc_2022_all_windows.nc": ("2022-10-15T13:00", 39.5, -8.25, 5e-3),
    "era5/euroc_2023_all_windows.nc": ("2023-10-14T13:00", 39.5, -8.25, 5e-3),
    "era5/bella_lui_weather_data_ERA5.nc": ("2020-02-22T12:00", 46.75, 8.5, 2e-3),
}
"""File: place and time, and how far density between its rows may be off."""


@pytest.mark.published
@pytest.mark.parametrize("name", REAL)
def test_real_columns_between_their_rows(shared, density, name):
    """Every row as it says itself; with every second left out, density there below 10 km nearly so."""
    *where, tolerance = REAL[name]
    request = where[0]
    if isinstance(request, str):
        time = dt.datetime.fromisoformat(request).replace(tzinfo=dt.UTC)
        request = Request(time, math.radians(where[1]), math.radians(where[2]))
    column = air_column(read_sounding(shared / "data" / "weather" / name, request))
    table = air_table(column)
    assert table.error < 2e-4
    assert density(table.rows, column.altitude) == pytest.approx(column.density, rel=3e-4)
    half = type(column)(*(part[::2] for part in column))
    between = slice(1, 2 * len(half.altitude) - 2, 2)
    found = density(air_table(half).rows, column.altitude[between])
    low = column.altitude[between] < 10e3
    assert found[low] == pytest.approx(column.density[between][low], rel=tolerance)


def test_a_file_s_wind_is_flown(tmp_path, change, scenario):
    """In the world: rows at their altitudes whatever landing altitude was drawn, factor and turn on top."""
    from precipice.campaign.draws import centre_draw
    from precipice.scenario.load import parse_scenario
    from precipice.world.arrange import arrange, value_keys
    from precipice.world.build import build_world

    (tmp_path / "w.csv").write_text(
        "altitude [m],wind speed [m/s],wind from [deg]\n155,2,350\n700,4,10\n1300,6,90\n", encoding="utf-8"
    )
    text = scenario.text
    start = text.index("[wind]")
    text = (
        text[:start] + '[wind]\nprofile = "file"\nfile = "w.csv"\n' + text[text.index("gust_speed", start) :]
    )
    filed = parse_scenario(text, str(tmp_path / "s.toml"))
    assert value_keys(filed) == value_keys(scenario)
    draw = centre_draw(filed)
    changed = {"wind.factor": 1.5, "wind.turn": math.radians(20.0), "site.landing.altitude": 165.0}
    for values, factor, turn in ((draw.values, 1.0, 0.0), (draw.values | changed, 1.5, 20.0)):
        inputs = arrange(filed, type(draw)(values, draw.luck, draw.noise))
        world = build_world(jax.tree.map(jnp.asarray, inputs), value_keys(filed))
        origin = float(world.site.origin_altitude)
        for altitude, speed, degrees in (
            (165.0, None, None),
            (700.0, 4.0, 10.0),
            (1300.0, 6.0, 90.0),
            (2000.0, 6.0, 90.0),
        ):
            east, north, up = np.asarray(world.wind.free(jnp.asarray(altitude - origin)))
            assert up == 0.0
            if speed is None:
                continue
            from_ = math.radians(degrees + turn)
            assert (east, north) == pytest.approx(
                (-factor * speed * math.sin(from_), -factor * speed * math.cos(from_)), abs=1e-9
            )
        # Gusts lie along the wind at the exit, between 10 and 90 degrees.
        along = np.asarray(world.wind.gust.along)
        assert 10.0 + turn < math.degrees(math.atan2(-along[0], -along[1])) < 90.0 + turn
