"""Taking words out of an issue: what was written about it, for leads, each text with whose it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import ClassVar

from litestar import Response, get, post
from litestar.params import FromPath
from sqlmodel import Session

from tracker.actions.amend import led_sides, settle_words, settles, take_words_out
from tracker.database import Database
from tracker.pages.web.forms import Form, Line, Shape, TheForm, read, refused, step_request
from tracker.pages.web.page import page
from tracker.pages.web.parts import Choice, FormState
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, see_other
from tracker.pages.web.visitor import ANEW, Visitor
from tracker.queries import issues
from tracker.queries.redactable import hidden_words, written_words
from tracker.records.redacting import Words
from tracker.rules import addresses, policy
from tracker.rules.arrangement import Organisation
from tracker.rules.events.redaction import WHY
from tracker.rules.refusals import DoneAlready, WrongInput
from tracker.rules.rings import Step

_PLACE = "words"  # what a form's random word is for


@dataclass(frozen=True, slots=True)
class WordsOfSide:
    """What people of one organisation wrote, oldest first; `mine`: this lead settles it, for good."""

    side: Organisation
    mine: bool
    words: tuple[Words, ...]


class WordsForm(Shape):
    """The marks of what is ticked, and why it is to go. `settled`: of what was hidden; `show`: it stands again."""

    sentences: ClassVar = {"why": "Say why they are to go: choose one of the reasons."}
    words: tuple[Line, ...] = ()
    why: Line = ""
    settled: Line = ""
    show: bool = False


@get("/issues/{ref:str}/words", sync_to_thread=True)
def show_words(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, ref: FromPath[str]
) -> Response[bytes]:
    """What a lead can take out of an issue."""
    with db.read() as session:
        return _draw(request, session, visitor, ref, now, FormState())


@post("/issues/{ref:str}/words", sync_to_thread=True, opt=ANEW)
def take_words(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm, ref: FromPath[str]
) -> Response[bytes]:
    """Words taken out, hidden, or shown again; then back to the issue."""
    filled, state = read(WordsForm, form)
    word = str(form.get("once", ""))
    try:
        if filled is not None:
            _take(db, visitor, now, ref, form, filled)
            return see_other(addresses.after_step(ref, word))
    except DoneAlready as done:
        return see_other(addresses.after_step(done.ref, word))
    except WrongInput as wrong:
        state = refused(state, wrong)
    with db.read() as session:
        return _draw(request, session, visitor, ref, now, state, chosen=form.getall("words", []), status=422)


def _take(db: Database, visitor: Visitor, now: datetime, ref: str, form: Form, filled: WordsForm) -> None:
    sent = step_request(visitor, now, form, f"{ref}/{_PLACE}", is_versioned=False)
    with db.write() as session:
        if filled.settled:
            settle_words(session, ref, sent, mark=filled.settled, show=filled.show, why=filled.why)
        else:
            take_words_out(session, ref, sent, marks=filled.words, why=filled.why)


def _draw(
    request: Asking,
    session: Session,
    visitor: Visitor,
    ref: str,
    now: datetime,
    form: FormState,
    *,
    chosen: Iterable[str] = (),
    status: int = 200,
) -> Response[bytes]:
    viewer = visitor.viewer
    issue = issues.load(session, ref, viewer)
    arrangement = visitor.arrangements[issue.partnership_id]
    led = led_sides(issue, viewer)
    speaking = (led or policy.possible_sides(viewer, issue))[0]
    relations = policy.relations_to(issue, arrangement, viewer, now, speaking=speaking)
    policy.require(Step.REDACT, issue, arrangement, relations, speaking)
    mine = {side_id for side_id in arrangement.organisations if settles(side_id, issue, arrangement, viewer)}
    hidden = [each for each in hidden_words(session, issue.id) if each.organisation_id in mine]
    return page(
        request,
        "issues/words.html",
        status=status,
        ref=issue.ref,
        never_name=arrangement.never_name,
        address=addresses.written_words(issue.ref),
        form=form,
        chosen={str(each) for each in chosen},
        once=token_urlsafe(12),
        reasons=[Choice(key, words.capitalize()) for key, words in WHY.items()],
        hidden=[each.words(arrangement.organisations[each.organisation_id]) for each in hidden],
        sides=[*_by_side(written_words(session, issue, arrangement, viewer), mine)],
    )


def _by_side(words: tuple[Words, ...], mine: set[int]) -> Iterable[WordsOfSide]:
    sides = {each.side.id: each.side for each in words}
    for side in sorted(sides.values(), key=lambda side: (side.id not in mine, side.position)):
        yield WordsOfSide(side, side.id in mine, tuple(each for each in words if each.side.id == side.id))


routes = [show_words, take_words]
