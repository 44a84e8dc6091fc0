"""What is typed and not sent yet stays on the device: the key to it, and word that it was sent (`static/drafts.js`)."""

import hmac
import re

from tracker.pages.web.csrf import covered
from tracker.pages.web.request import Asking, settings_of
from tracker.queries.visitors import Visitor

DRAFT = "draft"  # the field by which a form says under which name it lies on the device
SENT = "tracker-sent"  # the cookie that says it was taken; scripts read it, and nothing is in it but that name
_NAME = re.compile(r"[0-9a-f]{32}")
_SECONDS = 120


def draft_key(request: Asking, visitor: Visitor) -> str:
    """The key of this person, in whatever session, until they are signed out everywhere. Covered, as tokens are."""
    whose = f"{visitor.person_id}:{visitor.draft_turn}".encode()
    return covered(hmac.digest(settings_of(request).key("drafts"), whose, "sha256"))


def sent_cookie(name: object, *, is_https: bool) -> str | None:
    """The cookie for a form that was taken, by the name it gave; None where it gave none."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return None
    return f"{SENT}={name}; Max-Age={_SECONDS}; Path=/; SameSite=Strict{'; Secure' if is_https else ''}"
