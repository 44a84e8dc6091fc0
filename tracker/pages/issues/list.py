"""The list of issues: filters in the address, pages by key, and search."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Annotated, Any
from urllib.parse import parse_qsl

from litestar import Response, get, post
from markupsafe import Markup
from pydantic import StringConstraints
from sqlmodel import Session

from tracker.actions.people.keep_account import LONGEST_LIST_NAME, drop_list, keep_list
from tracker.database import Database
from tracker.pages.issues.filters import BY_NEWS, COUNTED, Filters, news_since
from tracker.pages.issues.lines import draw_rows
from tracker.pages.issues.several import fields_for_several
from tracker.pages.web.cursors import limit_cursor, news_cursor, news_place, read_cursors
from tracker.pages.web.forms import Shape, TheForm, read, refused
from tracker.pages.web.header import side_here
from tracker.pages.web.kept_parts import kept_part, part
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState, Link
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, see_other
from tracker.pages.web.step_done import NOBODY_TOLD, StepDone, see_done
from tracker.pages.web.visitor import Visitor
from tracker.queries.accounts import saved_lists
from tracker.queries.issue_list import (
    NEWEST_FIRST,
    IssuePage,
    count_list,
    issue_list,
    list_by_limit,
    reference,
    search_list,
    sees_any,
    whole_list,
)
from tracker.queries.issue_list.by_limit import BY_LIMIT
from tracker.queries.issue_list.news import by_news, list_by_news
from tracker.queries.story import news
from tracker.reports.formats import FORMATS, file_bytes
from tracker.reports.issue_sheet import MOST_ROWS, list_sheet
from tracker.reports.spreadsheet import comma_separated, workbook
from tracker.rules import addresses
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.wording import say_count

_LONGEST = 2_000  # letters of what a list asks for


class ListForm(Shape):
    """A list that somebody keeps."""

    sentences = {"name.missing": "Give the list a name."}
    name: Annotated[str, StringConstraints(max_length=LONGEST_LIST_NAME)]


@get("/issues", sync_to_thread=True)
def list_issues(request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime) -> Response[bytes]:
    """A page of the list. A reference typed into the search leads straight to its issue, and what asks as the numbers
    of the theme report do leads on to the issues that those count."""
    query = dict(request.query_params.items())
    text = Filters.read(query, visitor).text
    with db.read() as session:
        if text and (ref := reference(session, visitor.viewer, text)):
            return see_other(addresses.issue(ref))
        if any(query.get(name) for name in COUNTED):
            return see_other(addresses.counted(_partnership(query, visitor), query))
        return draw_list(request, session, visitor, now, query)


def draw_list(
    request: Asking,
    session: Session,
    visitor: Visitor,
    now: datetime,
    query: Mapping[str, str],
    *,
    keeping: FormState | None = None,
    unsent: FormState | None = None,
    status: int = 200,
) -> Response[bytes]:
    """The list that an address asks for. `keeping`: the form that keeps it, and `unsent` that of several, as they were
    filled in."""
    filters, unsent = Filters.read(query, visitor), unsent or FormState()
    shown = issue_page(session, visitor, filters, query, now)
    kept, here = saved_lists(session, visitor.person_id), filters.address()
    counts = bool(query.get("total")) and not filters.searched
    asked = here.partition("?")[2]
    view = listing(request, session, shown, visitor, filters, now) | {
        "filters": filters,
        "anything": bool(shown.rows) or sees_any(session, visitor.viewer),
        "total": _total_text(session, visitor, filters, now) if counts else "",
        "filter_form": _filter_form(filters, visitor),
        "chips": [*filters.chips()],
        "until": now.isoformat(),
        "kept": [Link(name, to := addresses.issues(each), current=to == here) for name, each in kept],
        "keeping": keeping or FormState(),
        "asked": asked,
        "files": [Link(FORMATS[each].words, addresses.list_file(each, asked)) for each in ("csv", "xlsx")],
        "several": fields_for_several(visitor, visitor.arrangements.values(), unsent),
        "unsent": unsent,
        "once": token_urlsafe(12),
    }
    return page(request, "issues/list.html", status=status, **view)


def _filter_form(filters: Filters, visitor: Visitor) -> Markup:
    """With nothing chosen it is the same for all of a partnership."""

    def draw() -> Markup:
        return part("parts/filters.html", "filter_form", filters, filters.form(visitor), filters.unseen(visitor))

    is_used = filters.values or filters.text
    return draw() if is_used else kept_part(tuple(visitor.arrangements.values()), "filters", draw)


def issue_page(
    session: Session, visitor: Visitor, filters: Filters, query: Mapping[str, str], now: datetime
) -> IssuePage:
    asked = filters.query(visitor, now)
    if asked.asked("sort") == BY_NEWS and not filters.searched:
        after_new = news_cursor(session, visitor.viewer, query.get("after", ""))
        return list_by_news(session, visitor.viewer, asked, news_since(now), after=after_new)
    if asked.asked("sort") and not filters.searched:
        after_limit = limit_cursor(session, visitor.viewer, query.get("after", ""))
        return list_by_limit(session, visitor.viewer, asked, after=after_limit)
    after, before = read_cursors(session, visitor.viewer, query)
    if filters.searched:
        return search_list(session, visitor.viewer, asked, filters.search, after=after)
    return issue_list(session, visitor.viewer, asked, after=after, before=before)


def listing(
    request: Asking, session: Session, shown: IssuePage, visitor: Visitor, filters: Filters, now: datetime
) -> dict[str, Any]:
    """What a template of a list takes."""
    bounded = " Of the many notes that match, only the newest were looked through." if shown.bounded else ""
    rows = shown.rows
    said = filters.sentences(pressing=bool(rows) and rows[0].is_pressing and not filters.searched)
    new = news(session, visitor.viewer, [row.id for row in rows], now)
    last = news_place(rows[-1].ref, new=shown.ends_new) if rows else ""
    return {
        "rows": draw_rows(rows, visitor, now, zone=side_here(request, visitor).calendar.zone, news=new),
        "unread": [row.ref for row in rows if row.id in new],
        "words": f"{said}{bounded or _how_many_text(shown)}",
        "next_href": filters.address(after=last) if rows and shown.older else "",
        "previous_href": _previous(shown, filters),
    }


def _how_many_text(shown: IssuePage) -> str:
    """Of a list that is all on this page its count, of another which part of it this is: nothing is counted for it."""
    many = len(shown.rows)
    if not many:
        return ""
    if shown.newer:
        return f" {many} more." if shown.older else f" The oldest {many}."
    return f" The newest {many}." if shown.older else f" {say_count(many, 'issue')}."


def _previous(shown: IssuePage, filters: Filters) -> str:
    if not shown.newer or not shown.rows:
        return ""
    one_way = filters.searched or "sort" in filters.values
    return filters.address() if one_way else filters.address(before=shown.rows[0].ref)


@post("/lists", sync_to_thread=True)
def keep_this_list(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm
) -> Response[bytes]:
    """The list that a page shows, under a name of its reader's own; what it asks for is read as an address is. Or that
    page again, with what was wrong and the name as it was typed."""
    query = dict(parse_qsl(str(form.get("asked", ""))[:_LONGEST]))
    filters = Filters.read(query, visitor)
    asked = {**filters.values, **({"q": filters.text} if filters.text else {})}
    filled, state = read(ListForm, form)
    try:
        if filled:
            with db.write() as session:
                keep_list(session, visitor.person_id, filled.name, asked)
            done = StepDone(f"This list is kept as “{filled.name}”", NOBODY_TOLD)
            return see_done(request, addresses.issues(asked), done)
    except WrongInput as wrong:
        state = refused(state, wrong)
    with db.read() as session:
        return draw_list(request, session, visitor, now, query, keeping=state, status=422)


@post("/lists/removal", sync_to_thread=True)
def drop_that_list(request: Asking, visitor: TheVisitor, db: TheDatabase, form: TheForm) -> Response[bytes]:
    """It is kept no longer."""
    with db.write() as session:
        drop_list(session, visitor.person_id, name := str(form.get("name", "")))
    return see_done(request, addresses.issues(), StepDone(f"“{name.strip()}” is kept no longer", NOBODY_TOLD))


def _total_text(session: Session, visitor: Visitor, filters: Filters, now: datetime) -> str:
    count = count_list(session, visitor.viewer, filters.query(visitor, now))
    return f"{say_count(count, 'issue')} in all."


@get("/issues/list.csv", sync_to_thread=True)
def send_csv(request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime) -> Response[bytes]:
    """The list with these filters for a sheet, as far as its reader may see it."""
    return _sent(request, visitor, db, now, "csv")


@get("/issues/list.xlsx", sync_to_thread=True)
def send_workbook(request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime) -> Response[bytes]:
    """The same as a workbook."""
    return _sent(request, visitor, db, now, "xlsx")


def _sent(request: Asking, visitor: Visitor, db: Database, now: datetime, ending: str) -> Response[bytes]:
    filters = Filters.read(dict(request.query_params.items()), visitor)
    with db.snapshot() as session:
        asked = filters.query(visitor, now)
        sought = filters.search if filters.searched else None
        orders = {BY_NEWS: by_news(visitor.viewer, news_since(now)), "due": BY_LIMIT}
        order = orders.get(asked.asked("sort"), NEWEST_FIRST)
        rows = whole_list(session, visitor.viewer, asked, sought, most=MOST_ROWS, order=order)
        new = news(session, visitor.viewer, [row.id for row in rows], now)
    sheet = list_sheet(rows, visitor.arrangements, new, now)
    content = comma_separated(sheet) if ending == "csv" else workbook([sheet], "Issues")
    headers = {"Content-Disposition": f'attachment; filename="issues.{ending}"'}
    return Response(file_bytes(content, ending), media_type=FORMATS[ending].media_type, headers=headers)


def _partnership(query: Mapping[str, str], visitor: Visitor) -> str:
    """That of an old address; where it names none, the only one. Refuses: NotThere, WrongInput."""
    every = list(visitor.arrangements.values())
    if not query.get("partnership") and len(every) > 1:
        keys = ", ".join(each.key for each in every)
        raise WrongInput(FieldError("partnership", f"Say of which partnership: {keys}."))
    return visitor.arrangement(query.get("partnership") or every[0].key).key


routes = [list_issues, send_csv, send_workbook, keep_this_list, drop_that_list]
