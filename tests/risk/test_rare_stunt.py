"""A stunt as a score: the same draws as a campaign's, cut into cases, and margins of its hazards."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, ks_2samp, spearmanr

from precipice.campaign.draws import draw_many, draw_numbers
from precipice.campaign.piece import Job, fly_piece
from precipice.errors import InputError
from precipice.risk.hazard import Measured
from precipice.risk.rare import rare_chance, rare_json
from precipice.risk.rare_branch import Box, build_boxes, conditional
from precipice.risk.rare_count import Effort
from precipice.risk.rare_hazard import hazard_limit, hazard_margin, signed
from precipice.risk.rare_stunt import StuntScore, hold_constants
from precipice.scenario.load import load_scenario
from precipice.statistics import two_sided

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
RUNS = 4000


def score(scenario, box: Box, held=None) -> StuntScore:
    return StuntScore(scenario, lambda columns, values: columns["resolved"].astype(float), box, held or {})


def values_of(made: StuntScore, count: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    drawn = made.draw(random.standard_normal((count, made.dimensions)))
    return {**drawn.values, **{f"luck.{name}": luck for name, luck in drawn.luck.items()}}


def test_cases_exclude_each_other_and_are_everything(scenario) -> None:
    boxes = build_boxes(scenario)
    assert [box.name for box in boxes] == [
        "no inflation",
        "line over",
        "rig.heading_error, part 3",
        "hesitation",
        "line twist",
        "rig.heading_error, part 2",
        "none of these",
    ]
    assert sum(box.weight for box in boxes) == pytest.approx(1.0, abs=1e-12)
    # Products of the file's chances: 0.1 % less 0.02 %; what is left of all.
    assert boxes[1].weight == pytest.approx(0.001 * 0.9998)
    assert boxes[-1].weight == pytest.approx(0.9998 * 0.999 * 0.995 * 0.99 * 0.98 * 0.935 / 0.995)


def test_cases_together_are_what_a_campaign_draws(scenario) -> None:
    """Kolmogorov-Smirnov of every uncertain field and of luck: the least of 60 above 1 in 100,000."""
    random = np.random.default_rng(0)
    parts = []
    for box in build_boxes(scenario):
        count = max(1, round(RUNS * box.weight))
        parts.append(values_of(score(scenario, box), count, random))
    values, luck = draw_numbers(scenario, 5, range(RUNS))
    values |= {f"luck.{name}": numbers for name, numbers in luck.items()}
    for name in [*scenario.uncertain(), *(key for key in values if key.startswith("luck."))]:
        together = np.concatenate([part[name] for part in parts])
        assert ks_2samp(together, values[name]).pvalue > 1e-5, name


def test_luck_lies_within_its_case(scenario) -> None:
    random = np.random.default_rng(1)
    boxes = {box.name: box for box in build_boxes(scenario)}
    hesitant = values_of(score(scenario, boxes["hesitation"]), 200, random)
    assert np.all(hesitant["luck.hesitation"] < 0.01)
    assert np.all(hesitant["luck.no_inflation"] > 0.0002)
    usual = values_of(score(scenario, boxes["none of these"]), 200, random)
    assert np.all(usual["luck.hesitation"] > 0.01)


def test_ranks_hang_together_as_in_the_file(scenario) -> None:
    """Rank correlation 0.3 of drag area and mass; its standard error is 1/sqrt(n)."""
    drawn = values_of(score(scenario, build_boxes(scenario)[-1]), RUNS, np.random.default_rng(2))
    found = spearmanr(drawn["performer.drag_area"], drawn["performer.mass"]).statistic
    assert found == pytest.approx(0.3, abs=4.0 / np.sqrt(RUNS))


def test_held_constants_are_a_campaigns_guess(scenario) -> None:
    held = hold_constants(scenario, 3, 7)
    made = score(scenario, build_boxes(scenario, frozenset(held))[-1], held)
    drawn = made.draw(np.random.default_rng(0).standard_normal((3, made.dimensions)))
    there = draw_many(scenario, 3, [0], constant_index=7)
    name = "site.cliff.wall_height"
    assert drawn.values[name].tolist() == [there.values[name][0]] * 3
    assert len(set(drawn.values["plan.throw"])) == 3


def test_conditional_numbers_fill_their_pieces() -> None:
    found = conditional(np.array([0.0, 0.125, 0.5, 0.75, 1.0]), ((0.0, 0.1), (0.6, 0.9)))
    assert found == pytest.approx([0.0, 0.05, 0.7, 0.8, 0.9])


def test_few_values_are_cases(tmp_path: Path) -> None:
    """A deck's width of 1.9 m in 1 of 10: a case of its own, in which it is always 1.9 m."""
    text = (SCENARIOS / "helsetkopen.toml").read_text()
    old = 'deck_width = { value = "2.0 m", '
    assert old in text
    shape = 'shape = "discrete", values = ["1.9 m", "2.0 m"], weights = [0.1, 0.9], varies = "jump"'
    path = tmp_path / "few.toml"
    path.write_text(text.replace(old, old + f"spread = {{ {shape} }}, "))
    scenario = load_scenario(path)
    box = next(box for box in build_boxes(scenario) if box.name == "run_up.deck_width, value 1")
    random = np.random.default_rng(0)
    assert set(values_of(score(scenario, box), 50, random)["run_up.deck_width"]) == {1.9}
    usual = build_boxes(scenario)[-1]
    assert set(values_of(score(scenario, usual), 50, random)["run_up.deck_width"]) == {2.0}


