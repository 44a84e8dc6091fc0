"""What the theme report says in words of what was solved: whether it stays so, what was answered, how it was done."""

from collections.abc import Iterator

from tracker.measures.periods import in_words
from tracker.queries.tallies.fixes import ALIKE, BACK, FOLLOWED
from tracker.reports.sentences import Counted, Piece, Sentence
from tracker.reports.themes.report import Lasting, ThemeReport
from tracker.rules.wording import say_count

FIXED, NOT_FIXED, UNANSWERED = "fixed", "not fixed", "unanswered"
TALKED, RESOLVED = "talked", "resolved"


def lasting_words(found: Lasting) -> Sentence:
    """Whether what was solved stays solved; counted are FOLLOWED, BACK and ALIKE."""
    return tuple(_lasting(found)) if found.fixes else ("Nothing has been solved yet that could come back.",)


def answers(report: ThemeReport) -> Sentence:
    """What was said when it was asked whether the period's issues stayed fixed; who has not answered counts for
    nothing. Counted are FIXED, NOT_FIXED and UNANSWERED."""
    found, these = report.answers, f"the issues of {in_words(report.period)}"
    if not found.asked:
        return (f"Nobody has been asked yet whether {these} stayed fixed.",)
    yes, no, unanswered = map(str, (found.yes, found.no, found.unanswered))
    return (
        f"Asked after four weeks about {these}, ", Counted(yes, FIXED), " said that it stayed fixed, ",
        Counted(no, NOT_FIXED), " that it did not; ", Counted(unanswered, UNANSWERED), " have not said.",
    )  # fmt: skip


def talked(report: ThemeReport) -> Sentence:
    """The share of the period's issues that was solved by talking on tier 1; counted are TALKED and RESOLVED."""
    share = report.talked
    if not share.n:
        return ()
    part = (Counted(str(share.k), TALKED), " of ", Counted(str(share.n), RESOLVED))
    said = part if share.percent is None else (f"{share.percent} % (", *part, ")")
    return (*said, " of the period's issues that are resolved were solved by talking on the first tier.")


def _lasting(found: Lasting) -> Iterator[Piece]:
    yield Counted("1 fix" if found.fixes == 1 else f"{found.fixes} fixes", FOLLOWED)
    yield " followed up; "
    yield Counted(str(found.back), BACK)
    yield f" came back within {say_count(found.within, 'day')}."
    if found.alike:
        yield from (" After ", Counted(str(found.alike), ALIKE), " something alike happened, which nobody has linked.")
    if found.share is None:
        yield f" Fewer than {found.least} are too few to say how long fixes last."
        return
    share, low, high = (f"{100 * each:.0f} %" for each in found.share)
    yield f" After {say_count(found.within, 'day')} {share} still last (95 % interval {low} to {high})."
