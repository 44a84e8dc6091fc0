"""Several due things in one transaction: all of them at once, and where that fails each by itself."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from sqlmodel import Session

from tracker.database import is_held, is_of_the_database, raise_unless_of_the_row
from tracker.database.tables import is_newer
from tracker.rules.sweeps import BATCH_LASTS, Batch, Held


class DueRow(Protocol):
    """What is due, by its id."""

    @property
    def id(self) -> int: ...


DueT = TypeVar("DueT", bound=DueRow)
DoneT = TypeVar("DoneT")


def at_once(
    session: Session,
    due: Sequence[DueT],
    do: Callable[[Sequence[DueT]], Iterable[DoneT]],
    set_aside: Callable[[DueT, Exception], DoneT],
) -> Batch[DoneT]:
    """What `do` says that it did with them. One that is bad stops no other: of all that was done nothing stands then,
    each is done in a savepoint of its own, for as long as a batch lasts, and the bad one is set aside.

    Where the database is newer than this program, as during a rolling upgrade, what cannot be done is left for a clock
    of the new one, which may know what this one does not."""
    if len(due) > 1:
        try:
            with session.begin_nested():
                return Batch(tuple(do(due)), taken=tuple(each.id for each in due))
        except Exception as error:
            if is_of_the_database(error) and not is_held(error):
                raise
    return _one_by_one(session, due, do, set_aside)


def _one_by_one(
    session: Session,
    due: Sequence[DueT],
    do: Callable[[Sequence[DueT]], Iterable[DoneT]],
    set_aside: Callable[[DueT, Exception], DoneT],
) -> Batch[DoneT]:
    done, held, taken, until = list[DoneT](), list[int](), list[int](), time.monotonic() + BATCH_LASTS
    for each in due:
        taken.append(each.id)
        try:
            with session.begin_nested():
                did = tuple(do([each]))
        except Exception as error:
            try:
                raise_unless_of_the_row(error, each.id)
            except Held:
                held.append(each.id)
            else:
                if is_newer(session.connection()):
                    held.append(each.id)
                else:
                    done.append(set_aside(each, error))
        else:
            done += did
        if time.monotonic() > until:
            break
    return Batch(tuple(done), tuple(held), tuple(taken))
