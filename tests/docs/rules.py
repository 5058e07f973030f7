"""What is done otherwise than as written with a sample of the documentation, and why.

Without a rule a `python` block is run, each command of an `sh` block is run, a `toml` block is put into a
scenario and loaded, and a `text` block right after a `python` block is what that prints. Any other block
needs a line here, and so does a command that is not run as it stands. A line that no block needs fails,
too.
"""

from dataclasses import dataclass

TEMPLATE = "precipice new"
"""A file that `precipice new` writes."""
SHIPPED = "the shipped stunt"
"""A copy of `scenarios/helsetkopen.toml`."""
OTHER = "another throw"
"""What `precipice new` writes, with a throw half a second earlier."""
SEASON = "a season"
"""A folder of four synthetic skydives."""

GIVEN = {
    "docs/start.md": {"earlier.toml": OTHER},
    "README.md": {"my-logs": SEASON, "other.toml": OTHER},
    "docs/decide/evidence.md": {"my-logs": SEASON},
    "docs/assess.md": {"my-stunt.toml": TEMPLATE, "other.toml": OTHER},
    "docs/exports.md": {"stunt.toml": SHIPPED},
    "docs/page.md": {"my-stunt.toml": TEMPLATE},
    "docs/film.md": {"my-stunt.toml": TEMPLATE},
    "docs/report.md": {"my-stunt.toml": TEMPLATE},
    "docs/site.md": {"my-stunt.toml": TEMPLATE},
    "docs/training.md": {
        "my-logs": SEASON,
        "stunt.toml": TEMPLATE,
        "practice.toml": TEMPLATE,
    },
}
"""What a reader of a page already has when its samples begin."""


@dataclass(frozen=True)
class Parsed:
    """Commands that are not run: their options are held against the command's own.

    Attributes:
        command: How they begin.
        why: They are not run.
    """

    command: str
    why: str


PARSED = (
    Parsed("precipice film", "half a minute of drawing; tests/cli/test_film.py films"),
    Parsed("precipice serve", "runs until Ctrl-C; tests/web starts it and drives it"),
    Parsed("precipice calibrate", "96 flights, a minute; tests/training/test_calibrate.py runs it"),
    Parsed("precipice rare", "a hundred thousand flights; tests/cli/test_rare.py runs it"),
    Parsed("make", "makes environments, or is this test; its recipe is looked up"),
    Parsed(". .venv/bin/activate", "changes the terminal it is typed in"),
    Parsed(". stunts/bin/activate", "changes the terminal it is typed in"),
    Parsed("python3 -m venv", "makes an environment"),
    Parsed("pip install", "fetches from the network; locks and extras are looked up"),
    Parsed("python -m benchmarks.", "minutes, or logs that are not part of the project"),
)


@dataclass(frozen=True)
class Cut:
    """A command or line that is run with other numbers.

    Attributes:
        page: Of the sample.
        old: Part of it.
        new: What is run instead.
        why: Not as it stands.
    """

    page: str
    old: str
    new: str
    why: str


_RUNS = "a test has seconds; 10,000 runs are flown once, for the page that README.md shows"
CUTS = (
    Cut("README.md", "assess my-stunt.toml", "assess my-stunt.toml --runs 200", _RUNS),
    Cut("README.md", "other.toml", "other.toml --runs 200", _RUNS),
    Cut("docs/start.md", "earlier.toml", "earlier.toml --runs 200", _RUNS),
    Cut("docs/assess.md", "--runs 10000", "--runs 200", _RUNS),
    Cut("docs/assess.md", "--runs 100000", "--runs 300", _RUNS),
    Cut("docs/assess.md", "other.toml", "other.toml --runs 200", _RUNS),
    Cut("docs/assess.md", "runs=2000", "runs=200", _RUNS),
    Cut("docs/exports.md", "--runs 10000", "--runs 200", _RUNS),
    Cut("docs/exports.md", "--runs 0-49", "--runs 0-1", _RUNS),
    Cut("docs/report.md", "assess my-stunt.toml", "assess my-stunt.toml --runs 200", _RUNS),
    Cut("docs/training.md", "--jumps 60", "--jumps 2", "thirty times as many flights show no more"),
    Cut("docs/training.md", "--jumps 20", "--jumps 2", "ten times as many flights show no more"),
)


@dataclass(frozen=True)
class Shown:
    """A block that shows what a command prints; a line of dots stands for lines left out.

    Attributes:
        page: Of the block.
        starts: How its first line begins.
        command: That prints it.
        code: The command ends with.
    """

    page: str
    starts: str
    command: str
    code: int = 0


