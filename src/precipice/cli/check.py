"""`precipice check`: say everything that is wrong with a scenario, or what it rests on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from precipice.cli.option import AsJson

if TYPE_CHECKING:
    from precipice.scenario.scenario import Scenario


def check(
    scenario: Annotated[Path, typer.Argument(help="The scenario file.", show_default=False)],
    every: Annotated[bool, typer.Option("--all", help="List every assumed field.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say everything that is wrong with a scenario, or what it rests on."""
    from precipice.errors import ScenarioError
    from precipice.scenario.load import load_scenario
    from precipice.world.survey.read import read_ground

    try:
        loaded = load_scenario(scenario)
        read_ground(loaded)
    except ScenarioError as error:
        if not as_json:
            raise
        _print_json(
            {"schema_version": 1, "scenario": str(scenario), "ok": False, "problems": _problems(error)}
        )
        raise typer.Exit(error.exit_code) from None
    summary = _summary(loaded)
    if as_json:
        _print_json({"schema_version": 1, "scenario": str(scenario), "ok": True, "problems": [], **summary})
        return
    for line in _lines(scenario, loaded, summary, every=every):
        typer.echo(line)


def _print_json(content: dict[str, Any]) -> None:
    import json

    typer.echo(json.dumps(content, indent=2, ensure_ascii=False))


def _problems(error: Any) -> list[dict[str, str]]:
    names = ("field", "rule", "value", "remedy")
    return [
        {**{name: getattr(problem, name) for name in names}, "message": str(problem)}
        for problem in error.problems
    ]


def _summary(scenario: "Scenario") -> dict[str, Any]:
    from precipice.scenario.warning import warnings_of

    quantities = scenario.quantities().values()
    bases = [quantity.basis for quantity in quantities]
    levels = [spread.varies for quantity in quantities for spread in quantity.spread]
    return {
        "kind": scenario.kind,
        "title": scenario.title,
        "sha256": scenario.sha256,
        "fields": len(bases),
        "basis": {basis: bases.count(basis) for basis in ("measured", "published", "assumed")},
        "defaults": sum(quantity.is_default for quantity in quantities),
        "uncertain": len(scenario.uncertain()),
        "varies": {level: levels.count(level) for level in ("jump", "day", "constant")},
        "correlations": len(scenario.correlation),
        "criteria": len(scenario.criterion),
        "assumed": scenario.assumed(),
        "warnings": warnings_of(scenario),
    }


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _lines(path: Path, scenario: "Scenario", summary: dict[str, Any], *, every: bool) -> list[str]:
    basis, varies = summary["basis"], summary["varies"]
    fields = f"{summary['fields']} fields: {basis['measured']} measured, {basis['published']} published"
    levels = f"{varies['jump']} from jump to jump, {varies['day']} from day to day"
    lines = [
        f"{path}: ok",
        f"  {scenario.title or 'no title'} ({scenario.kind})",
        f"  {fields}, {basis['assumed']} assumed ({summary['defaults']} of them defaults)",
        f"  {summary['uncertain']} uncertain: {levels}, {varies['constant']} unknown constants",
        f"  {_count(summary['correlations'], 'correlation', 'correlations')}, "
        + _count(summary["criteria"], "criterion", "criteria"),
        *(f"  warning: {warning}" for warning in summary["warnings"]),
    ]
    if not every:
        return [*lines, "  what is assumed, field by field: add --all"]
    quantities = scenario.quantities()
    width = max(len(name) for name in summary["assumed"])
    for name in summary["assumed"]:
        quantity = quantities[name]
        shapes = " + ".join(f"{spread.shape} by {spread.varies}" for spread in quantity.spread) or "exact"
        lines.append(f"  {name:{width}}  {quantity.text:>14}  {shapes:26} {quantity.source or ''}".rstrip())
    return lines
