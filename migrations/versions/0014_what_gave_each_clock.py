"""What gave each limit and timer is kept with it, in place of words; and by when each side acknowledges."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)

# What stands of an issue that is not over, its tier and its ladder; and the clocks of it.
ISSUES = """
    SELECT issue.id, issue.entered_at, issue.due_at, issue.due_why, issue.proposed_at, issue.proposal, issue.state,
           tier."limit" AS length, tier.or_at_most, tier.acknowledge, body.key AS body,
           ladder_version.keep_in_loop, ladder_version.agree_silence,
           (SELECT max(event.at) FROM event WHERE event.issue_id = issue.id AND event.kind = 'returned'
               AND event.at >= issue.entered_at) AS returned_at,
           (SELECT max(event.at) FROM event WHERE event.issue_id = issue.id
               AND event.kind IN ('top_limit_passed', 'top_reminded')) AS reminded_at
    FROM issue
    JOIN ladder_version ON ladder_version.id = issue.ladder_version_id
    JOIN tier ON tier.version_id = issue.ladder_version_id AND tier.number = issue.tier
    LEFT JOIN body ON body.id = tier.body_id
    WHERE issue.resolved_at IS NULL AND issue.entered_at IS NOT NULL
"""
SIDES = """
    SELECT issue_side.issue_id, issue_side.organisation_id, organisation.key, issue_side.acknowledged_at
    FROM issue_side JOIN organisation ON organisation.id = issue_side.organisation_id
    JOIN issue ON issue.id = issue_side.issue_id WHERE issue.resolved_at IS NULL
    ORDER BY issue_side.issue_id, issue_side.position
"""
TIMERS = "SELECT id, issue_id, kind, side FROM timer WHERE issue_id IS NOT NULL"
ACKNOWLEDGE_BY = """
    UPDATE issue_side SET acknowledge_by = (
        SELECT timer.due_at FROM timer JOIN organisation ON organisation.key = timer.side
        WHERE timer.issue_id = issue_side.issue_id AND timer.kind = 'acknowledgement'
        AND organisation.id = issue_side.organisation_id)
"""


def upgrade() -> None:
    op.add_column("issue", sa.Column("due_origin", JSON, nullable=True))
    op.add_column("timer", sa.Column("origin", JSON, nullable=True))
    op.add_column("issue_side", sa.Column("acknowledge_by", MOMENT, nullable=True))
    _keep_origins(op.get_bind())
    op.execute(sa.text(ACKNOWLEDGE_BY))
    op.drop_column("issue", "due_why")


def downgrade() -> None:
    op.add_column("issue", sa.Column("due_why", JSON, nullable=False, server_default="[]"))
    op.drop_column("issue_side", "acknowledge_by")
    op.drop_column("timer", "origin")
    op.drop_column("issue", "due_origin")


def _keep_origins(database: sa.Connection) -> None:
    moments = ("entered_at", "due_at", "proposed_at", "returned_at", "reminded_at")
    typed = sa.text(ISSUES).columns(due_why=JSON, proposal=JSON, **dict.fromkeys(moments, MOMENT))
    issues = {row["id"]: row for row in database.execute(typed).mappings()}
    sides: dict[int, dict[str, sa.RowMapping]] = {}
    for row in database.execute(sa.text(SIDES).columns(acknowledged_at=MOMENT)).mappings():
        sides.setdefault(row["issue_id"], {})[row["key"]] = row
    limits = [{"of": of, "new": _of_limit(row)} for of, row in issues.items() if row["due_at"] and row["length"]]
    timers = [
        {"of": timer.id, "new": origin}
        for timer in database.execute(sa.text(TIMERS)).all()
        if timer.issue_id in issues
        and (origin := _of_timer(timer.kind, timer.side, issues[timer.issue_id], sides.get(timer.issue_id, {})))
    ]
    for table, column, rows in (("issue", "due_origin", limits), ("timer", "origin", timers)):
        named = sa.table(table, sa.column("id", sa.Integer()), sa.column(column, JSON))
        if rows:
            change = sa.update(named).where(named.c.id == sa.bindparam("of"))
            database.execute(change.values({column: sa.bindparam("new", type_=JSON)}), rows)


def _of_limit(issue: Mapping[str, Any]) -> dict[str, Any]:
    why = " ".join(issue["due_why"] or ())
    given = "paused history" if "it was paused there" in why else "history" if "taken from history" in why else "entry"
    return _kept(
        length=issue["length"],
        at=issue["entered_at"],
        given=given,
        body=issue["body"],
        or_at_most=issue["or_at_most"],
        returned_at=issue["returned_at"],
    )


def _of_timer(
    kind: str, side: str, issue: Mapping[str, Any], sides: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any] | None:
    """None where no calendar moves it, or it goes with the limit."""
    seen = sides[side]["acknowledged_at"] if side in sides else None
    others = [key for key, row in sides.items() if row["organisation_id"] != (issue["proposal"] or {}).get("by")]
    lengths = {
        "acknowledgement": (issue["acknowledge"], issue["entered_at"], [side]),
        "lapse": (issue["keep_in_loop"], seen or issue["entered_at"], [side]),
        "silence": (issue["agree_silence"], issue["proposed_at"], others),
        "top_reminder": (issue["keep_in_loop"], issue["reminded_at"], []),
    }
    length, at, acts = lengths.get(kind, (None, None, []))
    return _kept(length=length, at=at, given="entry", acts=acts) if length and at else None


def _kept(**values: Any) -> dict[str, Any]:
    return {name: _written(value) for name, value in values.items() if value}


def _written(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
