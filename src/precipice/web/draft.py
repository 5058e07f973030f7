"""The scenario as the page has it: what the file says, and edits that are not saved yet."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import tomlkit
from tomlkit.exceptions import TOMLKitError

from precipice.campaign.atomic import write_atomically
from precipice.errors import InputError, Problem, ScenarioError
from precipice.scenario.explanation import declared, dotted
from precipice.scenario.load import load_scenario, parse_scenario
from precipice.scenario.quantity import Quantity
from precipice.scenario.scenario import Scenario
from precipice.scenario.section import leaves
from precipice.units import DIMENSIONS

LONGEST = 200
"""Characters of an edit."""
MOST = 200
"""Edits at a time."""


@dataclass
class Draft:
    """A scenario that is being edited.

    Attributes:
        name: What the file is called in messages.
        path: Of the file that is saved to; None where there is none.
        text: As the file says it.
        scenario: The last that could be flown, edits included.
        edits: What a person wrote, by the field's dotted path.
        problems: Of the text with the edits; the scenario stays as it was while there are any.
        revision: Counts the scenarios that could be flown.
    """

    name: str
    path: Path | None
    text: str
    scenario: Scenario
    edits: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    revision: int = 1

    def edit(self, path: str, written: str | None) -> None:
        """Change a field, or take an edit back; the file stays as it is.

        Args:
            path: Dotted, a field that `editable` has.
            written: As a person writes it, such as "3 s"; None takes the edit back.

        Raises:
            InputError: When there is no such field, or the text is too long.
        """
        known = {item["path"] for item in editable(self.scenario)}
        if path not in known and path not in self.edits:
            raise InputError("a field must be one that the page shows, but is another: load the page again")
        edits = {name: text for name, text in self.edits.items() if name != path}
        if written is not None:
            if len(written) > LONGEST or len(edits) >= MOST or not written.isprintable():
                raise InputError(
                    f"{path} must be one line of at most {LONGEST} characters, but is not: shorten it"
                )
            edits[path] = written.strip()
        self._take(self.text, edits)

    def discard(self) -> None:
        """Take all edits back."""
        self._take(self.text, {})

    def save(self) -> None:
        """Write the file with its edits, as a whole or not at all.

        Raises:
            InputError: When there is no file to write, it was changed by somebody else, there are
                problems, or it cannot be written; the file stays as it was.
        """
        if self.path is None:
            raise InputError("a scenario file must be open to save to, but none is: precipice serve SCENARIO")
        if self.problems:
            raise InputError(
                f"{self.name} must have no problems, but has {len(self.problems)}: correct or discard them"
            )
        if load_scenario(self.path).text != self.text:
            raise InputError(
                f"{self.name} must be as it was when the page read it, but somebody changed it since: "
                "discard the edits to read it again"
            )
        text = apply(self.text, self.edits, self.scenario)
        write_atomically(self.path, lambda part: part.write_text(text, encoding="utf-8", newline=""))
        self._take(text, {})

    def read_again(self) -> None:
        """Read the file again, and drop all edits.

        Raises:
            ScenarioError: When it has problems now; all stays as it was.
        """
        text = self.text if self.path is None else load_scenario(self.path).text
        self._take(text, {})

    def flown_text(self) -> str:
        """Return the text of the scenario that is flown: the last without problems."""
        return self.scenario.text

    def _take(self, text: str, edits: dict[str, str]) -> None:
        try:
            whole = apply(text, edits, self.scenario)
            scenario = parse_scenario(whole, self.name)
        except ScenarioError as error:
            self.text, self.edits, self.problems = text, edits, error.problems
            return
        self.text, self.edits, self.problems = text, edits, ()
        if scenario.text != self.scenario.text:
            self.scenario, self.revision = scenario, self.revision + 1


def open_draft(name: str, path: Path | None, text: str) -> Draft:
    """Return a draft without edits.

    Args:
        name: What to call the file in messages.
        path: Of the file that is saved to; None where there is none.
        text: Of the scenario.

    Raises:
        ScenarioError: When it has problems.
    """
    return Draft(name, path, text, parse_scenario(text, name))


def editable(scenario: Scenario) -> list[dict[str, Any]]:
    """Return every field that may be edited: numbers with a unit, words of a list, yes or no.

    Texts are left out: some of them name files.

    Args:
        scenario: Which fields there are depends on its kind.
    """
    found = []
    for path, leaf in leaves(scenario, scenario.kind):
        about = _about(path, leaf)
        if about is not None:
            parts = tuple(int(part) if part.isdecimal() else part for part in path.split("."))
            field = declared(parts)
            found.append(
                {"path": path, "name": dotted(parts), **about, "help": (field and field.description) or ""}
            )
    return found


def _about(path: str, leaf: Any) -> dict[str, Any] | None:
    if isinstance(leaf, Quantity):
        about = DIMENSIONS[leaf.dimension]
        return {
            "text": leaf.text,
            "unit": leaf.unit,
            "what": about.noun,
            "example": about.example,
            "basis": "default" if leaf.is_default else leaf.basis,
            "source": leaf.source or "",
            "spread": bool(leaf.spread),
        }
    if isinstance(leaf, bool):
        return {"text": str(leaf).lower(), "words": ["true", "false"]}
    parts = tuple(int(part) if part.isdecimal() else part for part in path.split("."))
    field = declared(parts)
    words = [] if field is None else [word for word in _words(field.annotation) if isinstance(word, str)]
    # Another kind of stunt has other sections: that is another scenario.
    if isinstance(leaf, str) and leaf in words and path != "kind":
        return {"text": leaf, "words": words}
    return None


def _words(annotation: Any) -> list[Any]:
    parts = get_args(annotation)
    return [word for part in parts for word in ([part] if isinstance(part, str) else _words(part))]


def apply(text: str, edits: dict[str, str], scenario: Scenario) -> str:
    """Return a scenario's text with edits; comments, order and everything else stay.

    Args:
        text: Of the file.
        edits: By dotted path.
        scenario: Tells numbers and words from yes and no.

    Raises:
        InputError: When the text is not what it was read as.
    """
    if not edits:
        return text
    flags = {path for path, leaf in leaves(scenario, scenario.kind) if isinstance(leaf, bool)}
    try:
        document = tomlkit.parse(text)
        for path, written in edits.items():
            value = written == "true" if path in flags and written in ("true", "false") else written
            _put(document, path.split("."), value)
        return tomlkit.dumps(document)
    except (TOMLKitError, KeyError, IndexError, TypeError) as error:
        raise InputError(
            f"{scenario.file} must be a scenario that can be edited, but is not ({error})"
        ) from None


def _put(table: Any, path: list[str], value: str | bool) -> None:
    for part in path[:-1]:
        if part.isdecimal():
            table = table[int(part)]
            continue
        if part not in table:
            table[part] = tomlkit.table()
        table = table[part]
    last = path[-1]
    if last in table and isinstance(table[last], dict):
        table[last]["value"] = value
    else:
        table[last] = value
