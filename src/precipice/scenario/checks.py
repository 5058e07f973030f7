"""Rules between fields. They look at whatever could be read, so that all problems come at once."""

from collections.abc import Iterator, Mapping
from typing import Any

from precipice.errors import quote
from precipice.scenario.explanation import Finding, Path, dotted, missing
from precipice.scenario.facts import Facts
from precipice.scenario.kind import ALL
from precipice.scenario.rule_belief import check_belief
from precipice.scenario.rule_run_up import check_run_up
from precipice.scenario.rule_site import check_site
from precipice.scenario.rule_terrain import check_terrain
from precipice.scenario.rule_weather import check_weather_fields
from precipice.scenario.scenario import Scenario
from precipice.scenario.section import AbstractSection, is_list, is_table, key_of, only_of, section_of


def check_fields(facts: Facts, kind: str) -> Iterator[Finding]:
    """Yield every broken rule between fields.

    Args:
        facts: What could be read.
        kind: Of the stunt.
    """
    yield from check_site(facts)
    yield from check_weather_fields(facts)
    yield from check_terrain(facts)
    yield from check_run_up(facts)
    yield from check_belief(facts, kind)


def check_kind(
    raw: Mapping[str, Any], kind: str, table: type[AbstractSection] = Scenario, where: Path = ()
) -> Iterator[Finding]:
    """Yield every field that a kind of stunt must not have, or must have and lacks.

    Args:
        raw: A table of the file.
        kind: Of the stunt.
        table: What the table is.
        where: Its path.
    """
    for name, field in table.model_fields.items():
        path, mark = (*where, key_of(name, field)), only_of(field)
        if path[-1] not in raw:
            if kind in mark.needed and mark.needed != ALL:
                yield missing(path)
            continue
        value = raw[str(path[-1])]
        if kind not in mark.kinds:
            remedy = f"remove it: it belongs to {' and '.join(sorted(mark.kinds))}"
            yield Finding(dotted(path), f"must be absent for the kind {kind}", quote(value), remedy)
        elif inner := section_of(field):
            yield from _check_inside(value, kind, inner, path)


def _check_inside(value: object, kind: str, inner: type[AbstractSection], path: Path) -> Iterator[Finding]:
    if is_table(value):
        yield from check_kind(value, kind, inner, path)
    elif is_list(value):
        for index, item in enumerate(value):
            yield from _check_inside(item, kind, inner, (*path, index))
