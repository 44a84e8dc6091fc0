"""Draws the page of one issue for one reader: its head, the sentence that opens it, its story."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tracker.pages.issues.ladder import Drawn, draw_ladder, draw_sides
from tracker.pages.issues.names import doer, known_event, proposer, reporter
from tracker.pages.issues.shown import (
    Elsewhere,
    IssueView,
    ProposalView,
    ResolutionView,
    SideTheme,
    StandingView,
    StoryItem,
    ThemeView,
)
from tracker.pages.web.header import side_class
from tracker.pages.web.parts import Link, Reader, Readers
from tracker.queries.story import Told
from tracker.records.issue import Issue
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.deadlines import remaining
from tracker.rules.events.issue import Raised
from tracker.rules.events.resolution import OUTCOME_WORDS, SilenceAgreed, StayedFixed, StayedFixedAsked
from tracker.rules.lifecycle import Kind, Outcome, Severity, State
from tracker.rules.rings import Ring, Viewer
from tracker.rules.wording import listed, say_moment


def draw_theme(issue: Issue, arrangement: Arrangement) -> ThemeView | None:
    """The theme that counts, with up to two more; None while there is none."""
    theme = arrangement.themes.get(issue.theme or "")
    if theme is None:
        return None
    others = tuple(arrangement.themes[key].name for key in issue.other_themes if key in arrangement.themes)
    href = addresses.issues({"partnership": arrangement.key, "theme": theme.key})
    return ThemeView(theme.name, href, confirmed=issue.theme_confirmed, others=others)


def draw_side_themes(issue: Issue, arrangement: Arrangement) -> tuple[SideTheme, ...]:
    """How each side sees it, once one has said."""
    sides = [(arrangement.organisations[each], issue.side(each).theme) for each in issue.side_ids]
    if not any(theme for _, theme in sides):
        return ()
    names = {key: theme.name for key, theme in arrangement.themes.items()}
    return tuple(
        SideTheme(each.name, side_class(each.position), names.get(theme or "", theme or "")) for each, theme in sides
    )


SEVERITY_WORDS = {
    Severity.MINOR: "minor: a nuisance",
    Severity.SERIOUS: "serious: work is held up",
    Severity.CRITICAL: "critical: somebody may come to harm, or work has stopped",
}
_STATE_WORDS = {
    State.RAISED: "waiting for acknowledgement",
    State.OPEN: "open",
    State.PAUSED: "paused",
    State.PROPOSED: "a resolution is proposed",
    State.RESOLVED: "resolved",
}
_NO_LIMIT_SAID = frozenset({State.PROPOSED, State.RESOLVED})  # another date is: when silence agrees, when it ended


def draw_issue(
    drawn: Drawn | None, issue: Issue, arrangement: Arrangement, viewer: Viewer, now: datetime,
    story: tuple[Told, ...], linked: tuple[Link, ...], silence_at: datetime | None,
) -> IssueView:  # fmt: skip
    """The view of an issue. `drawn` is None where it is on no ladder; `story`, `linked`: as the reader may see."""
    raised_for = arrangement.organisations[issue.raised_for_id]
    area, clause = arrangement.service_area(issue.service_area), arrangement.clause(issue.clause)
    return IssueView(
        ref=issue.ref, href=addresses.issue(issue.ref), version=issue.version, title=issue.title, detail=issue.detail,
        kind=issue.kind.value, ring=issue.ring.value, state=issue.state.value, state_words=_state_words(issue),
        severity=issue.severity.value, severity_words=SEVERITY_WORDS[issue.severity],
        raised_by=reporter(issue, viewer, raised_for), raised_side=side_class(raised_for.position),
        raised_at=issue.raised_at, sides=draw_sides(drawn) if drawn else (), readers=who_reads(issue, arrangement),
        standing=draw_standing(drawn, now) if drawn else StandingView(ball=None),
        ladder=draw_ladder(drawn) if drawn else None, no_ladder="" if drawn else _no_ladder(issue),
        story=tuple(
            _item(told, issue, arrangement, viewer, linked) for told in story if not isinstance(told.event, Raised)
        ),
        occurred_on=issue.occurred_on, occurrences=issue.occurrences, service_area=area.name if area else "",
        service_area_key=area.key if area else "-",
        promise=f"{clause.key} {clause.title}" if clause else "",
        promise_href=addresses.arrangements(arrangement.key, "clauses") if clause else "",
        topic="", theme=draw_theme(issue, arrangement), side_themes=draw_side_themes(issue, arrangement),
        route_why=_route_why(issue), worked_round=issue.worked_round,
        outside_ref=issue.outside_ref or "", proposal=_proposal(drawn, silence_at) if drawn else None,
        resolution=_resolution(issue, arrangement, story), linked=linked,
    )  # fmt: skip


def draw_standing(drawn: Drawn, now: datetime) -> StandingView:
    """The sentence that opens the page: whose turn it is, by when, and what happens if nothing happens."""
    issue, arrangement = drawn.issue, drawn.concerned.arrangement
    ball = next((side for side in draw_sides(drawn) if side.ball), None)
    holding = [each for each in issue.holders_now() if each.organisation_id == issue.ball_with_id]
    holder = next((each.person_id for each in holding if each.first), None)
    above = drawn.ahead
    limit = None if issue.state in _NO_LIMIT_SAID else issue.due_at
    late = limit is not None and limit < now
    return StandingView(
        ball=ball, holder=drawn.name(holder) if holder else "",
        holder_is_me=drawn.viewer.person_id in {each.person_id for each in holding},
        due_at=issue.due_at, remaining=_remaining(drawn, now), late=late, at_top=not above,
        then=_then(drawn, bool(above), late), why=tuple(issue.due_why) if limit else (),
        elsewhere=elsewhere(limit, drawn.organisations, drawn.viewer, arrangement),
    )  # fmt: skip


def elsewhere(
    at: datetime | None, organisations: tuple[Organisation, ...], viewer: Viewer, arrangement: Arrangement
) -> tuple[Elsewhere, ...]:
    """The moment on the clocks of the other sides, where they differ from the reader's."""
    mine = viewer.in_partnership(arrangement.id)
    zone = arrangement.organisations[mine[0].organisation_id].calendar.zone if mine else arrangement.zone
    if at is None:
        return ()
    here = at.astimezone(ZoneInfo(zone)).utcoffset()
    others = [(each, at.astimezone(ZoneInfo(each.calendar.zone))) for each in organisations]
    return tuple(Elsewhere(each.name, say_moment(there)) for each, there in others if there.utcoffset() != here)


