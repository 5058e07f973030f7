"""`precipice site`: what it says, draws and refuses; real elevation models."""

import json

import numpy as np
import pytest
import rasterio
from tests.conftest import ROOT

from precipice.cli.main import main
from precipice.world.survey import survey as surveying
from precipice.world.survey.keep import load_field, save_field

EL_CAPITAN = ROOT / "scenarios" / "el_capitan.toml"


def run(arguments, capsys):
    try:
        main(arguments)
        code = 0
    except SystemExit as end:
        code = end.code or 0
    return code, *capsys.readouterr()


@pytest.fixture
def site(shared, tmp_path):
    """Function: the El Capitan scenario with another elevation model and other text."""
    source = shared / "data" / "terrain" / "el_capitan.tif"
    text = EL_CAPITAN.read_text(encoding="utf-8")

    def written(change=None, *swaps, **profile):
        with rasterio.open(source) as raster:
            heights, kept = raster.read(1), {**raster.profile, **profile}
        if change is not None:
            heights = change(heights)
        with rasterio.open(tmp_path / "dem.tif", "w", **kept) as raster:
            raster.write(heights, 1)
        here = text.replace("../../shared/data/terrain/el_capitan.tif", "dem.tif")
        for old, new in swaps:
            assert old in here
            here = here.replace(old, new)
        (tmp_path / "stunt.toml").write_text(here, encoding="utf-8")
        return tmp_path / "stunt.toml"

    return written


def refusal(path, capsys):
    """Return what `site` says of a scenario that it refuses; `check` and `fly` must say the same."""
    said = []
    for command in ("site", "check", "fly"):
        out = [] if command == "check" else ["--out", str(path.parent / "out")]
        code, told, err = run([command, str(path), *out], capsys)
        assert code == 2, err
        assert told == ""
        assert "Traceback" not in err
        assert not (path.parent / "out").exists()
        said.append(err)
    assert said == [said[0]] * 3
    return said[0]


def test_a_parametric_cliff(tmp_path, capsys):
    code, out, _ = run(["site", str(ROOT / "scenarios" / "helsetkopen.toml"), "--out", str(tmp_path)], capsys)
    assert code == 0
    # The scenario's wall: 250 m at 90 degrees, facing 258 degrees; fields 1,093 m below.
    assert "wall: 250 m high at 90° on average" in out
    assert "1,528 m at 258°, 1,093 m below" in out
    assert "parametric cliff" in out
    assert (tmp_path / "site.png").stat().st_size > 50_000
    assert json.loads((tmp_path / "site.json").read_text(encoding="utf-8"))["schema_version"] == 1


@pytest.mark.slow
def test_el_capitan(shared, tmp_path, capsys):
    code, out, _ = run(["site", str(EL_CAPITAN), "--json", "--out", str(tmp_path / "a.png")], capsys)
    assert code == 0
    facts = json.loads(out)
    # The provenance's largest falls at El Capitan: 653, 829 and 920 m within 60, 120 and 250 m.
    assert 400.0 < facts["lip"]["fall_ahead"]["60"] < 653.0
    assert 829.0 > facts["lip"]["fall_ahead"]["150"] > 700.0
    assert facts["data"]["spacing"] == pytest.approx(30.8, abs=0.1)
    assert facts["data"]["vertical_datum"] == "NAVD88"
    assert facts["data"]["holes"] == 0
    for cell, error in zip(facts["data"]["cells"], facts["data"]["errors"], strict=True):
        assert error["places"] > 0
        assert error["over"] <= 0.87 * cell
    assert np.degrees(facts["areas"][0]["slope"]) < 2.0
    assert (tmp_path / "a.png").stat().st_size > 50_000


def test_holes_on_the_way_are_refused(site, capsys):
    # The lip is about 64.5 rows and 89 columns from the corner of the file; the landing area 89.5 and 94.
    def hole(heights):
        heights[70:74, 85:95] = -9999.0
        return heights

    err = refusal(site(hole), capsys)
    assert "site.terrain.dem must have no holes between the run-up and the landing area" in err
    assert "from the lip on the map" in err


def test_a_hole_below_the_landing_area_is_refused(site, capsys):
    def hole(heights):
        heights[76:84, 88:100] = np.nan
        return heights

    assert "site.landing must have known ground" in refusal(site(hole), capsys)


def test_a_model_without_a_reference_is_refused(site, capsys):
    assert "must say what its coordinates mean" in refusal(site(crs=None), capsys)


def test_a_unit_that_nobody_knows_is_refused(site, capsys):
    err = refusal(site(None, ('unit = "m"\nvertical', "vertical")), capsys)
    assert "site.terrain.dem must say the unit of its heights" in err


def test_feet_taken_for_metres_are_refused(site, capsys):
    # 3.28 times as high: above every mountain, or not the altitude of the lip.
    assert "site.altitude must be the ground at the lip" in refusal(
        site(lambda heights: (heights - 1000.0) / 0.3048), capsys
    )


