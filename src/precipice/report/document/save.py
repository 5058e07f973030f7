"""A report as files: one HTML page, and a PDF on demand."""

from pathlib import Path

from precipice.errors import InputError
from precipice.report.document.content import content_of
from precipice.report.document.folder import Say, read_folder
from precipice.report.document.page import report_page

NAME = "report.html"


def save_report(
    folder: Path, out: Path | None = None, *, pdf: bool = False, say: Say | None = None
) -> list[Path]:
    """Write the report of a run folder, and return the files.

    Args:
        folder: Of `precipice assess --out` or `precipice fly --out`.
        out: The HTML file, `report.html` in the folder when None; the PDF has the same name but for its end.
        pdf: Whether to write the PDF, too.
        say: Told once when programs must be compiled first.

    Raises:
        InputError: When the folder cannot be reported, or a file cannot be written.
        IncompleteError: When what is in it was stopped before its end.
    """
    page = folder / NAME if out is None else out
    if page.suffix.lower() == ".pdf":
        page, pdf = page.with_suffix(".html"), True
    _refuse_place(page)
    if pdf:
        from precipice.report.document.brief import find_typst

        find_typst()
    content = content_of(read_folder(folder, say))
    files = {page: report_page(content).encode()}
    if pdf:
        from precipice.report.document.brief import report_brief

        files[page.with_suffix(".pdf")] = report_brief(content)
    for path, made in files.items():
        _write(path, made)
    return list(files)


def _refuse_place(page: Path) -> None:
    """Refuse a place that cannot be written to before the seconds that a report takes."""
    if page.is_dir():
        raise InputError(f"--output must be a file, but {page} is a folder: add a file name")
    above = next(parent for parent in page.absolute().parents if parent.exists())
    if not above.is_dir():
        raise InputError(f"--output must lie in a folder, but {above} is a file: choose another place")


def _write(path: Path, made: bytes) -> None:
    from precipice.campaign.atomic import write_atomically

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{path.parent} must be a folder to write to, but is not ({error.strerror}): choose another"
        ) from None
    write_atomically(path, lambda part: part.write_bytes(made))