def who_reads(issue: Issue, arrangement: Arrangement) -> Readers:
    """Who reads an issue, by organisation, and who joins when it goes up."""
    sides = tuple(_reader(arrangement.organisations[each]) for each in issue.side_ids)
    ladder = arrangement.ladders.get(issue.ladder_version_id or 0)
    bodies = [tier for tier in ladder.tiers if tier.whole_body and tier.number >= issue.tier] if ladder else []
    later = ""
    if bodies and issue.ring is Ring.SHARED:
        reached = "which it has reached" if bodies[0].number == issue.tier else "when it reaches them"
        later = f"the members of {bodies[0].name}, {reached}"
    named = "whoever raised it" if issue.ring is Ring.NAMED else ""
    return Readers(sides, private=not issue.crossed, later=later, named=named)


def _reader(organisation: Organisation) -> Reader:
    return Reader(organisation.name, side_class(organisation.position))


def _state_words(issue: Issue) -> str:
    if issue.is_resolved and issue.outcome not in (None, Outcome.SOLVED):
        return f"resolved, {OUTCOME_WORDS[issue.outcome or '']}"
    return _STATE_WORDS[issue.state]


def _no_ladder(issue: Issue) -> str:
    if not issue.crossed:
        return "It climbs no ladder while only one organisation knows of it."
    return "It came from elsewhere and is on no ladder here."


def _remaining(drawn: Drawn, now: datetime) -> str:
    due = drawn.issue.due_at
    if due is None:
        return ""
    calendar = drawn.concerned.arrangement.joint_calendar(drawn.issue.side_ids)
    return f"{remaining(due, now, calendar)} ago" if due < now else f"{remaining(now, due, calendar)} from now"