def test_a_model_in_feet_that_says_metres_is_told_to_be_in_feet(site, capsys):
    err = refusal(site(lambda heights: heights / 0.3048), capsys)
    assert "dem.tif has 3.28 times as much, as if in feet: correct the unit of its heights" in err
    assert "write altitude" not in err


def test_another_vertical_datum_is_refused(site, capsys):
    err = refusal(
        site(None, ('unit = "m"\nvertical_datum = "NAVD88"', 'unit = "m"\nvertical_datum = "EGM2008"')),
        capsys,
    )
    assert "must count heights from the site's vertical datum, NAVD88" in err
    assert "vertical_shift" in err


def test_levels_that_do_not_fit_are_told_with_the_right_ones(site, capsys):
    err = refusal(site(None, ('altitude = { value = "2154 m"', 'altitude = { value = "2200 m"')), capsys)
    assert "site.altitude must be the ground at the lip or exit, 2154." in err


@pytest.fixture
def box(site, tmp_path):
    """Function: the scenario with a box of rock whose mesh was changed."""
    trimesh = pytest.importorskip("trimesh")

    def written(change):
        mesh = trimesh.creation.box((20.0, 20.0, 20.0))
        change(mesh)
        mesh.export(tmp_path / "face.ply")
        return site(None, ("[site.cliff]", '[[site.terrain.mesh]]\nfile = "face.ply"\n\n[site.cliff]'))

    return written


def test_a_mesh_that_is_open_is_refused(box, capsys):
    err = refusal(box(lambda mesh: mesh.update_faces(np.arange(len(mesh.faces)) > 0)), capsys)
    assert "site.terrain.mesh[0].file must be closed, but is face.ply with" in err
    assert "skirt" in err


def test_a_mesh_that_is_inside_out_is_refused(box, capsys):
    err = refusal(box(lambda mesh: mesh.invert()), capsys)
    assert "site.terrain.mesh[0].file must" in err
    assert "facing the air" in err


def test_what_the_survey_says_nobody_says_beside_it(site, capsys):
    path = site(None, ("[site.cliff]", '[site.cliff]\nwall_angle = "80 deg"'))
    assert "site.cliff.wall_angle must be absent where the site has a terrain" in refusal(path, capsys)


def test_a_missing_file_says_where_to_get_one(site, capsys):
    path = site()
    (path.parent / "dem.tif").unlink()
    err = refusal(path, capsys)
    assert "site.terrain.dem must be a file, but is dem.tif, which is missing" in err
    assert "docs/site.md" in err


def test_a_damaged_field_is_built_again(tmp_path):
    from precipice.world.survey.field import Field

    field = Field(
        np.ones((1, 4)), np.ones((1, 3, 3, 3), np.float32), np.zeros((1, 5, 5, 3), np.float32), {"a": 1}
    )
    path = tmp_path / "field.bin"
    save_field(path, field)
    kept = load_field(path)
    assert kept is not None
    np.testing.assert_array_equal(kept.values, field.values)
    assert kept.facts == {"a": 1}
    raw = bytearray(path.read_bytes())
    raw[-3] ^= 1
    path.write_bytes(raw)
    assert load_field(path) is None
    path.write_bytes(raw[:50])
    assert load_field(path) is None
    assert load_field(tmp_path / "none.bin") is None
    assert [item.name for item in tmp_path.iterdir()] == ["field.bin"]


def test_beyond_the_data_and_over_holes_nothing_is_known(site):
    from precipice.scenario.load import load_scenario

    def hole(heights):
        heights[60:66, 60:66] = -9999.0
        return heights

    survey = surveying.survey_site(load_scenario(site(hole)))
    from precipice.world.survey.field import _Reach

    reach = _Reach(survey.places, survey.dem.spacing, survey.solid)
    middle = survey.places[62:64, 62:64, :2].reshape(-1, 2).mean(axis=0)
    assert reach(middle[None])[0] < 0.0
    assert reach(np.zeros((1, 2)))[0] > 100.0
    assert reach(np.array([[9000.0, 0.0]]))[0] < -5000.0
    beside = survey.places[58, 62, :2]
    assert reach(beside[None])[0] < 60.0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        # 21 ft of landing ramp as published, 6.4 m, over a lip of 4.6 m; 90 to 145 m as the file has it.
        (
            "car_jump",
            ("4.6 m above the ground", "90.0 m to 145.0 m from the lip", "to 6.4 m above the ground"),
        ),
        ("skydive", ("over ground that is taken as level, 4,000 m below", "250 m at 0°")),
        ("high_fall", ("over ground that is taken as level, 104 m below", "safety crew (people): 20 m")),
    ],
)
def test_a_site_without_rock_is_shown_too(name, said, tmp_path, capsys):
    code, out, _ = run(["site", str(ROOT / "scenarios" / f"{name}.toml"), "--out", str(tmp_path)], capsys)
    assert code == 0
    for words in said:
        assert words in out
    assert "wall" not in out
    assert (tmp_path / "site.png").stat().st_size > 20_000
    facts = json.loads((tmp_path / "site.json").read_text(encoding="utf-8"))
    assert facts["data"]["kind"] in ("level", "surface")
