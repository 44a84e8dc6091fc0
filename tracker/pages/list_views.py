"""What a list of issues shows: rows made ready for a lean loop, the filters, and the way to the next page."""

from dataclasses import dataclass

from tracker.pages.part_views import Choice, Link


@dataclass(frozen=True, slots=True)
class RowView:
    """One issue in a list; every text is ready to print, because the loop calls nothing.

    `marks`: "serious · happened 3 times · Pace of decisions". `state`: raised, open, proposed, paused,
    resolved. `mini`: the classes of the small ladder, "tier-2 of-4 left-side-a right-side-b ball-right" (""
    for none). `where`: the tier's name, or what it is instead ("resolved, solved"). `tier_words`: "tier 2
    of 4". `ball`: the organisation's name, `ball_side` its class, `ball_who` the holder. `due_iso`: the
    exact moment for machines, `due`: "Tue 12 May, 16:30", `due_words`: "in 2 working days"; `tone`: "",
    "soon", "late".
    """

    ref: str
    title: str
    marks: str = ""
    state: str = "open"
    mini: str = ""
    where: str = ""
    tier_words: str = ""
    ball: str = ""
    ball_side: str = ""
    ball_who: str = ""
    due_iso: str = ""
    due: str = ""
    due_words: str = ""
    tone: str = ""
    private: bool = False


@dataclass(frozen=True, slots=True)
class FilterView:
    """One filter, a select: its name in the address, its label, what can be chosen, what is ("": any)."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class ReportLink:
    """The theme report one of whose numbers led to a list: of which partnership and period, and the way back."""

    partnership: str
    period: str
    link: Link


@dataclass(frozen=True, slots=True)
class ListView:
    """A page of issues. `words`: "open issues with the Council, oldest limit first".

    `active`: each filter in use, as a link that takes it away. `next_href`, `previous_href`: "" at an end.
    `anything`: the person can see at least one issue, filters aside. `kept`: filters that the form hands
    on unseen, as pairs of name and value. `report`: the one that led here.
    """

    rows: tuple[RowView, ...]
    words: str
    filters: tuple[FilterView, ...]
    q: str = ""
    active: tuple[Link, ...] = ()
    next_href: str = ""
    previous_href: str = ""
    anything: bool = True
    kept: tuple[tuple[str, str], ...] = ()
    report: ReportLink | None = None
