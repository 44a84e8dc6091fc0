"""Following a server: what it tells is taken only where it follows from what the copy has, and proves what it says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tracker.exchange.mirror.copy import (
    CopySource,
    CopyUpdate,
    IssueUpdate,
    KeptEvent,
    MirrorCopy,
    heads_of,
    moved_on,
)
from tracker.exchange.mirror.entries import FeedCheckpoint, FeedEntry, FeedEvent, FeedLog, FeedPage
from tracker.records.proofs.signing import key_change_in, valid_signature
from tracker.rules.digest import CLOSED, FIRST, Head, next_on, with_head
from tracker.rules.events.issue import Raised
from tracker.rules.events.kinds import KINDS
from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.leaves import Leaf
from tracker.rules.proofs.notes import SignedNote, VerifierKey, base64_text
from tracker.rules.proofs.succession import KeyChange
from tracker.rules.refusals import NotThere, Refused


class HistoryRewritten(Refused):
    """What the server tells does not extend what the copy has."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"The history of the server was rewritten. {where}: {why}.")


class AnotherSource(Refused):
    """What is told is not of what this is a copy of."""


class NoAnswer(Refused):
    """The server does not answer, or not now: asked again, it may."""


class PlaceUnknown(Refused):
    """The server does not know the place after which the next page would begin."""


MOST_OF_NOTHING = 10_000  # pages in a row; a server looks through twenty thousand events for each


@dataclass
class FeedPatience:
    """With a server that says that there is more: it ends where page after page brings nothing."""

    pages: int = 0

    def note(self, brought: int, *, more: bool) -> None:
        """Refuses with Refused."""
        self.pages = 0 if brought else self.pages + 1
        if more and self.pages >= MOST_OF_NOTHING:
            raise Refused("The server says for ever that there is more, and tells nothing.")


class FeedServer(Protocol):
    """Whoever tells a feed."""

    def page(self, after: str) -> FeedPage:
        """Refuses with NoAnswer and PlaceUnknown."""

    def issue(self, ref: str) -> tuple[FeedEvent, ...]:
        """All of one issue. Refuses with NotThere."""


@dataclass(frozen=True, slots=True)
class PageTaken:
    """What came of a page; `more`: there is another one by now."""

    events: int
    checkpoints: int
    more: bool


def take_page(copy: MirrorCopy, server: FeedServer, trusted: Sequence[str] = ()) -> PageTaken:
    """The next page: all of it, or nothing where it is refused or the machine dies. `trusted`: keys of the log that
    somebody was told elsewhere; without any the ones that the server names first are. Refuses with HistoryRewritten and
    AnotherSource."""
    source = copy.source
    page = _next_page(server, source.place if source else "")
    source = source or CopySource(page.partnership, page.organisation)
    taking = _Taking(copy, server, _same_source(source, page, trusted), page.log)
    taking.require_extends()
    taking.take(page.entries)
    change = taking.change
    change.source = moved_on(change.source, page.next)
    copy.write(change)
    return PageTaken(taking.new, len(change.checkpoints), page.more)


def _next_page(server: FeedServer, after: str) -> FeedPage:
    """A server that was set up anew, with another secret, tells all from the beginning: what is known is taken once."""
    try:
        return server.page(after)
    except PlaceUnknown:
        return server.page("")


def first_gone(copy: MirrorCopy, server: FeedServer) -> KeptEvent | None:
    """The first event of the copy that the server, told from its beginning, has no more. What this organisation was
    taken out of meanwhile is told to it no longer, and not gone."""
    told: set[str] = set()
    left: set[str | None] = set()
    after, more, patience = "", True, FeedPatience()
    while more:
        page = server.page(after)
        new = copy.refs_of({each.event.digest for each in page.entries if each.event}).keys() - told
        patience.note(len(new), more=page.more)
        told |= new
        left |= {each.issue for each in page.entries if each.left}
        after, more = page.next, page.more
    kept = (each for each in copy.events() if each.event and each.ref not in left)
    return next((each for each in kept if each.digest not in told), None)


def compare_whole(copy: MirrorCopy, server: FeedServer) -> None:
    """Refuses with HistoryRewritten where the server has not all that the copy has."""
    if gone := first_gone(copy, server):
        raise _is_gone(gone, copy.of_issues([gone.ref])[gone.ref])


