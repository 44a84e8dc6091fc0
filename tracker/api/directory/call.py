"""A call of an organisation's directory: whose it is, what it asks, and the answer."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath
from scim2_models import (
    Context,
    InvalidFilterException,
    PreconditionFailedException,
    ResponseParameters,
    SearchRequest,
)

from tracker.api.bearer import Call
from tracker.database import Database
from tracker.exchange.directory.description import LONGEST_PAGE, USUAL_PAGE
from tracker.exchange.directory.keeping import Directory
from tracker.exchange.directory.users import POLICY, User, user_of
from tracker.queries.administration.directory import Listed, listed_people, listed_person, unlisted
from tracker.queries.administration.tokens import Bearer
from tracker.rules import addresses
from tracker.rules.arrangement import Organisation
from tracker.rules.refusals import NotThere
from tracker.rules.rings.directory import LONGEST_FILTER

SCIM = "application/scim+json"
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@dataclass(frozen=True, slots=True)
class DirectoryCall:
    """`organisation`: whose token came with it."""

    call: Call
    db: Database
    now: datetime
    partnership_id: int
    organisation: Organisation
    base: str

    @contextmanager
    def writing(self) -> Iterator[Directory]:
        """Its directory, to be changed: all that is done, or nothing."""
        with self.db.write() as session:
            yield Directory(session, self.partnership_id, self.organisation, self.now)

    def everybody(self) -> tuple[Listed, ...]:
        """Of whom it knows by now, with those who came in or were invited otherwise."""
        self._enter_who_is_new()
        with self.db.read() as session:
            return listed_people(session, self.organisation.id)

    def one(self, key: str) -> Listed:
        """As they are by now. Refuses: NotThere."""
        self._enter_who_is_new()
        with self.db.read() as session:
            return listed_person(session, self.organisation.id, key)

    def user(self, listed: Listed) -> User:
        return user_of(listed, self.base)

    def require_match(self, listed: Listed) -> User:
        """The user as it is, where that is what was asked for (RFC 7644, 3.14). Refuses:
        PreconditionFailedException."""
        user, wanted = self.user(listed), self.call.headers.get("if-match", "*")
        if not _is_named(user, wanted):
            raise PreconditionFailedException(detail="It was changed since: read it again.")
        return user

    def told(self, listed: Listed, *, status: int = 200) -> Response[bytes]:
        """One user, with as much of it as is asked for; 304 where that is known."""
        user = self.user(listed)
        meta: Any = user.meta
        headers = {"ETag": str(meta.version)}
        known = self.call.headers.get("if-none-match")
        if self.call.method == "GET" and known and _is_named(user, known):
            return Response(b"", status_code=304, headers=headers)
        if status == 201:
            headers["Location"] = str(meta.location)
        wanted = ResponseParameters[User].model_validate(self.asked, scim_policy=POLICY)
        return answer(_dumped(user, wanted), status=status, headers=headers)

    def page(self, asked: Mapping[str, Any]) -> Response[bytes]:
        """Those who are asked for, some at a time (RFC 7644, 3.4.2)."""
        _refuse_long(asked)
        wanted = SearchRequest[User].model_validate(asked, scim_policy=POLICY)
        every = (self.user(each) for each in self.everybody())
        found = wanted.sort(each for each in every if wanted.filter is None or wanted.filter.match(each))
        count = min(max(USUAL_PAGE if wanted.count is None else wanted.count, 0), LONGEST_PAGE)
        begin = max(wanted.start_index or 1, 1)
        users = [_dumped(each, wanted) for each in found[begin - 1 : begin - 1 + count]]
        counts = {"totalResults": len(found), "itemsPerPage": len(users), "startIndex": begin}
        return answer({"schemas": [_LIST], **counts, "Resources": users})

    @property
    def asked(self) -> dict[str, str]:
        """What its address asks for."""
        return {name: value for name, value in self.call.query_params.items() if value.strip()}

    def _enter_who_is_new(self) -> None:
        with self.db.read() as session:
            is_somebody_new = bool(unlisted(session, self.organisation.id))
        if is_somebody_new:
            with self.writing() as directory:
                directory.enter_everybody()


def directory_call(
    request: Call,
    bearer: NamedDependency[Bearer],
    db: NamedDependency[Database],
    now: NamedDependency[datetime],
    key: FromPath[str],
    side_key: FromPath[str],
) -> DirectoryCall:
    """The dependency `asked`. Refuses: NotThere, also where it is another organisation's."""
    agreed = bearer.arrangement(key)
    organisation = agreed.organisations[bearer.organisation_id]
    if organisation.key != side_key:
        raise NotThere(f"There is no directory of {side_key} for this token.")
    base = f"{request.app.state.settings.base_url}{addresses.directory(key, side_key)}"
    return DirectoryCall(request, db, now, agreed.id, organisation, base)


def answer(told: dict[str, Any], *, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    return Response(json.dumps(told).encode(), status_code=status, media_type=SCIM, headers=headers or {})


def _refuse_long(asked: Mapping[str, Any]) -> None:
    """Before anything of it is read. Refuses: InvalidFilterException."""
    longest = max((len(each) for each in asked.values() if isinstance(each, str)), default=0)
    if longest > LONGEST_FILTER:
        found = f"found {longest:,} letters; allowed are {LONGEST_FILTER:,}"
        raise InvalidFilterException(detail=f"filter, or another text that was asked for: {found}")


def _dumped(user: User, wanted: ResponseParameters[Any]) -> dict[str, Any]:
    told: dict[str, Any] = user.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=wanted)
    return told


def _is_named(user: User, tags: str) -> bool:
    """Whether a header names what the user is by now; weak or not, it is the same."""
    version: Any = user.meta.version if user.meta else ""
    named = {each.strip().removeprefix("W/") for each in tags.split(",")}
    return "*" in named or str(version).removeprefix("W/") in named
