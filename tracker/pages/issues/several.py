"""What can be done to several issues at once where they are listed: on the list, and on the desk."""

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from tracker.pages.issues.steps_view import OUTCOMES, colleague_choices, theme_choices
from tracker.pages.web.forms import Form
from tracker.pages.web.kept_parts import kept_part, part
from tracker.pages.web.parts import Choice, FormState
from tracker.pages.web.visitor import Visitor
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Ring

MOST = 200
_RINGS = (Choice(Ring.ORGANISATION.value, "Only my organisation"), Choice(Ring.SHARED.value, "All sides of each"))


def marked(form: Form) -> list[str]:
    """The references that a form sends, each once."""
    return list(dict.fromkeys(str(ref) for ref in form.getall("ref", [])))[:MOST]


def fields_for_several(visitor: Visitor, arrangements: Iterable[Arrangement], form: FormState) -> Markup:
    """The fields of the form of several, drawn: the same for all of an organisation until something is filled in."""
    here = tuple(arrangements)

    def draw() -> Markup:
        return part("parts/several.html", "fields", form, _offered(visitor, here))

    return kept_part(here, ("several", visitor.viewer.organisation_ids), draw) if form == FormState() else draw()


def _offered(visitor: Visitor, here: Sequence[Arrangement]) -> dict[str, Any]:
    """What it lets one choose. `speaking_for`: of which organisations, where there are several."""
    groups = (group for each in here for group in theme_choices(each))
    mine = [(each, side) for each in here for side in visitor.viewer.in_partnership(each.id)]
    colleagues = (choice for each, side in mine for choice in colleague_choices(each, [side]))
    names = [Choice(side.organisation_key, each.organisations[side.organisation_id].name) for each, side in mine]
    return {
        "outcomes": OUTCOMES,
        "rings": _RINGS,
        "themes": list(dict(groups).items()),
        "colleagues": tuple(dict.fromkeys(colleagues)),
        "partnership": here[0].key if len(here) == 1 else "",
        "speaking_for": tuple(dict.fromkeys(names)),
    }
