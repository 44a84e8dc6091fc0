"""Quoting: whoever raised an issue lets words of it be quoted in reports, and takes them back at any time."""

from dataclasses import replace

from sqlmodel import Session

from tracker.actions.begin_step import Doer, Opened, open_for_anyone
from tracker.records.issue import Issue
from tracker.rules.events.kinds import Actor
from tracker.rules.rings import Step


def let_quote(session: Session, ref: str, doer: Doer, *, text: str, agrees: bool, left_out: bool) -> Issue:
    """Lets these words be quoted, without a name. `agrees`: to being quoted; `left_out`: names and whatever else would
    tell of somebody. Refuses: MayNot, MoveNotAllowed, WrongInput."""
    opened = _opened(session, ref, Step.QUOTE, doer)
    opened.issue.let_quote(text, _reporter(opened), doer.now, agrees=agrees, left_out=left_out, once=doer.once)
    return opened.issue


def take_words_back(session: Session, ref: str, doer: Doer) -> Issue:
    """The words are in no report from now on; a pack that was published stays as it was."""
    opened = _opened(session, ref, Step.UNQUOTE, doer)
    opened.issue.take_words_back(_reporter(opened), doer.now, once=doer.once)
    return opened.issue


def _opened(session: Session, ref: str, step: Step, doer: Doer) -> Opened:
    opened = open_for_anyone(session, ref, doer)
    opened.require(step)
    return opened


def _reporter(opened: Opened) -> Actor:
    """As they spoke when they raised it, whatever else they are by now."""
    then = opened.arrangement.organisations[opened.issue.raised_for_id]
    return replace(opened.actor, organisation_id=then.id, organisation_key=then.key, organisation_name=then.name)
