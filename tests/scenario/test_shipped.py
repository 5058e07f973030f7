"""The shipped scenario and the templates: they load, and what they hold is what a run needs."""

import hashlib
import math
from importlib.resources import files
from pathlib import Path

import pytest

from precipice.scenario.kind import ALL
from precipice.scenario.load import load_scenario, parse_scenario
from precipice.scenario.quantity import DEFAULT_SOURCE

SHIPPED = Path(__file__).parents[2] / "scenarios" / "helsetkopen.toml"


@pytest.fixture(scope="module")
def shipped():
    return load_scenario(SHIPPED)


def template(kind):
    return files("precipice.scenario").joinpath("template", f"{kind}.toml").read_text(encoding="utf-8")


def test_values_are_si_numbers_by_path(shipped):
    values = shipped.values()
    assert values["plan.lip_speed"] == 20.0
    assert values["ramp.lip_angle"] == pytest.approx(math.pi / 12)
    # NIST SP 811: 1 inch = 0.0254 m.
    assert values["rig.pilot_chute_diameter"] == pytest.approx(38 * 0.0254)
    assert values["run_up.surface.1.from"] == 40.0
    assert values["rig.malfunction.line_twist.chance"] == pytest.approx(0.02)
    assert values["rig.malfunction.line_twist.value"] == 5.0
    assert values["performer.standing_inertia.pitch"] == pytest.approx(13.44)
    assert values["site.aircraft.0.velocity.speed"] == 0.0
    assert all(math.isfinite(value) for value in values.values())


def test_text_and_hash_are_those_of_the_file(shipped):
    assert shipped.text == SHIPPED.read_text(encoding="utf-8")
    assert shipped.sha256 == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


def test_every_value_in_the_file_has_its_basis(shipped):
    quantities = shipped.quantities()
    silent = [
        path
        for path in shipped.assumed()
        if quantities[path].source == DEFAULT_SOURCE and path.split(".")[0] == "plan"
    ]
    assert silent == []
    bases = {quantity.basis for quantity in shipped.quantities().values()}
    assert bases == {"measured", "published", "assumed"}


def test_a_quantity_keeps_its_evidence(shipped):
    altitude = shipped.quantities()["site.altitude"]
    assert (altitude.basis, altitude.rehearsal) == ("measured", "base")
    assert altitude.text == "1248 m"
    assert altitude.spread[0].varies == "constant"
    inertia = shipped.quantities()["performer.spread_inertia.yaw"]
    assert inertia.basis == "published"
    assert "guwsmedical" in inertia.source


def test_uncertain_fields_are_those_with_a_spread(shipped):
    uncertain = shipped.uncertain()
    assert "performer.mass" in uncertain
    assert "plan.lip_speed" not in uncertain
    assert "rig.malfunction.line_twist.value" in uncertain
    assert list(uncertain) == [path for path in shipped.values() if path in uncertain]


def test_what_is_idle_is_not_listed_as_assumed(shipped):
    assumed = shipped.assumed()
    assert "plan.lip_speed" in assumed
    assert "site.altitude" not in assumed
    assert "air.temperature_offset" not in assumed  # published
    assert not {"air.pressure", "wind.exponent", "rig.reserve_canopy.area"} & set(assumed)


def test_a_scenario_cannot_be_changed(shipped):
    with pytest.raises(ValueError, match="frozen"):
        shipped.performer.mass.value = 1.0


@pytest.mark.parametrize("kind", sorted(ALL))
def test_every_template_is_a_scenario_of_its_kind(kind):
    scenario = parse_scenario(template(kind), f"{kind}.toml")
    assert scenario.kind == kind
    assert scenario.uncertain()
    assert scenario.criterion


def test_keys_do_not_depend_on_what_the_file_leaves_out(shipped):
    def fixed(scenario):
        lists = ("site.alternate", "site.obstacle", "site.people", "site.aircraft", "site.camera")
        places = ("bearing", "distance", "latitude", "longitude")
        return [
            path
            for path in scenario.values()
            if not path.startswith((*lists, "site.wind_station", "run_up.surface"))
            and not path.endswith(tuple(f"landing.{place}" for place in places))
        ]

    short = parse_scenario(template("ramp-to-canopy"))
    assert fixed(short) == fixed(shipped)
    absent = [path for path, quantity in short.quantities().items() if quantity.is_default]
    assert "motorcycle.wheelbase" in absent
    assert {short.quantities()[path].basis for path in absent} == {"assumed"}


def test_defaults_that_people_differ_in_have_a_spread():
    uncertain = parse_scenario(template("ramp-to-canopy")).uncertain()
    assert {"performer.speed_error", "rig.heading_error", "plan.push_angle", "rig.fill_constant"} <= set(
        uncertain
    )


PLACES = {
    'bearing = "90 deg"\ndistance = "5 m"': ("bearing", math.pi / 2, 5.0),
    'east = "3 m"\nnorth = "-4 m"': ("local", 3.0, -4.0),
    'latitude = "45 deg"\nlongitude = "-9 deg"': ("geodetic", math.pi / 4, -math.pi / 20),
}


@pytest.mark.parametrize("written", PLACES)
def test_a_place_keeps_the_form_it_was_written_in(written):
    text = template("ramp-to-canopy") + f'[[site.camera]]\nname = "new"\nheight = "7 m"\n{written}\n'
    position = parse_scenario(text).site.camera[-1].position
    assert (position.horizontal, position.first, position.second) == pytest.approx(PLACES[written])
    assert (position.vertical, position.level) == ("height", 7.0)


def test_components_of_a_spread_are_kept_apart():
    old = 'throw = { value = "5.0 s", spread = { shape = "normal", sd = "0.45 s", varies = "jump" } }'
    text = template("ramp-to-canopy")
    assert old in text
    parts = [("0.4 s", "jump"), ("0.2 s", "constant")]
    both = [f'{{ shape = "normal", sd = "{sd}", varies = "{level}" }}' for sd, level in parts]
    throw = parse_scenario(
        text.replace(old, f'throw = {{ value = "5.0 s", spread = [{", ".join(both)}] }}')
    ).plan.throw
    assert [spread.varies for spread in throw.spread] == ["jump", "constant"]
    assert throw.reach == pytest.approx((5 - 6 * 0.6, 5 + 6 * 0.6))


def test_factors_of_a_spread_multiply():
    parts = [
        '{ shape = "lognormal", sigma = "0.1", varies = "jump" }',
        '{ shape = "uniform", low = "1 s", high = "3 s", varies = "day" }',
    ]
    old = 'call_delay = { value = "1.0 s", spread = { shape = "lognormal", sigma = "0.3", varies = "jump" } }'
    text = template("ramp-to-canopy")
    assert old in text
    new = f'call_delay = {{ value = "2 s", spread = [{", ".join(parts)}] }}'
    delay = parse_scenario(text.replace(old, new)).plan.gate.call_delay
    # Six standard deviations of the logarithm times the limits of the rest.
    assert delay.reach == pytest.approx((1.0 * math.exp(-0.6), 3.0 * math.exp(0.6)))
