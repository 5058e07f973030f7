"""The logbook: one row for each jump, in one Parquet file that DuckDB, pandas and polars open directly.

A file without a jump has one row, too, with `jump` 0 and the reason in `why`: what was skipped is evidence
of what was looked at. Numbers are SI, angles radians, times seconds from the file's first row.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from precipice.errors import InputError
from precipice.whole_file import whole_file

FORMAT = 2
"""Version of the columns."""
TEXT = ("file", "sha256", "why", "format", "kind", "rehearsal", "performer", "gear", "day")
WHOLE = ("jump", "size", "modified_ns", "measured", "problems")
SERIES = "opening_sink_series"
EVENTS = ("exit", "flare", "opening_onset", "opening_peak", "canopy", "lip", "apex", "landing")
NUMBERS = (
    "delay", "fall_sink", "fall_glide", "drag_ratio", "lift_ratio", "glide_speed", "glide_sink",
    "terminal_speed", "opening_load", "opening_load_gnss", "opening_loss", "opening_height",
    "canopy_height", "canopy_time", "canopy_sink", "canopy_speed", "canopy_lift_ratio",
    "canopy_drag_ratio", "canopy_glide", "wind_speed", "wind_east", "wind_north", "landing_sink",
    "landing_speed", "landing_latitude", "landing_longitude", "landing_altitude", "lip_speed",
    "lip_path_angle", "lip_rotation_rate", "rotation", "airtime",
)  # fmt: skip
"""What a jump may have been measured to be; each has a column and one with `_sd` behind it."""

Row = dict[str, Any]


def _schema() -> Any:
    import pyarrow as pa

    fields = [pa.field(name, pa.string()) for name in TEXT]
    fields += [pa.field(name, pa.int64()) for name in WHOLE]
    fields += [pa.field("start", pa.timestamp("ms", "UTC")), pa.field("synthetic", pa.bool_())]
    fields += [pa.field("rate", pa.float64()), pa.field("inertial_rate", pa.float64())]
    for name in (*(f"t_{event}" for event in EVENTS), *NUMBERS):
        fields += [pa.field(name, pa.float64()), pa.field(f"{name}_sd", pa.float64())]
    fields.append(pa.field(SERIES, pa.list_(pa.float32())))
    return pa.schema(fields, metadata={"precipice_logbook": str(FORMAT), "units": "SI, radians"})


def table_of(rows: Sequence[Row]) -> Any:
    """Return rows as an Arrow table, which takes a tenth of their memory."""
    import pyarrow as pa

    return pa.Table.from_pylist(list(rows), schema=_schema())


def save_logbook(path: Path, rows: Sequence[Row]) -> None:
    """Write a logbook so that it is there as a whole or not at all.

    Args:
        path: Of the Parquet file; one that is there is replaced.
        rows: One for each jump or skipped file.

    Raises:
        InputError: When it cannot be written.
    """
    save_tables(path, [table_of(rows)])


def save_tables(path: Path, tables: Sequence[Any]) -> None:
    """Write a logbook of tables, one after the other; see `save_logbook`."""
    import pyarrow as pa
    from pyarrow import parquet

    with whole_file(path) as part:
        parquet.write_table(pa.concat_tables(tables), part, compression="zstd")


def load_rows(path: Path) -> list[Row]:
    """Return every row of a logbook; see `load_table`."""
    return load_table(path).to_pylist()


def load_table(path: Path) -> Any:
    """Return a logbook as an Arrow table.

    Args:
        path: Of the Parquet file.

    Raises:
        InputError: When it is no logbook.
    """
    import pyarrow as pa
    from pyarrow import parquet

    if path.is_dir():
        raise InputError(
            f"{path} must be a logbook, but is a folder: name the file itself, as ingest wrote it"
        )
    if not path.is_file():
        remedy = f"make one with precipice logs ingest FOLDER --into {path}"
        raise InputError(f"{path} must be a logbook, but is not there: {remedy}")
    try:
        # Its short form, read_table, imports pandas, which takes longer than reading.
        with parquet.ParquetFile(path) as file:
            table = file.read()
    except (pa.ArrowException, OSError):
        raise InputError(f"{path} must be a logbook, but is no Parquet file: name the logbook") from None
    if (table.schema.metadata or {}).get(b"precipice_logbook") != str(FORMAT).encode():
        raise InputError(
            f"{path} must be a logbook of format {FORMAT}, but is another Parquet file: read the logs again "
            "into a new one with precipice logs ingest"
        )
    wanted = _schema()
    lost = [name for name in wanted.names if name not in table.schema.names]
    lost += [
        field.name for field in wanted if field.name not in lost and table[field.name].type != field.type
    ]
    if lost:
        raise InputError(
            f"{path} must hold every column of a logbook, but {', '.join(lost[:3])} "
            f"{'is' if len(lost) == 1 else 'are'} missing or of another type: read the logs into a new one"
        )
    return table.select(wanted.names)


class Logbook:
    """The jumps of a logbook, as columns.

    Attributes:
        rows: Of jumps, in order of their day and time.
        path: Of its file.
    """

    def __init__(self, rows: Sequence[Row], path: Path | None = None) -> None:
        jumps = [row for row in rows if row["jump"]]
        self.rows = sorted(
            jumps, key=lambda row: (row["day"] or "", str(row["start"]), row["file"], row["jump"])
        )
        self.path = path

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, **wanted: object) -> "Logbook":
        """Return the jumps whose columns have the wanted values."""
        kept = [row for row in self.rows if all(row[name] == value for name, value in wanted.items())]
        return Logbook(kept, self.path)

    def column(self, name: str) -> np.ndarray:
        """Return a number of every jump, NaN where it was not measured, `(n,)`."""
        return np.array([np.nan if row[name] is None else row[name] for row in self.rows], float)

    def words(self, name: str) -> np.ndarray:
        """Return a text of every jump, `(n,)`."""
        return np.array([row[name] or "" for row in self.rows], dtype=str)

    def names(self) -> list[str]:
        """Return how each jump is called: its file's folder and name, and its number there."""
        return [name_of(row) for row in self.rows]


def name_of(row: Row) -> str:
    """Return how a jump is called."""
    path = Path(row["file"])
    parts = path.relative_to(path.anchor).parts[-3:]
    return f"{'/'.join(parts)}#{row['jump']}"


class Part(NamedTuple):
    """Jumps that may be held against each other.

    Attributes:
        performer: Whose; empty where nobody was named.
        kind: Of jump.
        synthetic: Whether nobody made them.
        logbook: With these jumps only.
    """

    performer: str
    kind: str
    synthetic: bool
    logbook: Logbook


def parts_of(logbook: Logbook) -> list[Part]:
    """Return a logbook's jumps by performer and kind, real ones apart from synthetic ones."""
    keys = sorted({(row["performer"] or "", row["kind"], bool(row["synthetic"])) for row in logbook.rows})
    parts: list[Part] = []
    for key in keys:
        rows = [
            row
            for row in logbook.rows
            if (row["performer"] or "", row["kind"], bool(row["synthetic"])) == key
        ]
        parts.append(Part(*key, Logbook(rows, logbook.path)))
    return parts


def load_logbook(path: str | Path) -> Logbook:
    """Return the jumps of a logbook; see `load_rows`."""
    return Logbook(load_rows(Path(path)), Path(path))
