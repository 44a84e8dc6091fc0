"""The keys: what each does, and where one switches them off (WCAG 2.1.4). Nothing works by them alone."""

from litestar import Response, get, post

from tracker.actions.people.keep_account import choose_keys
from tracker.pages.web.forms import TheForm
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking, TheDatabase, TheVisitor
from tracker.pages.web.step_done import NOBODY_TOLD, StepDone, see_done
from tracker.rules import addresses

# As `static/keys.js` has them.
_KEYS = (
    ("/", "Search"),
    ("?", "This list"),
    ("j", "The next row of a list or of the desk"),
    ("k", "The row before"),
    ("Space", "Mark the row you are on, or leave it out"),
    ("Enter", "Open the row you are on"),
    ("a", "Acknowledge: the rows that are marked, else the one you are on; on an issue, that issue"),
    ("y", "Agree to the first that is asked of you: on the desk, or on an issue there"),
    ("r", "Write a note: on an issue there, on a list or the desk in all that are marked"),
    ("c", "Raise an issue"),
    ("g", "The list of issues"),
    ("d", "My desk"),
)


@get("/keys", sync_to_thread=False)
def show_keys(request: Asking, visitor: TheVisitor) -> Response[bytes]:
    """What they do, and the switch."""
    return page(request, "account/keys.html", keys=_KEYS, on=visitor.single_keys)


@post("/account/keys", sync_to_thread=True)
def switch_keys(request: Asking, db: TheDatabase, visitor: TheVisitor, form: TheForm) -> Response[bytes]:
    """On or off."""
    on = form.get("keys") == "on"
    with db.write() as session:
        choose_keys(session, visitor.person_id, on=on)
    return see_done(request, addresses.KEYS, StepDone(f"The keys are {'on' if on else 'off'} now", NOBODY_TOLD))


routes = [show_keys, switch_keys]
