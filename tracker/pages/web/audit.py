"""Lines of the log that say who came in and what was refused: by number, time and place, never in anybody's words."""

from ipaddress import ip_address

import structlog

from tracker.pages.web.request import Asking, visitor_in
from tracker.settings.log_lines import place_in_words

_ROUGHLY = 3  # parts of an address, /24 or /48: they tell one provider from another, and nobody's device

log = structlog.get_logger("tracker.audit")


def note(request: Asking, what: str, *, person_id: int | None = None, **more: object) -> None:
    """One line. The address is noted as its pattern: what stands in its place may be secret, or somebody's words."""
    visitor = visitor_in(request)
    log.info(
        what,
        person=person_id if person_id is not None else visitor and visitor.person_id,
        place=place_of(request),
        method=request.method,
        path=request.scope.get("path_template", ""),
        **more,
    )


def place_of(request: Asking) -> str:
    return place_in_words(request.client.host if request.client else "")


def network_of(request: Asking) -> str:
    """Roughly where somebody calls from: “192.0.2.x” or “2001:db8:1:x”, one of many there; "" where nobody knows."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    sign = "." if address.version == 4 else ":"
    parts = address.exploded.split(sign)[:_ROUGHLY]
    return sign.join([*(part.lstrip("0") or "0" for part in parts), "x"])
