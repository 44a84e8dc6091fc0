"""Draws the steps a reader may take on an issue now, each with what its form lets them choose."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Any

from tracker.actions.asking.joining import newer_ladder, not_yet_sides
from tracker.actions.sides.hand_down import tiers_below
from tracker.actions.sides.hand_to_colleague import colleagues
from tracker.actions.sides.merge import removable
from tracker.pages.issues.asking import OUTSIDE, side_choices
from tracker.pages.issues.papers import PapersView
from tracker.pages.issues.readers import ReadingAhead
from tracker.pages.issues.steps import ASKED, NOWHERE, STEPS, WRITTEN
from tracker.pages.web.parts import Choice, FormState
from tracker.queries.people import key_in
from tracker.queries.rerouting import routing_in, would_route
from tracker.queries.story import StoryEvent
from tracker.queries.theme_suggestions import SuggestedTheme
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.rules import policy
from tracker.rules.agreement import TOPICS
from tracker.rules.arrangement import Arrangement, Organisation, Tier
from tracker.rules.events.redaction import OfWords, WordsHidden
from tracker.rules.events.resolution import OUTCOME_WORDS
from tracker.rules.lifecycle import FAST_TRACK, SEVERITY_WORDS, Severity, cause_text
from tracker.rules.lifecycle.asks import AskKind
from tracker.rules.reporting.quoting import LONGEST, own_words, why_never
from tracker.rules.resolution import PROPOSABLE
from tracker.rules.rings import Membership, Ring, Role, Step, Viewer
from tracker.rules.routing import Routing
from tracker.rules.wording import say_hours, say_people

_CAUSES = tuple(Choice(cause.value, cause_text(cause.value).capitalize()) for cause in FAST_TRACK)
OUTCOMES = tuple(Choice(each.value, OUTCOME_WORDS[each].capitalize()) for each in PROPOSABLE)
SEVERITIES = tuple(Choice(each.value, SEVERITY_WORDS[each]) for each in Severity)


def draw_steps(
    issue: Issue,
    arrangement: Arrangement,
    viewer: Viewer,
    allowed: frozenset[Step],
    story: tuple[StoryEvent, ...],
    *,
    now: datetime,
    today: date,
    typed: Mapping[str, FormState] | None = None,
    changed: tuple[str, ...] = (),
    suggested: tuple[SuggestedTheme, ...] | None = None,
    papers: PapersView | None = None,
    pointless_asks: Collection[AskKind] = (),
) -> dict[str, Any]:
    """Those of the allowed steps that would change something. `typed`: forms that were just sent with a mistake, by
    address; `suggested`: themes, None where they are found only when somebody unfolds the form; `pointless_asks`: what
    cannot be asked of the other side as things are.

    `forms`: by the address of their step (`issues.steps`). `asks`: those by which other sides are asked, where there
    are several. `best`: the one shown unfolded on top ("" for none). `once`: a random word; each form sends it with its
    own name after it. `refused`: a form that was just sent and is not among `forms` (any more), with why and with what
    was typed. The rest is what each form lets one choose, by `_of_…` below.
    """
    sides, typed = policy.possible_sides(viewer, issue), typed or {}
    goes_to = would_route(issue, arrangement, routing_in(told.event for told in story))
    quoted = next((told.quoted for told in story if told.quoted), "")  # in this reader's own story: their words
    reading = ReadingAhead(issue, arrangement, viewer, now)
    silent = tuple(reading.without_side(each) for each in removable(issue, arrangement, _spoke(story)))
    facts = {
        "goes_elsewhere": bool(goes_to),
        "is_quoted": bool(quoted),
        "has_silent": bool(silent),
        "writes": bool(papers and papers.writes),
    }
    pointless = set.intersection(*(_pointless(issue, arrangement, each, **facts) for each in sides))
    pointless |= {Step.AGREE, Step.RETURN} if issue.answered_for(viewer.person_id) is not None else set()
    offered = (name for name, step in STEPS.items() if step.policy in allowed - pointless)
    names = tuple(name for name in offered if ASKED.get(name) not in pointless_asks)
    return {
        "version": issue.version,
        "today": today,
        "once": token_urlsafe(12),
        "changed": changed,
        "forms": {name: typed.get(name, FormState()) for name in names},
        "asks": _several(name for name in names if name in ASKED),
        "best": _best(names),
        "written": WRITTEN,
        "refused": next((state for name, state in typed.items() if name not in names), None),
        "speaking_for": _speaking_choices(arrangement, sides),
        "readers": reading.by_step(names, goes_to),
        "rings": reading.note_choices(sides),
        "colleagues": colleague_choices(arrangement, sides),
        "sides_to_remove": silent,
        **_of_climbing(reading, names, goes_to),
        **_of_asks(issue, arrangement),
        **_of_paper(reading, papers),
        **_of_ending(issue, arrangement),
        **_of_themes(issue, arrangement, sides, suggested),
        **_of_words(issue, story, viewer, allowed),
        **_of_quotation(reading, names, story, quoted),
    }


def _of_climbing(reading: ReadingAhead, names: Collection[str], goes_to: Routing | None) -> dict[str, Any]:
    """`tiers`: above, `tiers_below`: to which it can go; `goes_to`: where it would be routed now."""
    issue, arrangement = reading.issue, reading.arrangement
    ladder = arrangement.ladder_version(issue.ladder_version_id)
    above = ladder.tiers[issue.tier :] if ladder and "escalation" in names else ()
    below = _tiers_below(issue, arrangement) if "hand-down" in names else ()
    return {
        "tiers": reading.tier_choices(above),
        "tiers_below": reading.tier_choices(below),
        "causes": _CAUSES,
        "goes_to": _goes_to(issue, arrangement, goes_to) if goes_to else None,
    }


def _of_asks(issue: Issue, arrangement: Arrangement) -> dict[str, Any]:
    ladder = arrangement.ladder_version(issue.ladder_version_id)
    return {
        "sides": side_choices(issue, arrangement),
        "other_sides": side_choices(issue, arrangement, but=issue.ball_with_id),
        "not_yet_sides": [_with_count(each, arrangement) for each in not_yet_sides(issue, arrangement)],
        "newer_ladder": newer_ladder(issue, arrangement),
        "outside": OUTSIDE,
        "pause_cap": ladder.pause_cap if ladder else "",
    }


def _of_paper(reading: ReadingAhead, papers: PapersView | None) -> dict[str, Any]:
    """Nothing where none is asked for."""
    return {
        "paper": papers.mine if papers else None,
        "paper_readers": reading.of(*(each.id for each in papers.own), private=True) if papers else None,
        "papers_until": papers.until if papers else None,
    }


def _of_ending(issue: Issue, arrangement: Arrangement) -> dict[str, Any]:
    """`hours`: what is said where those lost are asked for."""
    return {
        "outcomes": OUTCOMES,
        "severities": SEVERITIES,
        "hours": _hours_hint(issue) if arrangement.report.asks_hours else "",
    }


def _of_themes(
    issue: Issue,
    arrangement: Arrangement,
    sides: Sequence[Membership],
    suggested: tuple[SuggestedTheme, ...] | None,
) -> dict[str, Any]:
    """`suggests`: a theme, once the form for it is unfolded. `theme`: the one it has, confirmed or not; `my_theme`: the
    one their side sees."""
    mine = _my_theme(issue, sides)
    return {
        "suggests": suggested is None and not issue.theme_confirmed,
        "suggestions": [(arrangement.themes[each.theme], each) for each in suggested or ()],
        "themes": theme_choices(arrangement, issue.theme, mine),
        "theme": issue.theme or "",
        "my_theme": mine,
        "clauses": _clause_choices(arrangement, issue.clause),
        "clause": issue.clause or "",
        "service_areas": _service_areas(issue, arrangement),
    }


def _of_words(issue: Issue, story: tuple[StoryEvent, ...], viewer: Viewer, allowed: frozenset[Step]) -> dict[str, Any]:
    """`may_reword`: title and detail are theirs to change. `may_redact`: they can take words out; `unsettled`: words
    are hidden until they settle it."""
    return {
        "may_reword": Step.REWORD in allowed,
        "may_redact": Step.REDACT in allowed,
        "unsettled": Step.REDACT in allowed and _is_unsettled(issue, story, viewer),
    }


def _of_quotation(
    reading: ReadingAhead, names: Collection[str], story: tuple[StoryEvent, ...], quoted: str
) -> dict[str, Any]:
    is_asked = "quotation" in names
    return {
        "quoted": quoted,
        "quotable": own_words((told.event, told.by_raiser) for told in story).best if is_asked else "",
        "quotation_readers": reading.quotations() if is_asked else None,
        "most_letters": LONGEST,
    }


def _hours_hint(issue: Issue) -> str:
    so_far = issue.lost_minutes
    stays = "" if so_far is None else f" Left empty, it stays at {say_hours(so_far)}."
    return f"Of all sides together; added up by theme, never by person.{stays}"


def latest_today(viewer: Viewer, arrangement: Arrangement, now: datetime) -> date:
    """Today for whoever reports something: of several organisations the latest, until they say for which they speak."""
    mine = viewer.in_partnership(arrangement.id)
    return max((arrangement.today(each.organisation_id, now) for each in mine), default=arrangement.today(None, now))


def _is_unsettled(issue: Issue, story: tuple[StoryEvent, ...], viewer: Viewer) -> bool:
    """Whether words that were hidden wait for this lead."""
    led = {each.organisation_key for each in viewer.in_partnership(issue.partnership_id) if Role.LEAD in each.roles}
    last = {each.event.mark: each.event for each in story if isinstance(each.event, OfWords)}
    return any(isinstance(each, WordsHidden) and each.side in led for each in last.values())


def theme_choices(arrangement: Arrangement, *kept: str | None) -> list[tuple[str, list[Choice]]]:
    """Every theme under its group; one that is retired only where it is `kept`."""
    themes = [each for each in arrangement.themes.values() if each.key in kept or not each.retired]
    return [
        (group.name, [Choice(each.key, each.name) for each in themes if each.group == group.key])
        for group in arrangement.theme_groups
    ]


def _clause_choices(arrangement: Arrangement, kept: str | None) -> list[tuple[str, list[Choice]]]:
    """Every clause under its topic; one that is retired only where it is `kept`."""
    there = [each for each in arrangement.clauses if each.key == kept or not each.retired]
    groups = (
        (name, [Choice(each.key, f"{each.key} {each.title}") for each in there if each.topic == topic])
        for topic, name in TOPICS.items()
    )
    return [(name, choices) for name, choices in groups if choices]


def colleague_choices(arrangement: Arrangement, sides: Sequence[Membership]) -> tuple[Choice, ...]:
    """Who of one's own side can have an issue instead."""
    people = (each for side in sides for each in colleagues(arrangement, side.organisation_key))
    return tuple(dict.fromkeys(Choice(key_in(arrangement.key, each.email), each.name, each.email) for each in people))


