"""The JSON Schema: valid itself, current, accepts every shipped scenario, refuses what the loader refuses."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from tests.scenario.bad_cases import CASES, GOOD

from precipice.scenario.kind import ALL
from precipice.scenario.load import parse_scenario
from precipice.scenario.reference import field_tables
from precipice.scenario.schema import scenario_schema

jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(__file__).parents[2]


def as_json(text):
    """Return a TOML text as the JSON that editors check: dates and times become text."""
    return json.loads(json.dumps(tomllib.loads(text), default=str))


@pytest.fixture(scope="module")
def validator():
    schema = scenario_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_committed_schema_is_current():
    committed = json.loads((ROOT / "scenarios" / "scenario.schema.json").read_text(encoding="utf-8"))
    remedy = "run: precipice schema -o scenarios/scenario.schema.json"
    assert committed == json.loads(json.dumps(scenario_schema())), remedy


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda path: path.name)
def test_shipped_scenarios_are_valid_and_name_the_schema(validator, path):
    text = path.read_text(encoding="utf-8")
    assert list(validator.iter_errors(as_json(text))) == []
    assert text.startswith("#:schema ./scenario.schema.json\n")


@pytest.mark.parametrize("kind", sorted(ALL))
def test_templates_are_valid(validator, kind):
    text = files("precipice.scenario").joinpath("template", f"{kind}.toml").read_text(encoding="utf-8")
    assert list(validator.iter_errors(as_json(text))) == []


SEEN = [
    "unknown key",
    "unknown section",
    "bare number",
    "missing field",
    "missing section",
    "unknown kind",
    "another format",
    "unknown word",
    "unknown shape",
    "spread key",
    "spread without a level",
    "unknown basis",
    "unknown hazard",
    "text for a number",
    "no takes",
    "a table for a list",
    "a list for a table",
    "field of another kind",
    "too many surfaces",
    "hanging",
    "markup",
    "mixture part",
]
"""What an editor can see; dimensions and rules between fields are for `precipice check`."""


@pytest.mark.parametrize("name", SEEN)
def test_mistakes_are_seen_in_an_editor(validator, name):
    case = CASES[name]
    assert not validator.is_valid(as_json(GOOD.replace(case.old, case.new, 1)))


def test_compound_tables_and_lists_of_spreads_are_valid(validator):
    jump, day = (f'{{ shape = "normal", sd = "0.1 s", varies = "{level}" }}' for level in ("jump", "day"))
    twist = f'line_twist = {{ chance = "1 %", value = "4 s", spread = {jump} }}'
    push = f'push_time = {{ value = "2 s", spread = [{jump}, {day}] }}'
    text = GOOD.replace("[rig]", f"[rig.malfunction]\n{twist}\n[rig]", 1).replace('hard_deck = "150 m"', push)
    assert parse_scenario(text).plan.push_time.spread[1].varies == "day"
    assert list(validator.iter_errors(as_json(text))) == []


def test_fields_say_what_they_are(validator):
    schema = validator.schema
    lip_angle = schema["$defs"]["Ramp"]["properties"]["lip_angle"]
    assert lip_angle["$ref"] == "#/$defs/angle"
    assert lip_angle["description"]
    assert "deg" in schema["$defs"]["angle"]["description"]
    assert schema["$defs"]["angle"]["examples"] == ["15 deg"]
    silent = [
        f"{name}.{key}"
        for name, part in schema["$defs"].items()
        for key, field in part.get("properties", {}).items()
        if not field.get("description") and key not in ("shape", "spread")
    ]
    assert silent == []


def test_the_guide_lists_every_field():
    guide = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    begin, end = "<!-- fields: begin -->\n", "<!-- fields: end -->"
    listed = guide[guide.index(begin) + len(begin) : guide.index(end)]
    assert listed.strip() == field_tables().strip(), "paste the output of: precipice schema --table"
