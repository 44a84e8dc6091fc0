"""The tables of a copy, beside those of the product: what was told and proven, and what pages make of it."""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

from tracker.records.columns import moment

tables = MetaData()
SOURCE = Table(
    "mirror_source",
    tables,
    Column("form", Integer, primary_key=True, autoincrement=False),
    Column("partnership", String, nullable=False),
    Column("organisation", String, nullable=False),
    Column("origin", String),
    Column("keys", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("roots", LargeBinary, nullable=False),
)
EVENTS = Table(
    "mirror_event",
    tables,
    Column("digest", String(64), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # the order in which they were told
    Column("ref", String, nullable=False, index=True),
    Column("readers", String, nullable=False),
    Column("place", Integer, nullable=False),
    Column("event", Text),  # none any more of an issue that the organisation was taken out of
)
ISSUES = Table(  # what a list says of each; made of its events
    "mirror_issue",
    tables,
    Column("ref", String, primary_key=True),
    Column("title", Text, nullable=False),
    Column("severity", String, nullable=False),
    Column("state", String, nullable=False),
    Column("ball_with_id", Integer),
    Column("raised_at", moment(), nullable=False),
    Column("moved_at", moment(), nullable=False),
    Index("ix_mirror_issue_newest", "raised_at", "ref"),
)
CHECKPOINTS = Table(
    "mirror_checkpoint",
    tables,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("checkpoint", Text, nullable=False),
)
HOME = Table(
    "mirror_home",
    tables,
    Column("partnership", String, primary_key=True),
    Column("home", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("heard_at", moment()),
    Column("trouble", Text, nullable=False),
)