def _speaking_choices(arrangement: Arrangement, sides: Sequence[Membership]) -> tuple[Choice, ...]:
    names = arrangement.organisations
    return tuple(Choice(each.organisation_key, names[each.organisation_id].name) for each in sides)


def _my_theme(issue: Issue, sides: Sequence[Membership]) -> str:
    """The theme their side sees, "" where it has not said or is not known before they say for whom they speak."""
    here = sides[0].organisation_id
    return issue.side(here).theme or "" if len(sides) == 1 and here in issue.side_ids else ""


def _pointless(
    issue: Issue,
    arrangement: Arrangement,
    speaking: Membership,
    *,
    goes_elsewhere: bool,
    is_quoted: bool,
    has_silent: bool,
    writes: bool,
) -> set[Step]:
    """Steps that are allowed but would change nothing, or be refused, as things are for this side. `goes_elsewhere`: it
    would be routed elsewhere than it was; `is_quoted`: this person's words about it are; `has_silent`: a side that has
    said nothing yet can be taken out; `writes`: their side can write a paper."""
    here = speaking.organisation_id
    ladder = arrangement.ladder_version(issue.ladder_version_id)
    acknowledged = here in issue.side_ids and issue.side(here).acknowledged_at is not None
    conditions = (
        (Step.ACKNOWLEDGE, acknowledged or issue.tier == 0),
        (Step.AGREE, here not in issue.unanswered),
        (Step.RETURN, here not in issue.unanswered),
        (Step.TAKE_BACK, not _can_take_back(issue, here)),
        (Step.ESCALATE, ladder is None or issue.tier >= len(ladder.tiers)),
        (Step.PAPER, not writes),
        (Step.MERGE, issue.ring is Ring.NAMED),
        (Step.REMOVE_SIDE, not has_silent),
        (Step.HAND_DOWN, ladder is None or issue.tier < 2),
        (Step.HAND, ladder is None or not issue.tier or issue.ring is Ring.NAMED),
        (Step.REOPEN, ladder is None and arrangement.default_ladder() is None),
        (Step.PROPOSE, ladder is None),
        (Step.REROUTE, not goes_elsewhere),
        (Step.QUOTE, is_quoted or bool(why_never(issue.kind, issue.ring))),
        (Step.UNQUOTE, not is_quoted),
    )
    return {step for step, holds in conditions if holds}


