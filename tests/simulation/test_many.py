"""Many drawn runs: a run's bits are its own, and single precision tells the same story as double.

The campaign's program flies 16 runs side by side in float32; `fly --run N` flies one of them again, with
all its steps, by another program of the same equations; the nominal program flies it in float64.
"""

from typing import Any

import numpy as np
import pytest

RUNS = 96


@pytest.fixture(scope="module")
def campaign(scenario) -> Any:
    """Function: numbers of drawn runs, `campaign(runs, **more)`."""
    from precipice.campaign.draws import draw_many
    from precipice.simulation.many import simulate_many
    from precipice.world.arrange import value_keys
    from precipice.world.arrange_many import arrange_many

    def flown(runs, **more):
        return simulate_many(
            arrange_many(scenario, draw_many(scenario, 3, runs)), value_keys(scenario), **more
        )

    return flown


@pytest.fixture(scope="module")
def columns(campaign):
    return campaign(range(RUNS))


def _same(columns, others, rows):
    for name, column in columns.items():
        np.testing.assert_array_equal(column[rows], others[name], err_msg=name)


def test_bits_depend_on_neither_neighbours_nor_order_nor_threads(campaign, columns):
    shuffled = np.random.default_rng(0).permutation(RUNS)[:37]
    _same(columns, campaign(shuffled), shuffled)
    _same(columns, campaign([5]), [5])
    _same(columns, campaign(range(RUNS), threads=3), np.arange(RUNS))


def test_a_run_flown_again_is_the_same_to_the_last_bit(scenario, columns):
    import precipice

    for number in (0, 7, 41):
        run = precipice.fly(scenario, run=number, seed=3)
        again = {name: np.float32(value) for name, value in run.numbers.items()}
        for name in set(again) & set(columns):
            np.testing.assert_array_equal(again[name], columns[name][number], err_msg=name)
        assert len(run.performer.t) > 300


def test_double_precision_tells_the_same(scenario, columns):
    """Of 24 runs, all end alike, and landings lie within half a metre (the limit for float32 campaigns)."""
    from precipice.campaign.draws import draw
    from precipice.phases.sequence import OUTCOMES
    from precipice.simulation.simulate import simulate
    from precipice.world.arrange import arrange, value_keys

    away = []
    for number in range(24):
        exact = simulate(arrange(scenario, draw(scenario, 3, number)), value_keys(scenario))
        assert round(float(exact["numbers.outcome"])) == round(float(columns["outcome"][number]))
        if OUTCOMES[round(float(columns["outcome"][number]))] == "landed":
            away.append(
                np.hypot(
                    *(
                        float(exact[f"numbers.{n}"]) - columns[n][number]
                        for n in ("landing_east", "landing_north")
                    )
                )
            )
    assert len(away) > 15
    assert max(away) < 0.5


def test_runs_differ_and_are_resolved(columns):
    assert len(np.unique(columns["landing_east"])) > RUNS - 10
    assert np.mean(columns["resolved"]) > 0.97
