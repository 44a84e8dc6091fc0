"""Parts of pages that follow from what was agreed: drawn once, and kept for as long as the arrangement is."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any
from weakref import finalize

from markupsafe import Markup

from tracker.pages.web.page import environment
from tracker.rules.arrangement import Arrangement

_kept: dict[int, dict[Hashable, Markup]] = {}  # by the identity of an arrangement, then by what is drawn for whom


def part(template: str, macro: str, *given: Any) -> Markup:
    """A macro of a template, drawn by itself."""
    return Markup(getattr(environment().get_template(template).module, macro)(*given))


def kept_part(arrangements: Sequence[Arrangement], name: Hashable, draw: Callable[[], Markup]) -> Markup:
    """What `draw` makes of these arrangements and of nothing that `name` does not say. Of several it is drawn anew."""
    if len(arrangements) != 1:
        return draw()
    agreed, mine = arrangements[0], id(arrangements[0])
    if mine not in _kept:
        _kept[mine] = {}
        finalize(agreed, _kept.pop, mine, None).atexit = False
    parts = _kept[mine]
    if name not in parts:
        parts[name] = draw()
    return parts[name]
