"""The page of Sobol' indices: nothing is left out without a word."""

from precipice.report.sensitivity import sensitivity_page
from precipice.risk.sobol import Found, Index, Sensitivity
from precipice.statistics import Interval


def page(*hazards, untold=()):
    return sensitivity_page(Found("stunt.toml", 64, 768, 0, 1.0, hazards, untold))


def test_what_is_not_told_has_its_reason():
    told = " ".join(page(untold=("low throw (chance)",)).split())
    assert "Not told: low throw (chance); there too few of these points have the event" in told
    assert "Not told" not in page()


def test_a_hazard_on_which_no_field_stands_out_is_no_empty_table():
    none = Interval(-0.2, 0.001)
    index = Index(("wind.speed",), 0.0, none, 0.0, none)
    lines = page(Sensitivity("low throw", "margin", 1.0, (index,))).splitlines()
    head = next(k for k, line in enumerate(lines) if line.startswith("low throw, margin"))
    assert lines[head + 1] == "  no field stands out on so few points"


def test_it_clears_nobody():
    assert page().splitlines()[-1] == "A planning aid, never a clearance to jump."
