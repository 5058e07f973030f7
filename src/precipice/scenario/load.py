"""From a file to a scenario, or to everything that is wrong with the file."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeGuard

from pydantic import ValidationError

from precipice.errors import Problem, ScenarioError, quote
from precipice.scenario.checks import check_fields, check_kind
from precipice.scenario.explanation import Finding, closest, explain
from precipice.scenario.facts import Facts
from precipice.scenario.kind import ALL
from precipice.scenario.rule_weather import check_weather, check_wind_given
from precipice.scenario.scenario import Scenario, with_sections
from precipice.scenario.section import is_table, leaves, salvage

LARGEST = 250_000
"""Bytes of a scenario file; a long one has about 20,000."""
MOST = 200
"""Problems that are told one by one."""

_ASSIGNED = re.compile(r"([A-Za-z0-9_.-]{1,60}) *= *([^#]{1,80}?) *(?:#.*)?")
_HOUR = re.compile(r"[0-2]?[0-9]:[0-5][0-9]")
_NUMBER_AND_UNIT = re.compile(r"[+-]?[0-9.]{1,20} ?[A-Za-z%°][A-Za-z0-9%°/^*²³]{0,20}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,60}")


def load_scenario(path: str | Path) -> Scenario:
    """Return the scenario that a TOML file describes.

    Args:
        path: Of the file.

    Raises:
        ScenarioError: With everything that is wrong with it, all at once.
    """
    text = _read(Path(path))
    return parse_scenario(text, str(path))


def parse_scenario(text: str, file: str = "scenario.toml") -> Scenario:
    """Return the scenario that a TOML text describes.

    Args:
        text: Content of a scenario file.
        file: What to call it in messages.

    Raises:
        ScenarioError: With everything that is wrong with it, all at once.
    """
    raw = _parse(text, file)
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in ALL:
        raise _error(file, [_kind_unknown(kind)])
    findings = [*check_kind(raw, kind), *check_wind_given(raw)]
    try:
        scenario = Scenario.from_table(raw, text, file)
    except ValidationError as error:
        findings += explain(error)
        fields = dict(salvage(Scenario, with_sections(raw), kind))
        raise _error(file, [*findings, *check_fields(Facts(fields), kind)]) from None
    findings += check_fields(Facts(dict(leaves(scenario, kind))), kind)
    findings += _files_exist(scenario)
    findings += findings or check_weather(scenario)
    if findings:
        raise _error(file, findings)
    return scenario


def reparse_scenario(text: str, file: str) -> Scenario:
    """Return the scenario of a text that was parsed before, whether or not the files it names are at hand.

    Args:
        text: As a run folder keeps it.
        file: What it was called then.

    Raises:
        ScenarioError: When it is no scenario of this version.
    """
    try:
        return Scenario.from_table(_parse(text, file), text, file)
    except ValidationError as error:
        raise _error(file, explain(error)) from None


def _read(path: Path) -> str:
    file = str(path)
    try:
        if path.is_dir():
            raise _error(
                file, [Finding("file", "must be a file", "a directory", "name the TOML file inside it")]
            )
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except FileNotFoundError:
        remedy = f"check the path, or write a new one with: precipice new {quote(path.name)}"
        raise _error(file, [Finding("file", "must exist", "missing", remedy)]) from None
    except (OSError, ValueError) as error:
        reason = quote(getattr(error, "strerror", None) or str(error))
        raise _error(
            file, [Finding("file", "must be readable", reason, "check the path and its permissions")]
        ) from None
    if len(content) > LARGEST:
        size = f"longer than {LARGEST} bytes"
        raise _error(file, [Finding("file", "must be a scenario", size, "name the TOML file of a stunt")])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte {content[error.start]:#04x}"
        raise _error(
            file, [Finding(f"line {line}", "must be UTF-8 text", found, "save it as UTF-8")]
        ) from None


def _parse(text: str, file: str) -> dict[str, Any]:
    try:
        return _frozen(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _error(file, [_syntax(text, str(error))]) from None
    except ValueError:
        remedy = "no number has thousands of digits: shorten it"
        raise _error(
            file, [Finding("file", "must be valid TOML", "a number too long to read", remedy)]
        ) from None
    except RecursionError:
        remedy = "write what docs/scenario.md shows: two levels are enough"
        raise _error(file, [Finding("file", "must be valid TOML", "nested too deeply", remedy)]) from None


def _syntax(text: str, message: str) -> Finding:
    found = re.search(r"\(at (?:line (\d+), column \d+|end of document)\)", message)
    lines = text.splitlines() or [""]
    number = int(found[1]) if found and found[1] else len(lines)
    reason = message.split(" (at ")[0]
    line = lines[min(number, len(lines)) - 1].strip()
    remedy = _toml_remedy(line) or quote(f"{reason[:1].lower()}{reason[1:]}")
    return Finding(f"line {number}", "must be valid TOML", quote(line or "empty"), remedy)


def _toml_remedy(line: str) -> str | None:
    """Return what to write instead of a line that is no TOML, for the mistakes that people make most."""
    if not (found := _ASSIGNED.fullmatch(line)):
        return None
    name, value = found.groups()
    if _HOUR.fullmatch(value):
        return f"write the seconds as well, {name} = {value}:00"
    if value.count('"') == 1 and "'" not in value:
        return "close the text with a second quotation mark"
    if value.lower() in ("true", "false"):
        return f"write {name} = {value.lower()}"
    if _NUMBER_AND_UNIT.fullmatch(value) or _WORD.fullmatch(value):
        return f'put it in quotes, {name} = "{value}"'
    return None


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _frozen(value: Any) -> Any:
    if is_table(value):
        return {key: _frozen(item) for key, item in value.items()}
    if _is_list(value):
        return tuple(_frozen(item) for item in value)
    return value


def _kind_unknown(kind: object) -> Finding:
    meant = closest(kind, ALL) or "ramp-to-canopy"
    rule = "must be one of " + ", ".join(sorted(ALL))
    return Finding("kind", rule, quote(kind), f'write kind = "{meant}"')


def _files_exist(scenario: Scenario) -> Iterable[Finding]:
    surface, terrain = scenario.landing_surface, scenario.site.terrain
    files = [("landing_surface.file", None if surface is None else surface.file)]
    if terrain is not None:
        files.append(("site.terrain.dem", terrain.dem))
        files += [(f"site.terrain.mesh[{k}].file", mesh.file) for k, mesh in enumerate(terrain.mesh)]
    for field, file in files:
        if file is None or (Path(scenario.file).parent / file).is_file():
            continue
        remedy = "write its path relative to the scenario file"
        if field != "landing_surface.file":
            remedy += "; docs/site.md says where to get elevation models and scans"
        yield Finding(field, "must be a file", quote(f"{file}, which is missing", 120), remedy)


def _error(file: str, findings: Iterable[Finding]) -> ScenarioError:
    name = quote(file, 1000)
    unique = [Problem(name, quote(finding.field, 200), *finding[1:]) for finding in dict.fromkeys(findings)]
    if len(unique) > MOST:
        rest = f"{len(unique) - MOST} more problems"
        unique[MOST:] = [Problem(name, "file", "must be a scenario", rest, "solve these first")]
    return ScenarioError(tuple(unique))
