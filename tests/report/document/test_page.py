"""The HTML report: one file that asks nobody for anything, and says what the campaign says."""

import re
from html.parser import HTMLParser

import pytest

from precipice.report.document.content import content_of
from precipice.report.document.folder import Told
from precipice.report.document.opening import opening
from precipice.report.document.page import report_page
from precipice.scenario.load import parse_scenario

LARGEST = 3_000_000
"""Bytes that the report of 10,000 runs may have; the number of runs does not matter much."""
EVIL = '<script>alert(1)</script>"\' #eval("x") $y$ {{ 7*7 }}'


class Page(HTMLParser):
    """Every tag with its attributes, and the text outside of style."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self._inside = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)

    def handle_data(self, data):
        if "style" not in self._inside[-1:]:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def parsed(page):
    return Page(page)


def test_asks_nobody_for_anything(page, parsed):
    assert {tag for tag, _ in parsed.tags} & {"script", "iframe", "object", "embed", "img", "form"} == set()
    for _, attrs in parsed.tags:
        assert not any(name.startswith("on") for name in attrs)
        for name in ("src", "href", "srcset", "data", "action", "poster", "xlink:href"):
            assert (attrs.get(name) or "#").startswith(("#", "data:,"))
    assert "url(" not in page
    assert "@import" not in page
    policy = next(
        a["content"] for a in parsed.all("meta") if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert len(page.encode()) < LARGEST


def test_every_link_has_its_place_and_every_id_is_one(parsed):
    ids = [attrs["id"] for _, attrs in parsed.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {a["href"].removeprefix("#") for a in parsed.all("a")} <= set(ids)


def test_can_be_read_by_keyboard_and_aloud(parsed):
    assert all(attrs["aria-label"] for attrs in parsed.all("svg") if attrs.get("class") == "d")
    scrolled = [a for _, a in parsed.tags if "scroll" in (a.get("class") or "").split()]
    assert scrolled
    assert all(a["tabindex"] == "0" and a["aria-label"] and a["role"] == "region" for a in scrolled)
    assert all(attrs["scope"] in ("col", "row") for attrs in parsed.all("th"))
    assert parsed.all("html") == [{"lang": "en"}]


def test_first_screen_says_what_the_campaign_says(parsed, told):
    start = parsed.text[: parsed.text.index("Shown is the nominal run")]
    found = told.assessment
    for words in (told.scenario.title, told.scenario.site.name, found.verdict.upper(), *found.unseen):
        assert words in start
    assert found.flip.field in start
    held = [h for h in found.hazards if h.verdict.word in ("not met", "not shown")]
    assert 0 < sum(f"{hazard.name} :" in start for hazard in held) <= 3


def test_every_hazard_has_its_verdict_as_a_word_and_as_a_shape(page, told):
    for hazard in told.assessment.hazards:
        row = page[page.index(f'<th scope="row">{hazard.name}</th>') :]
        row = row[: row.index("</tr>")]
        assert f"<b>{hazard.verdict.word}</b>" in row
        assert f'aria-label="{hazard.verdict.word}"' in row
        assert f"<td>{hazard.tally.happened:,}</td>" in row


def test_holds_everything_that_it_takes_to_do_it_again(parsed, page, told):
    assert told.facts["scenario_sha256"] in page
    assert f"--runs {told.assessment.runs} --seed 0" in parsed.text
    kept = re.search(r"<pre>(.*?)</pre>", page, re.DOTALL)[1]
    assert Page(kept).words == [told.scenario.text]


def test_every_field_in_use_stands_in_the_table_with_its_basis(page, told):
    table = page[page.index('aria-label="All fields"') :]
    for path in told.scenario.assumed():
        row = table[table.index(f'<th scope="row">{path}</th>') :]
        assert 'tag-assumed">assumed' in row[: row.index("</tr>")]


def test_worst_runs_open_inside_the_page_and_by_a_command(parsed, page, told):
    hazards = {hazard.name: hazard for hazard in told.assessment.hazards}
    assert told.worst
    for name, run in told.worst:
        assert hazards[name].worst[0].run == run.run
        assert f'<section class="run" id="run-{run.run}">' in page
        assert f"--run {run.run} --seed 0" in parsed.text


def test_rider_card_holds_the_numbers_of_the_plan(page):
    card = Page(page[page.index('aria-label="Rider card"') : page.index('id="again"')]).text
    # From the shipped scenario file.
    for words in ("60 m from the start", "18.0 m/s (65 km/h)", "65 m", "70 m", "5 s after the lip", "150 m"):
        assert words in card
    assert "Still on the motorcycle Throw at the planned time" in card
    assert "towards 258°" in card
    assert "never a clearance to jump" in card


@pytest.fixture(scope="module")
def hostile(scenario):
    """The shipped scenario with texts that are code in HTML, Jinja, typst or SVG."""
    quoted = EVIL.replace("\\", "\\\\").replace('"', '\\"')
    changed = scenario.text
    for old in (
        "Helsetkopen: motorcycle, ramp, BASE, landing field",
        "Helsetkopen, Stranda, Norway",
        "field at Helset",
        "recovery crew",
        "helicopter B",
        "above straight back",
    ):
        assert f'"{old}"' in changed
        changed = changed.replace(f'"{old}"', f'"{quoted}"')
    return parse_scenario(changed.replace('caller = "coordinator"', f'caller = "{quoted}"'), scenario.file)


@pytest.fixture(scope="module")
def hostile_content(hostile, flown, tmp_path_factory):
    facts = {"seed": None, "run": None, "versions": {"precipice": EVIL}, "scenario_text": hostile.text}
    return content_of(Told(tmp_path_factory.mktemp("evil"), hostile, flown, facts))


def test_what_people_wrote_stays_text(hostile_content):
    page = report_page(hostile_content)
    parsed = Page(page)
    assert "script" not in {tag for tag, _ in parsed.tags}
    assert "49" not in re.findall(r"eval\(&#34;x&#34;\) \$y\$ (\S+)", page)
    assert parsed.text.count("<script>alert(1)</script>") >= 8


def test_what_people_wrote_stays_text_in_the_pdf(hostile_content):
    pytest.importorskip("typst", reason="needs the extra precipice[report]")
    pypdf = pytest.importorskip("pypdf", reason="needs pypdf to read the PDF")
    import io

    from precipice.report.document.brief import report_brief

    made = pypdf.PdfReader(io.BytesIO(report_brief(hostile_content)))
    assert 'eval("x")' in made.pages[0].extract_text().replace("”", '"').replace("“", '"')


def test_a_flight_has_its_own_report(flight):
    from precipice.report.document.folder import read_folder

    told = read_folder(flight)
    parsed = Page(report_page(content_of(told)))
    assert "nominal run" in parsed.text
    assert "landed under the canopy" in parsed.text
    assert "What drives each hazard" not in parsed.text
    assert "Chances need many: precipice assess." in parsed.text


@pytest.mark.parametrize(
    ("offset", "when"),
    [
        ("", "2020-09-06 10:30:00 UTC"),
        ('utc_offset = "2 h"\n', "2020-09-06 10:30:00 UTC+02:00"),
        ('utc_offset = "-3.5 h"\n', "2020-09-06 10:30:00 UTC-03:30"),
    ],
)
def test_the_time_says_how_it_lies_to_utc(told, offset, when):
    """As ISO 8601 writes offsets: local time less UTC."""
    own = ("date =", "time =", "utc_offset =")
    text = "\n".join(line for line in told.scenario.text.splitlines() if not line.startswith(own))
    text = text.replace("[site]\n", f"[site]\ndate = 2020-09-06\ntime = 10:30:00\n{offset}", 1)
    changed = told._replace(scenario=parse_scenario(text, told.scenario.file))
    assert opening(changed)["where"].endswith(when)


def test_a_date_alone_has_no_zone(told):
    text = "\n".join(line for line in told.scenario.text.splitlines() if not line.startswith("time ="))
    changed = told._replace(scenario=parse_scenario(text, told.scenario.file))
    assert opening(changed)["where"].endswith("2020-09-06")