def _then(drawn: Drawn, has_above: bool, late: bool) -> str:
    if drawn.issue.due_at is None:
        return "It is with somebody outside the partnership, so no limit runs" if drawn.issue.kind is Kind.ISSUE else ""
    if has_above:
        return f"it goes to {drawn.ahead[0].tier.name}"
    body = drawn.concerned.ladder.tiers[drawn.issue.tier - 1].name
    return (
        f"it stays on the agenda of {body} until decided" if late else f"it stays with {body} and the chairs are told"
    )


def _item(
    told: Told, issue: Issue, arrangement: Arrangement, viewer: Viewer, linked: tuple[Link, ...]
) -> StoryItem:  # fmt: skip
    organisation = arrangement.organisations.get(told.organisation_id or 0)
    who = doer(told, issue, viewer)
    private = told.ring is Ring.ORGANISATION and issue.crossed and organisation is not None
    common: dict[str, Any] = {
        "id": f"event-{told.id}",
        "at": told.at,
        "side": side_class(organisation.position) if organisation else "",
    }
    if told.text is None:
        ending = f" ({told.organisation})" if told.organisation and who == told.who else ""
        sentence = known_event(told.event, linked).sentence(f"{who}{ending}")
        return StoryItem(**common, sentence=sentence, tone=told.event.tone)
    return StoryItem(
        **common, who=who, organisation=told.organisation if who != told.organisation else "", text=told.text,
        spoke=told.spoke,
        readers=f"only {told.organisation}" if private else "",
    )  # fmt: skip


def _route_why(issue: Issue) -> str:
    return f"{issue.route_why}." if issue.route_why else ""


def _proposal(drawn: Drawn, silence_at: datetime | None) -> ProposalView | None:
    issue, kept = drawn.issue, drawn.issue.proposal
    if issue.state is not State.PROPOSED or kept is None or issue.proposed_at is None:
        return None
    organisation = drawn.concerned.arrangement.organisations[kept["by"]]
    sides = dict(zip(issue.side_ids, draw_sides(drawn), strict=True))
    by, keeps_name = proposer(issue, organisation, drawn.viewer)
    return ProposalView(
        by=by, organisation="" if keeps_name else organisation.name, side=side_class(organisation.position),
        at=issue.proposed_at, outcome=OUTCOME_WORDS[kept["outcome"]], done=kept["done"], cause=kept["cause"],
        change_agreement=kept["changes_agreement"],
        agreed=tuple(side for each, side in sides.items() if each not in issue.unanswered),
        waits_for=tuple(sides[each] for each in issue.unanswered), silence_at=silence_at,
        mine_to_answer=bool(set(issue.unanswered) & drawn.viewer.organisation_ids),
    )  # fmt: skip


def _resolution(issue: Issue, arrangement: Arrangement, story: tuple[Told, ...]) -> ResolutionView | None:
    if not issue.is_resolved or issue.resolved_at is None:
        return None
    kept = issue.proposal or {}
    outcome = OUTCOME_WORDS[issue.outcome] if issue.outcome else "how is not recorded"  # history may not say
    return ResolutionView(
        at=issue.resolved_at, outcome=outcome, solved=issue.outcome in (None, Outcome.SOLVED),
        done=kept.get("done", ""), cause=kept.get("cause", ""),
        agreed=_agreed(issue, arrangement, story), stayed_fixed=_stayed_fixed(story),
    )  # fmt: skip


def _agreed(issue: Issue, arrangement: Arrangement, story: tuple[Told, ...]) -> str:
    names = [arrangement.organisations[side.organisation_id].name for side in issue.sides if side.agreed_at]
    silent = next((told.event for told in reversed(story) if isinstance(told.event, SilenceAgreed)), None)
    said = f"Agreed by {listed(names)}" if names else ""
    return f"{said}; {silent.silent_names} by silence" if silent and said else said


def _stayed_fixed(story: tuple[Told, ...]) -> str | None:
    for told in reversed(story):
        if isinstance(told.event, StayedFixed):
            return "yes" if told.event.fixed else "no"
        if isinstance(told.event, StayedFixedAsked):
            return "asked"
    return None
