"""A copy as its organisation's people read it. Nothing is done there but coming in and going out.

All that a copy has was read by the organisation (`viewer_as_organisation`), which is of what every one of its people
reads: whoever is let in may read it.
"""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from tracker.database import Database
from tracker.exchange.mirror.home import CopyStanding, standing_of
from tracker.exchange.mirror.issues import events_of, issues_listed, refs_there
from tracker.pages.account.routes import leave
from tracker.pages.copies.view import draw_copied, draw_line, mentioned
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, see_other
from tracker.rules import addresses
from tracker.rules.refusals import MayNot, NotThere

MOST = 50  # issues on a page
FRESH_FOR = 15 * 60  # seconds; a copy that goes on hears of the record every few


@get("/", sync_to_thread=False)
def show_start() -> Response[bytes]:
    """The list is all there is to begin with."""
    return see_other(addresses.issues())


@get("/issues", sync_to_thread=True)
def show_issues(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor) -> Response[bytes]:
    """Those that are not over, or all, newest first."""
    over = request.query_params.get("over") == "yes"
    standing = _standing(db)
    with db.read() as session:
        found, more = issues_listed(session, request.query_params.get("after", ""), MOST, over=over)
    sides = {each.id: each for each in standing.home.sides}
    asked = {"over": "yes"} if over else {}
    following = addresses.issues({**asked, "after": found[-1].ref}) if more else ""
    rows = [draw_line(row, sides) for row in found]
    return page(request, "copies/list.html", copy=_fresh(standing, now), rows=rows, over=over, next_href=following)


@get("/issues/{ref:str}", sync_to_thread=True)
def show_issue(
    request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, ref: FromPath[str]
) -> Response[bytes]:
    """One issue with its story."""
    standing = _standing(db)
    with db.read() as session:
        events = events_of(session, ref)
        if not events:
            raise NotThere(f"There is no issue {ref} in this copy.")
        refs = refs_there(session, mentioned(events))
    issue = draw_copied(ref, events, standing.home, refs)
    return page(request, "copies/show.html", copy=_fresh(standing, now), issue=issue)


def show_elsewhere(db: TheDatabase, visitor: TheVisitor) -> Response[bytes]:
    """What a copy has not."""
    standing = _standing(db)
    raise NotThere(f"A copy has issues and what happened to them, and nothing else. Look at {standing.site}")


def refuse(db: TheDatabase, visitor: TheVisitor) -> Response[bytes]:
    """Whatever was to be changed."""
    raise OnlyRead(_standing(db))


class OnlyRead(MayNot):
    """A copy follows the record, and is changed by nobody."""

    def __init__(self, standing: CopyStanding) -> None:
        home = standing.home
        super().__init__(f"This is a copy of {home.name}, kept by {home.side.name}. Write at {standing.site}")


def _standing(db: Database) -> CopyStanding:
    standing = standing_of(db)
    if standing is None:
        raise NotThere("There is no copy here.")
    return standing


def _fresh(standing: CopyStanding, now: Any) -> dict[str, Any]:
    """What stands on top of each page. `is_late`: the copy should have heard of the record since."""
    heard = standing.heard_at
    return {
        "of": standing.home.name,
        "side": standing.home.side,
        "site": standing.site,
        "heard_at": heard,
        "is_late": heard is not None and (now - heard).total_seconds() > FRESH_FOR,
        "trouble": standing.trouble,
    }


# An address that begins as one of ours is looked for there alone.
_ISSUE = f"{addresses.issues()}/{{ref:str}}"
_OURS, _OTHERS = ("/", addresses.issues(), _ISSUE), ("/{rest:path}", f"{_ISSUE}/{{rest:path}}")
routes = [
    show_start,
    show_issues,
    show_issue,
    leave,
    *(get(path, sync_to_thread=True)(show_elsewhere) for path in _OTHERS),
    *(post(path, sync_to_thread=True)(refuse) for path in (*_OURS, *_OTHERS)),
]
