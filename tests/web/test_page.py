"""The page in Debian's Chromium, driven as a person would: by mouse, and by keyboard alone.

Expected numbers come from outside: T33 and T34 of the lens table are 2 atan(width / 2f) worked by hand, what
the file must say is what was typed, and what a flight is comes from `precipice.fly`.
"""

import math
import shutil
from pathlib import Path

import pytest

sync = pytest.importorskip("playwright.sync_api", reason="needs playwright, which drives a browser")

from tests.web.conftest import SCENARIOS, Served  # noqa: E402

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT = 90_000
"""For what flies or compiles on a busy machine [ms]."""

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason="needs Debian's chromium: apt-get install chromium"
)


@pytest.fixture(scope="module")
def driver():
    with sync.sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def chromium(driver):
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def fall(tmp_path_factory):
    """A server on a copy of the shipped fall of a body: quick to fly."""
    path = tmp_path_factory.mktemp("page") / "fall.toml"
    shutil.copy(SCENARIOS / "high_fall.toml", path)
    served = Served(path)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def stunt():
    """A server on the shipped stunt, with motorcycle, canopy and cameras."""
    served = Served(SCENARIOS / "helsetkopen.toml")
    yield served
    served.stop()


class Seen:
    """A page, and everything that it asked for or complained of."""

    def __init__(self, browser, served, **options):
        self.page = browser.new_page(**{"viewport": {"width": 1280, "height": 720}, **options})
        self.asked, self.errors, self.served = [], [], served
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.goto(served.address)
        self.wait("ready", "yes")

    def wait(self, name, value):
        self.page.wait_for_selector(f'html[data-{name}="{value}"]', timeout=WAIT, state="attached")

    def marked(self, name):
        return self.page.locator("html").get_attribute(f"data-{name}")

    def clock(self):
        return float(self.page.locator("#clock").inner_text().split()[0].replace("−", "-"))

    def refuse_surprises(self):
        outside = [url for url in self.asked if not url.startswith((self.served.address + "/", "data:"))]
        assert outside == []
        assert self.errors == []


@pytest.fixture
def see(chromium):
    """Function: a page on a server; at the end nothing may have gone outside or wrong."""
    pages = []

    def open_page(served, **options):
        pages.append(Seen(chromium, served, **options))
        return pages[-1]

    yield open_page
    for seen in pages:
        seen.refuse_surprises()
        seen.page.close()


def test_shows_what_precipice_flies(see, stunt, flown):
    seen = see(stunt)
    assert seen.marked("webgl") == "yes"
    assert "Helsetkopen" in seen.page.locator("#title").inner_text()
    told = seen.page.locator("#outcome").inner_text()
    assert "landed under the canopy" in told
    rows = seen.page.locator("#events tbody tr").all_inner_texts()
    assert len(rows) == len(flown.events)
    canopy_open = flown.event("canopy open").t - flown.event("takeoff").t
    assert any(f"{canopy_open:.2f} s" in row and "canopy open" in row for row in rows)


def test_plays_and_scrubs(see, stunt):
    seen = see(stunt)
    page = seen.page
    before = seen.clock()
    page.click("#play")
    page.wait_for_timeout(1200)
    page.click("#play")
    assert seen.marked("playing") == "false"
    after = seen.clock()
    assert after > before + 0.3
    page.locator("#time").evaluate("(bar) => { bar.value = bar.min; bar.dispatchEvent(new Event('input')) }")
    assert seen.clock() < before
    # A chart is a timeline, too: its right end is the end.
    box = page.locator("#page-flight svg").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 4, box["y"] + 20)
    assert seen.clock() == pytest.approx(
        float(page.locator("#time").get_attribute("max")) - takeoff(page), abs=0.4
    )


def takeoff(page):
    """Return when the seconds of the clock begin, from the slider and the clock together."""
    return page.evaluate(
        "Number(document.getElementById('time').value)"
        " - Number(document.getElementById('clock').firstChild.textContent.split(' ')[0].replace('−', '-'))"
    )


def test_every_camera_looks(see, stunt):
    seen = see(stunt)
    names = seen.page.locator("#cameras button").all_inner_texts()
    assert names == [
        "Orbit",
        "Chase",
        "Performer",
        "Top",
        "Landing area",
        "helicopter long lens",
        "lip crane",
    ]
    for button in seen.page.locator("#cameras button").all():
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
    seen.page.wait_for_timeout(300)
    words = seen.page.locator("#frame-words").inner_text()
    # 24 mm on 36 x 24 mm shows 73.7 degrees: 2 atan(36 / 48).
    assert "24 mm on 36 × 24 mm, 2.39:1, 73.7° across" in words
    assert seen.marked("seen") in ("in frame", "OUT OF FRAME", "HIDDEN BY ROCK")


