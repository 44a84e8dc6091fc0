"""The frame around a page: who is here, where they are and where they can go."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from tracker.pages.web.csrf import session_form_token
from tracker.pages.web.drafts import draft_key
from tracker.pages.web.request import Asking, settings_of
from tracker.queries.visitors import Visitor
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.rings import Role
from tracker.rules.wording import listed

_COLOURS = "abcdef"


def side_class(position: int) -> str:
    """The class that gives an organisation its colour, by its position in the partnership."""
    return f"side-{_COLOURS[position % len(_COLOURS)]}"


def side_here(request: Asking, visitor: Visitor) -> Organisation:
    """The organisation for which somebody reads this page: theirs in its partnership, else their first."""
    about = _about(request, visitor)
    return next((each for each in visitor.sides if about and each.id in about.organisations), visitor.sides[0])


def clock_here(request: Asking, visitor: Visitor) -> ZoneInfo:
    """The clock by which somebody reads this page: that of the organisation they read it for."""
    return side_here(request, visitor).calendar.tz


def frame_of(request: Asking, visitor: Visitor) -> dict[str, Any]:
    """The header as this person sees it on this page.

    `csrf` is the session's token; `drafts` the key to what they typed on this device; `side` the organisation in whose
    colour and zone they read, `sides` the names of all of theirs that the page is about. `partnership_key` and
    `partnership_name` are what it is about; a page that spans several has "" and "All partnerships". `address`: this
    page's own, in full, for paper. `menu`: what stands under the name; `single_keys`: these do something.
    `reads_only`: it is a copy, where nobody raises anything; `is_held`: it was restored, and is not live yet;
    `without_lead`: the names of organisations that nobody leads.
    """
    about, reads_only = _about(request, visitor), bool(request.app.state.reads_only)
    return {
        "csrf": form_token(request, visitor),
        "drafts": draft_key(request, visitor) if visitor.session else "",
        "single_keys": visitor.single_keys and not reads_only,
        "reads_only": reads_only,
        "is_held": visitor.is_held,
        "without_lead": [] if reads_only else _without_lead(visitor, about),
        "name": visitor.name,
        "initials": _initials(visitor.name),
        "side": side_here(request, visitor),
        "sides": listed(each.name for each in visitor.sides if not about or each.id in about.organisations),
        "partnership_key": about.key if about else "",
        "partnership_name": about.name if about else "All partnerships",
        "navigation": _links(request, _OF_A_COPY if reads_only else _navigation(visitor, about)),
        "menu": [] if reads_only else _links(request, _menu(visitor, about)),
        "q": request.query_params.get("q", ""),
        "address": _address(request),
    }


def form_token(request: Asking, visitor: Visitor) -> str:
    """What the forms of whoever asks carry."""
    return session_form_token(request, visitor.session, visitor.person_id) if visitor.session else ""


_OF_A_COPY = (("Issues", addresses.issues()),)


def _without_lead(visitor: Visitor, about: Arrangement | None) -> list[str]:
    here = (about,) if about else visitor.arrangements.values()
    return [organisation.name for each in here for organisation in each.without_lead]


def _initials(name: str) -> str:
    """At most two letters, for the small screen."""
    words = [word for word in name.replace(".", " ").split() if word[:1].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _address(request: Asking) -> str:
    """With what was asked, so that paper leads back to the same list, and to the same period of a report; without the
    word of a form that was just sent. "" of a link that is a secret."""
    if addresses.is_secret(request.url.path):
        return ""
    asked = "&".join(each for each in request.url.query.split("&") if not each.startswith("sent="))
    return f"{settings_of(request).base_url}{request.url.path}{f'?{asked}' if asked else ''}"


def _about(request: Asking, visitor: Visitor) -> Arrangement | None:
    """The partnership a page is about: by its address, else the only one they have."""
    known = {each.key: each for each in visitor.arrangements.values()}
    named = request.path_params.get("key") or str(request.path_params.get("ref", "")).partition("-")[0]
    if named in known:
        return known[named]
    asked = request.query_params.get("partnership", "")
    return known.get(asked) if len(known) > 1 else next(iter(known.values()))


def _navigation(visitor: Visitor, about: Arrangement | None) -> Iterable[tuple[str, str]]:
    key = (about or next(iter(visitor.arrangements.values()))).key
    yield "My desk", "/"
    yield "Issues", addresses.issues()
    yield "Bodies", addresses.BODIES
    yield "Themes", addresses.report(key, "themes")
    yield "People", addresses.people(key)


def _menu(visitor: Visitor, about: Arrangement | None) -> Iterable[tuple[str, str]]:
    yield "Your account", addresses.ACCOUNT
    yield "Keys", addresses.KEYS
    for each in (about,) if about else visitor.arrangements.values():
        if visitor.viewer.has_role(Role.LEAD, partnership_id=each.id):
            yield f"Arrangements{'' if about else f' of {each.name}'}", addresses.arrangements(each.key)


def _links(request: Asking, named: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Each with where it leads from this page: "page" (to itself), "true" (to what it is under) or ""."""
    return [(name, href, _current(request.url.path, href)) for name, href in named]


def _current(path: str, href: str) -> str:
    if path == href:
        return "page"
    under = href.removesuffix("/themes")  # the other reports of a partnership stand beside its themes
    return "true" if href != "/" and path.startswith(f"{under}/") else ""
