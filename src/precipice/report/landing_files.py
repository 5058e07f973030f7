"""A designed landing as files: picture, table of points, TOML to paste, JSON."""

import json
import tempfile
from pathlib import Path

from precipice.errors import InputError
from precipice.planning.landing_plan import LandingPlan
from precipice.report.landing import landing_json, landing_toml, points_csv
from precipice.report.landing_picture import draw_landing


def save_landing(plan: LandingPlan, folder: Path) -> list[Path]:
    """Write `landing.png`, `points.csv`, `landing_surface.toml` and `landing.json` into a folder.

    Args:
        plan: The landing.
        folder: Made if it is not there; older files of these names are replaced.

    Returns:
        Paths of the four files.

    Raises:
        InputError: When the folder cannot be written. Each file is there as a whole or not at all.
    """
    texts = {
        "points.csv": points_csv(plan),
        "landing_surface.toml": landing_toml(plan),
        "landing.json": json.dumps(landing_json(plan), indent=2, ensure_ascii=False, allow_nan=False) + "\n",
    }
    names = ("landing.png", *texts)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".landing.") as part:
            draw_landing(plan, Path(part) / names[0])
            for name, text in texts.items():
                (Path(part) / name).write_text(text, encoding="utf-8", newline="")
            for name in names:
                (Path(part) / name).replace(folder / name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            f"{folder} must be a folder to write to, but is not ({reason}): choose another"
        ) from None
    return [folder / name for name in names]
