"""The door to an arrangement: who stands before it, for which organisation they act, and keeping what they typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlmodel import Session

from tracker.database import Database
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.remarks import Remark, remarks
from tracker.exchange.charter.revisions import Change, fingerprint
from tracker.pages.web.forms import Form
from tracker.pages.web.page import page
from tracker.pages.web.parts import Choice, FormState
from tracker.pages.web.request import Asking
from tracker.pages.web.step_done import NOTHING_DONE, StepDone, done_by, see_done
from tracker.pages.web.visitor import Visitor
from tracker.queries.administration.events import last_change
from tracker.queries.arrangements import arrangement
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.arranging import led_by, may_arrange, require_lead
from tracker.rules.events.kinds import Actor
from tracker.rules.refusals import MoveNotAllowed, Stale, WrongFile
from tracker.rules.wording import listed


@dataclass(frozen=True, slots=True)
class ArrangementRequest:
    """Somebody's request for a page of one of their partnerships; `agreed`: as it was when they came in."""

    request: Asking
    visitor: Visitor
    db: Database
    now: datetime
    agreed: Arrangement

    @property
    def led(self) -> tuple[str, ...]:
        """The keys of the organisations that they lead here."""
        return led_by(self.visitor.viewer, self.agreed)

    def may_change(self, organisation: str | None = None) -> bool:
        return may_arrange(self.visitor.viewer, self.agreed, organisation)

    def require_lead(self, organisation: str | None = None) -> None:
        """Refuses: MayNot."""
        require_lead(self.visitor.viewer, self.agreed, organisation)

    def actor(self, organisation: str | None = None) -> Actor:
        """A lead acting for an organisation: the one named, else the first that they lead. Refuses: MayNot."""
        self.require_lead(organisation)
        side = self.agreed.organisation(organisation or self.led[0])
        return Actor(self.visitor.person_id, self.visitor.name, side.id, side.key, side.name)

    def speaking(self, form: Form) -> str | None:
        """The organisation for which a lead says they act; None where they lead several and have named none."""
        chosen = str(form.get("speaking_for", ""))
        return self.led[0] if len(self.led) == 1 else chosen if chosen in self.led else None

    def sent(self, state: FormState, *parts: str) -> Response[Any]:
        """On to what waits, or back to where it is in force now; either says what was done."""
        where = parts if state.proposal is None else ("proposals", str(state.proposal))
        return self.done(state.done or NOTHING_DONE, *where)

    def done(self, done: StepDone, *parts: str) -> Response[Any]:
        """On to this page of the arrangement, which says what was done."""
        return see_done(self.request, self.address(*parts), done)

    def done_by(self, session: Session) -> StepDone:
        """What was done in this session."""
        return done_by(session, self.visitor.viewer, self.now)

    def address(self, *parts: str) -> str:
        return addresses.arrangements(self.agreed.key, *parts)

    def charter(self) -> Charter:
        """What is agreed by now, as a charter."""
        with self.db.read() as session:
            return kept(session, self.agreed.id)

    def remarks(self, charter: Charter, table: str = "", key: str = "") -> tuple[Remark, ...]:
        """For leads: what is worth a look of a charter, of a table of it, or of an entry."""
        found = remarks(charter, self.now) if self.may_change() else ()
        return tuple(each for each in found if table in ("", each.table) and key in ("", each.key))

    def anew(self) -> tuple["ArrangementRequest", Charter]:
        """The same over the arrangement as it is by now, and that as a charter."""
        with self.db.read() as session:
            agreed = arrangement(session, self.agreed.id)
            return replace(self, agreed=agreed), kept(session, agreed.id)

    def draw(self, template: str, *, status: int = 200, **context: Any) -> Response[bytes]:
        """A template of the arrangements, with `agreed` as it was when they came in and `may_change`, unless given.
        `speaks`: whom a lead of several can speak for."""
        given = {
            "agreed": self.agreed,
            "may_change": self.may_change(),
            "speaks": tuple(Choice(key, self.agreed.organisation(key).name) for key in self.led[1:] and self.led),
            **context,
        }
        return page(self.request, f"arrangements/{template}.html", status=status, **given)

    def keep(
        self,
        change: Change,
        table: str,
        key: str,
        version: str,
        state: FormState,
        *,
        organisation: str | None = None,
        why: str = "",
        also: Callable[[Session], None] | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> tuple[int, FormState]:
        """The change as one transaction, under the checks of the charter file, in force or proposed: 303; or 422 or 409
        and the form with what was typed and why it was not kept. The form was about an entry of a table, whose
        fingerprint was `version` when it was drawn ("" for a new one); what somebody else did since is not put over.

        `organisation`: for which they act; `why`: a reason they gave; `also`: what else belongs to it; what that
        refuses goes through, and nothing is kept; `typed`: by address, what somebody is called who is invited.
        """
        actor = self.actor(organisation)
        if organisation is None and len(self.led) > 1:
            whom = listed((self.agreed.organisation(key).name for key in self.led), "or")
            return 422, replace(state, problem=f"Say for whom you act: {whom}.", open=True)

        def unless_stale(charter: Charter) -> Charter:
            if fingerprint(charter, table, key) != version:
                raise Stale("")
            return change(charter)

        try:
            with self.db.write() as session:
                revised = revise(session, self.agreed.id, unless_stale, actor=actor, now=self.now, why=why, typed=typed)
                if also:
                    also(session)
                done = self.done_by(session)
        except WrongFile as wrong:
            return 422, replace(state, problem=wrong.plain, open=True)
        except Stale:
            return 409, replace(state, problem=self._stale_text(table, key), open=True)
        except MoveNotAllowed as waits:
            return 409, replace(state, problem=str(waits), open=True)
        return 303, replace(state, proposal=next(iter(revised.proposals), None), done=done)

    def _stale_text(self, table: str, key: str) -> str:
        with self.db.read() as session:
            happened = last_change(session, self.visitor.viewer, self.agreed.id, table, key)
        since = f": {happened.sentence}" if happened else ""
        return (
            f"Since you opened this page it was changed{since}. "
            "What you typed is below; keep it again to put it over that."
        )


def arrangement_request(
    request: Asking,
    visitor: NamedDependency[Visitor],
    db: NamedDependency[Database],
    now: NamedDependency[datetime],
    key: FromPath[str],
) -> ArrangementRequest:
    """The dependency `asked`. Refuses: NotThere, also where the arrangement is somebody else's."""
    return ArrangementRequest(request, visitor, db, now, visitor.arrangement(key))


def version_in(form: Form) -> str:
    """The fingerprint that the form came with."""
    return str(form.get("version", ""))
