"""Issues of a real tracker with the groups of duplicates that its maintainers fixed, laid out in a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from tests.makers import Cast
from tests.real.texts import rows
from tracker.measures.cut_text import cut
from tracker.rules.lifecycle import Kind, Severity, State
from tracker.rules.rings import Ring


@dataclass(frozen=True, slots=True)
class Reported:
    """An issue as it was reported; `group`: that of its duplicates, "" where it has none."""

    id: int
    title: str
    detail: str
    group: str
    at: datetime


def reported() -> list[Reported]:
    """All of them, the oldest first."""
    found = [
        Reported(
            int(row["issue_id"]), row["summary"], row["description_first_1500"], row["duplicate_group"],
            datetime.fromisoformat(row["created"]),
        )
        for row in rows("duplicates_seamonkey_issues")
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.id)


def groups(issues: list[Reported]) -> Mapping[int, str]:
    """The group of every issue that has duplicates."""
    return {each.id: each.group for each in issues if each.group}


def lay_out(session: Session, cast: Cast, issues: list[Reported]) -> None:
    """As issues of Riverside Hospitals and Riverside Council, under their own ids."""
    tables = SQLModel.metadata.tables
    both = {"kind": Kind.ISSUE, "ring": Ring.SHARED, "severity": Severity.MINOR, "state": State.OPEN, "version": 1}
    both |= {"tier": 0, "reopens": 0, "occurrences": 1, "events": 0, "head": "", "route_why": "", "raised_by_name": ""}
    both |= dict.fromkeys(("hide_reporter", "theme_confirmed", "worked_round"), False)
    both |= {"other_themes": [], "partnership_id": cast.partnership.id}
    both |= dict.fromkeys(("raised_for_id", "ball_with_id"), cast.acute.id)
    session.execute(insert(tables["issue"]), [
        {**both, "id": each.id, "ref": f"RIV-{each.id}", "number": each.id, "title": each.title,
         "detail": each.detail, "cut_words": cut(each.title, each.detail),
         "occurred_on": each.at.date(), "raised_at": each.at}
        for each in issues
    ])  # fmt: skip
    session.execute(insert(tables["issue_side"]), [
        {"issue_id": each.id, "organisation_id": side.id, "position": place}
        for each in issues for place, side in enumerate((cast.acute, cast.council))
    ])  # fmt: skip