FLY = "precipice fly scenarios/helsetkopen.toml"
COMPARE = "precipice compare scenarios/helsetkopen.toml {}.toml --runs 1000"
SHOWN = (
    Shown("README.md", "Helsetkopen: motorcycle", FLY),
    Shown("README.md", "VERDICT: NOT MET", "precipice assess scenarios/helsetkopen.toml --out shown"),
    Shown("docs/start.md", "Helsetkopen: motorcycle", FLY),
    Shown("docs/decide/ramp.md", "CHANGE: no", COMPARE.format("steeper")),
    Shown("docs/decide/speed.md", "Margins (!", FLY),
    Shown("docs/decide/speed.md", "CHANGE: no", COMPARE.format("faster")),
    Shown("docs/decide/speed.md", "  ramp, at most", "precipice fly faster.toml"),
    Shown("docs/decide/throw.md", "CHANGE: never clear", COMPARE.format("earlier")),
    Shown("docs/decide/canopy.md", "CHANGE: landing outside", COMPARE.format("larger")),
    Shown("docs/decide/wind.md", "CHANGE: lip not reached", COMPARE.format("windy")),
    Shown("docs/decide/landing-area.md", "  height on arrival", FLY),
    Shown("docs/exports.md", "--to chan must be", "precipice export stunt --to chan", 2),
)


@dataclass(frozen=True)
class Placed:
    """A `toml` block that is a part of a scenario.

    Attributes:
        page: Of the block.
        starts: How its first line begins.
        table: It stands in; "" for the top of the file.
        base: Shipped scenario that it becomes a part of.
        without: Fields and tables that it replaces, dotted.
        more: What the sample's own words ask for besides.
        files: It names, made empty: the loader looks whether they are there.
        saved: Name of the whole, where later samples of the page use it.
    """

    page: str
    starts: str
    table: str = ""
    base: str = "helsetkopen"
    without: tuple[str, ...] = ()
    more: str = ""
    files: tuple[str, ...] = ()
    saved: str = "sample.toml"


PLACED = (
    Placed(
        "docs/air.md",
        "[air]",
        without=("air", "wind.speed", "wind.direction", "wind.profile"),
        saved="stunt.toml",
    ),
    Placed("docs/decide/ramp.md", "[ramp]", saved="steeper.toml"),
    Placed("docs/decide/speed.md", "[plan]", saved="faster.toml"),
    Placed("docs/decide/throw.md", "[plan]", saved="earlier.toml"),
    Placed("docs/decide/canopy.md", "[rig]", saved="larger.toml"),
    Placed("docs/decide/wind.md", "[wind]", saved="windy.toml"),
    Placed("docs/scenario.md", "wheelbase", table="motorcycle"),
    Placed("docs/scenario.md", "throw", table="plan"),
    Placed("docs/scenario.md", "speed_error", table="performer"),
    Placed("docs/scenario.md", "[[correlation]]", without=("correlation",)),
    Placed(
        "docs/site.md",
        "[site]",
        without=("site.cliff",),
        more='[site.landing]\naltitude = "155 m"\n',
        files=("model.tif", "face.ply"),
    ),
)

EQUATIONS = {
    "docs/landing.md": ("h = v² sin²",),
    "docs/phases/air.md": ("air velocity =", "H = r Z", "rho = p_std", "h    height above"),
    "docs/phases/canopy.md": ("m dv/dt", "tan(p')"),
    "docs/phases/deployment.md": ("performer     m dv/dt",),
    "docs/phases/flight.md": ("m dv/dt",),
    "docs/phases/freefall.md": ("m dv/dt", "A = [A_up", "M = q S_c"),
    "docs/phases/inflation.md": ("t_f = n", "V / V_ls"),
    "docs/phases/landing.md": ("d toggle/dt",),
    "docs/phases/motorcycle.md": ("m dv/dt", "press ="),
    "docs/phases/ramp.md": ("w_lip =", "m a = sum"),
    "docs/phases/run-up.md": ("ds/dt", "asked ", "v1 = v"),
    "docs/phases/separation.md": ("impulse J", "A = A_tumble"),
    "docs/phases/terrain.md": ("plateau  ",),
}
"""Text blocks that are mathematics or a drawing in words: nothing to run. By page, how they begin."""

SAVED = {
    ("docs/air.md", "altitude [m],pressure"): "weather/oun.txt",
    ("docs/training.md", "date,rehearsal,criterion"): "tally.csv",
}
"""Text blocks that are a file of the reader's: saved under this name before the page's samples are run."""

ASKED = {("docs/training.md", "select day"): "season.parquet"}
"""Questions in SQL, put to a logbook by SQLite, which knows the same words."""

WIDE = "avx512f"
"""What the pages show was flown on processors with this; others give other bits, and a few other counts."""
SAMPLED = ("precipice assess", "precipice compare")
"""Commands that fly thousands of runs: now and then one ends otherwise on another model even of these."""

SLOW = ("docs/gradients.md",)
"""Pages whose samples compile for half a minute; tests/systems/test_gradient.py has smaller ones."""
