"""What one server holds between requests: the draft, its flights, the ensemble, the jobs."""

import secrets
import threading
from collections import OrderedDict
from typing import Any

from precipice.campaign.fly import fly
from precipice.errors import InputError
from precipice.scenario.scenario import Scenario
from precipice.simulation.run import Run
from precipice.web.draft import Draft, editable, open_draft
from precipice.web.ensemble import Ensemble
from precipice.web.flight import flight
from precipice.web.job import Jobs, mark
from precipice.web.opened import Opened
from precipice.web.site import site

KEPT = 40
"""Flights that are kept."""
AT_FIRST = 300
"""Runs of an opened campaign that are flown for their tracks without being asked for."""
SEED_MOST = 2**53
"""Seeds from here on are no whole numbers in a browser."""


class Desk:
    """Everything of one `precipice serve`.

    Attributes:
        opened: What a person named at the command line.
        draft: The scenario and its edits.
        jobs: Assessments and comparisons.
        token: Of this process; see `guard`.
    """

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.draft: Draft = open_draft(opened.name, opened.path, opened.text)
        self.jobs = Jobs()
        self.token = secrets.token_urlsafe(24)
        self._said = ""
        self._turn = threading.Lock()
        self._ensemble: Ensemble | None = None
        self._flights: OrderedDict[tuple[str, int | None, int], bytes] = OrderedDict()
        self._sites: OrderedDict[str, bytes] = OrderedDict()
        if opened.flown is not None:
            # What the folder holds is shown as it is; nothing of it is flown again.
            key = self.draft.scenario.sha256, opened.run, opened.seed
            self._flights[key] = flight(opened.flown, self.draft.scenario)
        if opened.assessment is not None:
            found = opened.assessment
            asked = {"do": "assess", "text": opened.text, "runs": found["runs"], "seed": found["seed"]}
            self.jobs.hold(asked, "from the folder", found)

    def warm_up(self) -> None:
        """Fly what the page shows first, so that it is there when a browser asks."""
        self.site()
        self.flight(self.opened.run, self.opened.seed)
        found = self.opened.assessment
        if found is not None and self._ensemble is None:
            self.start_ensemble(found["seed"], min(found["runs"], AT_FIRST))

    def state(self) -> dict[str, Any]:
        """Return what the page asks for all the time."""
        draft, ensemble = self.draft, self._of_draft()
        return {
            "session": self.token,
            "revision": draft.revision,
            "flown": mark(draft.scenario.text),
            "title": draft.scenario.title or draft.scenario.file,
            "kind": draft.scenario.kind,
            "file": draft.name,
            "can_save": draft.path is not None,
            "opened": None if self.opened.folder is None else str(self.opened.folder),
            "edits": draft.edits,
            "problems": [
                {"field": p.field, "rule": p.rule, "value": p.value, "remedy": p.remedy}
                for p in draft.problems
            ],
            "jobs": self.jobs.briefs(),
            "ensemble": None
            if ensemble is None
            else {"done": ensemble.done, "runs": ensemble.runs, "seed": ensemble.seed},
            "said": self._said,
            "first": {"run": self.opened.run, "seed": self.opened.seed},
        }

    def fields(self) -> list[dict[str, Any]]:
        """Return the fields that may be edited, with what a person wrote."""
        edits = self.draft.edits
        return [{**item, "edit": edits.get(item["path"])} for item in editable(self.draft.scenario)]

    def flight(self, run: int | None, seed: int) -> bytes:
        """Return a run of the draft's scenario for the page; kept, since a person goes back and forth.

        Args:
            run: Number of a drawn run; None is the nominal one.
            seed: Of the draws.
        """
        scenario = self.draft.scenario
        key = scenario.sha256, run, seed
        if key not in self._flights:
            _keep(self._flights, key, flight(self._fly(scenario, run, seed), scenario), KEPT)
        return self._flights[key]

    def site(self) -> bytes:
        """Return what stands still, for the page."""
        scenario = self.draft.scenario
        if scenario.sha256 not in self._sites:
            _keep(self._sites, scenario.sha256, site(self._fly(scenario, None, 0), scenario), 4)
        return self._sites[scenario.sha256]

    def _fly(self, scenario: Scenario, run: int | None, seed: int) -> Run:
        with self._turn:
            try:
                return fly(scenario, run, seed, self._say)
            finally:
                self._said = ""

    def _say(self, line: str) -> None:
        self._said = line

    def start_ensemble(self, seed: int, runs: int) -> None:
        """Begin to fly many runs; the ones of before are dropped."""
        self.stop_ensemble()
        self._ensemble = Ensemble(self.draft.scenario, seed, runs, self._turn)
        self._ensemble.start()

    def stop_ensemble(self) -> None:
        """Fly no further runs, and keep those that are flown."""
        if self._ensemble is not None:
            self._ensemble.stop()

    def ensemble(self, first: int) -> bytes | None:
        """Return runs from one on, for the page; None when nobody asked for any of this scenario."""
        found = self._of_draft()
        return None if found is None else found.pack(first)

    def _of_draft(self) -> Ensemble | None:
        """Return the ensemble, unless it was flown before an edit."""
        found = self._ensemble
        return found if found is not None and found.scenario.text == self.draft.scenario.text else None

    def ask(self, do: str, runs: int, seed: int) -> tuple[dict[str, Any], str, list[list[str]]]:
        """Return what a job on the draft's scenario is asked for, its label, and what changed.

        Args:
            do: "assess" or "compare".
            runs: How many.
            seed: Of the draws.

        Raises:
            InputError: When there is nothing to compare with.
        """
        scenario, before = self.draft.scenario, self.jobs.last("assess")
        asked: dict[str, Any] = {"do": do, "name": self.draft.name, "text": scenario.text}
        asked |= {"runs": runs, "seed": seed, "workers": None}
        changes = [] if before is None else changed(before.asked["text"], scenario, self.draft.name)
        if do == "compare":
            if before is None:
                raise InputError("an assessment must be done to compare with, but none is: run one first")
            if not changes:
                raise InputError(
                    "a field must differ from the last assessment's, but none does: edit one first"
                )
            asked["other"] = before.asked["text"]
        words = ", ".join(f"{name} {new}" for name, _, new in changes[:3])
        return asked, words or "nothing changed", changes


def changed(text: str, scenario: Scenario, name: str) -> list[list[str]]:
    """Return the fields that differ between two scenarios, each as name, before, after.

    Args:
        text: Of the earlier scenario.
        scenario: The later one.
        name: What to call the file.
    """
    from precipice.scenario.load import parse_scenario

    if text == scenario.text:
        return []
    before = {item["path"]: item for item in editable(parse_scenario(text, name))}
    after = editable(scenario)
    differ = [item for item in after if before.get(item["path"], {}).get("text") != item["text"]]
    return [[item["name"], before.get(item["path"], {}).get("text", "-"), item["text"]] for item in differ]


def _keep(kept: OrderedDict[Any, bytes], key: Any, value: bytes, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
