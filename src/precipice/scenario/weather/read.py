"""From a weather file of any known format to a sounding."""

from pathlib import Path

from precipice.errors import RuleError, quote
from precipice.scenario.weather.sounding import Request, Sounding

LARGEST = 20_000_000
"""Bytes of a text that is read."""
FORMS = "a Wyoming sounding, ERA5 netCDF, MET Norway JSON, METARs, or a CSV of stations"


def read_sounding(path: Path, request: Request) -> Sounding:
    """Return the weather of a file; its content tells the format.

    Args:
        path: Of the file.
        request: Which time, place and station.

    Raises:
        RuleError: If it cannot be read, or does not hold what is asked for.
    """
    remedy = "write its path relative to the scenario file"
    try:
        if not path.is_file():
            found = "a directory" if path.is_dir() else f"{quote(str(path), 200)}, which is missing"
            raise RuleError("must be a file", found, remedy)
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, RuleError):
            raise
        reason = quote(getattr(error, "strerror", None) or str(error))
        raise RuleError("must be readable", reason, "check the path and its permissions") from None
    if content.startswith((b"CDF", b"\x89HDF")):
        from precipice.scenario.weather.era5 import read_era5

        return read_era5(path, request)
    return _read_text(_text(content), request)


def _text(content: bytes) -> str:
    if not content.strip():
        raise RuleError(f"must be {FORMS}", "empty", "save it again")
    if len(content) > LARGEST:
        raise RuleError(f"must be {FORMS}", f"longer than {LARGEST} bytes", "save less of it")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RuleError(f"must be {FORMS}", "neither text nor netCDF", "save it in one of these formats")


def _read_text(text: str, request: Request) -> Sounding:
    from precipice.scenario.weather import metar, metno, stations, wyoming

    if text.lstrip().startswith(("{", "[")):
        return metno.read_metno(text, request)
    if wyoming.is_wyoming(text):
        return wyoming.read_wyoming(text, request)
    if stations.is_stations(text):
        return stations.read_stations(text, request)
    if metar.is_metar(text):
        return metar.read_metar(text, request)
    line = next(line for line in text.splitlines() if line.strip())
    raise RuleError(
        f"must be {FORMS}", f"something else, beginning with {quote(line)}", "save it in one of these"
    )
