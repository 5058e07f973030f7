"""A table of every field of the scenario file, for docs/scenario.md and `precipice schema --table`."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic.fields import FieldInfo

from precipice.scenario.kind import ALL
from precipice.scenario.scenario import Scenario
from precipice.scenario.section import AbstractSection, is_table, key_of, measure_of, only_of, section_of
from precipice.units import DIMENSIONS

_HEAD = "| field | what | measures | default | only for |\n| --- | --- | --- | --- | --- |\n"


def field_tables() -> str:
    """Return Markdown: a heading and a table for each section, in the order of the file."""
    return "\n".join(_tables(Scenario, "At the top"))


def _tables(table: type[AbstractSection], title: str, path: str = "") -> Iterator[str]:
    rows = [_row(key_of(name, field), field) for name, field in table.model_fields.items()]
    summary = (table.__doc__ or "").split("\n")[0]
    yield f"### {title}\n\n{summary}\n\n{_HEAD}" + "\n".join(rows) + "\n"
    for name, field in table.model_fields.items():
        inner = section_of(field)
        if inner is not None:
            below = f"{path}.{key_of(name, field)}".removeprefix(".")
            yield from _tables(inner, f"`[[{below}]]`" if _is_list(field) else f"`[{below}]`", below)


def _is_list(field: FieldInfo) -> bool:
    return str(field.annotation).startswith("tuple")


def _row(key: str, field: FieldInfo) -> str:
    kinds = only_of(field).kinds
    only = "" if kinds == ALL else ", ".join(sorted(kinds))
    cells = [f"`{key}`", _meaning(field), _measures(field), _default(field), only]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _meaning(field: FieldInfo) -> str:
    words = ", ".join(f"`{word}`" for word in _words(field.annotation))
    return f"{field.description} One of {words}." if words else str(field.description)


def _words(annotation: Any) -> Iterator[str]:
    for part in get_args(annotation):
        if isinstance(part, str):
            yield part
        elif get_args(part):
            yield from _words(part)


def _measures(field: FieldInfo) -> str:
    if section_of(field) is not None:
        return "tables" if _is_list(field) else "table"
    dimension = measure_of(field)
    return DIMENSIONS[dimension].noun.removeprefix("a ").removeprefix("an ") if dimension else ""


def _default(field: FieldInfo) -> str:
    if field.is_required() or only_of(field).needed:
        return "must be given"
    default: Any = field.default
    if section_of(field) is not None or default is None:
        return ""
    if is_table(default):
        spread: Mapping[str, str] = default.get("spread") or {}
        return f"{default['value']}, {spread['shape']} by {spread['varies']}" if spread else default["value"]
    return str(default).lower() if isinstance(default, bool) else str(default)
