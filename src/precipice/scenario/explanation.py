"""From what pydantic found to sentences: what a field must be, what it is, what to write instead."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from precipice.errors import RuleError, quote
from precipice.scenario.quantity import WrittenQuantity
from precipice.scenario.scenario import Scenario
from precipice.scenario.section import AbstractSection, key_of, measure_of, section_of
from precipice.scenario.spread import SHAPES, Part
from precipice.units import DIMENSIONS

Path = tuple[int | str, ...]

# Finding the word that was meant takes a millisecond, and a damaged file may have thousands.
_MOST = 500
_SPREAD = {name for shape in SHAPES.values() for name in shape.model_fields}

_RULES: dict[str, tuple[str, str]] = {
    "bool_type": ("must be true or false", "write true or false, without quotes"),
    "int_type": ("must be a whole number", "write such as 1, without quotes"),
    "string_type": ("must be text", "put it in quotes"),
    "date_type": ("must be a date", "write such as 2020-09-06, without quotes"),
    "time_type": ("must be a time of day", "write such as 10:30:00, without quotes"),
    "tuple_type": ("must be a list", "write such as [ ... ], or [[...]] for a list of tables"),
    "model_type": ("must be a table", "write its fields under a heading in brackets, or in { ... }"),
    "string_too_short": ("must not be empty", "write a word"),
}


class Finding(NamedTuple):
    """A problem whose file is not named yet.

    Attributes:
        field: Dotted path, lists as `surface[1]`.
        rule: What it must be.
        value: What it is.
        remedy: What to write instead.
    """

    field: str
    rule: str
    value: str
    remedy: str


def explain(error: ValidationError) -> Iterator[Finding]:
    """Yield every problem of a scenario's tables.

    Args:
        error: From pydantic; errors inside quantities and spreads are already among its own.
    """
    for item in error.errors(include_url=False)[:_MOST]:
        if item["type"] == "too_short" and len(item["input"]) >= item.get("ctx", {})["min_length"]:
            # What is in the list is wrong and told already; pydantic only counts what is right.
            continue
        path = item["loc"]
        cause = item.get("ctx", {}).get("error")
        if isinstance(cause, RuleError):
            path = (*path, cause.within) if cause.within else path
            yield Finding(dotted(path), cause.rule, cause.value, cause.remedy)
        else:
            yield _translate(dict(item), path)


def dotted(path: Iterable[int | str]) -> str:
    """Return a path as people read it, `run_up.surface[1].friction`."""
    parts: list[str] = []
    for part in path:
        # A quantity's value is the field itself, whether written alone or in a table.
        if parts and part == "spread" and parts[-1] == ".value":
            parts[-1] = ".spread"
        else:
            parts.append(f"[{part}]" if isinstance(part, int) or part.isdecimal() else f".{part}")
    if len(parts) > 1 and parts[-1] == ".value":
        parts.pop()
    return "".join(parts).removeprefix(".") or "file"


def finding(path: str, rule: str, value: str, remedy: str) -> Finding:
    """Return a problem of a field whose path is dotted throughout, `run_up.surface.1.friction`."""
    return Finding(dotted(path.split(".")), rule, value, remedy)


def closest(word: object, words: Iterable[str]) -> str | None:
    """Return the word that somebody probably meant."""
    return next(iter(difflib.get_close_matches(str(word)[:100], list(words), 1, 0.6)), None)


def missing(path: Path) -> Finding:
    """Return the problem of a field that must be there and is not."""
    field = declared(path)
    name = str(path[-1])
    if field is None:
        remedy = f'add {name} = "..."'
    elif measure := measure_of(field):
        example = DIMENSIONS[measure].example
        remedy = f'write {DIMENSIONS[measure].noun} such as {name} = "{example}"'
    elif section_of(field) is not None:
        title = ".".join(str(part) for part in path if isinstance(part, str))
        remedy = f"add the table [{title}]: {field.description}"
    elif words := [word for word in get_args(field.annotation) if isinstance(word, str | int)]:
        remedy = f"add {name} = {_literal(str(words[0]))}: {field.description}"
    else:
        remedy = f"add {name} = ...: {field.description}"
    return Finding(dotted(path), "must be given", "missing", remedy)


def declared(path: Path) -> FieldInfo | None:
    """Return the declaration of a field, or None where the path leads nowhere."""
    table = _table_at(path[:-1])
    if table is None:
        return None
    return next(
        (field for name, field in table.model_fields.items() if key_of(name, field) == path[-1]), None
    )


def _table_at(path: Path) -> type[AbstractSection] | None:
    table: type[AbstractSection] | None = Scenario
    for part in path:
        if isinstance(part, int):
            continue
        fields = table.model_fields.items() if table else ()
        field = next((field for name, field in fields if key_of(name, field) == part), None)
        table = section_of(field) if field else None
    return table


def _translate(item: Mapping[str, Any], path: Path) -> Finding:
    kind: str = item["type"]
    value = quote(item["input"])
    context: Mapping[str, Any] = item.get("ctx", {})
    if kind == "missing":
        return missing(path)
    if kind == "extra_forbidden":
        return unknown(path, item["input"], _names(path))
    if kind == "literal_error":
        return _not_listed(path, item["input"], context["expected"])
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = "at least" if kind == "greater_than_equal" else "at most"
        limit = context["ge" if kind == "greater_than_equal" else "le"]
        return Finding(dotted(path), f"must be {bound} {limit}", value, f"write such as {limit}")
    if kind == "too_short":
        rule = f"must have at least {context['min_length']} items"
        return Finding(dotted(path), rule, str(len(item["input"])), "add what is missing")
    if kind == "too_long":
        rule = f"must have at most {context['max_length']} items"
        return Finding(dotted(path), rule, str(len(item["input"])), "remove the least important")
    if isinstance(item["input"], str):
        value = f'"{value}"'
    rule, remedy = _RULES.get(kind, ("must be what docs/scenario.md says", str(item["msg"])))
    return Finding(dotted(path), rule, value, remedy)


def unknown(path: Path, value: object, names: Iterable[str]) -> Finding:
    """Return the problem of a field that does not exist."""
    names = sorted(names)
    meant = closest(path[-1], names)
    listed = ", ".join(names) if len(names) <= 12 else "see docs/scenario.md"
    remedy = f"did you mean {meant}?" if meant else f"remove it; known here: {listed}"
    return Finding(dotted(path), "must be a known field", f"an unknown one, set to {quote(value)}", remedy)


def _names(path: Path) -> Iterable[str]:
    if path[-2:-1] == ("spread",):
        return _SPREAD
    if "parts" in path:
        return Part.model_fields
    table = _table_at(path[:-1])
    if table is None:
        return WrittenQuantity.model_fields
    return [key_of(name, field) for name, field in table.model_fields.items()]


def _not_listed(path: Path, value: object, expected: str) -> Finding:
    words = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    meant = closest(str(value).lower(), words)
    if len(words) == 1:
        meant = words[0]
    elif meant is None and path[-1:] == ("basis",):
        # Whoever cannot say where a number comes from has not measured it.
        meant = "assumed"
    remedy = f"write {_literal(meant)}" if meant else "choose one of these, in quotes"
    return Finding(dotted(path), "must be one of " + ", ".join(words), quote(value), remedy)


def _literal(word: str) -> str:
    return word if word.isdecimal() else f'"{word}"'