def _spoke(story: Iterable[StoryEvent]) -> set[int | None]:
    """Which organisations have said anything that all can read."""
    return {each.organisation_id for each in story if each.ring is Ring.SHARED}


def _tiers_below(issue: Issue, arrangement: Arrangement) -> Iterable[Tier]:
    return tiers_below(ladder_context(issue, arrangement), issue.tier) if issue.tier > 1 else ()


def _can_take_back(issue: Issue, organisation_id: int) -> bool:
    """Whether what stands is this side's proposal, and nobody has answered it."""
    others = {each.organisation_id for each in issue.sides if each.agreed_at} - {organisation_id}
    return not others and (issue.proposal or {}).get("by") == organisation_id


def _several(names: Iterable[str]) -> tuple[str, ...]:
    """None of them where there is one alone."""
    found = tuple(names)
    return found if len(found) > 1 else ()


def _best(names: tuple[str, ...]) -> str:
    """What one tap answers where the issue stands; what takes words comes after what was said."""
    return next((name for name in ("agreement", "acknowledgement", "stayed-fixed", "crossing") if name in names), "")


def _service_areas(issue: Issue, arrangement: Arrangement) -> tuple[Choice, ...]:
    """Where it can rub; nowhere in particular has a value of its own, for a field left empty changes nothing."""
    kept = [each for each in arrangement.service_areas if not each.retired or each.key == issue.service_area]
    return (Choice(NOWHERE, "Nowhere in particular"), *(Choice(each.key, each.name) for each in kept)) if kept else ()


def _goes_to(issue: Issue, arrangement: Arrangement, routing: Routing) -> dict[str, Any]:
    """Where it would go now. `joins`: who answers there would become a side of it."""
    answers = arrangement.organisation(routing.answers)
    return {"routing": routing, "answers": answers, "joins": answers.id not in issue.side_ids}


def _with_count(organisation: Organisation, arrangement: Arrangement) -> Choice:
    count = len(arrangement.members[organisation.id])
    return Choice(organisation.key, f"{organisation.name} ({say_people(count)})")
