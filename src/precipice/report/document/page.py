"""A report as one HTML file that asks nobody for anything."""

from typing import Any

from precipice.report.document.colour import DARK, LIGHT, drawing_style, template, variables
from precipice.report.document.content import content_of
from precipice.report.document.drawing import Drawing
from precipice.report.document.folder import Told


def report_page(told: Told) -> str:
    """Return a report as one HTML page: no script, no outside request, light, dark and printed.

    Args:
        told: What the report is about.
    """
    from jinja2 import DictLoader, Environment, StrictUndefined
    from markupsafe import Markup

    def draw(drawing: Drawing) -> Markup:
        # A drawing escapes its own words.
        return Markup(drawing.inline)

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=DictLoader({"page": template("report.html.j2")}),
    )
    environment.filters["draw"] = draw
    return environment.get_template("page").render(**content_of(told), style=Markup(_style()))


def _style() -> str:
    light, dark = variables(LIGHT), variables(DARK)
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f"@media print{{:root{{color-scheme:light;{light}}}}}"
        + template("report.css")
        + drawing_style()
    )


def plain(value: Any) -> Any:
    """Return content with every drawing taken out; what is left is data."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items() if not isinstance(part, Drawing)}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value
