"""Which end of which phase leads where: every stunt in one table.

Each phase lists its margins in the order of its `margins`; `None` goes on to the next leg or phase,
a name is the outcome of the stunt. The chain itself never changes; a stunt that has ended passes
through what is left with zero steps.
"""

OUTCOMES = (
    "landed",
    "stopped-before-lip",
    "left-deck",
    "struck-rock-on-motorcycle",
    "struck-rock-at-separation",
    "struck-rock-in-freefall",
    "re-contact",
    "struck-rock-in-deployment",
    "struck-ground-without-canopy",
    "struck-rock-under-canopy",
    "struck-obstacle",
    "landed-in-water",
    "unresolved",
    "came-to-rest",
    "missed-surface",
)
"""Every way a stunt can end. `unresolved` is never safe."""

ENDS: dict[str, dict[str, str | None]] = {
    "run-up": {"end": None, "stopped": "stopped-before-lip", "side": "left-deck"},
    "ramp": {"lip": None, "stopped": "stopped-before-lip", "side": "left-deck"},
    "flight": {"release": None, "strike": "struck-rock-on-motorcycle"},
    "jump": {"release": None, "strike": "landed"},
    "separation": {
        "clear": None,
        "time": None,
        "strike": "struck-rock-at-separation",
        "motorcycle_strike": None,
    },
    "tumble": {"contact": None},
    "slide": {"rest": "came-to-rest"},
    "freefall": {
        "throw": None,
        "hard_deck": None,
        "strike": "struck-rock-in-freefall",
        "recontact": "re-contact",
        "stable": None,
        "away": None,
    },
    "deployment": {"end": None, "strike": "struck-rock-in-deployment", "recontact": "re-contact"},
    "inflation": {
        "open": None,
        "strike": "struck-ground-without-canopy",
        "recontact": "re-contact",
        "cutaway": None,
    },
    "canopy": {
        "leg": None,
        "ground": "landed",
        "canopy_strike": "struck-rock-under-canopy",
    },
}
