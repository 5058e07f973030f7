"""Colours of a report by name, for light and for dark, and the style that its drawings share."""

import re
from functools import cache
from importlib.resources import files

LIGHT = {
    "ink": "#1b1f23",
    "quiet": "#59616a",
    "paper": "#ffffff",
    "panel": "#f4f5f7",
    "line": "#d3d8dd",
    "grid": "#e2e6ea",
    "sky": "#f0f4f8",
    "rock": "#d2c9bd",
    "rock-edge": "#7d7468",
    "ride": "#0072b2",
    "air": "#d55e00",
    "part": "#b9598d",
    "open": "#b37a00",
    "canopy": "#00805d",
    "moto": "#222222",
    "good": "#00704f",
    "bad": "#b00020",
    "doubt": "#8a5a00",
    "water": "#2f8fd0",
}
DARK = {
    "ink": "#e9e7e2",
    "quiet": "#a9b0b8",
    "paper": "#14171b",
    "panel": "#1d2227",
    "line": "#3a4149",
    "grid": "#2a3037",
    "sky": "#1a2026",
    "rock": "#4b453d",
    "rock-edge": "#a0968a",
    "ride": "#5cb8ee",
    "air": "#ff914d",
    "part": "#e5a0c6",
    "open": "#f0b73a",
    "canopy": "#35cc9f",
    "moto": "#dddddd",
    "good": "#45cda1",
    "bad": "#ff7b8d",
    "doubt": "#f0b73a",
    "water": "#5cb8ee",
}
PHASES = {
    "run-up": "ride",
    "ramp": "ride",
    "flight": "ride",
    "jump": "air",
    "separation": "part",
    "freefall": "air",
    "deployment": "open",
    "inflation": "open",
    "canopy": "canopy",
    "tumble": "air",
    "slide": "ride",
}
"""Name of the colour of each phase: after Okabe and Ito 2008, darkened until thin lines are told apart."""
PHASE_WORDS = {
    "ride": "on the vehicle, or sliding",
    "air": "falling or in the air",
    "part": "separation",
    "open": "deployment and inflation",
    "canopy": "canopy",
}


def variables(colours: dict[str, str]) -> str:
    """Return colours as CSS custom properties."""
    return "".join(f"--{name}:{value};" for name, value in colours.items())


@cache
def drawing_style() -> str:
    """Return the style of drawings, with its colours as CSS custom properties."""
    return template("drawing.css")


@cache
def printed_style() -> str:
    """Return the style of drawings with the light colours put in: a PDF knows no custom properties."""
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: LIGHT[found[1]], drawing_style())


def template(name: str) -> str:
    """Return the text of a file of the report's templates."""
    return files("precipice.report.document").joinpath("template", name).read_text(encoding="utf-8")
