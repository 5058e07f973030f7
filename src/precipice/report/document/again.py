"""Everything that it takes to do it again."""

from pathlib import Path
from typing import Any

from precipice.report.document.folder import Told


def again(told: Told) -> dict[str, Any]:
    """Return seed, versions, commands and the scenario's text.

    Args:
        told: What the report is about.
    """
    facts, name = told.facts, Path(told.scenario.file).name
    rows = [(f"version of {part}", text) for part, text in facts["versions"].items()]
    if told.assessment is not None:
        processor = str(facts["processor"]).splitlines()[0].removeprefix("model name").strip("\t :")
        rows += [
            ("physics", facts["physics"][:16]),
            ("scenario and its files", facts["scenario_sha256"]),
            ("type of processor", processor),
            ("runs", f"{told.assessment.runs:,}"),
            ("seed", str(told.assessment.seed)),
        ]
    else:
        rows.append(("scenario", told.scenario.sha256))
        rows += [
            (part, "none: the nominal run" if facts[part] is None else str(facts[part]))
            for part in ("run", "seed")
        ]
    return {
        "rows": [list(row) for row in rows],
        "steps": _steps(told, name),
        "files": _files(told),
        "file": name,
        "text": facts["scenario_text"],
    }


def _steps(told: Told, name: str) -> list[str]:
    if told.assessment is None:
        drawn = "" if told.run.run is None else f" --run {told.run.run} --seed {told.run.seed}"
        return [f"precipice fly {name}{drawn} --out flight", "precipice report flight"]
    found = told.assessment
    until = " --until-shown" if len(found.looks) > 1 else ""
    most = max([found.runs, *(look.runs for look in found.looks)])
    return [
        f"precipice assess {name} --runs {most} --seed {found.seed}{until} --out campaign",
        "precipice report campaign",
    ]


def _files(told: Told) -> list[str]:
    """Return the ground and weather files that the scenario names, which must lie beside it."""
    scenario = told.scenario
    terrain, surface = scenario.site.terrain, scenario.landing_surface
    names = [] if terrain is None else [terrain.dem, *(mesh.file for mesh in terrain.mesh)]
    if surface is not None and surface.file is not None:
        names.append(surface.file)
    return [*names, *(str(scenario.weather_path(section).name) for section in scenario.weather_sections())]
