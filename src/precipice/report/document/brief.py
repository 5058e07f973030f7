"""A report as a PDF of a few pages, for those who print."""

import json
import tempfile
from pathlib import Path
from typing import Any

from precipice.errors import InputError
from precipice.report.document.colour import template
from precipice.report.document.drawing import Drawing


def find_typst() -> Any:
    """Return the library that sets the PDF.

    Raises:
        InputError: When it is not installed.
    """
    try:
        import typst
    except ImportError:
        raise InputError(
            "--pdf must have the package typst, but it is not installed: pip install 'precipice[report]'"
        ) from None
    return typst


def report_brief(content: dict[str, Any]) -> bytes:
    """Return a report as a PDF: the same bytes for the same content.

    Args:
        content: From `content_of`.

    Raises:
        InputError: When typst is not installed.
    """
    typst = find_typst()
    from matplotlib import get_data_path

    with tempfile.TemporaryDirectory(prefix="precipice-") as temporary:
        folder = Path(temporary)
        for name, drawing in _drawings(content).items():
            (folder / f"{name}.svg").write_text(drawing.alone, encoding="utf-8")
        told = json.dumps(_data(content), ensure_ascii=False, allow_nan=False)
        (folder / "content.json").write_text(told, encoding="utf-8")
        (folder / "brief.typ").write_text(template("brief.typ"), encoding="utf-8")
        # Matplotlib brings a font that every machine then has alike.
        fonts: list[Any] = [str(Path(get_data_path()) / "fonts" / "ttf")]
        made = typst.compile(
            str(folder / "brief.typ"),
            root=str(folder),
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            timestamp=0,
        )
    assert isinstance(made, bytes)
    return made


def _drawings(content: dict[str, Any]) -> dict[str, Drawing]:
    flight, maps = content["flight"], content["maps"]
    found = {name: flight[name] for name in ("strips", "close", "side")}
    found |= {name: maps[name] for name in ("whole", "near")}
    found |= {word.replace(" ", "-"): drawing for word, drawing in content["marks"].items()}
    found |= {f"legend-{k}": row["drawing"] for k, row in enumerate(maps["legend"])}
    found |= {f"driver-{k}": part["figure"] for k, part in enumerate(content["drivers"])}
    if content["hazards"] is not None:
        found["hazards"] = content["hazards"]["figure"]
    return found


def _data(content: dict[str, Any]) -> Any:
    """Return what the brief says, as data: content without drawings, and of the worst runs one a hazard."""
    rows = {row["hazard"]: row for row in reversed(content["worst"]["rows"])}
    brief = [[row["hazard"], str(row["run"]), row["left"], row["command"]] for row in rows.values()]
    told = _plain(content)
    told["worst"] = {"brief": list(reversed(brief))[:8]}
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if not isinstance(part, Drawing)}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
