"""The JSON Schema of the scenario file, for editors and other programs."""

from collections.abc import Iterator
from typing import Any, TypeGuard

from pydantic import TypeAdapter

from precipice.scenario.kind import ALL
from precipice.scenario.quantity import WrittenQuantity
from precipice.scenario.rig import AbstractMalfunction
from precipice.scenario.scenario import Scenario
from precipice.scenario.section import AbstractSection, is_table, key_of, only_of, section_of
from precipice.scenario.spread import SHAPES, Spread
from precipice.units import DIMENSIONS, NUMBER

Schema = dict[str, Any]

_BARE = {"type": "number"}
_WITH_UNIT = {"type": "string", "pattern": rf"^\s*{NUMBER} ?[^ ]+\s*$"}
_PLAIN = {"type": "string", "pattern": rf"^\s*{NUMBER} ?%?\s*$"}
_ANY_NUMBER = {"type": ["string", "number"]}


def scenario_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a scenario file whose dates are written as text."""
    schema = Scenario.model_json_schema()
    definitions: Schema = schema.pop("$defs")
    for name in {part.__name__ for part in _malfunctions()}:
        definitions[name]["properties"]["spread"] = {"$ref": "#/$defs/spread"}
    definitions = {name: _tidy(part) for name, part in sorted(definitions.items())}
    definitions |= _spreads() | {"quantity": _quantity()} | {name: _dimension(name) for name in DIMENSIONS}
    body = _tidy(schema)
    body["properties"]["kind"]["enum"] = sorted(ALL)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "precipice scenario",
        **body,
        "description": "Everything that was decided about one stunt; see docs/scenario.md.",
        "allOf": [_kind_rules(kind) for kind in sorted(ALL)],
        "$defs": definitions,
    }


def _malfunctions() -> Iterator[type[AbstractMalfunction]]:
    todo: list[type[AbstractSection]] = [Scenario]
    while todo:
        table = todo.pop()
        if issubclass(table, AbstractMalfunction):
            yield table
        todo += [inner for field in table.model_fields.values() if (inner := section_of(field))]


def _tidy(part: Any) -> Any:
    """Return a piece of pydantic's schema with dimensions, without nulls, titles and table defaults."""
    if _is_list(part):
        return [_tidy(item) for item in part]
    if not is_table(part):
        return part
    table: Schema = dict(part)
    choices = [item for item in table.get("anyOf", ()) if item != {"type": "null"}]
    if len(choices) == 1:
        table = {**{key: item for key, item in table.items() if key != "anyOf"}, **choices[0]}
    kept = {
        key: _tidy(item)
        for key, item in table.items()
        if not (key == "title" and isinstance(item, str)) and not (key == "default" and _is_no_text(item))
    }
    return _with_dimension(_without_format(kept))


def _is_list(part: object) -> TypeGuard[list[Any]]:
    return isinstance(part, list)


def _is_no_text(default: object) -> bool:
    return default is None or isinstance(default, dict | list | tuple)


def _with_dimension(part: Schema) -> Schema:
    role, _, dimension = str(part.pop("$comment", "")).partition(" ")
    if not dimension:
        return part
    described = {key: part[key] for key in ("description", "default") if key in part}
    if role == "plain":
        forms = [_BARE, _PLAIN] if dimension == "ratio" else [_WITH_UNIT]
        return {"anyOf": forms, "examples": [DIMENSIONS[dimension].example], **described}
    return {"$ref": f"#/$defs/{dimension}", **described}


def _without_format(part: Schema) -> Schema:
    # A TOML time of day has no offset, which JSON Schema's own format "time" demands.
    if part.get("format") == "time":
        return {**part, "format": "partial-time", "pattern": r"^\d\d:\d\d(:\d\d(\.\d+)?)?$"}
    return part


def _dimension(name: str) -> Schema:
    dimension = DIMENSIONS[name]
    alone = [_BARE, _PLAIN] if name == "ratio" else [_WITH_UNIT]
    units = ", ".join(unit for unit in dimension.units if unit)
    return {
        "title": dimension.noun,
        "description": f"Units: {units}, and others that can be converted.",
        "examples": [dimension.example],
        "anyOf": [*alone, {"$ref": "#/$defs/quantity"}],
    }


def _quantity() -> Schema:
    """Return a quantity as a table; which units fit, only its field knows."""
    table = _tidy(WrittenQuantity.model_json_schema())
    del table["$defs"]
    spread = {"$ref": "#/$defs/spread"}
    table["properties"]["value"] |= _ANY_NUMBER
    table["properties"]["spread"]["anyOf"] = [spread, {"type": "array", "items": spread, "maxItems": 3}]
    for key in ("items", "type"):
        del table["properties"]["spread"][key]
    return table


def _spreads() -> dict[str, Schema]:
    adapter: TypeAdapter[Spread] = TypeAdapter(Spread)
    parts = adapter.json_schema()["$defs"]
    found = {f"spread_{name}": _with_any_number(_tidy(part), name) for name, part in parts.items()}
    shapes = [{"$ref": f"#/$defs/spread_{shape.__name__}"} for shape in SHAPES.values()]
    return {"spread": {"description": "How far a field may be from its value.", "oneOf": shapes}, **found}


def _with_any_number(part: Schema, name: str) -> Schema:
    """Return a shape whose numbers may be texts with units: only the field knows its dimension."""
    for key, item in part["properties"].items():
        if item.get("type") == "number":
            part["properties"][key] = {**item, **_ANY_NUMBER}
        elif item.get("items") == {"type": "number"}:
            item["items"] = _ANY_NUMBER
        elif key == "parts":
            item["items"] = {"$ref": "#/$defs/spread_Part"}
    return {**part, "required": ["weight", "sd"] if name == "Part" else part["required"]}


def _kind_rules(kind: str) -> Schema:
    return {
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": _table_rules(Scenario, kind),
    }


def _table_rules(table: type[AbstractSection], kind: str) -> Schema:
    """Return which fields a kind must have, and which it must not."""
    needed: list[str] = []
    properties: Schema = {}
    for name, field in table.model_fields.items():
        key, mark, inner = key_of(name, field), only_of(field), section_of(field)
        if kind not in mark.kinds:
            properties[key] = False
            continue
        if kind in mark.needed and mark.needed != ALL:
            needed.append(key)
        rules = _table_rules(inner, kind) if inner else {}
        is_list = str(field.annotation).startswith("tuple")
        if rules and any(rules.values()):
            properties[key] = {"items": rules} if is_list else rules
    return {key: item for key, item in (("required", needed), ("properties", properties)) if item}
