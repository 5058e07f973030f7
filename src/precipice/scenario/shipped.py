"""The scenarios that come with precipice: in the wheel beside the program, in a clone in `scenarios/`."""

from importlib.resources import files
from pathlib import Path

from precipice.errors import InputError
from precipice.scenario.explanation import closest


def shipped_names() -> list[str]:
    """Return the names of the shipped scenarios, in alphabetical order."""
    return sorted(path.stem for path in _folder().glob("*.toml"))


def shipped_text(name: str) -> str:
    """Return the text of a shipped scenario.

    Args:
        name: Such as "helsetkopen".

    Raises:
        InputError: When none has that name.
    """
    known = shipped_names()
    if name not in known:
        meant = closest(name.lower().removesuffix(".toml"), known)
        remedy = f"write --shipped {meant}" if meant else "choose one of these"
        raise InputError(f"--shipped must be one of {', '.join(known)}, but is {name}: {remedy}")
    return (_folder() / f"{name}.toml").read_text(encoding="utf-8")


def _folder() -> Path:
    package = Path(str(files("precipice")))
    installed = package / "scenarios_shipped"
    return installed if installed.is_dir() else package.parents[1] / "scenarios"
