"""How an issue is mended and understood: amending, noting, occurrences, themes, crossing, turning."""

from datetime import date, datetime
from typing import Any

from tracker.records.issue_facts import IssueFacts, organisation_of
from tracker.records.issue_parts import Occurrence, lot
from tracker.records.note import Note
from tracker.records.timer import Erasure
from tracker.rules.agreement import NOTHING_STRAINED, StrainedPromise
from tracker.rules.digest import Word
from tracker.rules.events.issue import (
    Amended,
    Crossed,
    Noted,
    NoteTakenBack,
    Occurred,
    OccurrenceTakenBack,
    ThemeConfirmed,
    ThemeViewGiven,
    Turned,
)
from tracker.rules.events.kinds import REDACTED, Actor
from tracker.rules.events.resolution import HappenedAgain
from tracker.rules.lifecycle import Kind
from tracker.rules.rings import Ring, Step


class Mending(IssueFacts):
    """The verbs of mending and understanding."""

    def note(
        self,
        text: str,
        actor: Actor,
        at: datetime,
        *,
        ring: Ring = Ring.SHARED,
        spoke: bool = False,
        mentions: tuple[int, ...] = (),
        once: str | None = None,
    ) -> Note:
        """Somebody says something. A private note is in the chain of who reads it alone; in the ring `named` those are
        whom it mentions."""
        self.require(Step.NOTE)
        word = Word.of(text)
        note = Note(
            issue_id=self.id,
            event_position=self.events + 1,
            ring=ring if self.crossed else Ring.ORGANISATION,
            spoke=spoke,
            at=at,
            organisation_id=organisation_of(actor),
            person_id=actor.person_id,
            person_name=actor.name,
            text=word.value,
            salt=word.salt,
        )
        self.session.add(note)
        noted = Noted(note=1, spoke=spoke, mentions=mentions)
        self.append(noted, actor, at, ring=ring, named=mentions, sealed={"text": word}, once=once)
        return note

    def take_note_back(self, note: Note, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """Its words are nowhere any more, and whoever could read them reads that it was taken back."""
        note.text, note.salt = REDACTED, ""
        self.session.add(Erasure(since=at))
        named = self.named_at(note.event_position) if note.ring is Ring.NAMED else ()
        self.append(NoteTakenBack(), actor, at, ring=note.ring, named=named, once=once)

    def record_occurrence(
        self, occurred_on: date, detail: str, actor: Actor, at: datetime, *, too: bool, once: str | None = None
    ) -> None:
        """It happened again, or to somebody else too: counted on the day it happened."""
        self.require(Step.OCCURRENCE)
        occurrence = self.add_occurrence(occurred_on, detail, actor, at)
        occurred = Occurred(occurrence=occurrence.number, occurred_on=occurred_on.isoformat(), too=too, detail=detail)
        self.append(occurred, actor, at, once=once)

    def add_occurrence(self, occurred_on: date, detail: str, actor: Actor, at: datetime) -> Occurrence:
        """The row behind one occurrence; the first comes with raising."""
        occurrence = Occurrence(
            issue_id=self.id,
            number=lot(),
            occurred_on=occurred_on,
            detail=detail,
            recorded_at=at,
            person_name=actor.name,
            organisation_id=actor.organisation_id or self.raised_for_id,
            person_id=actor.person_id,
        )
        self.session.add(occurrence)
        self.occurrences += 1
        return occurrence

    def take_occurrence_back(
        self, occurred: Occurred, occurrence: Occurrence, actor: Actor, at: datetime, *, once: str | None = None
    ) -> None:
        """It is counted no longer; the month in which it was counted is counted anew."""
        day = occurrence.occurred_on.isoformat()
        back = OccurrenceTakenBack(occurrence=occurred.occurrence, occurred_on=day, too=occurred.too)
        self.occurrences -= 1
        self.append(back, actor, at, once=once)
        self.session.delete(occurrence)

    def happened_again(self, again: str, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """After the resolution it happened once more: the new issue `again` is linked to this one."""
        self.append(HappenedAgain(again=again), actor, at, once=once)

    def amend(
        self,
        actor: Actor,
        at: datetime,
        *,
        area_names: tuple[str, ...] = ("", ""),
        once: str | None = None,
        **words: str | None,
    ) -> None:
        """Changes columns that `Amended` keeps the old and the new words of. Nothing changed: nothing happens.
        `area_names`: of the service area before and after."""
        self.require(Step.AMEND)
        changed = tuple(name for name, new in words.items() if new != getattr(self, name))
        if not changed:
            return
        before, after = area_names if "service_area" in changed else ("", "")
        amended = Amended(
            fields=changed,
            old_area=before,
            new_area=after,
            **{f"old_{name}": _plain(getattr(self, name)) for name in changed},
            **{f"new_{name}": _plain(words[name]) for name in changed},
        )
        for name in changed:
            setattr(self, name, words[name])
        self.append(amended, actor, at, once=once)

    def confirm_theme(
        self,
        theme: str | None,
        others: tuple[str, ...],
        actor: Actor,
        at: datetime,
        *,
        theme_name: str = "",
        strained: StrainedPromise = NOTHING_STRAINED,
        suggested: tuple[str, ...] = (),
        once: str | None = None,
    ) -> None:
        """A manager says why it rubs: one theme that counts, up to two more that are shown, and which promise of the
        agreement is under strain."""
        self.require(Step.THEME)
        self.theme, self.other_themes = theme, list(others[:2])
        self.topic, self.clause = strained.topic, strained.clause
        self.theme_confirmed = theme is not None
        confirmed = ThemeConfirmed(
            theme=theme,
            others=others,
            suggested=suggested,
            clause=strained.clause,
            theme_name=theme_name,
            clause_name=strained.name,
        )
        self.append(confirmed, actor, at, once=once)

    def give_theme_view(
        self, theme: str | None, actor: Actor, at: datetime, *, theme_name: str = "", once: str | None = None
    ) -> None:
        """A side says why it rubs as it sees it; None takes that away. The theme that counts stays."""
        self.require(Step.THEME_VIEW)
        side = self.side(actor.organisation_id or 0)
        if side.theme == theme:
            return
        side.theme = theme
        given = ThemeViewGiven(theme=theme, side=actor.organisation_key, theme_name=theme_name)
        self.append(given, actor, at, once=once)

    def cross(
        self, ref: str, number: int, readers: str, actor: Actor, at: datetime, *, once: str | None = None
    ) -> None:
        """Shared with the other side: it takes its number, and everything said so far stays its organisation's own."""
        self.require(Step.CROSS)
        self.ring, self.ref, self.number = Ring.SHARED, ref, number
        self.append(Crossed(severity=self.severity.value, readers=readers), actor, at, once=once)

    def turn(self, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """An early warning becomes an issue; its tier is entered anew so that its clock runs."""
        self.require(Step.TURN)
        self.kind = Kind.ISSUE
        self.append(Turned(), actor, at, once=once)


def _plain(value: str | None) -> Any:
    """As the event keeps it: plain words, and None for no service area."""
    return None if value is None else str(value)
