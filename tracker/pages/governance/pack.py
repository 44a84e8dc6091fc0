"""What the pages of packs show: the list with the forms that begin one, and one pack for one reader."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import starmap
from typing import Any

from tracker.actions.freeze_pack import body_of, named
from tracker.measures.periods import in_words, period
from tracker.pages.web.parts import Choice, FormState, Link
from tracker.records.pack import Pack
from tracker.reports.formats import FORMATS
from tracker.reports.packs.changes import PackChanges
from tracker.reports.packs.faces import FACES
from tracker.reports.packs.reading import PackReading, headlines, helped
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.deciding import may_publish
from tracker.rules.packs import Content
from tracker.rules.rings import Viewer


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack in the list; `published_at` None: a draft."""

    number: int
    href: str
    body: str
    meets_at: datetime
    period: str
    published_at: datetime | None
    published_by: str


@dataclass(frozen=True, slots=True)
class DraftForm:
    """The form that begins a pack for a body. `meetings`: its next ones; empty where it meets when called."""

    body_key: str
    body: str
    meetings: tuple[Choice, ...]
    period: str
    form: FormState = field(default_factory=FormState)


@dataclass(frozen=True, slots=True)
class PacksView:
    """The packs that the reader may see, the newest first, and the forms that begin one."""

    key: str
    partnership: str
    packs: tuple[PackLine, ...]
    drafts: tuple[DraftForm, ...]


@dataclass(frozen=True, slots=True)
class PackView:
    """One pack as this reader may see it. `content`: rules/packs. `theme_report`: where the report stands live;
    `headlines`: what the frozen one says first, with the issues behind it; `helped`: what was decided about themes,
    with its effects; `may_publish`: the reader may freeze it."""

    key: str
    number: int
    meeting: str
    body_href: str
    content: Mapping[str, Any]
    changes: PackChanges
    files: tuple[Link, ...]
    theme_report: Link
    published_at: datetime | None
    published_by: str
    headlines: tuple[Link, ...]
    helped: tuple[tuple[Link, tuple[str, ...]], ...]
    may_publish: bool


def draw_pack(arrangement: Arrangement, pack: Pack, viewer: Viewer, reading: PackReading) -> PackView:
    """Its page."""
    key, body, themes = arrangement.key, body_of(pack, arrangement), reading.content["themes"]
    return PackView(
        key=key,
        number=pack.number,
        meeting=named(pack, arrangement),
        body_href=addresses.body(key, body.key),
        content=reading.content,
        changes=reading.changes,
        files=tuple(Link(FORMATS[ending].words, addresses.pack(key, pack.number, ending)) for ending in FACES),
        theme_report=Link(in_words(period(pack.period)), addresses.report(key, "themes", period=pack.period)),
        published_at=pack.published_at,
        published_by=pack.published_by,
        headlines=tuple(starmap(Link, headlines(themes))) if themes else (),
        helped=tuple(_helped(themes, key)) if themes else (),
        may_publish=pack.published_at is None and may_publish(viewer, body, arrangement),
    )


def _helped(themes: Content, key: str) -> Iterator[tuple[Link, tuple[str, ...]]]:
    for number, said, effects in helped(themes):
        yield Link(said, addresses.decision(key, number)), effects
