"""How soon the page can be used, and how fast it draws, in Chromium without a graphics card.

Starts a server on the shipped stunt, flies 200 runs, and plays; then draws 2,000 made-up tracks of 300
points. Prints one JSON object. Needs Debian's chromium and the `test` dependencies.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
MARK = "html[data-{}='{}']"
FRAMES = """async () => {
  const view = (await import('/static/main.js')).shownView(), spent = [];
  for (let k = 0; k < 80; k++) {
    const start = performance.now();
    view.setTime(view.time + 0.05);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    spent.push((performance.now() - start) / 2);
  }
  spent.sort((a, b) => a - b);
  return { frame_ms: spent[40], quality: view.quality, coarse: Boolean(view.coarse), size: view.size };
}"""
MANY = """async () => {
  const view = (await import('/static/main.js')).shownView(), runs = 2000, points = 300;
  const tracks = new Float32Array(runs * points * 3), ends = new Float32Array(runs * 9).fill(NaN), list = [];
  for (let r = 0; r < runs; r++) {
    for (let k = 0; k < points; k++) {
      const t = (12 * k) / points, side = ((r % 41) - 20) * 0.2;
      tracks.set([-20 * t, side * t, 5 - 4.9 * t * t * 0.5], 3 * (r * points + k));
    }
    list.push({ run: r, outcome: r % 9 ? 'landed' : 're-contact', seconds: 12 });
    ends.set(tracks.subarray(3 * (r * points + points - 1), 3 * (r + 1) * points), 9 * r);
  }
  view.clearRuns();
  view.addRuns(list, tracks, ends);
}"""


def main():
    """Print how long what took."""
    command = [
        sys.executable,
        "-m",
        "precipice",
        "serve",
        str(ROOT / "scenarios/helsetkopen.toml"),
        "--port",
        "0",
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    address = re.search(r"http://\S+/", server.stdout.readline())[0]
    found = {}
    try:
        with sync_playwright() as driver:
            chromium = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for name in ("first_ready_s", "ready_s"):
                page = chromium.new_page(viewport={"width": 1280, "height": 720})
                start = time.perf_counter()
                page.goto(address)
                page.wait_for_selector(MARK.format("ready", "yes"), state="attached", timeout=300_000)
                found[name] = round(time.perf_counter() - start, 2)
            page.click("#tab-many-runs")
            start = time.perf_counter()
            page.click("#fly-many")
            page.wait_for_selector(MARK.format("runs", "200"), state="attached", timeout=600_000)
            found["fly_200_s"] = round(time.perf_counter() - start, 1)
            found["tracks_200"] = page.evaluate(FRAMES)
            page.evaluate(MANY)
            found["tracks_2000_of_300"] = page.evaluate(FRAMES)
            chromium.close()
    finally:
        server.terminate()
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
