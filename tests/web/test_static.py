"""What the page is made of is all there, and comes from nowhere else."""

import re
from pathlib import Path

import precipice

STATIC = Path(precipice.__file__).parent / "web" / "static"
ROOT = Path(__file__).parents[2]


def test_every_part_that_is_named_is_there():
    named = {"index.html"}
    for path in [STATIC / "index.html", *STATIC.glob("*.js")]:
        text = path.read_text("utf-8")
        named |= set(re.findall(r'(?:src|href)="/static/([^"]+)"', text))
        named |= set(re.findall(r'from "\./([^"]+)"', text))
    assert {name for name in named if not (STATIC / name).is_file()} == set()
    there = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.*")}
    assert there - named == {"vendor/three.LICENSE.txt"}


def test_nothing_is_fetched_from_elsewhere_or_read_as_markup():
    for path in [*STATIC.glob("*.js"), *STATIC.glob("*.css"), STATIC / "index.html"]:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(
            r"https?://|//cdn|@import|innerHTML|outerHTML|insertAdjacentHTML|eval\(", text
        ), path.name


def test_the_licence_of_what_is_not_ours_lies_beside_it():
    assert "three.js authors" in (STATIC / "vendor" / "three.LICENSE.txt").read_text("utf-8")
    assert (STATIC / "vendor" / "three.js").read_text("utf-8").startswith("/* three.js, MIT licence")


def test_its_packages_are_pinned_without_addresses():
    lock = (ROOT / "page" / "package-lock.json").read_text("utf-8")
    assert '"integrity"' in lock
    assert '"resolved"' not in lock


def test_a_wheel_holds_it():
    import tomllib

    built = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert "src/precipice" in built["wheel"]["only-include"]
    assert "page" in built["sdist"]["only-include"]