def test_rock_hides_what_is_behind_it(see, stunt):
    # From 100 m behind the edge one looks over it: somebody 100 m below it and less far out is hidden.
    # From 300 m out in front nothing is in the way.
    seen = see(stunt)
    seen.page.locator("#time").evaluate(_MOVE, takeoff(seen.page) + 8.0)
    for out, word in ((-100.0, "HIDDEN BY ROCK"), (300.0, "in frame")):
        found = seen.page.evaluate(_STAND, out)
        assert found["below"] > 100.0
        assert found["out"] < found["below"]
        assert found["seen"] == word


_MOVE = "(bar, t) => { bar.value = t; bar.dispatchEvent(new Event('input')) }"
_STAND = """async (out) => {
  const view = (await import('/static/main.js')).shownView(), turn = view.site.out_bearing;
  const lens = { focal_mm: 50, width_mm: 36, height_mm: 24, aspect: 1.5, aim: 'performer' };
  const position = [out * Math.sin(turn), out * Math.cos(turn), 2];
  view.site.cameras.push({ name: String(out), position, ...lens });
  view.use(`own:${out}`);
  view.draw();
  const at = view.guide.at;
  const far = at.x * Math.sin(turn) + at.y * Math.cos(turn);
  return { seen: view.sees(view.guide).seen, below: -at.z, out: far };
}"""


def test_lens_table(see, fall):
    seen = see(fall)
    # T33: focal length, width of the sensor [mm], degrees across.
    table = ((50, 36, 39.5978), (35, 24.89, 39.1479), (24, 36.7, 74.8019), (200, 36, 10.2855))
    for focal, width, across in table:
        camera = {"focal_mm": focal, "width_mm": width, "height_mm": width / 1.5, "aspect": 1.5}
        found = seen.page.evaluate("async (c) => (await import('/static/lens.js')).angles(c)", camera)
        assert found["across"] == pytest.approx(across, abs=1e-4)
    camera = {"focal_mm": 50, "width_mm": 36, "height_mm": 24, "aspect": 2.39}
    found = seen.page.evaluate("async (c) => (await import('/static/lens.js')).shown(c)", camera)
    # T34: 36 mm / 2.39. A man of 1.8 m at 20 m fills 0.29875 of it.
    assert found["height"] == pytest.approx(15.0628, abs=1e-4)
    assert 1.8 / 20.0 * 50.0 / found["height"] == pytest.approx(0.29875, abs=1e-4)


def test_a_camera_turns_as_fast_as_it_must(see, fall):
    # T35: 20 m/s past a camera 30 m away: 38.197 degrees a second.
    seen = see(fall)
    found = seen.page.evaluate(
        """async () => {
          const { Vector3 } = await import('/static/vendor/three.js');
          const { turning } = await import('/static/lens.js');
          return (turning(new Vector3(0, 30, 0), new Vector3(20, 0, 0)) * 180) / Math.PI;
        }"""
    )
    assert found == pytest.approx(38.197, abs=1e-3)


def test_many_tracks_are_drawn_and_can_be_picked(see, fall):
    """2,000 tracks of 300 points: drawn whole while they rest, fewer points at most while they move."""
    seen = see(fall)
    found = seen.page.evaluate(_MANY)
    assert found["tracks"] == 2000
    # At rest every point is drawn: 299 pieces of each track, two ends a piece.
    assert found["resting"] == 2000 * 299 * 2
    assert found["moving"] in (2000 * 299 * 2, 2000 * 38 * 2)
    assert found["picked"] == 1234
    seen.page.click("#play")
    seen.page.wait_for_timeout(500)
    assert seen.marked("playing") == "true"
    seen.page.click("#play")


_MANY = """async () => {
  const view = (await import('/static/main.js')).shownView(), runs = 2000, points = 300;
  const tracks = new Float32Array(runs * points * 3), ends = new Float32Array(runs * 9).fill(NaN), list = [];
  for (let r = 0; r < runs; r++) {
    for (let k = 0; k < points; k++) {
      const t = (4.5 * k) / points, side = (r / 1000 - 1) * 8;
      tracks.set([side * t, 6 * t, -4.9 * t * t], 3 * (r * points + k));
    }
    list.push({ run: r, outcome: r % 9 ? 'landed' : 're-contact', seconds: 4.5 });
    ends.set(tracks.subarray(3 * (r * points + points - 1), 3 * (r + 1) * points), 9 * r);
  }
  view.addRuns(list, tracks, ends);
  view.draw(true);
  const shown = () => [view.fine, view.few].find((item) => item.visible);
  const drawn = () => shown().geometry.getAttribute('position').count;
  const resting = drawn();
  view.coarse = true;
  view.draw();
  const moving = drawn(), k = 3 * (1234 * points + 250);
  const at = view.camera.position.clone().set(...tracks.slice(k, k + 3)).project(view.camera);
  const picked = view.pick((at.x + 1) * 0.5 * view.size[0], (1 - at.y) * 0.5 * view.size[1]);
  return { tracks: view.runs.list.length, resting, moving, picked };
}"""


