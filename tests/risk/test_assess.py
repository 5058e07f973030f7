"""The main job: an assessment of shipped scenarios, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import precipice
from precipice.errors import InputError, ScenarioError
from precipice.report.assessment import assessment_page
from precipice.risk.assessment import Assessment, assessment_json
from precipice.scenario.load import load_scenario

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
RUNS = 2000


@pytest.fixture(scope="module")
def main_stunt(tmp_path_factory) -> tuple[Assessment, Path]:
    folder = tmp_path_factory.mktemp("main") / "campaign"
    return precipice.assess(SCENARIOS / "helsetkopen.toml", RUNS, 0, folder, workers=1), folder


def changed(tmp_path: Path, old: str, new: str, name: str = "high_fall.toml") -> Path:
    text = (SCENARIOS / name).read_text()
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new))
    return path


def test_all_hazards_of_the_main_stunt(main_stunt) -> None:
    found, _ = main_stunt
    assert [hazard.name for hazard in found.hazards] == [
        "lip not reached",
        "departure off the side",
        "never clear of the motorcycle",
        "re-contact",
        "unstable at throw",
        "object strike in freefall",
        "low throw",
        "late or no opening",
        "hard opening",
        "object strike under canopy",
        "landing outside the area",
        "hard landing",
        "landing where people are",
        "motorcycle where people are",
        "aircraft keep-out",
    ]


def test_hazards_agree_with_the_runs_that_are_flown_again(main_stunt, scenario) -> None:
    """The worst runs, flown alone by the program that keeps all steps, show the hazard, too."""
    found, _ = main_stunt
    recontact, low = found.hazard("re-contact"), found.hazard("low throw")
    assert recontact is not None
    assert low is not None
    again = precipice.fly(scenario, run=recontact.worst[0].run, seed=0)
    assert again.numbers["smallest_gap"] == pytest.approx(recontact.worst[0].margin, abs=1e-4)
    again = precipice.fly(scenario, run=low.worst[0].run, seed=0)
    left = again.numbers["throw_height"] - again.values["plan.hard_deck"]
    assert left == pytest.approx(low.worst[0].margin, abs=1e-3)


def test_closing_speed_is_that_of_the_tracks(main_stunt, scenario) -> None:
    """Of the first run that ends by re-contact: the difference of both bodies' velocities at that instant."""
    from precipice.campaign.campaign import load_runs, open_campaign
    from precipice.phases.sequence import OUTCOMES

    campaign = open_campaign(main_stunt[1], scenario, 0, resume=True)
    columns = load_runs(campaign, 200)
    run = int(np.flatnonzero(np.rint(columns["outcome"]) == OUTCOMES.index("re-contact"))[0])
    flown = precipice.fly(scenario, run=run, seed=0)
    assert flown.motorcycle is not None
    (_, performer), (_, motorcycle) = (
        track.at(flown.numbers["end_time"]) for track in (flown.performer, flown.motorcycle)
    )
    assert columns["closing_speed"][run] == pytest.approx(np.linalg.norm(performer - motorcycle), rel=2e-3)


def test_total_counts_no_run_twice(main_stunt) -> None:
    found, _ = main_stunt
    counts = [hazard.tally.happened for hazard in found.hazards]
    assert max(counts) <= found.any_hazard.happened <= sum(counts)
    assert found.any_criterion.happened <= found.any_hazard.happened
    assert sum(found.outcomes.values()) == RUNS


def test_severity_counts_are_nested(main_stunt) -> None:
    """Who is hurt fatally is hurt severely, too; what the rest of the fall adds is never less."""
    levels = main_stunt[0].severity
    assert [level.level for level in levels] == ["minor", "severe", "fatal"]
    for level in levels:
        assert level.first <= level.last
        assert level.low <= level.first / RUNS
        assert level.last / RUNS <= level.high
    assert levels[0].last >= levels[1].last >= levels[2].last
    assert sum(sum(counts) for counts in main_stunt[0].contacts.values()) == levels[0].last


