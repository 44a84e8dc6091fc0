"""What theme an issue may have: found when the form that asks for it is unfolded, or on a page of its own."""

from litestar import Response, get
from litestar.params import FromPath
from sqlmodel import Session

from tracker.pages.issues.steps_view import draw_steps, latest_today
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor
from tracker.queries import issues
from tracker.queries.learning import learner
from tracker.queries.story import StoryEvent, story
from tracker.queries.theme_suggestions import SuggestedTheme, theme_suggestions
from tracker.records.issue import Issue
from tracker.rules import policy
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import MayNot
from tracker.rules.rings import Ring, Step, Viewer


@get("/issues/{ref:str}/suggestions", sync_to_thread=True)
def show_suggestions(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, ref: FromPath[str]
) -> Response[bytes]:
    """The form by which somebody says why it happens, with what is suggested; for htmx that alone."""
    viewer = visitor.viewer
    with db.read() as session:
        issue = issues.load(session, ref, viewer)
        arrangement = visitor.arrangements[issue.partnership_id]
        allowed = policy.allowed_steps(issue, arrangement, viewer, now) & {Step.THEME}
        if not allowed:
            raise MayNot("Why it happens is for managers and holders of its sides to say.")
        told = story(session, issue, viewer)
        suggested = suggested_themes(session, viewer, arrangement, issue, told)
    today = latest_today(viewer, arrangement, now)
    steps = draw_steps(issue, arrangement, viewer, allowed, told, now=now, today=today, suggested=suggested)
    shown = {name: getattr(issue, name) for name in ("ref", "title", "theme_confirmed")}
    return page(request, "issues/suggestions.html", issue=shown, steps=steps)


def suggested_themes(
    session: Session, viewer: Viewer, arrangement: Arrangement, issue: Issue, told: tuple[StoryEvent, ...]
) -> tuple[SuggestedTheme, ...]:
    """For what all readers of an issue may read: what one side keeps to itself suggests nothing, because what was
    suggested is recorded for all."""
    if issue.theme_confirmed:
        return ()
    said = (each.text for each in told if each.text and each.ring is Ring.SHARED)
    return theme_suggestions(session, viewer, arrangement, issue, " ".join((issue.title, issue.detail, *said)))


def expect_suggestions(session: Session, viewer: Viewer, arrangement: Arrangement) -> None:
    """They may soon be asked for: what they are made of is learnt meanwhile."""
    learner(session).want(each.organisation_id for each in viewer.in_partnership(arrangement.id))


routes = [show_suggestions]
