"""Sweeps: when the clock last went through each kind of work, whichever process it ran in."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from tracker.records.columns import moment


class Sweep(SQLModel, table=True):
    """`did` counts what the sweep found to do when it last found something."""

    __tablename__ = "sweep"

    name: str = Field(primary_key=True)
    ended_at: datetime = Field(sa_type=moment())
    did: int = 0
