"""Who reads an issue, and a note in each ring, as people: what is said before it is sent.

It is what `queries/issues` lets through, read from the other end; `tests/pages/test_readers.py` holds both to
the same people.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tracker.rules import names
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.ladder.acting import ActedOn, who_acts
from tracker.rules.rings import Ring, Role, Viewer
from tracker.rules.wording import listed


class ReadIssue(ActedOn, names.ReportedIssue, Protocol):
    """What of an issue says who reads it."""

    @property
    def side_ids(self) -> tuple[int, ...]: ...
    @property
    def whole_body_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class OrganisationReaders:
    """People of one organisation who read something: by their `names` where not all of it do."""

    organisation: Organisation
    people: frozenset[int]
    names: tuple[str, ...] = ()


def issue_readers(issue: ReadIssue, arrangement: Arrangement, at: datetime) -> frozenset[int]:
    """The ids of who may read an issue."""
    sides = people_of(arrangement, issue.side_ids)
    if issue.ring is Ring.NAMED:
        return sides & (_had_it(issue, arrangement) | _act(issue, arrangement, at) | _raised_it(issue, arrangement))
    return sides | arrangement.seated_on(issue.whole_body_id)


def note_readers(
    issue: ReadIssue,
    arrangement: Arrangement,
    ring: Ring,
    at: datetime,
    *,
    by: int,
    organisation_id: int | None,
    named: Collection[int] = (),
) -> frozenset[int]:
    """The ids of who may read a note that somebody writes for an organisation. `named`: whom it names."""
    readers = issue_readers(issue, arrangement, at)
    match ring:
        case Ring.ORGANISATION:
            return readers & people_of(arrangement, [organisation_id] if organisation_id else [])
        case Ring.TIER:
            above = _had_it(issue, arrangement, least=issue.tier, acted=False)
            return readers & (above | _act(issue, arrangement, at) | {by})
        case Ring.NAMED:
            return readers & {by, *named}
    return readers


def people_of(arrangement: Arrangement, organisation_ids: Iterable[int]) -> frozenset[int]:
    """The ids of who belongs to any of these organisations."""
    return frozenset[int]().union(*(arrangement.members.get(each, frozenset()) for each in organisation_ids))


def grouped(
    people: Collection[int],
    issue: names.ReportedIssue | None,
    arrangement: Arrangement,
    viewer: Viewer | None,
    *,
    organisations: Iterable[int] | None = None,
    named: bool = False,
) -> tuple[OrganisationReaders, ...]:
    """People by organisation (of these; of all, where none are said); where `named`, or not all of one read, each as
    this viewer may know them, who is “you”. `issue`: whose reporter may keep their name."""
    wanted = [each.id for each in arrangement.active_organisations()] if organisations is None else organisations
    found = ((arrangement.organisations[each], arrangement.members.get(each, frozenset())) for each in wanted)
    mine = ((each, members, members & frozenset(people)) for each, members in found)
    return tuple(
        OrganisationReaders(
            each, here, () if here == members and not named else reader_names(here, issue, arrangement, viewer)
        )
        for each, members, here in mine
        if here
    )


def who_see_totals(arrangement: Arrangement, organisation_ids: Iterable[int]) -> frozenset[int]:
    """The ids of the steering members and leads of these organisations."""
    keys = {arrangement.organisations[each].key for each in organisation_ids}
    people = (each for each in arrangement.people.values() if not each.retired)
    return frozenset(each.id for each in people if any(_TOTALS & each.roles.get(key, frozenset()) for key in keys))


def reader_names(
    people: Collection[int], issue: names.ReportedIssue | None, arrangement: Arrangement, viewer: Viewer | None
) -> tuple[str, ...]:
    """What these people are called, as this viewer may know them, who comes first."""
    me = viewer.person_id if viewer else 0
    others = sorted(known_name(each, issue, arrangement, viewer) for each in people if each != me)
    return (*(["you"] if me in people else []), *others)


def known_name(
    person_id: int, issue: names.ReportedIssue | None, arrangement: Arrangement, viewer: Viewer | None
) -> str:
    """What somebody is called, as this viewer may know them."""
    if issue is not None and not names.may_know(person_id, issue, viewer):
        return "whoever raised it"
    return names.person_name(person_id, arrangement)


_TOTALS = frozenset({Role.STEERING, Role.LEAD})


def only_text(ring: Ring, organisation: str, tier: str, people: Sequence[str]) -> str:
    """Who reads what is in a ring, within a sentence: “only Riverside Hospitals”; "" where all sides do, or it is not
    known who. `tier`: "" of one that is on the ladder no more; `people`: none where they are those of an earlier
    note."""
    match ring:
        case Ring.ORGANISATION if organisation:
            return f"only {organisation}"
        case Ring.TIER:
            return f"only who holds it at {tier} or above" if tier else "only who holds it"
        case Ring.NAMED:
            return f"only {listed(people)}" if people else "only who wrote the note and whom it names"
    return ""


def _had_it(issue: ReadIssue, arrangement: Arrangement, *, least: int = 0, acted: bool = True) -> frozenset[int]:
    """Who holds it or held it for an organisation of theirs, from this tier up. `acted`: or stood in for one."""
    return frozenset(
        each.person_id
        for each in issue.holders
        if each.tier >= least
        and (acted or not each.acted)
        and each.person_id in arrangement.members.get(each.organisation_id, ())
    )


def _act(issue: ReadIssue, arrangement: Arrangement, at: datetime) -> frozenset[int]:
    sides = [each for each in issue.side_ids if not arrangement.organisations[each].retired]
    return frozenset(person for side in sides for person in who_acts(issue, arrangement, side, at))


def _raised_it(issue: ReadIssue, arrangement: Arrangement) -> frozenset[int]:
    """Whoever did, while they belong to the organisation that they raised it for."""
    return arrangement.members.get(issue.raised_for_id, frozenset()) & {issue.raised_by_id or 0}
