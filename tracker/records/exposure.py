"""Exposure: how much there was to go wrong, a month and an organisation each."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class Exposure(SQLModel, table=True):
    """`month` as `measures.periods.month_number` counts; `amount`: 0 or more of what the partnership counts."""

    __table_args__ = (UniqueConstraint("partnership_id", "month", "organisation_id"),)  # read with the arrangement

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    month: int
    amount: float
