"""Words that may be quoted in reports: of which issues, and what whoever raised one agrees to (statistics.md 8)."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.rules.events.issue import Amended, Raised
from tracker.rules.events.kinds import REDACTED, EventKind
from tracker.rules.lifecycle import Kind
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput
from tracker.rules.rings import Ring

LONGEST = 500  # letters
A_THEME, IN_ALL = 3, 30  # so many a report quotes at most
ONE_OF_THE_SIDES = "one of the sides"

_NOT_OF = {
    Ring.NAMED: "It concerns a person, so nothing of it is quoted.",
    Ring.ORGANISATION: "Only your organisation knows of it, so nothing of it is quoted before you share it.",
    Ring.TIER: "Only those who hold it read it, so nothing of it is quoted.",
}
_NOT_YET = "An early warning is in no report, so nothing of it is quoted. Turn it into an issue first."


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What whoever raised an issue wrote of it, and what others of their side wrote in: never one for the other.
    `best`: what they wrote last, to begin from."""

    best: str
    own: tuple[str, ...]
    others: tuple[str, ...]

    def require(self, words: str) -> None:
        """Refuses with `WrongInput` words that somebody else wrote."""
        if any(_has(each, words) for each in self.others) and not any(_has(each, words) for each in self.own):
            raise WrongInput(FieldError("text", "Somebody else wrote these words: you can let your own be quoted."))


def own_words(story: Iterable[tuple[EventKind, bool]]) -> OwnWords:
    """From the events of an issue, oldest first, each with whether whoever raised it did it."""
    newest, own, others = {"title": "", "detail": ""}, list[str](), list[str]()
    for event, by_raiser in story:
        for name, text in _written_in(event).items():
            mine = by_raiser and not (isinstance(event, Raised) and name in event.taken_over)
            (own if mine else others).append(text)
            if mine and text != REDACTED:
                newest[name] = text
    return OwnWords(newest["detail"] or newest["title"], tuple(own), tuple(others))


def _written_in(event: EventKind) -> dict[str, str]:
    if isinstance(event, Raised):
        return {"title": event.title, "detail": event.detail}
    if isinstance(event, Amended):
        new = {"title": event.new_title, "detail": event.new_detail}
        return {name: text for name, text in new.items() if name in event.fields}
    return {}


def _has(text: str, words: str) -> bool:
    return " ".join(words.split()) in " ".join(text.split())


def why_never(kind: Kind, ring: Ring) -> str:
    """Why words of such an issue cannot be quoted, as a sentence; "" where they can."""
    return _NOT_OF.get(ring) or (_NOT_YET if kind is Kind.EARLY_WARNING else "")


def require_quotable(kind: Kind, ring: Ring) -> None:
    """Refuses with `MoveNotAllowed` an issue of which nothing may be quoted."""
    if why := why_never(kind, ring):
        raise MoveNotAllowed(why)


def agreed_words(text: str, *, agrees: bool, left_out: bool) -> str:
    """The words as they will be quoted, in one paragraph. Refuses with `WrongInput` none, too many, and any without
    both consent and the word that nobody is told of in them."""
    words = " ".join(text.split())
    wrong = {
        "text": _wrong_length(words),
        "agrees": "" if agrees else "Nothing is quoted unless you agree to it: tick this if you do.",
        "left_out": "" if left_out else "Say that they tell of nobody: tick this once you have looked.",
    }
    errors = [FieldError(name, reason) for name, reason in wrong.items() if reason]
    if errors:
        raise WrongInput(*errors)
    return words


def _wrong_length(words: str) -> str:
    if not words:
        return "Write the words that may be quoted."
    return f"Keep it to {LONGEST} letters; this has {len(words)}." if len(words) > LONGEST else ""