def test_margins_are_at_most_zero_exactly_where_it_happened() -> None:
    happened = np.array([True, True, True, False, False, False])
    margin = np.array([-2.0, np.nan, 3.0, 5.0, np.nan, -0.01])
    found = signed(Measured(happened, margin, np.zeros(6), "m"), 0.05)
    assert found.tolist() == [-2.0, 0.0, 0.0, 5.0, np.inf, 0.05]


def test_case_of_no_canopy_is_always_late(scenario) -> None:
    """Without an inflated canopy there is no open canopy: of runs that are thrown, all strike the ground.

    Some never take off: the lip was not reached in 2.9 % of 200,704 runs, counted.
    """
    box = build_boxes(scenario)[0]
    made = StuntScore(scenario, hazard_margin(scenario, "late or no opening"), box, {})
    margins = made(np.random.default_rng(4).standard_normal((100, made.dimensions)))
    assert set(margins) == {-0.05, np.inf}
    assert binom.ppf(1e-4, 100, 0.6) <= np.sum(margins < 0.0)


def test_whole_stunt_agrees_with_counting() -> None:
    """A high fall beside its cushion, 4 in 1,000: counted in 4,096 runs, and by levels."""
    fall = load_scenario(SCENARIOS / "high_fall.toml")
    hazard, seed = "landing outside the area", 5
    values, _ = draw_numbers(fall, seed, range(4096))
    margins = hazard_margin(fall, hazard)(fly_piece(fall, Job(0, 4096, seed)), values)
    count = two_sided(int(np.sum(margins <= 0.0)), 4096, 0.999)
    told = rare_json(rare_chance(fall, hazard, seed=3, effort=Effort(chains=50, confidence=0.999)))
    assert told["word"] == "resolved"
    assert told["low"] < count.high
    assert told["high"] > count.low
    assert sum(case["chance"] for case in told["branches"]) == pytest.approx(told["chance"])


@pytest.mark.parametrize(
    ("hazard", "sentence"),
    [
        ("bad luck", "hazard must be one of lip not reached, .* but is 'bad luck'"),
        ("never clear of the motorcycle", "nothing measures how near a run came; ask precipice assess$"),
        ("lip not reached", "ask precipice assess, or give it a criterion with a limit"),
    ],
)
def test_refused_hazards(scenario, hazard: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        hazard_limit(scenario, hazard)


def test_hazard_that_the_kind_does_not_have() -> None:
    fall = load_scenario(SCENARIOS / "high_fall.toml")
    with pytest.raises(InputError, match="must be one that a drop has, but is 'hard opening': name one of"):
        hazard_margin(fall, "hard opening")


def test_nothing_uncertain(tmp_path: Path) -> None:
    text = re.sub(r"spread = \{.*?\}, ", "", (SCENARIOS / "high_fall.toml").read_text())
    # The default of the upwash has a spread of its own.
    text = text.replace("[wind]\n", '[wind]\nupwash = { value = "0.4", basis = "assumed" }\n')
    path = tmp_path / "sure.toml"
    path.write_text(text)
    with pytest.raises(InputError, match="nothing is uncertain"):
        rare_chance(path, "landing outside the area")


def test_hazard_that_the_model_cannot_see() -> None:
    with pytest.raises(InputError, match="cannot be seen here: the scenario names no aircraft; name another"):
        rare_chance(SCENARIOS / "high_fall.toml", "aircraft keep-out", effort=Effort(chains=20))


def test_guess_must_have_a_number(scenario) -> None:
    with pytest.raises(InputError, match="constant_index must be 0 or more, but is -1"):
        hold_constants(scenario, 0, -1)
