"""The line on the page right after a form: what was done, who is told, and what comes next."""

import hmac
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from litestar import Response
from sqlmodel import Session

from tracker.pages.web.request import Asking, now_of, see_other, settings_of, visitor_in
from tracker.queries.arrangements import arrangement
from tracker.queries.recipients import heard, people_told, who_wish
from tracker.records.event import Event, recorded
from tracker.records.issue import Issue
from tracker.rules import addresses, names
from tracker.rules.arrangement import Arrangement
from tracker.rules.notices import AttentionWish
from tracker.rules.rings import Viewer
from tracker.rules.wording import ended, listed
from tracker.settings.seals import opened, sealed

SHOWN_FOR = timedelta(hours=1)  # whoever opens the address again next week did not do it just now
RAISER = "whoever raised it"
_MOST = 3  # names of an organisation
_MOST_EVENTS = 2  # that are told; the rest are counted
_LONGEST = 400  # letters: the whole of it stands where what was done is told

Sentence = tuple[str, datetime | None, str]  # words, a moment and words again; each may be empty


@dataclass(frozen=True, slots=True)
class StepDone:
    """`said`: what was done; `told`: who is told of it; `comes`: what happens next. `in_story`: it stands below what
    was said, where it happened; else on top."""

    said: str
    told: str = ""
    comes: tuple[Sentence, ...] = ()
    in_story: bool = False


NOTHING_DONE = StepDone("Nothing was changed: it stood like that already")
DONE_ALREADY = StepDone("This was done already, and is not done twice")
NOBODY_TOLD = "Nobody else is sent word of it"


def see_done(request: Asking, address: str, done: StepDone) -> Response[bytes]:
    """Done: look here (303), where the line says what. It is sealed: an address has no words that others could read."""
    text = json.dumps([done.said, done.told, [(words, at and at.isoformat(), end) for words, at, end in done.comes]])
    return see_other(addresses.after_form(address, sealed(text, _key(request), now=now_of(request))))


def step_done_in(request: Asking) -> StepDone | None:
    """What was done by the form that led whoever asks to this page; None where none did, or not just now."""
    seal = request.query_params.get("sent", "")
    text = opened(seal, _key(request), now=now_of(request), lives=SHOWN_FOR) if seal and visitor_in(request) else None
    if text is None:
        return None
    said, told, comes = json.loads(text)
    return StepDone(said, told, tuple((words, at and datetime.fromisoformat(at), end) for words, at, end in comes))


def done_by(session: Session, viewer: Viewer, now: datetime, said: str = "") -> StepDone:
    """What this person did in this session and who is told, by its events. `said`: in other words than theirs."""
    events = [each for each in recorded(session) if each.person_id == viewer.person_id]
    if not events and not said:
        return NOTHING_DONE
    kinds = [event.read() for event in events]
    words = said or _said_text([kind.to_doer() for kind in kinds])
    follows = next(filter(None, (kind.next_text() for kind in kinds)), "")
    comes: tuple[Sentence, ...] = ((follows, None, ""),) if follows else ()
    return StepDone(_shortened(words), told_text(session, events, viewer, now), comes)


def told_text(session: Session, events: Collection[Event], viewer: Viewer, now: datetime) -> str:
    """“Kim Tran at Riverside Council and whoever raised it are told”, of all of these together."""
    places = {key: arrangement(session, key) for key in {event.partnership_id for event in events}}
    told: dict[int, set[int]] = {key: set() for key in places}
    kept = False
    for event, people in zip(events, told_of(session, [*events], places.__getitem__, now), strict=True):
        issue = session.get(Issue, event.issue_id) if event.issue_id else None
        known = {each for each in people if issue is None or names.may_know(each, issue, viewer)}
        told[event.partnership_id] |= known
        kept = kept or people != known
    said = [each for key, people in told.items() for each in by_organisation(people, places[key], viewer)]
    count = sum(len(each) for each in told.values()) + kept
    if not count:
        return NOBODY_TOLD
    return f"{listed([*said, *([RAISER] if kept else [])])} {'are' if count > 1 else 'is'} told"


def told_of(
    session: Session, events: Sequence[Event], agreed: Callable[[int], Arrangement], now: datetime
) -> list[set[int]]:
    """Of each event the ids of who is told of it. `agreed`: the arrangement of a partnership, by its id."""
    told = people_told(session, heard(session, events, agreed, now))
    muted = who_wish(session, AttentionWish.MUTE, {event.issue_id for event in events if event.issue_id})
    of_each = zip(events, told, strict=True)
    return [{each for each in people if each not in muted.get(event.issue_id or 0, ())} for event, people in of_each]


def by_organisation(
    people: Collection[int], agreed: Arrangement, viewer: Viewer, first: Collection[int] = ()
) -> Iterator[str]:
    """“Kim Tran at Riverside Council”: each named once, those of the organisations `first`, then of others, before
    those of the reader's own."""
    mine = viewer.organisation_ids
    sides = sorted(agreed.organisations.values(), key=lambda each: (each.id not in first, each.id in mine, each.id))
    named: set[int] = set()
    for organisation in sides:
        those = sorted(each for each in people if each not in named and organisation.key in agreed.people[each].roles)
        named |= {*those}
        if those:
            yield f"{_some([names.person_name(each, agreed) for each in those])} at {organisation.name}"


def _some(called: list[str]) -> str:
    more = len(called) - _MOST
    return listed(called if more <= 1 else [*called[:_MOST], f"{more} others"])


def _said_text(sentences: list[str]) -> str:
    more = len(sentences) - _MOST_EVENTS
    ending = [] if more < 1 else ["And one change more" if more == 1 else f"And {more} changes more"]
    return " ".join(map(ended, [*sentences[:_MOST_EVENTS], *ending]))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0] or text[:_LONGEST]} …"


def _key(request: Asking) -> bytes:
    """For one person alone."""
    visitor = visitor_in(request)
    whose = f"{visitor.person_id}" if visitor else ""
    return hmac.digest(settings_of(request).key("steps done"), whose.encode(), "sha256")
