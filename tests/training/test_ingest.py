"""Reading folders as people have them: moved, told anew, shared, and with things in them that are no logs."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from pyarrow import parquet
from tests.training.season import season_folder

from precipice.errors import InputError
from precipice.training.ingest import About, ingest
from precipice.training.logbook import load_logbook, load_rows


@pytest.fixture
def folder(tmp_path):
    """A folder with one synthetic skydive in it."""
    source = season_folder("skydive", 3).files[0]
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "one.csv").write_bytes(source.read_bytes())
    return tmp_path / "logs"


@pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")
def test_what_is_no_file_neither_stops_nor_hangs_the_reading(folder, tmp_path):
    os.mkfifo(folder / "pipe.csv")
    (folder / "broken.csv").symlink_to("nowhere")
    (folder / "itself.csv").symlink_to("itself.csv")
    (folder / "round").symlink_to(".")
    (folder / "dir.csv").mkdir()
    (folder / "empty.csv").write_bytes(b"")
    (folder / "über 跳.csv").write_bytes(np.random.default_rng(1).bytes(3000))
    (folder / os.fsdecode(b"latin\xff.csv")).write_bytes(b"no log")
    found = ingest(folder, tmp_path / "season.parquet", workers=1)
    assert found.new == 1
    why = {os.path.basename(name): reason for name, reason in found.skipped}  # noqa: PTH119 - no path, a text
    assert "a pipe" in why["pipe.csv"]
    assert "cannot be read" in why["nowhere"]
    assert "cannot be read" in why["itself.csv"]
    assert "latin\\xff.csv" in why
    assert {"empty.csv", "über 跳.csv"} < why.keys()


def test_a_file_that_vanishes_while_others_are_read(folder, tmp_path):
    (folder / "two.csv").write_bytes((folder / "one.csv").read_bytes() + b"\n")

    def told(_done, _all):
        (folder / "two.csv").unlink(missing_ok=True)

    found = ingest(folder, tmp_path / "season.parquet", workers=1, told=told)
    assert found.new == 1
    assert "cannot be read" in found.skipped[0][1]


def test_what_is_told_later_holds_for_files_that_are_known(folder, tmp_path):
    book = tmp_path / "season.parquet"
    ingest(folder, book, workers=1)
    told = ingest(folder, book, About("helicopter-exit", "Ana", "Sabre 170"), workers=1)
    assert told.read == 1
    (row,) = load_logbook(book).rows
    assert (row["rehearsal"], row["performer"], row["gear"]) == ("helicopter-exit", "Ana", "Sabre 170")
    # Nothing is said now, and nothing said before is lost when the file has changed.
    (folder / "one.csv").touch()
    assert ingest(folder, book, workers=1).read == 1
    (row,) = load_logbook(book).rows
    assert (row["rehearsal"], row["performer"], row["gear"]) == ("helicopter-exit", "Ana", "Sabre 170")


def test_a_folder_that_was_moved_is_known_at_its_new_place(folder, tmp_path):
    book = tmp_path / "season.parquet"
    ingest(folder, book, About(performer="Ana"), workers=1)
    moved = folder.rename(tmp_path / "2024")
    found = ingest(moved, book, workers=1)
    assert (found.new, found.jumps, found.skipped) == (0, 1, ())
    (row,) = load_rows(book)
    assert (row["file"], row["performer"]) == (str((moved / "one.csv").resolve()), "Ana")


def test_copies_are_told_together(folder, tmp_path):
    for name in ("two.csv", "three.csv"):
        (folder / name).write_bytes((folder / "one.csv").read_bytes())
    found = ingest(folder, tmp_path / "season.parquet", workers=1)
    assert found.jumps == 1
    assert {why.split(":")[0] for _, why in found.skipped} == {"the same content as another file"}


def test_of_two_readings_at_once_neither_is_lost(folder, tmp_path):
    book, other = tmp_path / "season.parquet", tmp_path / "other"
    other.mkdir()
    (other / "two.csv").write_bytes(season_folder("skydive", 3).files[1].read_bytes())

    def told(_done, _all):
        ingest(other, book, workers=1)

    ingest(folder, book, workers=1, told=told)
    both = {str((other / "two.csv").resolve()), str((folder / "one.csv").resolve())}
    assert {row["file"] for row in load_rows(book)} == both


def test_a_place_where_nothing_can_be_written_is_refused_before_reading(folder, tmp_path):
    def told(_done, _all):
        raise AssertionError("something was read")

    with pytest.raises(InputError, match=r"must be writable, but is not \(there is no .*nowhere\)"):
        ingest(folder, tmp_path / "nowhere" / "season.parquet", workers=1, told=told)


def test_a_logbook_that_lacks_a_column_is_refused(folder, tmp_path):
    book = tmp_path / "season.parquet"
    ingest(folder, book, workers=1)
    with parquet.ParquetFile(book) as file:
        table = file.read()
    parquet.write_table(table.drop_columns(["lip_speed"]), book)
    with pytest.raises(InputError, match="but lip_speed is missing"):
        load_logbook(book)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_in_a_sentence_and_leaves_nothing(folder, tmp_path):
    data = (folder / "one.csv").read_bytes()
    for number in range(40):
        (folder / f"{number}.csv").write_bytes(data + b"\n" * number)
    book = tmp_path / "season.parquet"
    call = [
        sys.executable,
        "-m",
        "precipice",
        "logs",
        "ingest",
        str(folder),
        "--into",
        str(book),
        "--workers",
        "2",
    ]
    process = subprocess.Popen(call, stderr=subprocess.PIPE, start_new_session=True, text=True)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(2.5)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    # 130 is Python's own end of an interrupt that came before the command had begun.
    assert (process.returncode, said) in {(3, f"stopped; {book} is not written: call it again\n"), (130, "")}
    assert not book.exists()
