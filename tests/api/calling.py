"""A program of an organisation that asks by a token."""

from typing import Any

from httpx import Response

from tests.makers import LEADS
from tests.site import Site
from tracker.actions.people.keep_token import make_token

FEED = "/api/v1/partnerships/RIV/feed"


def token_of(site: Site, organisation: str, name: str = "our own copy") -> str:
    """A new token, made by the organisation's lead."""
    with site.db.write() as session:
        lead = site.cast.actor(LEADS[organisation])
        return make_token(session, site.cast.partnership.id, name, lead, now=site.now)


class Program:
    """Asks as an organisation; `token`: another one than its own."""

    def __init__(self, site: Site, organisation: str = "", token: str | None = None) -> None:
        self.client = site.stranger().client
        self.token = token_of(site, organisation) if token is None else token

    def get(self, path: str = FEED, **options: Any) -> Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.get(path, headers=headers, follow_redirects=False, **options)

    def entries(self, **asked: Any) -> list[dict[str, Any]]:
        """All of the feed, page by page."""
        found: list[dict[str, Any]] = []
        page: dict[str, Any] = {"more": True, "next": ""}
        while page["more"]:
            page = {"more": False, **self.get(params={**asked, "after": page["next"]}).json()}
            found += page.get("entries", ())
        return found
