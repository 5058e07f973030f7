"""The PDF brief: a few pages, the rider card on one of its own, the same bytes twice."""

import io
import sys

import pytest

from precipice.report.document.save import save_report


@pytest.fixture(scope="module")
def brief(content):
    pytest.importorskip("typst", reason="needs the extra precipice[report]")
    from precipice.report.document.brief import report_brief

    return report_brief(content)


@pytest.fixture(scope="module")
def pages(brief):
    pypdf = pytest.importorskip("pypdf", reason="needs pypdf to read the PDF")
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(brief)).pages]


def test_a_few_pages_with_verdict_first_and_rider_card_last(pages, told):
    assert 4 <= len(pages) <= 6
    assert told.assessment.verdict.upper() in pages[0]
    assert all(line.split(",")[0][:20] in " ".join(pages[0].split()) for line in told.assessment.unseen)
    assert "RIDER CARD" in pages[-1]
    assert "Hard deck" in pages[-1]
    assert sum("RIDER CARD" in page for page in pages) == 1


def test_same_content_same_bytes(brief, content):
    from precipice.report.document.brief import report_brief

    assert report_brief(content) == brief


def test_without_typst_one_sentence(campaign, tmp_path, monkeypatch):
    from precipice.errors import InputError

    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError, match=r"--pdf must have the package typst.*precipice\[report\]"):
        save_report(campaign, tmp_path / "r.html", pdf=True)
    assert list(tmp_path.iterdir()) == []
