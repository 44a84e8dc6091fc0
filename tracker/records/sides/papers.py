"""Two-sided papers: what each side wrote is sealed, and opened together with the others."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, select

from tracker.records.columns import NumberedRow, moment
from tracker.records.issue_facts import IssueFacts, organisation_of
from tracker.records.timer import TimerKind
from tracker.rules.arrangement import Organisation
from tracker.rules.deadlines import Due
from tracker.rules.events.kinds import Actor
from tracker.rules.events.papers import PaperOpened, PaperWritten
from tracker.rules.rings import Ring, Step


class SealedPaper(NumberedRow, table=True):
    """What a side wrote and nobody else reads. Once it is opened its words are those of the event, and it is gone."""

    __tablename__ = "sealed_paper"
    __table_args__ = (UniqueConstraint("issue_id", "organisation_id"),)  # one of a side; the page of an issue

    issue_id: int = Field(foreign_key="issue.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    person_name: str = ""
    written_at: datetime = Field(sa_type=moment())
    facts: str
    view: str
    asks: str


class PaperWriting(IssueFacts):
    """The verbs of papers."""

    def write_paper(
        self, parts: Mapping[str, str], actor: Actor, at: datetime, *, until: Due, once: str | None = None
    ) -> None:
        """A side's paper, in place of the one that it had sealed before. `until`: when the time is up, for all."""
        self.require(Step.PAPER)
        side = organisation_of(actor)
        before = next((each for each in self.sealed_papers() if each.organisation_id == side), None)
        paper = before or SealedPaper(issue_id=self.id, organisation_id=side, written_at=at, facts="", view="", asks="")
        paper.person_id, paper.person_name, paper.written_at = actor.person_id, actor.name, at
        for name, text in parts.items():
            setattr(paper, name, text)
        self.session.add(paper)
        said = PaperWritten(side=actor.organisation_key, side_name=actor.organisation_name, again=before is not None)
        self.append(said, actor, at, ring=Ring.ORGANISATION, once=once)
        if before is None:
            self.set_timer(TimerKind.PAPERS, until)

    def open_papers(self, organisations: Mapping[int, Organisation], at: datetime) -> None:
        """Every paper that is in, in the order of the sides; the words go from the seal into the event."""
        self.clear_timers(TimerKind.PAPERS)
        for paper in sorted(self.sealed_papers(), key=lambda each: organisations[each.organisation_id].position):
            side = organisations[paper.organisation_id]
            opened = PaperOpened(
                side=side.key, side_name=side.name, facts=paper.facts, view=paper.view, asks=paper.asks
            )
            self.append(opened, Actor(paper.person_id, paper.person_name, side.id, side.key, side.name), at)
            self.session.delete(paper)

    def drop_paper(self, organisation_id: int) -> None:
        """What was sealed by who is no side any more is opened to nobody."""
        for paper in self.sealed_papers():
            if paper.organisation_id == organisation_id:
                self.session.delete(paper)

    def sealed_papers(self) -> Sequence[SealedPaper]:
        """Of all sides: for what counts them, and never for a page."""
        self.session.flush()
        return self.session.exec(select(SealedPaper).where(SealedPaper.issue_id == self.id)).all()
