"""Draws the steps a reader may take on an issue now, each with what its form lets them choose."""

from collections.abc import Mapping
from secrets import token_urlsafe

from tracker.pages.frames import side_class
from tracker.pages.issue_page import SEVERITY_WORDS, who_reads
from tracker.pages.part_views import Choice, ChoiceGroup, FormState, Link, Reader, Readers
from tracker.pages.step_views import StepsView, ThemeSuggestion
from tracker.queries.story import Told
from tracker.queries.theme_suggestions import Suggested
from tracker.records.issue import Issue
from tracker.rules import lifecycle, rings
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import FAST_TRACK, Severity
from tracker.rules.resolution import PROPOSABLE
from tracker.rules.resolution_events import OUTCOME_WORDS
from tracker.rules.rings import Membership, Ring, Standing, Step, Viewer

ADDRESSES = {
    "acknowledgement": Step.ACKNOWLEDGE, "agreement": Step.AGREE, "return": Step.RETURN, "proposal": Step.PROPOSE,
    "stayed-fixed": Step.STAYED_FIXED, "crossing": Step.CROSS, "turning": Step.TURN, "notes": Step.NOTE,
    "occurrences": Step.OCCURRENCE, "escalation": Step.ESCALATE, "theme": Step.THEME, "theme-view": Step.THEME_VIEW,
    "reopening": Step.REOPEN, "amendment": Step.AMEND, "withdrawal": Step.WITHDRAW,
}  # fmt: skip


def draw_steps(
    issue: Issue, arrangement: Arrangement, viewer: Viewer, standings: frozenset[Standing], speaking: Membership,
    story: tuple[Told, ...], *, typed: Mapping[str, FormState] | None = None, changed: tuple[str, ...] = (),
    suggested: tuple[Suggested, ...] = (),
) -> StepsView:  # fmt: skip
    """The steps open to this reader. `typed`: forms that were just sent with a mistake, by address."""
    names = open_steps(issue, arrangement, standings, speaking)
    mine = viewer.in_partnership(issue.partnership_id)
    ladder = arrangement.ladders.get(issue.ladder_version_id or 0)
    organisations = arrangement.organisations
    other = organisations.get(issue.meant_for_id or 0)
    return StepsView(
        version=issue.version, once=token_urlsafe(12), changed=changed,
        forms={name: (typed or {}).get(name, FormState(open=name == "theme" and bool(suggested))) for name in names},
        best=_best(issue, names, speaking, story),
        speaking_for=tuple(
            Choice(each.organisation_key, organisations[each.organisation_id].name)
            for each in mine if each.organisation_id in issue.side_ids
        ),
        rings=_rings(issue, arrangement, speaking),
        tiers=tuple(Choice(str(tier.number), tier.name) for tier in ladder.tiers[issue.tier :]) if ladder else (),
        causes=tuple(Choice(cause.value, cause.value.capitalize()) for cause in FAST_TRACK),
        outcomes=tuple(Choice(each.value, OUTCOME_WORDS[each].capitalize()) for each in PROPOSABLE),
        severities=tuple(Choice(each.value, SEVERITY_WORDS[each]) for each in Severity),
        suggestions=draw_suggestions(suggested, arrangement), themes=theme_choices(arrangement),
        theme=issue.theme or "", my_theme=_my_theme(issue, speaking),
        crossing_readers=_readers(arrangement, *issue.side_ids, other.id) if other and not issue.crossed else None,
    )  # fmt: skip


def open_steps(
    issue: Issue, arrangement: Arrangement, standings: frozenset[Standing], speaking: Membership
) -> tuple[str, ...]:
    """The addresses of the steps the policy and the issue's state allow this person now."""
    possible = lifecycle.possible(issue.state, kind=issue.kind, crossed=issue.crossed)
    is_side = speaking.organisation_id in issue.side_ids
    allowed = {step for step in possible if rings.may(step, standings) and (is_side or step is Step.NOTE)}
    pointless = _pointless(issue, arrangement, speaking)
    return tuple(name for name, step in ADDRESSES.items() if step in allowed and step not in pointless)


def draw_suggestions(suggested: tuple[Suggested, ...], arrangement: Arrangement) -> tuple[ThemeSuggestion, ...]:
    """Each with its theme's name and meaning, the words in quotation marks, the issues as links."""
    themes = arrangement.themes
    return tuple(
        ThemeSuggestion(
            each.theme, themes[each.theme].name, themes[each.theme].means,
            why=tuple(f"“{word}”" for word in each.words),
            alike=tuple(Link(f"{like.ref} {like.title}", f"/issues/{like.ref}") for like in each.alike),
        )
        for each in suggested
    )  # fmt: skip


def theme_choices(arrangement: Arrangement) -> tuple[ChoiceGroup, ...]:
    """Every theme under its group."""
    return tuple(
        ChoiceGroup(
            group.name,
            tuple(
                Choice(theme.key, theme.name)
                for theme in arrangement.themes.values()
                if theme.group == group.key and not theme.retired
            ),
        )
        for group in arrangement.theme_groups
    )


def _my_theme(issue: Issue, speaking: Membership) -> str:
    """The theme their side sees, "" where it has not said."""
    here = speaking.organisation_id
    return issue.side(here).theme or "" if here in issue.side_ids else ""


def _pointless(issue: Issue, arrangement: Arrangement, speaking: Membership) -> set[Step]:
    """Steps that the state allows but that would change nothing for this side."""
    here = speaking.organisation_id
    ladder = arrangement.ladders.get(issue.ladder_version_id or 0)
    acknowledged = here in issue.side_ids and issue.side(here).acknowledged_at is not None
    conditions = (
        (Step.ACKNOWLEDGE, acknowledged or issue.tier == 0),
        (Step.AGREE, here not in issue.unanswered),
        (Step.RETURN, here not in issue.unanswered),
        (Step.ESCALATE, ladder is None or issue.tier >= len(ladder.tiers)),
        (Step.REOPEN, ladder is None),
    )
    return {step for step, holds in conditions if holds}


def _best(issue: Issue, names: tuple[str, ...], speaking: Membership, story: tuple[Told, ...]) -> str:
    asked = any(told.event.name == "stayed_fixed_asked" for told in story)
    answered = any(told.event.name == "stayed_fixed" for told in story)
    mine = issue.ball_with_id == speaking.organisation_id
    wishes = (
        ("agreement", True),
        ("acknowledgement", True),
        ("proposal", mine),
        ("stayed-fixed", asked and not answered),
        ("crossing", True),
    )
    return next((name for name, wished in wishes if wished and name in names), "")


def _rings(issue: Issue, arrangement: Arrangement, speaking: Membership) -> tuple[Choice, ...]:
    own = _readers(arrangement, speaking.organisation_id, private=True)
    inside = Choice(Ring.ORGANISATION.value, "Only my organisation", readers=own)
    if not issue.crossed:
        return (inside,)
    return Choice(Ring.SHARED.value, "All sides", readers=who_reads(issue, arrangement)), inside


def _readers(arrangement: Arrangement, *organisation_ids: int, private: bool = False) -> Readers:
    organisations = [arrangement.organisations[each] for each in organisation_ids]
    return Readers(tuple(Reader(each.name, side_class(each.position)) for each in organisations), private=private)