def _same_source(source: CopySource, page: FeedPage, trusted: Sequence[str]) -> CopySource:
    if (source.partnership, source.organisation) != (page.partnership, page.organisation):
        raise AnotherSource(
            f"This copy is of what {source.organisation} reads of {source.partnership}; the token is of "
            f"{page.organisation}, in {page.partnership}. Keep another copy in another database."
        )
    if page.log is None or source.origin is not None:
        return _same_log(source, page.log)
    if trusted and not _vouched(page.log, trusted).issuperset(_public_keys(page.log.keys)):
        raise AnotherSource("The log is signed with a key that was not named here: ask who runs the server.")
    return replace(source, origin=page.log.origin, keys=page.log.keys)


def _same_log(source: CopySource, log: FeedLog | None) -> CopySource:
    if source.origin is None:
        return source
    if log is None or source.origin not in log.names:
        raise AnotherSource("The server has another log now than the one that this is a copy of.")
    ended = next((each.size for each in log.ended if each.origin == source.origin), None)
    if ended is not None and source.tree.size > ended:
        raise AnotherSource(
            f"The server lost checkpoints that this copy has, and the leads agreed to go on after checkpoint {ended}. "
            "Keep this copy, which shows what was lost, and begin another in another database."
        )
    if not _hands_over(source.keys, log):
        raise AnotherSource("The log is signed with another key now, and the one that this copy knows did not say so.")
    return replace(source, origin=log.origin, keys=log.keys)


def _hands_over(keys: Sequence[str], log: FeedLog) -> bool:
    """Whether the keys of a log are these still, or others after them to which the last one handed over."""
    known, told = _public_keys(keys), _public_keys(log.keys)
    last = known[-1:]
    for change in _changes(log):
        last = [change.new.public] if [change.old.public] == last else last
    return told == known or (told[: len(known)] == known and told[-1:] == last)


def _vouched(log: FeedLog, trusted: Sequence[str]) -> frozenset[bytes]:
    """Of keys of this log that are trusted, and of those before them, which they signed that they follow."""
    named = (VerifierKey.read(each) for each in trusted)
    known = {each.public for each in named if each.name in log.names}
    for change in reversed(_changes(log)):
        known |= {change.old.public} if change.new.public in known else set()
    return frozenset(known)


def _changes(log: FeedLog) -> list[KeyChange]:
    """From which key of it to which, under whatever name it had. Refuses with WrongNote what they did not sign."""
    return [each for each in map(key_change_in, log.changes) if each.old.name in log.names]


def _public_keys(keys: Sequence[str]) -> list[bytes]:
    return [VerifierKey.read(each).public for each in keys]