def test_json_says_what_was_promised(main_stunt) -> None:
    found, folder = main_stunt
    told = assessment_json(found)
    for key in (
        "schema_version", "runs", "seed", "wall_s", "unresolved", "hazards", "verdict", "flips_on", "unseen",
        "motorcycle_footprint", "landing_spread", "severity",
    ):  # fmt: skip
        assert key in told
    for hazard in told["hazards"]:
        for key in (
            "name", "count", "chance", "low", "high", "ignorance_low", "ignorance_high", "limit", "verdict",
        ):  # fmt: skip
            assert key in hazard
        assert hazard["low"] <= hazard["chance"] <= hazard["high"]
    assert json.loads((folder / "assessment.json").read_text()) == told


def test_page_fits_and_names_the_flip_after_the_verdict(main_stunt) -> None:
    lines = assessment_page(main_stunt[0]).splitlines()
    assert max(map(len, lines)) <= 100
    first = next(k for k, line in enumerate(lines) if line.startswith("VERDICT: NOT MET"))
    after = next(line for line in lines[first + 1 :] if not line.startswith(" "))
    assert after.startswith("Flips on: ")


def test_the_same_numbers_again_resumed_extended_and_in_processes(main_stunt, tmp_path) -> None:
    found, _ = main_stunt
    precipice.assess(SCENARIOS / "helsetkopen.toml", 500, 0, tmp_path / "c", workers=1)
    again = precipice.assess(SCENARIOS / "helsetkopen.toml", RUNS, 0, tmp_path / "c", resume=True, workers=2)
    assert again._replace(wall_s=0.0) == found._replace(wall_s=0.0)


def test_another_seed_gives_another_sample(main_stunt) -> None:
    other = precipice.assess(SCENARIOS / "helsetkopen.toml", RUNS, 1, workers=1, drivers=False)
    here, there = main_stunt[0].hazard("re-contact"), other.hazard("re-contact")
    assert here is not None
    assert there is not None
    assert here.tally.happened != there.tally.happened
    apart = abs(here.tally.chance - there.tally.chance)
    assert apart < 4.0 * (2.0 * here.tally.chance * (1.0 - here.tally.chance) / RUNS) ** 0.5


def test_chance_over_guesses_widens_with_an_unknown_wall(main_stunt) -> None:
    """What is struck under the canopy hangs on the talus, which nobody has measured: its range says so."""
    strike = main_stunt[0].hazard("object strike under canopy")
    assert strike is not None
    assert strike.ignorance.low < 0.002
    assert strike.ignorance.high > 0.05
    fields = {driver.field for driver in strike.drivers if driver.shown}
    assert "site.cliff.talus_angle" in fields


@pytest.mark.parametrize("name", ["base_jump", "ramp_jump", "skydive", "high_fall"])
def test_every_kind_is_assessed(name) -> None:
    found = precipice.assess(SCENARIOS / f"{name}.toml", 400, 0, workers=1)
    assert found.runs == 400
    assert found.hazards
    assert {hazard.verdict.word for hazard in found.hazards} <= {
        "met",
        "not met",
        "not shown",
        "no criterion",
    }
    assert max(map(len, assessment_page(found).splitlines())) <= 100


def test_tracks_of_some_runs_are_kept(tmp_path) -> None:
    """The first 300 and up to 50 with each hazard; a kept track is that of the run flown again."""
    from precipice.campaign.tracks import kept_runs, load_tracks

    folder, file = tmp_path / "c", SCENARIOS / "high_fall.toml"
    found = precipice.assess(file, 1000, 0, folder, workers=1, drivers=False, tracks=True)
    kept = kept_runs(folder)
    outside = found.hazard("landing outside the area")
    assert outside is not None
    assert set(range(300)) <= set(kept)
    assert {worst.run for worst in outside.worst[: outside.tally.happened]} <= set(kept)
    assert len(kept) <= 300 + 50
    way = load_tracks(folder, kept[-1])["body"]
    again = precipice.fly(file, run=kept[-1], seed=0).performer
    assert len(way.t) <= 300
    assert way.position[-1] == pytest.approx(again.position[-1], abs=1e-4)
    assert way.position[0] == pytest.approx(again.position[0], abs=1e-4)
    with pytest.raises(InputError, match="fly the run again"):
        load_tracks(folder, 999)
    with pytest.raises(InputError, match="--tracks must come with --out"):
        precipice.assess(file, 100, tracks=True)


