"""What a charter file wishes of a partnership that is there: what comes into force, what waits, what does already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.parts import Part, put_all
from tracker.exchange.charter.plan import IN_FORCE, WAITS, EntryChange, Plan, plan
from tracker.exchange.charter.proposing import names, of_server, says
from tracker.exchange.charter.splitting import Bundle, Split, split
from tracker.queries.administration.proposals import ladders_proposed_by_leads, waiting_proposals
from tracker.queries.arrangements import arrangement
from tracker.records.change_proposal import ChangeProposal
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import listed


@dataclass(frozen=True)
class Wish:
    """`new`: what is to be proposed; `waiting`: what is wished and was proposed before; `given_up`: what the server
    proposed and is wished no longer."""

    before: Charter
    after: Split
    kept: Arrangement
    new: tuple[Bundle, ...]
    waiting: Sequence[ChangeProposal]
    given_up: Sequence[ChangeProposal]

    @classmethod
    def of(cls, session: Session, partnership_id: int, charter: Charter) -> "Wish":
        before, agreed = kept(session, partnership_id), arrangement(session, partnership_id)
        after = split(before, _with_what_leads_proposed(session, before, charter, partnership_id), agreed)
        old = waiting_proposals(session, partnership_id)
        waiting = [each for each in old if any(says(each, bundle, after.charter) for bundle in after.waiting)]
        new = tuple(each for each in after.waiting if not any(says(other, each, after.charter) for other in waiting))
        given_up = [each for each in old if of_server(each) and each not in waiting]
        return cls(before, after, agreed, new, waiting, given_up)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that waits."""
        return tuple(part for each in self.after.waiting for part in each.parts)

    def plan(self) -> Plan:
        """Line by line what is in force with the load, and what waits for whom."""
        now = self.after.charter
        waits = tuple(change for each in self.new for change in self._waiting(now, each))
        besides = (
            *(f"proposal {each.number} is taken back: {each.what}" for each in self.given_up),
            *(f"proposal {each.number} waits already: {each.what}" for each in self.waiting),
        )
        return Plan((*plan(self.before, now).marked(IN_FORCE), *waits), besides=besides)

    def _waiting(self, now: Charter, bundle: Bundle) -> tuple[EntryChange, ...]:
        when = f"{WAITS}{listed(names(self.kept, bundle.touches))}"
        return tuple(replace(each, when=when) for each in plan(now, put_all(now, bundle.parts)).changes)


def _with_what_leads_proposed(session: Session, before: Charter, wish: Charter, partnership_id: int) -> Charter:
    """A file that has of a ladder what is in force leaves alone the version that a lead proposed; frozen limits stand
    in no file."""
    theirs = ladders_proposed_by_leads(session, partnership_id)
    ladders = {
        key: before.ladder[key] if key in theirs and before.in_force.get(key) == each else each
        for key, each in wish.ladder.items()
    }
    return replace(wish, ladder=ladders, baselines=before.baselines)
