"""Addresses of our own that came from outside: nobody is ever sent to another site."""

import re
from urllib.parse import urlencode

_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_LONGEST = 2_000
_DOORS = ("/sign-in", "/sign-out")


def local_address(text: str) -> str:
    """The text if it is a path on this site, else "/": `//host`, `/\\host`, whole addresses and odd characters are not.

    The door itself is no place to go back to either.
    """
    is_local = len(text) <= _LONGEST and _LOCAL.fullmatch(text) and not text.startswith(_DOORS)
    return text if is_local else "/"


def sign_in_address(back: str) -> str:
    """The door, and where to go from there."""
    wanted = local_address(back)
    return "/sign-in" if wanted == "/" else f"/sign-in?{urlencode({'next': wanted})}"
