"""What the pages of packs show: the list with its drafts, and one pack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tracker.pages.part_views import Choice, FormState, Link


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
    """One pack as this reader may see it. `content`: rules/packs; `changed`: what changed since of an issue (by
    reference) or of a decision (by number); `since`: issues that reached the body since; `theme_changes`: sentences.
    `theme_report`: where the report stands live; `headlines`: what the frozen one says first, with the issues behind
    it; `helped`: what was decided about themes, with its effects; `may_publish`: the reader may freeze it."""

    key: str
    number: int
    meeting: str
    body_href: str
    meets_at: datetime
    content: Mapping[str, Any]
    files: tuple[Link, ...]
    theme_report: Link
    published_at: datetime | None = None
    published_by: str = ""
    changed: Mapping[str | int, str] = field(default_factory=dict)
    since: tuple[Link, ...] = ()
    theme_changes: tuple[str, ...] = ()
    headlines: tuple[Link, ...] = ()
    helped: tuple[tuple[Link, tuple[str, ...]], ...] = ()
    may_publish: bool = False

    @property
    def anything_changed(self) -> bool:
        return bool(self.changed or self.since or self.theme_changes)
