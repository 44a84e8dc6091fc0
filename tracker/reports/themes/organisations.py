"""What the theme report says of its organisations in words: who reports, what each sees, what each calls it."""

from collections.abc import Iterator

from tracker.measures.asymmetry import NO_CLEAR_DIFFERENCE, Perception
from tracker.measures.suppression import FEW, are_few
from tracker.reports.sentences import Counted, Sentence
from tracker.reports.themes.report import BothWays, Reporting, ThemeReport
from tracker.reports.themes.side_views import PairOfViews
from tracker.rules.wording import listed, say_count

NAMED, ALIKE = "named", "alike"


def raising_words(report: ThemeReport, found: BothWays) -> Iterator[Sentence]:
    """Who reports how often, in both directions; counted is what an organisation reported, by its key."""
    for place, key in enumerate(found.pair):
        people = say_count(found.people[place], "person").replace("persons", "people") + " on the record"
        by = f"{found.exposures[place]:g} {report.exposure.what}" if found.exposures else people
        ratio = f": {found.ratios[place].words}" if found.ratios else ""
        yield (f"{report.organisations[key]} reported ", Counted(str(found.raised[place]), key), f" ({by}){ratio}")


def seen_words(report: ThemeReport, found: BothWays, seen: Perception) -> str:
    """Who of the two sees more of a theme, and by how much."""
    if not seen.is_clear:
        return NO_CLEAR_DIFFERENCE
    more = found.pair[0] if (seen.gap or 0) > 0 else found.pair[1]
    low, high = (abs(100 * each) for each in seen.interval)
    return f"{report.organisations[more]} sees more of it, by {min(low, high):.0f} to {max(low, high):.0f} points"


def views_words(report: ThemeReport, found: PairOfViews) -> Sentence:
    """How far two organisations call the same issues the same; counted are NAMED and ALIKE."""
    agreement, names = found.agreement, [report.organisations[key] for key in (found.one, found.other)]
    named = Counted(say_count(agreement.total, "issue"), NAMED)
    same = ("of ", named, " that both have named, ", Counted(str(agreement.same), ALIKE), " have the same name")
    if agreement.kappa is None:
        return (f"{listed(names)}: ", *same, "; fewer than 10 are too few to say more.")
    beyond = f"beyond what chance gives, they agree by {agreement.kappa:.2f} of 1 (kappa)."
    return (f"{listed(names)}: ", *same, f"; {beyond}")


def few(people: int) -> str:
    """How many people reported: “<5” of one to four, who could be told."""
    return FEW if are_few(people) else str(people)


def reporting_words(found: Reporting) -> str:
    """How widely an organisation reports."""
    if found.is_silent:
        return f"silent: about {found.expected:.0f} reports were to be expected"
    if are_few(max(found.recent, found.before)):
        return "too few to compare"
    if found.recent == found.before:
        return "as many as before"
    return "more people than before" if found.recent > found.before else "fewer people than before"
