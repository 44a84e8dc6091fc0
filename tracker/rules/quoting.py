"""Words that may be quoted in reports: of which issues, and what whoever raised one agrees to (statistics.md 8)."""

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
