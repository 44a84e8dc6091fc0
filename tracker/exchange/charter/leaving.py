"""What somebody leaves behind who leaves an organisation: seats, what they lead, and issues that they hold."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, select

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.revisions import with_leaver
from tracker.queries.arrangements import arrangement
from tracker.queries.issues import held_by
from tracker.records.partnership import Partnership
from tracker.rules.rings import Viewer
from tracker.rules.wording import listed, say_count

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Leaving:
    """`seats`: the names of the bodies, each with who inherits (“”: nobody); `leads`: the routes and areas that they
    lead; `issues`: how many open ones they hold, `refs`: of these that the reader may read, the first."""

    name: str
    organisation: str
    seats: tuple[tuple[str, str], ...]
    leads: tuple[str, ...]
    issues: int
    refs: tuple[str, ...]

    @property
    def issues_text(self) -> str:
        """“3 open issues, which they hold: RIV-1, RIV-2 and 1 other”; "" for none."""
        others = [say_count(self.issues - len(self.refs), "other")] if self.issues > len(self.refs) else []
        count = say_count(self.issues, "open issue")
        return f"{count}, which they hold: {listed([*self.refs, *others])}" if self.issues else ""


def leaving(session: Session, partnership_id: int, email: str, organisation: str, viewer: Viewer | None) -> Leaving:
    """Of somebody who belongs to an organisation; `viewer`: who reads of it (None: the server, which reads
    references)."""
    agreed, charter = arrangement(session, partnership_id), kept(session, partnership_id)
    side, person = agreed.organisation(organisation), charter.person[email]
    account = next(each.id for each in agreed.people.values() if each.email == email)
    count, refs = held_by(session, account, side.id, viewer, most=_NAMED)
    return Leaving(
        person.name,
        side.name,
        tuple(_seats(charter, email, organisation)),
        tuple(_leads(charter, email, organisation)),
        count,
        refs,
    )


def leaver_remarks(session: Session, after: Charter) -> Iterator[str]:
    """Of a file that leaves somebody out of a partnership that is there: the open issues that wait with them."""
    partnership = session.exec(select(Partnership).where(Partnership.key == after.partnership.key)).first()
    for email, person in kept(session, partnership.id).person.items() if partnership else ():
        stays = after.person[email].organisations if email in after.person else ()
        for key in (each.key for each in person.organisations if each.key not in {other.key for other in stays}):
            found = leaving(session, partnership.id, email, key, None) if partnership else None
            if found and found.issues:
                went = f"{found.name} leaves {found.organisation} with {found.issues_text}"
                yield f"[[person]] {email}: {went}; they go to whoever has that place then"


def _seats(charter: Charter, email: str, organisation: str) -> Iterator[tuple[str, str]]:
    after = with_leaver(email, organisation)(charter)
    for key, body in charter.body.items():
        for seat in body.seats:
            if (seat.person, seat.organisation) == (email, organisation):
                left = {each.person for each in after.body[key].seats if each.organisation == organisation}
                heir = seat.deputy if seat.deputy in left else None
                yield body.name, charter.person[heir].name if heir else ""


def _leads(charter: Charter, email: str, organisation: str) -> Iterator[str]:
    yield from (f"route {each.key}" for each in charter.route.values() if each.leads.get(organisation) == email)
    yield from (each.name for each in charter.service_area.values() if each.leads.get(organisation) == email)
