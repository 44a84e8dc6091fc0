"""Whether it stayed fixed is asked of who reported it, after what was solved or worked round together.

What others said, or said before it was asked, counts no longer; the events stay. Who answers a proposal is kept.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ISSUE = sa.table(
    "issue",
    *(sa.column(name, sa.Integer) for name in ("id", "partnership_id", "raised_by_id", "raised_for_id")),
    *(sa.column(name, sa.String) for name in ("state", "outcome", "stayed_fixed")),
    sa.column("worked_round", sa.Boolean),
    sa.column("proposal", sa.JSON),
)
_EVENT = sa.table(
    "event",
    *(sa.column(name, sa.Integer) for name in ("issue_id", "position", "person_id", "organisation_id")),
    sa.column("kind", sa.String),
    sa.column("details", sa.JSON),
)
_OCCURRENCE = sa.table(
    "occurrence",
    *(sa.column(name, sa.Integer) for name in ("issue_id", "organisation_id", "person_id")),
    sa.column("occurred_on", sa.Date),
)
_MEMBERSHIP = sa.table(
    "membership",
    *(sa.column(name, sa.Integer) for name in ("person_id", "organisation_id")),
    sa.column("retired_at", sa.DateTime),
)
_UNCOUNTED = sa.table(
    "uncounted", sa.column("partnership_id", sa.Integer), sa.column("month", sa.Integer), sa.column("marked_at")
)
_QUESTION = sa.table(
    "stayed_fixed_question",
    *(sa.column(name, sa.Integer) for name in ("issue_id", "person_id")),
    sa.column("answer", sa.String),
)


def upgrade() -> None:
    op.create_table(
        "stayed_fixed_question",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_stayed_fixed_question_issue_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stayed_fixed_question_person_id")),
        sa.PrimaryKeyConstraint("issue_id", "person_id", name=op.f("pk_stayed_fixed_question")),
    )
    unanswered = sa.text("answer IS NULL")
    op.create_index(
        "ix_stayed_fixed_question_desk",
        "stayed_fixed_question",
        ["person_id"],
        sqlite_where=unanswered,
        postgresql_where=unanswered,
    )
    op.drop_index("ix_issue_stayed_fixed", "issue")
    for issue in op.get_bind().execute(sa.select(_ISSUE).where(_ISSUE.c.stayed_fixed.is_not(None))).all():
        _ask_anew(issue)
    for issue in op.get_bind().execute(sa.select(_ISSUE).where(_ISSUE.c.state == "proposed")).all():
        _keep_who_answered(issue)


def downgrade() -> None:
    was = sa.text("stayed_fixed = 'asked'")
    op.create_index("ix_issue_stayed_fixed", "issue", ["raised_by_id"], sqlite_where=was, postgresql_where=was)
    op.drop_table("stayed_fixed_question")


def _ask_anew(issue: sa.Row) -> None:
    """The questions of a resolution that stands, with the answers of those who are asked."""
    answers: dict[int, str | None] = {}
    said: dict[int, str] = {}
    was_asked = is_shared = False
    for event in _events(issue.id, "resolved", "stayed_fixed_asked", "stayed_fixed"):
        if event.kind == "resolved":
            was_asked, is_shared, said = False, not event.details.get("imported"), {}
        elif event.kind == "stayed_fixed_asked":
            was_asked = True
        elif was_asked and event.person_id is not None:
            said.setdefault(event.person_id, "yes" if event.details.get("fixed", True) else "no")
    asks = was_asked and is_shared and not issue.worked_round and issue.outcome in ("solved", "worked_round")
    if asks:
        answers = {person: said.get(person) for person in _reporters(issue)}
    together = next((each for each in ("no", "yes") if each in answers.values()), "asked") if answers else None
    for person, answer in answers.items():
        op.get_bind().execute(sa.insert(_QUESTION).values(issue_id=issue.id, person_id=person, answer=answer))
    if together != issue.stayed_fixed:
        op.get_bind().execute(sa.update(_ISSUE).where(_ISSUE.c.id == issue.id).values(stayed_fixed=together))
        _count_anew(issue)


def _reporters(issue: sa.Row) -> list[int]:
    """Whoever raised it, and who reported for the same side that it happened, while they belong to it."""
    reported = sa.select(_OCCURRENCE.c.person_id).where(
        _OCCURRENCE.c.issue_id == issue.id, _OCCURRENCE.c.organisation_id == issue.raised_for_id
    )
    people = dict.fromkeys([issue.raised_by_id, *op.get_bind().scalars(reported)])
    here = sa.select(_MEMBERSHIP.c.person_id).where(
        _MEMBERSHIP.c.organisation_id == issue.raised_for_id, _MEMBERSHIP.c.retired_at.is_(None)
    )
    members = set(op.get_bind().scalars(here))
    return [each for each in people if each in members]


def _count_anew(issue: sa.Row) -> None:
    days = sa.select(_OCCURRENCE.c.occurred_on).where(_OCCURRENCE.c.issue_id == issue.id)
    months = {day.year * 12 + day.month - 1 for day in op.get_bind().scalars(days)}
    for month in sorted(months):
        row = {"partnership_id": issue.partnership_id, "month": month, "marked_at": sa.func.current_timestamp()}
        op.get_bind().execute(sa.insert(_UNCOUNTED).values(row))


def _keep_who_answered(issue: sa.Row) -> None:
    answers: dict[str, int] = defaultdict(int)
    for event in _events(issue.id, "proposed", "agreed"):
        if event.kind == "proposed":
            answers.clear()
        if event.person_id is not None and event.organisation_id is not None:
            answers[str(event.organisation_id)] = event.person_id
    kept = issue.proposal or {}
    with_answers = {**kept, "answers": dict(answers)}
    op.get_bind().execute(sa.update(_ISSUE).where(_ISSUE.c.id == issue.id).values(proposal=with_answers))


def _events(issue_id: int, *kinds: str) -> list[sa.Row]:
    found = sa.select(_EVENT).where(_EVENT.c.issue_id == issue_id, _EVENT.c.kind.in_(kinds))
    return list(op.get_bind().execute(found.order_by(_EVENT.c.position)))
