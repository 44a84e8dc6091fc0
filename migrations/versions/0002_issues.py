"""Issues with their sides, holders, occurrences, notes, timers and events; and the search over their words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# The search: on SQLite, FTS5 tables over the words of issues and notes, kept by triggers; on PostgreSQL, generated
# columns with an index. A later migration that rebuilds one of the two tables on SQLite must make its triggers again.
SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE issue_fts USING fts5(title, detail, content='issue', content_rowid='id',
       tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER issue_fts_insert AFTER INSERT ON issue BEGIN
       INSERT INTO issue_fts(rowid, title, detail) VALUES (new.id, new.title, new.detail); END""",
    """CREATE TRIGGER issue_fts_delete AFTER DELETE ON issue BEGIN
       INSERT INTO issue_fts(issue_fts, rowid, title, detail) VALUES ('delete', old.id, old.title, old.detail); END""",
    """CREATE TRIGGER issue_fts_update AFTER UPDATE OF title, detail ON issue BEGIN
       INSERT INTO issue_fts(issue_fts, rowid, title, detail) VALUES ('delete', old.id, old.title, old.detail);
       INSERT INTO issue_fts(rowid, title, detail) VALUES (new.id, new.title, new.detail); END""",
    """CREATE VIRTUAL TABLE note_fts USING fts5(text, content='note', content_rowid='id',
       tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER note_fts_insert AFTER INSERT ON note BEGIN
       INSERT INTO note_fts(rowid, text) VALUES (new.id, new.text); END""",
    """CREATE TRIGGER note_fts_delete AFTER DELETE ON note BEGIN
       INSERT INTO note_fts(note_fts, rowid, text) VALUES ('delete', old.id, old.text); END""",
    """CREATE TRIGGER note_fts_update AFTER UPDATE OF text ON note BEGIN
       INSERT INTO note_fts(note_fts, rowid, text) VALUES ('delete', old.id, old.text);
       INSERT INTO note_fts(rowid, text) VALUES (new.id, new.text); END""",
)
POSTGRESQL_SEARCH = (
    """ALTER TABLE issue ADD COLUMN search_fts tsvector GENERATED ALWAYS AS
       (setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', detail), 'B')) STORED""",
    "CREATE INDEX ix_issue_fts ON issue USING gin (search_fts)",
    "ALTER TABLE note ADD COLUMN search_fts tsvector GENERATED ALWAYS AS (to_tsvector('english', text)) STORED",
    "CREATE INDEX ix_note_fts ON note USING gin (search_fts)",
)