def test_a_folder_opens_with_its_verdict_its_tracks_and_its_worst_runs(see, tmp_path):
    import json

    from precipice.risk.assess import assess

    folder = tmp_path / "campaign"
    assess(SCENARIOS / "high_fall.toml", 40, 5, folder, workers=1)
    record = json.loads((folder / "assessment.json").read_text("utf-8"))
    served = Served(folder)
    try:
        seen = see(served)
        page = seen.page
        seen.wait("runs", "40")
        words = {"met": "✔ MET", "not met": "✖ NOT MET", "not shown": "? NOT SHOWN"}[record["verdict"]]
        assert page.locator("#verdict").inner_text().startswith(words)
        page.click("#tab-many-runs")
        assert "of seed 5" in page.locator("#many-words").inner_text()
        page.click("#tab-assessment")
        worst = page.locator("#hazards button.link").first
        number = worst.inner_text()
        worst.click()
        seen.wait("flight", number)
        assert f"Run {number} of seed 5" in page.locator("#subtitle").inner_text()
        page.click("#tab-scenario")
        assert "no file to save them to" in page.locator("#save-note").inner_text()
        # After an edit, a number would be another run than the one that was judged.
        page.fill("#find-field", "exit.speed")
        field = page.locator('[id="field-exit.speed"]')
        field.fill("1 m/s")
        field.press("Enter")
        page.wait_for_selector("#verdict.stale", timeout=WAIT)
        page.click("#tab-assessment")
        assert worst.is_disabled()
        assert page.locator("#other-runs").is_visible()
    finally:
        served.stop()
    seen.errors[:] = [line for line in seen.errors if "ERR_CONNECTION" not in line]


def test_flies_many_and_opens_the_one_that_is_clicked(see, fall):
    seen = see(fall)
    page = seen.page
    page.click("#tab-many-runs")
    page.fill("#many", "12")
    page.click("#fly-many")
    seen.wait("runs", "12")
    spot = page.evaluate(
        """async () => {
          const view = (await import('/static/main.js')).shownView();
          const points = view.runs.tracks[7], k = 3 * 60, box = view.canvas.getBoundingClientRect();
          const at = view.camera.position.clone().set(...points.slice(k, k + 3)).project(view.camera);
          const x = (at.x + 1) * 0.5 * view.size[0], y = (1 - at.y) * 0.5 * view.size[1];
          return { x: box.left + x, y: box.top + y, run: view.pick(x, y) };
        }"""
    )
    assert spot["run"] is not None
    page.mouse.click(spot["x"], spot["y"])
    seen.wait("flight", spot["run"])
    assert f"Run {spot['run']} of seed 0" in page.locator("#subtitle").inner_text()
    # The same by keyboard: a number in the table.
    page.locator("#runs tbody button").nth(2).focus()
    page.keyboard.press("Enter")
    seen.wait("flight", "2")


def test_a_wrong_unit_is_said_beside_its_field(see, fall):
    seen = see(fall)
    page = seen.page
    before = fall.target.read_text("utf-8")
    page.click("#tab-scenario")
    page.fill("#find-field", "exit.speed")
    field = page.locator('[id="field-exit.speed"]')
    field.fill("3 kg")
    field.press("Enter")
    seen.wait("problems", "1")
    row = page.locator('.field[data-path="exit.speed"]')
    assert "must be a speed, but is 3 kg" in row.locator(".problem").inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    assert page.locator("#save").is_disabled()
    assert fall.target.read_text("utf-8") == before
    field.fill("0.7 m/s")
    field.press("Enter")
    seen.wait("problems", "0")
    page.click("#save")
    page.wait_for_selector("#edit-words:text-is('saved')")
    after = fall.target.read_text("utf-8")
    assert 'speed = { value = "0.7 m/s", spread' in after
    assert after.replace('"0.7 m/s"', '"0.6 m/s"') == before


