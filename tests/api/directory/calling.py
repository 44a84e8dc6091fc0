"""The directory of an organisation, as Entra ID or Okta would be it: it asks by a token that a lead made."""

from typing import Any

from httpx import Response
from scim2_client import BaseSyncSCIMClient

from tests.makers import LEADS
from tests.site import Site
from tracker.actions.people.keep_token import make_token
from tracker.rules import addresses
from tracker.rules.rings import TokenScope

SCIM = "application/scim+json"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Caller:
    """Asks for the council of RIV; `token`: another one than its own."""

    def __init__(self, site: Site, organisation: str = "council", *, token: str | None = None) -> None:
        self.client = site.stranger().client
        self.base = addresses.directory("RIV", organisation)
        self.token = directory_token(site, organisation) if token is None else token

    def ask(self, method: str, path: str, content: Any = None, **headers: str) -> Response:
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": SCIM, **headers}
        named = {name.replace("_", "-"): value for name, value in sent.items()}
        return self.client.request(method, f"{self.base}{path}", json=content, headers=named, follow_redirects=False)

    def find(self, login: str) -> dict[str, Any]:
        """The one user whose login this is."""
        answer = self.client.get(
            f"{self.base}/Users",
            params={"filter": f'userName eq "{login}"'},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        (found,) = answer.json()["Resources"]
        return dict(found)

    def create(self, login: str, name: str = "Ravi Das", **more: Any) -> Response:
        given, _, family = name.partition(" ")
        user = {"userName": login, "name": {"givenName": given, "familyName": family}, "active": True, **more}
        return self.ask("POST", "/Users", user)

    def patch(self, key: str, *operations: dict[str, Any], **headers: str) -> Response:
        return self.ask("PATCH", f"/Users/{key}", {"schemas": [PATCH_OP], "Operations": operations}, **headers)

    def set_active(self, login: str, *, active: bool) -> Response:
        return self.patch(self.find(login)["id"], {"op": "replace", "value": {"active": active}})


def directory_token(site: Site, organisation: str) -> str:
    """A new token, made by the organisation's lead."""
    with site.db.write() as session:
        lead = site.cast.actor(LEADS[organisation])
        scope = TokenScope.DIRECTORY
        return make_token(session, site.cast.partnership.id, "Entra", lead, now=site.now, scope=scope)


class TestingClient(BaseSyncSCIMClient):
    """As scim2-tester asks, by the client of a test."""

    __test__ = False

    def __init__(self, caller: Caller) -> None:
        super().__init__()
        self.caller = caller

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return True

    def _parse_json(self, response: Any) -> Any:
        return response.json()

    def request(self, method: str, url: str, **options: Any) -> Any:
        path = url.removeprefix(f"{self.caller.client.base_url}{self.caller.base}".rstrip("/"))
        path = path if path.startswith("/") else f"/{path}"
        headers = {**options.pop("headers", {}), "Authorization": f"Bearer {self.caller.token}"}
        return self.caller.client.request(method, f"{self.caller.base}{path}", headers=headers, **options)
