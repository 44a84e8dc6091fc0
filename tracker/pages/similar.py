"""Issues like the one being typed, beside the form that raises one; without scripts, a page of their own."""

from dataclasses import dataclass

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from sqlmodel import Session

from tracker.database import Database
from tracker.pages.asking import Asking, htmx_target
from tracker.pages.drawing import page
from tracker.pages.part_views import FormState
from tracker.pages.raise_views import SimilarItem
from tracker.pages.visitor import Visitor
from tracker.queries.issue_lines import IssueRow
from tracker.queries.similar import similar_issues
from tracker.rules import rings
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.resolution import OUTCOME_WORDS
from tracker.rules.lifecycle import State
from tracker.rules.rings import Role, Standing, Step, Viewer
from tracker.rules.wording import listed

_LONGEST = 10_000  # letters of a text that is compared
_STANDINGS = {Role.FRONT_LINE: Standing.FRONT_LINE, Role.MANAGER: Standing.MANAGER, Role.LEAD: Standing.LEAD}


@dataclass(frozen=True, slots=True)
class SimilarView:
    """What the block `similar` of the form shows, without the rest of the form."""

    similar: tuple[SimilarItem, ...]
    form: FormState


@get("/issues/similar", sync_to_thread=True)
def show_similar(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database],
    title: FromQuery[str] = "", detail: FromQuery[str] = "", partnership: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    """Issues like this title and detail that this person may see; `with`: the key of the organisation it is with."""
    known = {each.key: each for each in visitor.arrangements.values()}
    arrangement = known.get(partnership) or next(iter(known.values()))
    with_ = request.query_params.get("with", "").rpartition(":")[2]
    with db.read() as session:
        found = similar_items(session, visitor.viewer, arrangement, title, detail, with_)
    typed = FormState(values={"title": title, "detail": detail})
    shown = SimilarView(found, typed)
    if htmx_target(request) == "similar":
        return page(request, "issues/new.html", raising=shown)
    return page(request, "issues/similar.html", raising=shown)


def similar_items(
    session: Session, viewer: Viewer, arrangement: Arrangement, title: str, detail: str, with_: str = ""
) -> tuple[SimilarItem, ...]:
    """At most five that this person may see, most alike first; `with_`: the key of the organisation it is with."""
    with_id = next((each.id for each in arrangement.organisations.values() if each.key == with_), None)
    rows = similar_issues(session, viewer, arrangement.id, title[:_LONGEST], detail[:_LONGEST], with_id)
    return tuple(_item(row, viewer, arrangement) for row in rows)


def _item(row: IssueRow, viewer: Viewer, arrangement: Arrangement) -> SimilarItem:
    return SimilarItem(
        ref=row.ref, href=f"/issues/{row.ref}", title=row.title, words=_words(row, arrangement),
        sides=listed(arrangement.organisations[each].name for each in row.side_ids),
        occurrences=row.occurrences, may_add=row.state is not State.RESOLVED and _may_add(row, viewer),
    )  # fmt: skip


def _may_add(row: IssueRow, viewer: Viewer) -> bool:
    """Whether they may say that it happened to them too; of one that is resolved they read how it ended first."""
    mine = [each for each in viewer.memberships if each.organisation_id in row.side_ids]
    standings = {_STANDINGS[role] for each in mine for role in each.roles if role in _STANDINGS}
    raised = {Standing.RAISER} if mine and row.raised_by_id == viewer.person_id else set()
    return rings.may(Step.OCCURRENCE, standings | raised)


def _words(row: IssueRow, arrangement: Arrangement) -> str:
    if row.state is State.RESOLVED:
        return f"resolved, {OUTCOME_WORDS[row.outcome]}" if row.outcome else "resolved"
    ladder = arrangement.ladders.get(row.ladder_version_id or 0)
    return f"with {ladder.tiers[row.tier - 1].name}" if ladder and row.tier else row.state.value


routes = [show_similar]
