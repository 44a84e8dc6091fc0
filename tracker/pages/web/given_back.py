"""What a refused form held goes back as it was typed: to whoever wrote it, and sealed from everybody else."""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from litestar.datastructures import FormMultiDict
from markupsafe import escape

from tracker.pages.web.csrf import (
    FIELD,
    door_form_token,
    from_own_site,
    is_of_the_door,
    mark_in,
    mark_of,
    session_form_token,
)
from tracker.pages.web.forms import OURS
from tracker.pages.web.request import Asking, kept_form, now_of, parts_of, settings_of, visitor_in
from tracker.rules import addresses
from tracker.settings.seals import opened, sealed

_GIVEN = "tracker.given_back"  # in the request's state: sealed once
KEPT = "kept"  # the field in which a sealed form travels
LONGEST_SEAL = 900_000  # letters: more would not come back as a form
_WRITTEN = frozenset(("text", "reason", "done", "cause", "detail", "title", "what", "how", "why", "name", "email"))

_SECRET = frozenset(("secret",))  # carried along, and shown on no page


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A form that was refused. `address`: where it goes; `token`: with which it may go there again, "" where another
    site may have sent it; `fields`: what it held, in order. Of somebody else, or where nobody can say whose it is,
    there is only the `seal`."""

    address: str = ""
    token: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    seal: str = ""

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """What somebody wrote in their own words."""
        return tuple(each for each in self.fields if _is_written(*each))

    @property
    def others(self) -> tuple[tuple[str, str], ...]:
        """What was chosen, and what the form carried by itself."""
        return tuple(each for each in self.fields if not _is_written(*each))


def given_back(request: Asking) -> GivenBack | None:
    """What the refused request sent; None where it sent nothing, or not from a page of ours."""
    state = request.scope["state"]
    if _GIVEN not in state:
        form = kept_form(request)
        state[_GIVEN] = _given(request, form) if form is not None else None
    return cast("GivenBack | None", state[_GIVEN])


def _given(request: Asking, form: FormMultiDict) -> GivenBack | None:
    texts = [(name, text.replace("\x00", "")) for name, text in form.multi_items() if isinstance(text, str)]
    fields, address = tuple(each for each in texts if each[0] != FIELD), _address(request)
    visitor, mark = visitor_in(request), mark_in(request)
    if visitor and visitor.session and hmac.compare_digest(mark, mark_of(request, visitor.person_id)):
        token = session_form_token(request, visitor.session, visitor.person_id) if from_own_site(request) else ""
        return GivenBack(address, token, fields)
    if is_of_the_door(request):
        return GivenBack(address, door_form_token(request), fields)
    return _sealed_for(request, mark, address, fields) if mark and _holds_something(fields) else None


def lost_in(request: Asking, drawn: str) -> tuple[str, ...]:
    """What somebody wrote in the form that they sent and the page that is drawn for them does not hold."""
    sent = given_back(request)
    written = [(text, str(escape(text))) for _, text in sent.written] if sent else []
    return tuple(text for text, shown in written if not any(each in drawn for each in _ways(shown)))


def unsealed(request: Asking, seal: str) -> GivenBack | None:
    """What was sealed for whoever asks now; None of what somebody else wrote, or more than seven days ago."""
    visitor = visitor_in(request)
    if visitor is None or visitor.session is None:
        return None
    text = opened(seal, _key(request, mark_of(request, visitor.person_id)), now=now_of(request))
    if text is None:
        return None
    kept = json.loads(text)
    token = session_form_token(request, visitor.session, visitor.person_id)
    return GivenBack(kept["address"], token, tuple((name, value) for name, value in kept["fields"]))


def _sealed_for(request: Asking, mark: bytes, address: str, fields: Iterable[tuple[str, str]]) -> GivenBack | None:
    text = json.dumps({"address": address, "fields": [*fields]})
    seal = sealed(text, _key(request, mark), now=now_of(request))
    return GivenBack(addresses.KEPT_FORM, door_form_token(request), seal=seal) if len(seal) <= LONGEST_SEAL else None


def _ways(shown: str) -> tuple[str, ...]:
    """How a text stands in a page: in a line, in an area, by itself."""
    return f'"{shown}"', f">\n{shown}<", f">{shown}<"


def _key(request: Asking, mark: bytes) -> bytes:
    return hmac.digest(settings_of(request).key("kept forms"), mark, "sha256")


def _address(request: Asking) -> str:
    return parts_of(str(request.url))._replace(scheme="", netloc="", fragment="").geturl()


def _holds_something(fields: Iterable[tuple[str, str]]) -> bool:
    return any(text.strip() for name, text in fields if name not in OURS)


def _is_written(name: str, text: str) -> bool:
    return (
        name not in OURS and name not in _SECRET and bool(text.strip()) and (name in _WRITTEN or len(text.split()) > 1)
    )