def test_until_shown_stops_at_a_look(tmp_path) -> None:
    """A chance of 60 % is far above 0.1 % and below 99 %: the first look shows it."""
    path = changed(tmp_path, 'chance = "0.1 %"', 'chance = "99 %"')
    found = precipice.assess(path, 20_000, 0, workers=1, until_shown=True)
    assert found.runs == 2000
    assert len(found.looks) == 5
    assert sum(look.share for look in found.looks) == pytest.approx(1.0)
    assert found.verdict == "met"


@pytest.mark.parametrize(("option", "value"), [("runs", 0), ("runs", -5), ("workers", 0)])
def test_numbers_out_of_range_are_refused(option, value) -> None:
    with pytest.raises(InputError, match=f"--{option} must"):
        precipice.assess(SCENARIOS / "high_fall.toml", **{option: value})


def test_a_limit_without_a_unit_is_refused(tmp_path) -> None:
    text = (SCENARIOS / "base_jump.toml").read_text()
    path = tmp_path / "s.toml"
    more = '\n[[criterion]]\nhazard = "low throw"\nchance = "1 %"\naccepted_by = "me"\nlimit = "100"\n'
    path.write_text(text + more)
    with pytest.raises(ScenarioError, match="unit"):
        precipice.assess(path, 100)


def test_a_hazard_of_another_kind_is_refused(tmp_path) -> None:
    path = changed(tmp_path, 'hazard = "landing outside the area"', 'hazard = "re-contact"')
    with pytest.raises(ScenarioError, match="hazard"):
        precipice.assess(path, 100)


def test_nothing_uncertain_is_said(tmp_path) -> None:
    import re

    text = (SCENARIOS / "high_fall.toml").read_text()
    path = tmp_path / "certain.toml"
    text = re.sub(r"spread = (\{[^}]*\}|\[[^\]]*\])(, )?", "", text)
    # The default of the upwash has a spread of its own.
    path.write_text(text.replace("[wind]\n", '[wind]\nupwash = { value = "0.4", basis = "assumed" }\n'))
    assert not load_scenario(path).uncertain()
    with pytest.raises(InputError, match="at least one field must have a spread"):
        precipice.assess(path, 100)


def test_columns_that_are_not_finite_never_count_as_safe(monkeypatch) -> None:
    """Runs marked unresolved raise the upper bound and leave the lower one."""
    from precipice.risk import assess as module

    real = module.load_shards

    def spoiled(campaign: Any, runs: int) -> Any:
        for columns in real(campaign, runs):
            resolved = np.asarray(columns["resolved"]).copy()
            resolved[:100] = False
            yield {**columns, "resolved": resolved}

    monkeypatch.setattr(module, "load_shards", spoiled)
    found = precipice.assess(SCENARIOS / "high_fall.toml", 1000, 0, workers=1, drivers=False)
    assert found.unresolved == 100
    assert found.unresolved_runs == (0, 1, 2, 3, 4)
    said = assessment_page(found)
    assert "UNRESOLVED: 100 of them (runs 0, 1, 2, 3, 4, ...); harmless in lower bounds" in said
    assert "--run 0 --seed 0\n" in said
    outside = found.hazard("landing outside the area")
    assert outside is not None
    assert outside.tally.high > 0.1
    assert outside.verdict.word == "not shown"
