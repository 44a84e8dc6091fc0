"""The two-sided paper of an issue on one page, and on paper with the ladder and the story so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from sqlmodel import Session, col, select

from tracker.actions.sides.write_paper import papers_until
from tracker.pages.issues.ladder import IssueOnLadder, draw_ladder
from tracker.pages.issues.view import doer_text, known
from tracker.pages.web.header import clock_here, side_class, side_here
from tracker.pages.web.moments import moment_text
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor
from tracker.pages.web.visitor import Visitor
from tracker.queries import issues
from tracker.queries.related_issues import LinkedIssue, linked
from tracker.queries.story import StoryEvent, story
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.records.sides.papers import SealedPaper
from tracker.reports.formats import FORMATS
from tracker.reports.paper import paper
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.events.papers import PAPER_PARTS, PaperOpened
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Ring, Viewer


@dataclass(frozen=True, slots=True)
class PaperView:
    """The paper of a side: its parts, each with what it is called; `by`: who wrote it; `at`: when it was opened.
    Without parts nobody but that side knows whether there is one."""

    side: Organisation
    parts: tuple[tuple[str, str], ...] = ()
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PapersView:
    """The papers of an issue on a tier that asks for them, as one reader finds them. `own`: their sides; `mine`: what
    one of these has sealed; `writes`: one of them can still write; `until`: when they are opened at the latest."""

    papers: tuple[PaperView, ...]
    own: tuple[Organisation, ...]
    mine: SealedPaper | None
    writes: bool
    until: datetime | None

    @property
    def sentence(self) -> str:
        """How it stands for this reader: the same whether or not another side has written."""
        opened = [each.side.name for each in self.papers if each.at]
        if len(opened) == len(self.papers):
            return "Every side has written, and all papers are open."
        if opened:
            return f"Open so far: {' and '.join(opened)}. The time was up."
        sealed = "Your side has written its paper, which is sealed." if self.mine else ""
        return f"{sealed} Papers are opened together, once all are in or the time is up.".strip()


@get("/issues/{ref:str}/papers", sync_to_thread=True)
def show_papers(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, ref: FromPath[str]
) -> Response[bytes]:
    """The papers side by side."""
    with db.read() as session:
        content, ladder = _content(request, session, visitor, ref, now)
    return page(request, "issues/papers.html", content=content, ladder=ladder)


@get("/issues/{ref:str}/papers.pdf", sync_to_thread=True)
def print_papers(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, ref: FromPath[str]
) -> Response[bytes]:
    """The same, with the ladder and the story so far."""
    with db.read() as session:
        content, _ = _content(request, session, visitor, ref, now)
    size = visitor.arrangement(ref.partition("-")[0]).paper
    headers = {"Content-Disposition": f'attachment; filename="{content["ref"]}-papers.pdf"'}
    return Response(paper("issue_papers", content, size), media_type=FORMATS["pdf"].media_type, headers=headers)


def papers_of(
    session: Session,
    issue: Issue,
    arrangement: Arrangement,
    viewer: Viewer,
    told: tuple[StoryEvent, ...],
    now: datetime,
) -> PapersView | None:
    """None where it is on no tier that asks for papers. The caller has loaded the issue and its story for them."""
    ladder = arrangement.ladder_version(issue.ladder_version_id)
    if ladder is None or not issue.tier or not issue.crossed or not ladder.tiers[issue.tier - 1].paper:
        return None
    sides = tuple(arrangement.organisations[each] for each in issue.side_ids)
    since = issue.entered_at or issue.raised_at
    opened = {each.organisation_id: each for each in told if isinstance(each.event, PaperOpened) and each.at >= since}
    own = tuple(each for each in sides if each.id in viewer.organisation_ids)
    mine = _sealed(session, issue, [each.id for each in own]) if own else None
    until = papers_until(issue, ladder_context(issue, arrangement), now).at
    writes = any(each.id not in opened for each in own)
    return PapersView(
        tuple(_paper(each, opened.get(each.id), mine) for each in sides), own, mine, writes, max(until, now)
    )


def _sealed(session: Session, issue: Issue, organisation_ids: list[int]) -> SealedPaper | None:
    """What the reader's own side has sealed: the only paper that anybody may read before it is opened."""
    mine = select(SealedPaper).where(
        SealedPaper.issue_id == issue.id, col(SealedPaper.organisation_id).in_(organisation_ids)
    )
    return session.exec(mine.order_by(col(SealedPaper.id))).first()


def _paper(side: Organisation, opened: StoryEvent | None, mine: SealedPaper | None) -> PaperView:
    if opened is not None:
        parts = tuple((each.label, each.text) for each in opened.event.passages())
        return PaperView(side, parts, opened.who, opened.at)
    if mine is not None and mine.organisation_id == side.id:
        parts = tuple((called, getattr(mine, name)) for name, called in PAPER_PARTS.items())
        return PaperView(side, parts, mine.person_name)
    return PaperView(side)


def _content(
    request: Asking, session: Session, visitor: Visitor, ref: str, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What page and paper say, in words, and the ladder as a page draws it. The story has what all sides read, whoever
    prints it. Refuses with NotThere an issue on a tier that asks for no papers."""
    issue = issues.load(session, ref, visitor.viewer)
    arrangement = visitor.arrangements[issue.partnership_id]
    told = story(session, issue, visitor.viewer)
    found = papers_of(session, issue, arrangement, visitor.viewer, told, now)
    if found is None:
        raise NotThere(f"There is no paper about {ref}.")
    clock, zone = side_here(request, visitor).calendar.tz, clock_here(request, visitor).key
    climb = IssueOnLadder(issue, ladder_context(issue, arrangement), visitor.viewer, now, clock, told)
    drawn = draw_ladder(climb)
    return {
        "ref": issue.ref,
        "title": issue.title,
        "detail": issue.detail,
        "partnership": arrangement.name,
        "made": moment_text(now, zone, now.year),
        "sentence": found.sentence,
        "papers": [_printed(each, zone, now) for each in found.papers],
        "ladder": [{"name": each.name, "here": each.stands in ("now", "passed", "settled")} for each in drawn["rungs"]],
        "story": [*_story(climb, linked(session, issue, visitor.viewer), zone)],
    }, drawn


def _printed(view: PaperView, zone: str, now: datetime) -> dict[str, Any]:
    return {
        "organisation": view.side.name,
        "side": side_class(view.side.position),
        "by": view.by,
        "when": moment_text(view.at, zone, now.year) if view.at else "",
        "parts": [{"label": label, "text": text} for label, text in view.parts],
    }


def _story(climb: IssueOnLadder, about: tuple[LinkedIssue, ...], zone: str) -> Iterator[dict[str, Any]]:
    for entry in climb.story:
        if entry.ring is not Ring.SHARED or isinstance(entry.event, PaperOpened) or not entry.event.in_brief:
            continue
        event = known(entry.event, about)
        sentence = f"{doer_text(entry)}: {entry.text}" if entry.text is not None else event.sentence(doer_text(entry))
        below = [f"{each.label}: {each.text}" for each in event.passages()] if entry.text is None else []
        yield {"when": moment_text(entry.at, zone, climb.now.year), "text": sentence, "below": below}


routes = [show_papers, print_papers]
