"""Shards: Parquet files of 4,096 runs each that say by themselves whether they are whole."""

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from precipice.campaign.arrow import from_arrow, to_arrow
from precipice.campaign.atomic import write_atomically
from precipice.campaign.piece import Columns
from precipice.errors import InputError

SHARD = 4096
"""Runs of a whole shard; the last one of a campaign may hold fewer."""
_KEY = b"precipice"


class DamagedError(InputError):
    """A shard that does not hold what was once written into it."""


class ShardName(NamedTuple):
    """Which shard of a campaign: its number, and the campaign's identity."""

    number: int
    campaign: str

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.number:06d}.parquet"

    @property
    def first(self) -> int:
        """Number of its first run."""
        return self.number * SHARD


def save_shard(folder: Path, name: ShardName, columns: Columns) -> None:
    """Write a shard atomically; an older one with fewer runs is replaced.

    The bytes depend on the runs and on the versions of precipice's libraries, on nothing else.

    Args:
        folder: Of the shards.
        name: Which one.
        columns: Of its runs in order, without gaps from the first.

    Raises:
        FolderError: When it cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = len(columns["resolved"])
    facts = {
        "campaign": name.campaign,
        "first": name.first,
        "count": count,
        "sha256": _digest(columns),
    }
    arrays: dict[str, Any] = {"run": np.arange(name.first, name.first + count, dtype=np.uint32), **columns}
    table = pa.Table.from_arrays([to_arrow(value) for value in arrays.values()], names=list(arrays))
    table = table.replace_schema_metadata({_KEY: json.dumps(facts).encode()})
    floats: Any = [key for key, value in columns.items() if value.dtype == np.float32]

    def write(part: Path) -> None:
        pq.write_table(
            table,
            part,
            compression="zstd",
            use_dictionary=False,
            use_byte_stream_split=floats,
            write_statistics=False,
            write_page_checksum=True,
        )

    write_atomically(folder / name.file, write)


def load_shard(folder: Path, name: ShardName) -> Columns | None:
    """Return the columns of a shard, or None when there is none.

    Args:
        folder: Of the shards.
        name: Which one.

    Raises:
        DamagedError: When its content is not what was once written, or is of another campaign.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / name.file
    if not path.exists():
        return None
    try:
        # Its short form, read_table, imports pandas, which takes longer than reading. One shard is small:
        # threads would only take memory of their own.
        with pq.ParquetFile(path, memory_map=False, page_checksum_verification=True) as file:
            table = file.read(use_threads=False)
        facts = json.loads((table.schema.metadata or {})[_KEY])
        columns = {key: from_arrow(table.column(key)) for key in table.column_names if key != "run"}
        whole = facts["sha256"] == _digest(columns) and facts["count"] == len(columns["resolved"])
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
        raise _damaged(path, reason) from None
    if not whole:
        raise _damaged(path, "its hash is another")
    if facts["campaign"] != name.campaign or facts["first"] != name.first:
        raise DamagedError(
            f"{path} must belong to this campaign, but is of another scenario, seed or version: "
            "remove it, then go on with --resume"
        )
    return columns


def _damaged(path: Path, reason: str) -> DamagedError:
    return DamagedError(
        f"{path} must be as it was written, but is damaged ({reason}): remove it, then fly its runs again "
        "with --resume; the other shards are kept"
    )


def _digest(columns: Columns) -> str:
    found = hashlib.sha256()
    for name in sorted(columns):
        found.update(name.encode() + b"\0")
        found.update(np.ascontiguousarray(columns[name]).tobytes())
    return found.hexdigest()
