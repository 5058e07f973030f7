"""Whether the ground that a scenario's files describe can be used. Nothing heavy is imported without one."""

from precipice.scenario.scenario import Scenario


def read_ground(scenario: Scenario) -> None:
    """Read a scenario's elevation models and scans, if it has any, without sampling them.

    Args:
        scenario: What was decided.

    Raises:
        ScenarioError: With what is wrong with the files.
    """
    if scenario.site.terrain is not None:
        from precipice.world.survey.survey import survey_site

        survey_site(scenario)
    if scenario.landing_surface is not None and scenario.landing_surface.shape == "file":
        from precipice.world.survey.surface import survey_surface

        survey_surface(scenario)
