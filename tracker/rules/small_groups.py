"""Groups smaller than an organisation, by which no report is cut: a few people could be told (statistics.md 8)."""

from collections.abc import Collection

from tracker.rules.refusals import FieldError, WrongInput

SMALL_GROUPS = ("area", "service_area", "team", "site", "group", "person", "reporter")


def refuse_cuts(asked: Collection[str]) -> None:
    """Refuses, with WrongInput, what asks for figures by one of these."""
    for name in SMALL_GROUPS:
        if name in asked:
            by = name.replace("_", " ")
            reason = (
                f"A report is not cut by {by}: from the difference between two cuts a few people could be told. "
                "How much is reported in each service area stands in the theme report."
            )
            raise WrongInput(FieldError(name, reason))
