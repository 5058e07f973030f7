"""Every exception that precipice raises on purpose. Each one is a sentence for a person and an exit code."""

from dataclasses import dataclass
from typing import ClassVar


class PrecipiceError(Exception):
    """Anything that precipice refuses or cannot finish; never raised itself."""

    exit_code: ClassVar[int] = 1


class InputError(PrecipiceError):
    """Something that was asked for and cannot be done as asked, such as overwriting a file."""

    exit_code: ClassVar[int] = 2


class IncompleteError(PrecipiceError):
    """Work that stopped before its end and can be resumed."""

    exit_code: ClassVar[int] = 3


class RuleError(PrecipiceError, ValueError):
    """A value that breaks a rule, before anybody knows which field it is in.

    Attributes:
        rule: What the value must be, starting with a verb.
        value: What it is, as written.
        remedy: What to write instead.
        within: Part of the field that it is about, such as "spread"; "" for the whole.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, rule: str, value: str, remedy: str, within: str = "") -> None:
        self.rule = rule
        self.value = value
        self.remedy = remedy
        self.within = within
        Exception.__init__(self, f"{value} {rule}: {remedy}")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a scenario.

    Attributes:
        file: Name of the scenario file.
        field: Dotted path such as `run_up.surface[1].friction`, or a line of the file.
        rule: What the field must be, starting with a verb.
        value: What it is, as written.
        remedy: What to write instead.
    """

    file: str
    field: str
    rule: str
    value: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field} {self.rule}, but is {self.value}: {self.remedy}"


class ScenarioError(PrecipiceError):
    """A scenario that cannot be flown, with everything that is wrong with it.

    The text is plain: print it without interpreting markup, since it quotes what people wrote.

    Attributes:
        problems: At least one, in the order of the file's sections.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        Exception.__init__(self, "\n".join(str(problem) for problem in problems))


def quote(value: object, longest: int = 60) -> str:
    """Return a value as a short, printable, one-line text for a message.

    Args:
        value: Anything read from a file.
        longest: Characters; what is longer is cut.

    Returns:
        Text without control characters.
    """
    text = value if isinstance(value, str) else _plain(value)
    text = "".join(letter if letter.isprintable() else "?" for letter in text[: longest + 1])
    if len(text) > longest:
        text = text[: longest - 3] + "..."
    return text if text.strip() else f'"{text}"'


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "missing"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    return str(value)
