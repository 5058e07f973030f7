"""Fly a motorcycle-to-BASE stunt on a computer before anybody does it for real."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from precipice.campaign.fly import fly
    from precipice.errors import Problem, ScenarioError
    from precipice.report.gradient import Gradient, gradient
    from precipice.risk.assess import assess
    from precipice.risk.assessment import Assessment
    from precipice.risk.compare import Comparison, compare
    from precipice.risk.rare import RareChance, rare_chance
    from precipice.scenario.load import load_scenario
    from precipice.scenario.scenario import Scenario
    from precipice.simulation.run import Event, Run, Track

__version__ = "0.1.0"

_ROOMS = {
    "assess": "precipice.risk.assess",
    "Assessment": "precipice.risk.assessment",
    "compare": "precipice.risk.compare",
    "Comparison": "precipice.risk.compare",
    "rare_chance": "precipice.risk.rare",
    "RareChance": "precipice.risk.rare",
    "fly": "precipice.campaign.fly",
    "gradient": "precipice.report.gradient",
    "Gradient": "precipice.report.gradient",
    "load_scenario": "precipice.scenario.load",
    "Scenario": "precipice.scenario.scenario",
    "Run": "precipice.simulation.run",
    "Event": "precipice.simulation.run",
    "Track": "precipice.simulation.run",
    "ScenarioError": "precipice.errors",
    "Problem": "precipice.errors",
}

__all__ = [
    "Assessment",
    "Comparison",
    "Event",
    "Gradient",
    "Problem",
    "RareChance",
    "Run",
    "Scenario",
    "ScenarioError",
    "Track",
    "assess",
    "compare",
    "fly",
    "gradient",
    "load_scenario",
    "rare_chance",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'precipice' has no attribute {name!r}")
    return getattr(import_module(_ROOMS[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
