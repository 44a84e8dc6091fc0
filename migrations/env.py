"""How migrations run. They never import the product: connection and tables are handed in by `Database`."""

import re
from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Enum
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

# Search machinery is written by hand in migrations and known by its name: issue_fts, issue_fts_data, ix_issue_trgm.
_SEARCH = re.compile(r"_(fts|trgm)(_|$)")


def include_object(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    return not (kind in {"table", "index", "column"} and reflected and _SEARCH.search(name or ""))


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | bool:
    """Plain SQLAlchemy for our column types, so that an old migration still runs when they change."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, AutoString | Enum):
        return f"sa.String(length={item.length})" if getattr(item, "length", None) else "sa.String()"
    if isinstance(item, JSON):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise SystemExit("Migrations run through the product: `tracker migrate`.")
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("target_metadata"),
        render_as_batch=True,
        render_item=render_item,
        include_object=include_object,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
