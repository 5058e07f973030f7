"""Draws: pure functions of seed, field and run number, with the distributions that the scenario states.

Expected moments are closed forms (uniform: (b-a)^2/12; lognormal: Aitchison & Brown 1957, eq. 2.8;
triangular: (a^2+b^2+c^2-ab-ac-bc)/18; truncated normal: scipy.stats, an independent implementation).
Tolerances follow from the number of runs: five standard errors.
"""

import math
from importlib.resources import files

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from precipice.campaign.draws import LUCK, NOISE, centre_draw, draw, draw_many, uniforms
from precipice.campaign.quantile import quantile
from precipice.errors import InputError
from precipice.scenario.load import parse_scenario
from precipice.scenario.spread import SHAPES

TEXT = files("precipice.scenario").joinpath("template", "ramp-to-canopy.toml").read_text(encoding="utf-8")
CORRELATED = """
[[correlation]]
fields = ["performer.mass", "performer.drag_area"]
rank = 0.6

[[correlation]]
fields = ["performer.drag_area", "motorcycle.mass"]
rank = -0.3
"""
RUNS = 20_000


@pytest.fixture(scope="module")
def scenario():
    return parse_scenario(TEXT)


def draw_fields(scenario, seed, runs, **options):
    """Draw without the noise, which is most of the time, where only fields matter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("precipice.campaign.draws.NOISE", {})
        return draw_many(scenario, seed, runs, **options).values


@pytest.fixture(scope="module")
def values(scenario):
    return draw_fields(scenario, 7, range(RUNS))


def numbers(count):
    uniform = uniforms(3, "test", np.arange(count, dtype=np.uint64))
    return scipy.stats.norm.ppf(uniform[:, 0]), uniform[:, 1]


def drawn(shape, centre, count=200_000, **fields):
    spread = SHAPES[shape].model_validate(
        {"shape": shape, "varies": "jump", **fields}, context={"dimension": "ratio"}
    )
    return quantile(spread, centre, *numbers(count))


MOMENTS = {
    "normal": ({"sd": "2"}, 10.0, 10.0, 2.0),
    "uniform": ({"low": "6", "high": "18"}, 10.0, 12.0, 12 / math.sqrt(12)),
    "triangular": ({"low": "0", "high": "6"}, 2.0, 8.0 / 3.0, math.sqrt(28.0 / 18.0)),
    "lognormal": (
        {"sigma": "0.5"},
        10.0,
        10.0 * math.exp(0.125),
        10.0 * math.exp(0.125) * math.sqrt(math.expm1(0.25)),
    ),
    "truncated-normal": (
        {"sd": "2", "low": "9", "high": "14"},
        10.0,
        *(float(x) for x in scipy.stats.truncnorm(-0.5, 2.0, 10.0, 2.0).stats("mv")),
    ),
    "mixture": (
        {"parts": ({"weight": "0.75", "sd": "1"}, {"weight": "0.25", "value": "20", "sd": "2"})},
        10.0,
        12.5,
        math.sqrt(0.75 * (1 + 6.25) + 0.25 * (4 + 56.25)),
    ),
    "discrete": ({"values": ("5", "15"), "weights": ("0.2", "0.8")}, 15.0, 13.0, 4.0),
}
MOMENTS["truncated-normal"] = (*MOMENTS["truncated-normal"][:3], math.sqrt(MOMENTS["truncated-normal"][3]))


@pytest.mark.parametrize("shape", MOMENTS)
def test_moments_are_those_of_the_shape(shape):
    fields, centre, mean, sd = MOMENTS[shape]
    sample = drawn(shape, centre, **fields)
    error = sd / math.sqrt(len(sample))
    assert sample.mean() == pytest.approx(mean, abs=5 * error)
    # The standard error of a standard deviation is at most a few sd/sqrt(2n) for these shapes.
    assert sample.std() == pytest.approx(sd, abs=5 * 2 * error)


def test_limits_are_never_crossed():
    assert drawn("truncated-normal", 10.0, sd="5", low="9", high="10.5").min() >= 9.0
    assert drawn("uniform", 10.0, low="9", high="11").max() <= 11.0
    measured = drawn("empirical", 2.0, values=("1", "2", "4"))
    assert (measured.min(), measured.max()) == pytest.approx((1.0, 4.0), abs=1e-4)
    # Straight lines between 1, 2, 4 at levels 0, 1/2, 1: the median is the middle one.
    assert np.median(measured) == pytest.approx(2.0, abs=5 * 0.5 / math.sqrt(len(measured)) * 2)
    assert set(np.unique(drawn("discrete", 1.0, values=("1", "2", "4")))) == {1.0, 2.0, 4.0}


@pytest.mark.parametrize("shape", [shape for shape in MOMENTS if shape not in ("mixture", "discrete")])
def test_higher_numbers_give_higher_values(shape):
    fields, centre, *_ = MOMENTS[shape]
    spread = SHAPES[shape].model_validate(
        {"shape": shape, "varies": "jump", **fields}, context={"dimension": "ratio"}
    )
    normal = np.linspace(-8.0, 8.0, 1001)
    steps = np.diff(quantile(spread, centre, normal, np.full(1001, 0.5)))
    assert steps.min() >= 0.0


def test_uniform_numbers_stay_inside_and_are_uniform():
    sample = uniforms(0, "anything", np.arange(100_000, dtype=np.uint64))
    assert sample.min() > 0.0
    assert sample.max() < 1.0
    assert scipy.stats.kstest(sample.ravel(), "uniform").pvalue > 1e-4


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40), st.integers(0, 2**64 - 1))
def test_one_and_many_are_the_same_bits(runs, seed):
    scenario = parse_scenario(TEXT + CORRELATED)
    many = draw_many(scenario, seed, runs)
    place = len(runs) // 2
    one = draw(scenario, seed, runs[place])
    assert one.values == {path: float(column[place]) for path, column in many.values.items()}
    assert one.luck == {name: float(column[place]) for name, column in many.luck.items()}
    assert all((one.noise[name] == many.noise[name][place]).all() for name in NOISE)


def test_batches_of_any_size_and_order_are_the_same_bits():
    scenario = parse_scenario(TEXT + CORRELATED)
    whole = draw_fields(scenario, 1, range(257))
    shuffled = np.random.default_rng(0).permutation(257)
    mixed = draw_fields(scenario, 1, shuffled)
    parts = [draw_fields(scenario, 1, range(first, min(first + 13, 257))) for first in range(0, 257, 13)]
    for path, column in whole.items():
        assert (mixed[path] == column[shuffled]).all()
        assert (np.concatenate([part[path] for part in parts]) == column).all()


def test_fields_are_independent_of_each_other(scenario, values):
    columns = np.array([values[path] for path in scenario.uncertain()])
    columns = columns[[np.ptp(column) > 0 for column in columns]]
    ranks = np.apply_along_axis(scipy.stats.rankdata, 1, columns)
    days = RUNS // scenario.plan.takes
    off = np.corrcoef(ranks)[~np.eye(len(columns), dtype=bool)]
    assert np.abs(off).max() < 5.5 / math.sqrt(days)


def test_parts_that_share_a_seed_are_not_correlated(scenario, values):
    # A program that seeds each part anew with one seed draws parts that are correlated 1.000.
    pair = values["performer.mass"], values["motorcycle.mass"]
    assert abs(np.corrcoef(*pair)[0, 1]) < 5 / math.sqrt(RUNS)
    again = np.random.default_rng(7).normal(size=RUNS), np.random.default_rng(7).normal(size=RUNS)
    assert np.corrcoef(*again)[0, 1] == pytest.approx(1.0)


def test_another_seed_gives_unrelated_draws(scenario, values):
    other = draw_fields(scenario, 8, range(RUNS))
    for path in ("performer.mass", "plan.throw"):
        assert abs(np.corrcoef(values[path], other[path])[0, 1]) < 5 / math.sqrt(RUNS)


def test_adding_a_field_changes_no_other_draw(scenario, values):
    text = TEXT.replace(
        'lip_speed = "20 m/s"',
        'lip_speed = { value = "20 m/s", spread = { shape = "normal", sd = "1 m/s", varies = "jump" } }',
    )
    more = draw_fields(parse_scenario(text), 7, range(RUNS))
    changed = [path for path in values if not np.array_equal(more[path], values[path])]
    assert changed == ["plan.lip_speed"]
    assert more["plan.lip_speed"].std() == pytest.approx(1.0, abs=5 / math.sqrt(2 * RUNS))


def test_rank_correlations_are_achieved():
    # Wide enough a sample to tell a rank correlation of 0.6 from the 0.58 that a normal one of 0.6 has.
    count = 200_000
    columns = draw_fields(parse_scenario(TEXT + CORRELATED), 7, range(count))
    paths = ("performer.mass", "performer.drag_area", "motorcycle.mass")
    achieved = scipy.stats.spearmanr(np.stack([columns[path] for path in paths], axis=1)).statistic
    for (first, second), rank in {(0, 1): 0.6, (0, 2): 0.0, (1, 2): -0.3}.items():
        error = 1.1 * (1 - rank**2) / math.sqrt(count)
        assert achieved[first, second] == pytest.approx(rank, abs=5 * error)


def test_a_correlation_moves_only_its_own_fields(values):
    correlated = draw_fields(parse_scenario(TEXT + CORRELATED), 7, range(RUNS))
    changed = [path for path in values if not np.array_equal(correlated[path], values[path])]
    assert set(changed) <= {"performer.mass", "performer.drag_area", "motorcycle.mass"}
    for path in changed:
        spread = values[path].std() / math.sqrt(RUNS)
        assert correlated[path].mean() == pytest.approx(values[path].mean(), abs=8 * spread)
        assert correlated[path].std() == pytest.approx(values[path].std(), rel=8 / math.sqrt(2 * RUNS))


def test_takes_of_one_day_share_the_day():
    scenario = parse_scenario(TEXT.replace("takes = 1 ", "takes = 4 "))
    values = draw_fields(scenario, 7, range(40))
    wind = values["wind.speed"].reshape(10, 4)
    assert (wind == wind[:, :1]).all()
    assert len(np.unique(wind)) == 10
    assert len(np.unique(values["plan.throw"])) == 40
    assert len(np.unique(values["performer.mass"])) == 40


def test_the_unknown_constants_can_be_held(scenario):
    held = draw_fields(scenario, 7, range(50), constant_index=3)
    assert len(np.unique(held["performer.mass"])) == 1
    assert len(np.unique(held["plan.throw"])) == 50
    assert held["performer.mass"][0] == draw(scenario, 7, 3).values["performer.mass"]


def test_components_of_a_spread_add_up():
    old = 'throw = { value = "5.0 s", spread = { shape = "normal", sd = "0.45 s", varies = "jump" } }'
    assert old in TEXT
    parts = [("0.4 s", "jump"), ("0.3 s", "constant")]
    both = ", ".join(f'{{ shape = "normal", sd = "{sd}", varies = "{level}" }}' for sd, level in parts)
    scenario = parse_scenario(TEXT.replace(old, f'throw = {{ value = "5.0 s", spread = [{both}] }}'))
    throw = draw_fields(scenario, 7, range(RUNS))["plan.throw"]
    # 0.4 and 0.3 at right angles make 0.5.
    assert throw.std() == pytest.approx(0.5, abs=5 * 0.5 / math.sqrt(2 * RUNS))
    held = draw_fields(scenario, 7, range(RUNS), constant_index=0)["plan.throw"]
    assert held.std() == pytest.approx(0.4, abs=5 * 0.4 / math.sqrt(2 * RUNS))


@pytest.mark.parametrize(("seed", "run"), [(-1, 0), (2**64, 0), (0, -1)])
def test_seeds_and_runs_out_of_range_are_refused(scenario, seed, run):
    with pytest.raises(InputError, match="must"):
        draw(scenario, seed, run)


def test_luck_and_noise_are_standard(scenario):
    many = draw_many(scenario, 7, range(200))
    assert set(many.luck) == set(LUCK)
    for name in LUCK:
        assert many.luck[name].mean() == pytest.approx(0.5, abs=5 / math.sqrt(12 * 200))
    for name, shape in NOISE.items():
        block = many.noise[name]
        assert block.shape == (200, *shape)
        assert block.dtype == np.float32
        assert block.mean(dtype=float) == pytest.approx(0.0, abs=5 / math.sqrt(block.size))
        assert block.std(dtype=float) == pytest.approx(1.0, abs=5 / math.sqrt(2 * block.size))
    first, second = many.noise["gust"][0].ravel(), many.noise["gust"][1].ravel()
    assert abs(np.corrcoef(first, second)[0, 1]) < 5 / math.sqrt(first.size)


def test_the_nominal_run_is_the_centre(scenario):
    nominal = centre_draw(scenario)
    assert nominal.values == scenario.values()
    assert set(nominal.luck.values()) == {1.0}
    assert all((nominal.noise[name] == np.zeros(shape)).all() for name, shape in NOISE.items())


def test_numbers_are_the_same_on_every_machine():
    # Philox4x64-10 of key (7, blake2b("performer.mass#jump")) is fixed by its definition.
    import hashlib

    key = int.from_bytes(hashlib.blake2b(b"performer.mass#jump", digest_size=8).digest(), "little")
    words = np.random.Philox(key=np.array([7, key], np.uint64), counter=0).random_raw(8)
    expected = (words >> np.uint64(12)).astype(float) * 2.0**-52 + 2.0**-53
    got = uniforms(7, "performer.mass#jump", np.array([0, 1], np.uint64))
    assert (got.ravel() == expected).all()
