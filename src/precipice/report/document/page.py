"""A report as one HTML file that asks nobody for anything."""

from typing import Any

from precipice.report.document.colour import DARK, LIGHT, drawing_style, template, variables
from precipice.report.document.drawing import Drawing


def report_page(content: dict[str, Any]) -> str:
    """Return a report as one HTML page: no script, no outside request, light, dark and printed.

    Args:
        content: From `content_of`.
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
    return environment.get_template("page").render(**content, style=Markup(_style()))


def _style() -> str:
    light, dark = variables(LIGHT), variables(DARK)
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f"@media print{{:root{{color-scheme:light;{light}}}}}" + template("report.css") + drawing_style()
    )