def test_runs_cancels_and_compares(see, fall):
    seen = see(fall)
    page = seen.page
    page.click("#tab-assessment")
    page.fill("#runs-wanted", "1000000")
    page.click("#assess")
    page.wait_for_selector('[data-status="running"] progress', timeout=WAIT)
    page.click(".cancel")
    seen.wait("job", "cancelled")
    page.fill("#runs-wanted", "400")
    page.click("#assess")
    page.wait_for_selector("#hazards", timeout=WAIT)
    assert page.locator("#verdict").inner_text().split("\n")[0] in ("✔ MET", "✖ NOT MET", "? NOT SHOWN")
    page.click("#tab-scenario")
    page.fill("#find-field", "exit.speed")
    page.locator('[id="field-exit.speed"]').fill("1 m/s")
    page.locator('[id="field-exit.speed"]').press("Enter")
    page.wait_for_selector("#verdict.stale", timeout=WAIT)
    page.click("#tab-assessment")
    page.click("#compare")
    page.wait_for_selector("#comparison", timeout=WAIT)
    assert "exit.speed" in page.locator("#comparison").inner_text()
    assert "400 runs of each, the same draws" in page.locator("#comparison").inner_text()
    page.click("#tab-scenario")
    page.click("#discard")


def test_keyboard_alone(see, fall):
    seen = see(fall)
    keys = seen.page.keyboard

    def go(to):
        for _ in range(60):
            keys.press("Tab")
            if seen.page.evaluate("document.activeElement.id") == to:
                return
        raise AssertionError(f"Tab never reached {to}")

    go("play")
    keys.press("Enter")
    assert seen.marked("playing") == "true"
    keys.press("Enter")
    go("time")
    before = seen.clock()
    for _ in range(20):
        keys.press("ArrowRight")
    assert seen.clock() > before or math.isclose(seen.clock(), before, abs_tol=0.2)
    go("tab-flight")
    keys.press("ArrowRight")
    assert seen.page.locator("#tab-many-runs").get_attribute("aria-selected") == "true"
    keys.press("ArrowRight")
    go("find-field")
    keys.type("exit.speed")
    go("field-exit.speed")


def test_fits_and_can_be_read(see, fall):
    seen = see(fall)
    page = seen.page
    for width, height in ((1280, 720), (820, 1180), (1180, 820)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for name in ("#play", "#title", "#tab-assessment", "#clock"):
            box = page.locator(name).bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width + 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        seen.wait("theme", scheme)
        # WCAG 2.2, 1.4.3: 4.5 to 1 for text.
        assert page.evaluate(_CONTRAST) >= 4.5


_CONTRAST = """() => {
  const light = (name) => {
    const probe = document.createElement('i');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const parts = getComputedStyle(probe).color.match(/[0-9.]+/g).slice(0, 3).map((v) => v / 255);
    probe.remove();
    const [r, g, b] = parts.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const inks = ['--ink', '--soft', '--good', '--bad', '--warn'].map((ink) => ratio(ink, '--card'));
  return Math.min(...inks, ratio('--accent-ink', '--accent'), ratio('--bad', '--bad-back'));
}"""


def test_without_webgl_charts_and_tables_still_serve(driver, fall):
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--disable-3d-apis"])
    page = browser.new_page()
    page.goto(fall.address)
    page.wait_for_selector('html[data-ready="yes"][data-webgl="no"]', timeout=WAIT, state="attached")
    assert "no WebGL 2" in page.locator("#instead").inner_text()
    assert page.locator("#instead svg").count() == 2
    assert page.locator("#events tbody tr").count() > 1
    page.click("#tab-many-runs")
    page.fill("#many", "3")
    page.click("#fly-many")
    page.wait_for_selector('html[data-runs="3"]', timeout=WAIT, state="attached")
    assert page.locator("#runs tbody tr").count() == 3
    browser.close()


def test_says_that_the_server_died_and_goes_on_with_the_next(see, tmp_path):
    path = tmp_path / "fall.toml"
    shutil.copy(SCENARIOS / "high_fall.toml", path)
    served = Served(path)
    try:
        seen = see(served)
        page = seen.page
        page.click("#tab-scenario")
        page.fill("#find-field", "exit.speed")
        page.locator('[id="field-exit.speed"]').fill("0.8 m/s")
        page.locator('[id="field-exit.speed"]').press("Enter")
        page.wait_for_selector(".field.changed")
        served.kill()
        page.wait_for_selector("#banner:visible", timeout=WAIT)
        assert "does not answer" in page.locator("#banner").inner_text()
        # What is on the screen can still be looked at.
        page.click("#tab-flight")
        page.click("#play")
        served.start(served.port)
        seen.wait("server", "back")
        page.wait_for_selector("#banner", state="hidden")
        # The edit that the old server knew is told to the new one, with the new one's token.
        page.click("#tab-scenario")
        page.wait_for_selector(".field.changed", timeout=WAIT)
        page.click("#save")
        page.wait_for_selector("#edit-words:text-is('saved')", timeout=WAIT)
        assert '"0.8 m/s"' in path.read_text("utf-8")
    finally:
        served.stop()
    seen.errors[:] = [line for line in seen.errors if "ERR_CONNECTION_REFUSED" not in line]