def upgrade() -> None:
    op.create_table(
        "issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("ring", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=True),
        sa.Column("raised_by_name", sa.String(), nullable=False),
        sa.Column("hide_reporter", sa.Boolean(), nullable=False),
        sa.Column("raised_for_id", sa.Integer(), nullable=False),
        sa.Column("meant_for_id", sa.Integer(), nullable=True),
        sa.Column("service_area", sa.String(), nullable=True),
        sa.Column("theme", sa.String(), nullable=True),
        sa.Column("theme_confirmed", sa.Boolean(), nullable=False),
        sa.Column("other_themes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("clause", sa.String(), nullable=True),
        sa.Column("ladder_version_id", sa.Integer(), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("whole_body_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_why", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("ball_with_id", sa.Integer(), nullable=False),
        sa.Column("route_key", sa.String(), nullable=True),
        sa.Column("route_why", sa.String(), nullable=False),
        sa.Column("worked_round", sa.Boolean(), nullable=False),
        sa.Column("reopens", sa.Integer(), nullable=False),
        sa.Column("occurrences", sa.Integer(), nullable=False),
        sa.Column("proposal", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stayed_fixed", sa.String(), nullable=True),
        sa.Column("again_of_id", sa.Integer(), nullable=True),
        sa.Column("same_as_id", sa.Integer(), nullable=True),
        sa.Column("outside_ref", sa.String(), nullable=True),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["again_of_id"], ["issue.id"], name=op.f("fk_issue_again_of_id")),
        sa.ForeignKeyConstraint(["ball_with_id"], ["organisation.id"], name=op.f("fk_issue_ball_with_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_issue_body_id")),
        sa.ForeignKeyConstraint(["ladder_version_id"], ["ladder_version.id"], name=op.f("fk_issue_ladder_version_id")),
        sa.ForeignKeyConstraint(["meant_for_id"], ["organisation.id"], name=op.f("fk_issue_meant_for_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_issue_partnership_id")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["person.id"], name=op.f("fk_issue_raised_by_id")),
        sa.ForeignKeyConstraint(["raised_for_id"], ["organisation.id"], name=op.f("fk_issue_raised_for_id")),
        sa.ForeignKeyConstraint(["same_as_id"], ["issue.id"], name=op.f("fk_issue_same_as_id")),
        sa.ForeignKeyConstraint(["whole_body_id"], ["body.id"], name=op.f("fk_issue_whole_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_issue_partnership_id_number")),
        sa.UniqueConstraint("partnership_id", "outside_ref", name=op.f("uq_issue_partnership_id_outside_ref")),
        sa.UniqueConstraint("ref", name=op.f("uq_issue_ref")),
    )
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.create_index(
            "ix_issue_again",
            ["again_of_id"],
            unique=False,
            sqlite_where=sa.text("again_of_id IS NOT NULL"),
            postgresql_where=sa.text("again_of_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_issue_agenda",
            ["body_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
        batch_op.create_index(
            "ix_issue_decided",
            ["body_id", "resolved_at"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NOT NULL"),
            postgresql_where=sa.text("resolved_at IS NOT NULL"),
        )
        batch_op.create_index("ix_issue_newest", ["partnership_id", "raised_at", "id"], unique=False)
        batch_op.create_index(
            "ix_issue_raiser",
            ["raised_by_id"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
        batch_op.create_index(
            "ix_issue_stayed_fixed",
            ["raised_by_id"],
            unique=False,
            sqlite_where=sa.text("stayed_fixed = 'asked'"),
            postgresql_where=sa.text("stayed_fixed = 'asked'"),
        )
        batch_op.create_index(
            "ix_issue_unresolved",
            ["partnership_id", "raised_at", "id"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("ring", sa.String(length=40), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("ball_with_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("words", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("hashes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("once", sa.String(), nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_event_issue_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_event_organisation_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_event_partnership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_event_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("issue_id", "position", name=op.f("uq_event_issue_id_position")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_administrative",
            ["partnership_id", "position"],
            unique=True,
            sqlite_where=sa.text("issue_id IS NULL"),
            postgresql_where=sa.text("issue_id IS NULL"),
        )
        batch_op.create_index(
            "ix_event_once",
            ["once"],
            unique=True,
            sqlite_where=sa.text("once IS NOT NULL"),
            postgresql_where=sa.text("once IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_event_unannounced",
            ["id"],
            unique=False,
            sqlite_where=sa.text("NOT announced"),
            postgresql_where=sa.text("NOT announced"),
        )

    op.create_table(
        "holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_holder_issue_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_holder_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_holder_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder")),
    )
    with op.batch_alter_table("holder", schema=None) as batch_op:
        batch_op.create_index(
            "ix_holder_desk",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )
        batch_op.create_index(batch_op.f("ix_holder_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "issue_side",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_name", sa.String(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_side_issue_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_issue_side_organisation_id")),
        sa.PrimaryKeyConstraint("issue_id", "organisation_id", name=op.f("pk_issue_side")),
    )
    with op.batch_alter_table("issue_side", schema=None) as batch_op:
        batch_op.create_index("ix_issue_side_reader", ["organisation_id", "issue_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("event_position", sa.Integer(), nullable=False),
        sa.Column("ring", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("spoke", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_note_issue_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_note_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_note_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_occurrence_issue_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_occurrence_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_occurrence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occurrence_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index("ix_occurrence_report", ["occurred_on", "issue_id"], unique=False)

    op.create_table(
        "timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_timer_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("issue_id", "kind", "side", name=op.f("uq_timer_issue_id_kind_side")),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_timer_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("set_aside_at IS NULL"),
            postgresql_where=sa.text("set_aside_at IS NULL"),
        )

    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_SEARCH:
            op.execute(statement)
    else:
        for statement in POSTGRESQL_SEARCH:
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE issue_fts")
        op.execute("DROP TABLE note_fts")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_timer_due",
            sqlite_where=sa.text("set_aside_at IS NULL"),
            postgresql_where=sa.text("set_aside_at IS NULL"),
        )

    op.drop_table("timer")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_index("ix_occurrence_report")
        batch_op.drop_index(batch_op.f("ix_occurrence_issue_id"))

    op.drop_table("occurrence")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_issue_id"))

    op.drop_table("note")
    with op.batch_alter_table("issue_side", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_side_reader")

    op.drop_table("issue_side")
    with op.batch_alter_table("holder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holder_issue_id"))
        batch_op.drop_index("ix_holder_desk", sqlite_where=sa.text("active"), postgresql_where=sa.text("active"))

    op.drop_table("holder")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_event_once",
            sqlite_where=sa.text("once IS NOT NULL"),
            postgresql_where=sa.text("once IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_event_unannounced", sqlite_where=sa.text("NOT announced"), postgresql_where=sa.text("NOT announced")
        )
        batch_op.drop_index(
            "ix_event_administrative",
            sqlite_where=sa.text("issue_id IS NULL"),
            postgresql_where=sa.text("issue_id IS NULL"),
        )

    op.drop_table("event")
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_issue_unresolved",
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_issue_raiser",
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_issue_stayed_fixed",
            sqlite_where=sa.text("stayed_fixed = 'asked'"),
            postgresql_where=sa.text("stayed_fixed = 'asked'"),
        )
        batch_op.drop_index("ix_issue_newest")
        batch_op.drop_index(
            "ix_issue_decided",
            sqlite_where=sa.text("resolved_at IS NOT NULL"),
            postgresql_where=sa.text("resolved_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_issue_agenda",
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_issue_again",
            sqlite_where=sa.text("again_of_id IS NOT NULL"),
            postgresql_where=sa.text("again_of_id IS NOT NULL"),
        )

    op.drop_table("issue")
