"""What my desk shows: what is new to me, what waits for me, what waits for them."""

from dataclasses import dataclass

from tracker.pages.decision_views import DecisionLine
from tracker.pages.list_views import RowView
from tracker.pages.part_views import Link


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """One pile on the desk.

    `key`: new, answer, mine, theirs, soon, top, raised, fixed, early. `sentence`: one line that says what to do
    with it.

    `count`: how many there are in all, `rows` the first of them, `more`: the list of all, "" if these are
    all. `empty`: what stands here when there is none. `new` is drawn with boxes to acknowledge several at
    once.
    """

    key: str
    heading: str
    rows: tuple[RowView, ...]
    count: int
    sentence: str = ""
    more: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class DeskView:
    """My desk. `sentences`: the day in words, most pressing first ("Two issues wait for your answer."), each a link to
    its pile where that lies below.

    `anything`: there is at least one issue this person has to do with. `once`: for the form that
    acknowledges several (POST /acknowledgements with `ref` repeated). `href`: the address of this desk, by
    which it is refreshed. `links`: where else to look, and the desk of one partnership or all. `decisions`: what
    this person owns and has not seen done, the one due first at the head.
    """

    greeting: str
    sentences: tuple[str | Link, ...]
    groups: tuple[DeskGroup, ...]
    once: str
    anything: bool = True
    may_acknowledge: bool = True
    first_steps: tuple[Link, ...] = ()
    href: str = "/"
    links: tuple[Link, ...] = ()
    decisions: tuple[DecisionLine, ...] = ()
