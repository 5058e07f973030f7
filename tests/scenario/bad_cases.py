"""One edit of a good scenario for each kind of mistake, and what must be said about it."""

from importlib.resources import files
from typing import NamedTuple

GOOD = files("precipice.scenario").joinpath("template", "ramp-to-canopy.toml").read_text(encoding="utf-8")


class Case(NamedTuple):
    """An edit of a good scenario, and what must be said about it."""

    old: str
    new: str
    field: str
    rule: str
    value: str
    remedy: str


MASS = 'mass = { value = "90 kg", spread = { shape = "normal", sd = "2 kg", varies = "constant" } }'
LIP_SPEED = 'lip_speed = "20 m/s"'
ALTITUDE = 'altitude = { value = "400 m"'
EDGE = (
    'lip_to_edge = { value = "0 m", '
    'spread = { shape = "uniform", low = "-0.5 m", high = "0.5 m", varies = "constant" } }'
)


def mass(spread):
    return f'mass = {{ value = "90 kg", spread = {{ {spread} }} }}'


def correlation(fields, rank=0.5):
    return f"[plan.gate]\n[[correlation]]\nfields = {fields}\nrank = {rank}\n[plan.gate]".replace(
        "[plan.gate]\n", "", 1
    )


CASES = {
    "unknown key": Case(
        LIP_SPEED, 'lip_sped = "20 m/s"\n' + LIP_SPEED, "plan.lip_sped", "known field", "20 m/s", "lip_speed"
    ),
    "unknown section": Case("[wind]", "[winds]\n[wind]", "winds", "known field", "a table", "wind"),
    "wrong dimension": Case(
        LIP_SPEED, 'lip_speed = "20 m"', "plan.lip_speed", "must be a speed", "20 m", "20 m/s"
    ),
    "bare number": Case(LIP_SPEED, "lip_speed = 20", "plan.lip_speed", "with its unit", "20", "20 m/s"),
    "bare number in text": Case(
        LIP_SPEED, 'lip_speed = "20"', "plan.lip_speed", "with its unit", "20", "20 m/s"
    ),
    "NaN": Case(LIP_SPEED, 'lip_speed = "nan m/s"', "plan.lip_speed", "finite", "nan m/s", "20 m/s"),
    "bare NaN": Case(LIP_SPEED, "lip_speed = nan", "plan.lip_speed", "finite", "nan", "20 m/s"),
    "infinite": Case(LIP_SPEED, 'lip_speed = "inf m/s"', "plan.lip_speed", "finite", "inf m/s", "20 m/s"),
    "negative mass": Case(
        'mass = { value = "90 kg"',
        'mass = { value = "-90 kg"',
        "performer.mass",
        "positive",
        "-90 kg",
        '"90 kg"',
    ),
    "zero speed": Case(LIP_SPEED, 'lip_speed = "0 m/s"', "plan.lip_speed", "positive", "0 m/s", "20 m/s"),
    "celsius": Case(
        'value = "0 delta_degC"',
        'value = "0 C"',
        "air.temperature_offset",
        "temperature difference",
        "0 C",
        "delta_degC",
    ),
    "grams": Case(
        'ramp_drive = "2.6 m/s^2"', 'ramp_drive = "3 g"', "plan.ramp_drive", "acceleration", "3 g", "g_0"
    ),
    "hanging": Case(
        LIP_SPEED, 'lip_speed = "9**9**9**9 m/s"', "plan.lip_speed", "a speed", "9**9**9**9 m/s", "20 m/s"
    ),
    "markup": Case(LIP_SPEED, 'lip_speed = "[red]20"', "plan.lip_speed", "a speed", "[red]20", "20 m/s"),
    "missing field": Case(LIP_SPEED, "", "plan.lip_speed", "must be given", "missing", '"20 m/s"'),
    "missing section": Case(
        GOOD[GOOD.index("[plan]") : GOOD.index("[plan.gate]")],
        "",
        "plan.lip_speed",
        "given",
        "missing",
        "20 m/s",
    ),
    "landing above the lip": Case(
        ALTITUDE,
        'altitude = { value = "1400 m"',
        "site.landing.altitude",
        "below site.altitude, 1200 m",
        "1400 m",
        "altitude",
    ),
    "ramp too steep": Case(
        'lip_angle = "15 deg"',
        'lip_angle = "50 deg"',
        "ramp.lip_angle",
        "can climb",
        "50 deg",
        "write an angle up to",
    ),
    "ramp past vertical": Case(
        'lip_angle = "15 deg"', 'lip_angle = "95 deg"', "ramp.lip_angle", "below 75 deg", "95 deg", "15 deg"
    ),
    "edge behind the run-up": Case(
        EDGE, 'lip_to_edge = "-150 m"', "site.cliff.lip_to_edge", "behind the start", "-150 m", "lengthen"
    ),
    "run-up away from the edge": Case(
        'azimuth = { value = "180 deg"',
        'azimuth = { value = "0 deg"',
        "run_up.azimuth",
        "head out over the edge",
        "0 deg",
        "turn",
    ),
    "gates out of order": Case(
        'abort_station = "70 m"',
        'abort_station = "100 m"',
        "plan.gate.abort_station",
        "commit_station, 95 m",
        "100 m",
        "stop earlier",
    ),
    "gate beyond the run-up": Case(
        'speed_gate = "60 m"',
        'speed_gate = "140 m"',
        "plan.gate.speed_gate",
        "inside the run-up of 130 m",
        "140 m",
        "station",
    ),
    "gate too fast": Case(
        'minimum_speed = "17.5 m/s"',
        'minimum_speed = "90 km/h"',
        "plan.gate.minimum_speed",
        "plan.lip_speed, 20 m/s",
        "90 km/h",
        "less",
    ),
    "first surface": Case(
        'from = "0 m"', 'from = "1 m"', "run_up.surface[0].from", "0 m for the first", "1 m", '"0 m"'
    ),
    "surfaces out of order": Case(
        'from = "20 m"',
        'from = "0 m"',
        "run_up.surface[1].from",
        "beyond the surface before",
        "0 m",
        "order of travel",
    ),
    "too many surfaces": Case(
        "[ramp]",
        "[[run_up.surface]]\nfriction = 1\n" * 3 + "[ramp]",
        "run_up.surface",
        "at most 4",
        "5",
        "remove",
    ),
    "throw before release": Case(
        'throw = { value = "5.0 s"',
        'throw = { value = "0.9 s"',
        "plan.throw",
        "over its whole spread",
        "-1.8 s",
        "truncated-normal",
    ),
    "throw too early": Case(
        'release = { value = "1.0 s", spread = {',
        'release = "6 s"\npush_time = { value = "0.25 s", spread = {',
        "plan.throw",
        "after plan.release, 6 s",
        "5 s",
        "later",
    ),
    "pattern above the lip": Case(
        'height = "120 m"',
        'height = "820 m"',
        "plan.pattern.height",
        "above the landing area, 800 m",
        "820 m",
        "smaller",
    ),
    "spread upside down": Case(
        MASS,
        mass('shape = "uniform", low = "95 kg", high = "85 kg", varies = "constant"'),
        "performer.mass.spread",
        "low below high",
        "95 kg to 85 kg",
        "smaller",
    ),
    "spread beside the value": Case(
        MASS,
        mass('shape = "uniform", low = "91 kg", high = "95 kg", varies = "constant"'),
        "performer.mass.spread",
        "enclose",
        "91 kg to 95 kg",
        "move",
    ),
    "spread to the impossible": Case(
        MASS,
        mass('shape = "uniform", low = "-5 kg", high = "95 kg", varies = "constant"'),
        "performer.mass",
        "positive over its whole spread",
        "-5 kg to 95 kg",
        "narrow",
    ),
    "wide normal": Case(
        MASS,
        mass('shape = "normal", sd = "16 kg", varies = "constant"'),
        "performer.mass",
        "positive over its whole spread",
        "-6 kg",
        "truncated-normal",
    ),
    "spread of wrong dimension": Case(
        MASS,
        mass('shape = "normal", sd = "2 m", varies = "constant"'),
        "performer.mass.spread.sd",
        "a mass",
        "2 m",
        "90 kg",
    ),
    "spread without a level": Case(
        MASS,
        mass('shape = "normal", sd = "2 kg"'),
        "performer.mass.spread.varies",
        "given",
        "missing",
        "add varies",
    ),
    "unknown shape": Case(
        MASS,
        mass('shape = "gauss", sd = "2 kg", varies = "jump"'),
        "performer.mass.spread",
        "name its shape",
        "gauss",
        "normal",
    ),
    "spread key": Case(
        MASS,
        mass('shape = "normal", sd = "2 kg", std = "2 kg", varies = "jump"'),
        "performer.mass.spread.std",
        "known field",
        "2 kg",
        "sd",
    ),
    "zero sd": Case(
        MASS,
        mass('shape = "normal", sd = "0 kg", varies = "jump"'),
        "performer.mass.spread",
        "positive sd",
        "0",
        "docs/scenario.md",
    ),
    "huge sigma": Case(
        MASS,
        mass('shape = "lognormal", sigma = "30", varies = "jump"'),
        "performer.mass.spread",
        "sigma",
        "30",
        "docs/scenario.md",
    ),
    "mixture weights": Case(
        MASS,
        mass(
            'shape = "mixture", varies = "jump", '
            'parts = [{ weight = 0.5, sd = "1 kg" }, { weight = 0.4, sd = "2 kg" }]'
        ),
        "performer.mass.spread",
        "add up to 1",
        "0.9",
        "divide",
    ),
    "mixture part": Case(
        MASS,
        mass('shape = "mixture", varies = "jump", parts = [{ weight = 0.5, sd = "1 kg" }, { weight = 0.5 }]'),
        "performer.mass.spread.parts[1].sd",
        "given",
        "missing",
        "add sd",
    ),
    "discrete weights": Case(
        MASS,
        mass('shape = "discrete", varies = "jump", values = ["80 kg", "95 kg"], weights = [1.0]'),
        "performer.mass.spread",
        "one weight for each",
        "1 weights",
        "docs",
    ),
    "measured nowhere": Case(
        MASS,
        'mass = { value = "90 kg", basis = "measured" }',
        "performer.mass.rehearsal",
        'given for basis = "measured"',
        "missing",
        "tabletop",
    ),
    "published nowhere": Case(
        MASS,
        'mass = { value = "90 kg", basis = "published" }',
        "performer.mass.source",
        'given for basis = "published"',
        "missing",
        "who says so",
    ),
    "rehearsed but assumed": Case(
        MASS,
        'mass = { value = "90 kg", rehearsal = "bench" }',
        "performer.mass.basis",
        '"measured" with a rehearsal',
        "assumed",
        "take rehearsal",
    ),
    "unknown basis": Case(
        MASS,
        'mass = { value = "90 kg", basis = "guessed" }',
        "performer.mass.basis",
        "measured, published, assumed",
        "guessed",
        'write "assumed"',
    ),
    "no basis at all": Case(
        MASS,
        'mass = { value = "90 kg", basis = "x" }',
        "performer.mass.basis",
        "measured, published, assumed",
        "x",
        'write "assumed"',
    ),
    "a word like none of them": Case(
        'side = "left"', 'side = "port"', "plan.pattern.side", "one of left, right", "port", "choose one of"
    ),
    "count": Case(
        MASS,
        'mass = { value = "90 kg", basis = "measured", rehearsal = "bench", count = 0 }',
        "performer.mass.count",
        "at least 1",
        "0",
        "1",
    ),
    "correlation with nothing": Case(
        "[plan.gate]",
        correlation('["performer.mass", "performer.weight"]'),
        "correlation[0].fields",
        "hold a quantity",
        "performer.weight",
        "did you mean",
    ),
    "correlation with a certain field": Case(
        "[plan.gate]",
        correlation('["performer.mass", "plan.lip_speed"]'),
        "correlation[0].fields",
        "one spread",
        "plan.lip_speed",
        "give",
    ),
    "correlation of a mixture": Case(
        "[plan.gate]",
        correlation('["plan.throw", "rig.heading_error"]'),
        "correlation[0].fields",
        "no steps",
        "rig.heading_error",
        "leave it out",
    ),
    "correlation across levels": Case(
        "[plan.gate]",
        correlation('["plan.throw", "performer.mass"]'),
        "correlation[0].fields",
        "vary alike",
        "plan.throw by jump",
        "not at all",
    ),
    "correlation of one": Case(
        "[plan.gate]",
        correlation('["performer.mass", "performer.mass"]'),
        "correlation[0].fields",
        "once",
        "again",
        "keep one",
    ),
    "rank": Case(
        "[plan.gate]",
        correlation('["performer.mass", "performer.drag_area"]', 1.0),
        "correlation[0].rank",
        "between -1 and 1",
        "1",
        "0.3",
    ),
    "impossible correlations": Case(
        "[plan.gate]",
        correlation('["performer.mass", "performer.drag_area", "motorcycle.mass"]', -0.9),
        "correlation",
        "positive definite",
        "eigenvalue",
        "towards 0",
    ),
    "unknown hazard": Case(
        'hazard = "low throw"',
        'hazard = "low trow"',
        "criterion[1].hazard",
        "a hazard of a ramp-to-canopy",
        "low trow",
        '"low throw"',
    ),
    "chance": Case(
        'chance = "0.01 %"', 'chance = "0 %"', "criterion[3].chance", "between 0 and 1", "0", "0.1 %"
    ),
    "limit without a unit": Case(
        'hazard = "low throw"',
        'hazard = "low throw"\nlimit = "100"',
        "criterion[1].limit",
        "with its unit",
        "100",
        "100 m",
    ),
    "limit of nothing": Case(
        'hazard = "motorcycle where people are"',
        'hazard = "motorcycle where people are"\nlimit = "1 m"',
        "criterion[3].limit",
        "absent",
        "1 m",
        "remove",
    ),
    "accepted by nobody": Case(
        'accepted_by = "insurer"',
        'accepted_by = ""',
        "criterion[3].accepted_by",
        "not be empty",
        '""',
        "write",
    ),
    "unknown kind": Case(
        'kind = "ramp-to-canopy"',
        'kind = "ramp-to-canope"',
        "kind",
        "one of",
        "ramp-to-canope",
        '"ramp-to-canopy"',
    ),
    "no kind": Case('kind = "ramp-to-canopy"', "", "kind", "one of", "missing", 'kind = "ramp-to-canopy"'),
    "another format": Case("format = 1", "format = 2", "format", "one of 1", "2", "write 1"),
    "unknown word": Case(
        'twisted = "kick-out"',
        'twisted = "kickout"',
        "plan.off_plan.twisted",
        "kick-out, wait",
        "kickout",
        '"kick-out"',
    ),
    "text for a number": Case(
        "takes = 1 ", 'takes = "1" ', "plan.takes", "whole number", '"1"', "without quotes"
    ),
    "no takes": Case("takes = 1 ", "takes = 0 ", "plan.takes", "at least 1", "0", "1"),
    "a number for text": Case(
        'caller = "coordinator"', "caller = 3", "plan.gate.caller", "text", "3", "quotes"
    ),
    "a word for a switch": Case(
        "reserve = false", 'reserve = "no"', "rig.reserve", "true or false", '"no"', "without quotes"
    ),
    "a date in quotes": Case(
        "date = 2030-06-01", 'date = "2030-06-01"', "site.date", "a date", '"2030-06-01"', "without quotes"
    ),
    "a table for a list": Case("[[site.people]]", "[site.people]", "site.people", "a list", "a table", "[["),
    "a list for a table": Case("[wind]", "[[wind]]", "wind", "a table", "a list", "heading"),
    "two places": Case(
        'distance = "12 m"',
        'distance = "12 m"\neast = "3 m"\nnorth = "3 m"',
        "site.camera[0]",
        "exactly one way",
        "east",
        "bearing and distance",
    ),
    "half a place": Case('distance = "12 m"', "", "site.camera[0]", "exactly one way", "bearing", "distance"),
    "two levels": Case(
        'up = "3 m"',
        'up = "3 m"\nheight = "3 m"',
        "site.camera[0]",
        "level in exactly one way",
        "up and height",
        "altitude",
    ),
    "times swapped": Case(
        'to = "10 min"', 'to = "-11 min"', "site.people[0].from", "before to", "-10 min", "swap"
    ),
    "two cameras of one name": Case(
        "[[site.camera]]",
        '[[site.camera]]\nname = "lip crane"\nup = "1 m"\neast = "1 m"\nnorth = "1 m"\n[[site.camera]]',
        "site.camera[1].name",
        "differ",
        "lip crane",
        "rename",
    ),
    "camera fixed on nothing": Case(
        'focal_length = "24 mm"',
        'aim = "fixed"',
        "site.camera[0].aim_bearing",
        'aim = "fixed"',
        "missing",
        "0 deg",
    ),
    "table without rows": Case(
        'profile = "constant" ', 'profile = "table" ', "wind.row", "at least two rows", "0", "[[wind.row]]"
    ),
    "unused pressure": Case(
        'model = "isa" ',
        'pressure = "900 hPa"\nmodel = "isa" ',
        "air.pressure",
        'absent for model = "isa"',
        "900 hPa",
        "remove",
    ),
    "measured nothing": Case(
        'model = "isa" ',
        'model = "measured" ',
        "air.pressure",
        'given for model = "measured"',
        "missing",
        "isa",
    ),
    "reserve canopy": Case(
        "[rig]",
        '[rig.reserve_canopy]\narea = "15 m^2"\n[rig]',
        "rig.reserve",
        "true",
        "false",
        "reserve = true",
    ),
    "field of another kind": Case(
        "[ramp]",
        '[exit]\nazimuth = "0 deg"\n[ramp]',
        "exit",
        "absent for the kind ramp-to-canopy",
        "a table",
        "base-jump",
    ),
    "malfunction": Case(
        "[rig]",
        '[rig.malfunction]\nline_over = { chance = "120 %", value = "0.6" }\n[rig]',
        "rig.malfunction.line_over.chance",
        "at most 1",
        "120 %",
        "write",
    ),
    "malfunction spread": Case(
        "[rig]",
        '[rig.malfunction]\nline_over = { chance = "1 %", value = "0.6", '
        'spread = { shape = "normal", sd = "0.2 m", varies = "jump" } }\n[rig]',
        "rig.malfunction.line_over.spread.sd",
        "without a unit",
        "0.2 m",
        "0.55",
    ),
    "inertia": Case(
        "[performer]",
        '[performer]\nstanding_inertia = { roll = "1 kg", pitch = "1 kg*m^2", yaw = "1 kg*m^2" }',
        "performer.standing_inertia.roll",
        "moment of inertia",
        "1 kg",
        "kg*m^2",
    ),
    "text without quotes": Case(
        'slider = "up"', "slider = up", "line ", "valid TOML", "slider = up", 'in quotes, slider = "up"'
    ),
    "quantity without quotes": Case(
        LIP_SPEED, "lip_speed = 20 m/s", "line ", "valid TOML", "20 m/s", 'in quotes, lip_speed = "20 m/s"'
    ),
    "text without its end": Case(
        'slider = "up"', 'slider = "up', "line ", "valid TOML", 'slider = "up', "second quotation mark"
    ),
    "time without seconds": Case(
        "time = 10:00:00", "time = 10:00", "line ", "valid TOML", "10:00", "time = 10:00:00"
    ),
    "Python's truth": Case(
        "reserve = false", "reserve = False", "line ", "valid TOML", "False", "reserve = false"
    ),
    "syntax": Case(LIP_SPEED, "lip_speed = = 20", "line ", "valid TOML", "lip_speed = = 20", "invalid value"),
    "written twice": Case(
        LIP_SPEED, f"{LIP_SPEED}\n{LIP_SPEED}", "line ", "valid TOML", "lip_speed", "overwrite"
    ),
    "endless number": Case(
        "takes = 1 ", f"takes = {'1' * 5000} ", "file", "valid TOML", "too long", "shorten"
    ),
    "bottomless list": Case(
        "takes = 1 ", f"takes = {'[' * 5000} ", "file", "valid TOML", "deep", "two levels"
    ),
}