class _Taking:
    """A page as it is taken: what is kept of its issues, and what becomes of it."""

    def __init__(self, copy: MirrorCopy, server: FeedServer, source: CopySource, log: FeedLog | None) -> None:
        self._copy, self._server, self._log = copy, server, log
        self._kept: dict[str, list[KeptEvent]] = {}
        self._refs: dict[str, str] = {}  # under which an event is kept, by its digest
        self.change, self.new = CopyUpdate(source), 0

    def require_extends(self) -> None:
        log, tree = self._log, self.change.source.tree
        if log is None:
            return
        if log.size < tree.size:
            raise self._rewritten(f"Checkpoint {tree.size}", "the server has it no more")
        if log.size == tree.size and log.root != base64_text(tree.root):
            raise self._rewritten(f"Checkpoint {tree.size}", "the server has another one now")

    def take(self, entries: Iterable[FeedEntry]) -> None:
        entries = list(entries)
        self._kept = self._copy.of_issues({each.issue for each in entries if each.issue})
        digests = {each.event.digest for each in entries if each.event}
        self._refs = self._copy.refs_of(digests)
        for entry in entries:
            if entry.checkpoint:
                self._take_checkpoint(entry.checkpoint)
            elif entry.issue and entry.left:
                self.change.issues[entry.issue] = IssueUpdate(left=True)
            elif entry.issue and entry.event:
                self._take_event(entry.issue, entry.event)

    def _take_event(self, ref: str, event: FeedEvent) -> None:
        update = self.change.issues.get(ref) or IssueUpdate()
        known: list[KeptEvent | FeedEvent] = [*(() if update.whole else self._kept[ref]), *update.events]
        if event.digest in {each.digest for each in known if not isinstance(each, KeptEvent) or each.event}:
            return
        is_moved = self._refs.get(event.digest, ref) != ref  # it had another reference before it crossed
        if self._follows(known, event) and not _changes_words(event) and not is_moved:
            update.events.append(event)
            self.change.issues[ref] = update
            self.new += 1
        else:
            self._take_whole(ref)

    def _follows(self, known: Sequence[KeptEvent | FeedEvent], event: FeedEvent) -> bool:
        """Whether it stands on what is known of its issue, and nothing of that lacks words. What begins otherwise than
        by being raised has a story of before, under another reference or for others."""
        if not known:
            return event.kind == Raised.name and _fits({}, event)
        return all(not isinstance(each, KeptEvent) or each.event for each in known) and _fits(heads_of(known), event)

    def _take_whole(self, ref: str) -> None:
        """An issue anew from its beginning: words of it are others, or something was told late. All that the copy has
        of it must be there."""
        try:
            events = self._server.issue(ref)
        except NotThere:
            raise NoAnswer(f"{ref} was taken out of sight just now.") from None
        heads: dict[str, Head] = {}
        for number, event in enumerate(events, 1):
            if not _fits(heads, event):
                where = f"{ref}, event {number} ({event.called})"
                raise HistoryRewritten(where, "it is not as it was written, or does not follow the one before it")
            heads = with_head(heads, event.readers, Head(event.place, event.digest))
        kept, told = self._kept.get(ref) or self._copy.of_issues([ref])[ref], {each.digest for each in events}
        if gone := next((each for each in kept if each.digest not in told), None):
            raise _is_gone(gone, kept)
        self.new += len(told - self._copy.refs_of(told).keys())
        self.change.issues[ref] = IssueUpdate(list(events), whole=True)

    def _take_checkpoint(self, checkpoint: FeedCheckpoint) -> None:
        source = self.change.source
        if checkpoint.size <= source.tree.size:
            return
        where = f"Checkpoint {checkpoint.size}"
        if checkpoint.size != source.tree.size + 1:
            raise HistoryRewritten(where, "the one before it is missing")
        leaf = Leaf.read(checkpoint.leaf)
        tree = source.tree.append(leaf.hash)
        origin = self._log.origin_at(tree.size) if self._log else ""
        note = SignedNote.read(checkpoint.note)
        if note.text != TreeHead(origin, tree.size, tree.root).text:
            raise self._rewritten(where, "it does not extend the one before it")
        if not any(valid_signature(note, replace(VerifierKey.read(key), name=origin)) for key in source.keys):
            raise HistoryRewritten(where, "no key that this copy knows has signed it")
        self._require_places(checkpoint, leaf, where)
        self.change.checkpoints.append(checkpoint)
        self.change.source = replace(source, tree=tree)

    def _require_places(self, checkpoint: FeedCheckpoint, leaf: Leaf, where: str) -> None:
        """What it has of this organisation's chains is what the copy has."""
        for place in checkpoint.places:
            if place.whole.commitment != leaf.commitments.get(place.name):
                raise HistoryRewritten(where, f"what it has of what {place.name} read is not what is told of it")
        heads = {head.digest: head for place in checkpoint.places for head in place.heads}
        kept = self._copy.refs_of(heads)
        for digest, head in heads.items():
            if digest not in kept and digest not in self._told(head.issue):
                self._take_whole(head.issue)
                if digest not in self._told(head.issue):
                    raise HistoryRewritten(where, f"it has an event of {head.issue} that is not told")

    def _told(self, ref: str) -> set[str]:
        """What this page has of an issue."""
        return {each.digest for each in self.change.issues.get(ref, IssueUpdate()).events}

    def _rewritten(self, where: str, why: str) -> HistoryRewritten:
        """With the first event that is gone, where one is."""
        gone = first_gone(self._copy, self._server)
        return _is_gone(gone, self._copy.of_issues([gone.ref])[gone.ref]) if gone else HistoryRewritten(where, why)


def _fits(heads: dict[str, Head], event: FeedEvent) -> bool:
    on = _stands_on(heads, event)
    try:
        return event.place == on.place + 1 and event.link_after(on.digest) == event.digest
    except (ValueError, KeyError, TypeError):
        return False  # what cannot even be read


def _stands_on(heads: dict[str, Head], event: FeedEvent) -> Head:
    """An event of the time when there was one chain for all may stand on somebody else's: then it says on which."""
    if event.readers.startswith(CLOSED):
        return Head(event.place - 1, event.stands_on or FIRST)
    closed = {f"{CLOSED}": Head(0, event.stands_on)} if event.stands_on else {}
    return next_on({**heads, **closed}, event.readers)


def _changes_words(event: FeedEvent) -> bool:
    kind = KINDS.get(event.kind)
    return kind is not None and kind.changes_words


def _is_gone(gone: KeptEvent, of_issue: Sequence[KeptEvent]) -> HistoryRewritten:
    number = next(at for at, each in enumerate(of_issue, 1) if each.digest == gone.digest)
    where = f"{gone.ref}, event {number} of those that this organisation reads ({gone.called})"
    return HistoryRewritten(where, "the copy has it, and the server has it no more")
