"""An assessment as a page of text that a person can read aloud."""

from precipice.report.words import WIDTH, moment_word, number, quantity, wrapped
from precipice.risk.assessment import Assessment, Hazard
from precipice.scenario.scenario import Scenario
