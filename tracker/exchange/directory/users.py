"""A user of SCIM (RFC 7643, 4.1), with as much as a membership is made of: all else that is sent is let go."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Annotated, Any

from pydantic import StringConstraints, TypeAdapter, ValidationError
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    Context,
    InvalidPathException,
    InvalidSyntaxException,
    InvalidValueException,
    Meta,
    PatchOp,
    Required,
    Resource,
    ScimPolicy,
    Uniqueness,
)

from tracker.exchange.charter.fields import Email
from tracker.queries.administration.directory import Listed
from tracker.rules.letters import DELIVERABLE
from tracker.rules.rings.directory import LONGEST_FILTER, MOST_OPERATIONS, ToldAddress, ToldPerson, address_of, name_of

# What Entra ID and Okta send and the standards do not have: attributes of other schemas, which are let go; a removal
# with the value in its body; a path that describes an address which is to be added.
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
MOST_ADDRESSES = 20
_Short = Annotated[str, StringConstraints(max_length=320, pattern=r"^[^\x00]*$")]
_ADDRESS: TypeAdapter[str] = TypeAdapter(Email)


class UserName(ComplexAttribute):
    """The parts of a name."""

    formatted: _Short | None = None
    family_name: _Short | None = None
    given_name: _Short | None = None


class UserAddress(ComplexAttribute):
    """An address of theirs."""

    value: Annotated[_Short | None, Required.true] = None
    display: _Short | None = None
    type: _Short | None = None
    primary: bool | None = None


class User(Resource[Any]):
    """Somebody who belongs to the organisation."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    external_id: Annotated[_Short | None, CaseExact.true] = None
    user_name: Annotated[_Short | None, Uniqueness.server, Required.true] = None
    name: UserName | None = None
    display_name: _Short | None = None
    emails: Annotated[list[UserAddress] | None, Required.true] = None
    active: Annotated[bool | None, Required.true] = None

    @property
    def login(self) -> str:
        """By which it is found."""
        return (self.user_name or "").strip().lower()

    def told(self) -> ToldPerson:
        """What is said of them."""
        emails = (ToldAddress(each.value or "", each.type or "", bool(each.primary)) for each in self.emails or ())
        return ToldPerson(address_of(emails), self._called(), bool(self.active))

    def checked(self) -> "User":
        """The same. Refuses with InvalidValueException what nobody could be, or could not be written to; of who is not
        active, nothing but the size."""
        if not self.login:
            raise InvalidValueException(detail="userName is empty; allowed is what they sign in with")
        count = len(self.emails or ())
        if count > MOST_ADDRESSES:
            raise InvalidValueException(detail=f"emails: found {count}; allowed are {MOST_ADDRESSES}")
        if self.active:
            _check(self.told().address)
        return self

    def kept(self) -> dict[str, Any]:
        """What is kept of it and told again: all but whether they belong, which others may change."""
        said: dict[str, Any] = self.model_dump(scim_ctx=Context.DEFAULT)
        return {name: value for name, value in said.items() if name not in {"schemas", "id", "meta", "active"}}

    def _called(self) -> str:
        name = self.name or UserName()
        return name_of(
            given=name.given_name or "",
            family=name.family_name or "",
            display=self.display_name or "",
            formatted=name.formatted or "",
            login=self.user_name or "",
        )


def read_user(body: bytes, *, active: bool = True) -> User:
    """What was sent, as a whole. `active`: where nothing is said of it. Who has no address has it for a login. Refuses:
    ValidationError, and InvalidSyntaxException."""
    sent = object_in(body)
    names = {name.lower() for name in sent}
    login = next((value for name, value in sent.items() if name.lower() == "username"), "")
    if "emails" not in names and isinstance(login, str) and "@" in login:
        sent["emails"] = [{"value": login, "primary": True}]
    if "active" not in names:
        sent["active"] = active
    return User.model_validate(sent, scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=POLICY).checked()


def read_patch(body: bytes) -> PatchOp[User]:
    """What is to be done to a user. Refuses: ValidationError, and SCIMException."""
    sent = object_in(body)
    count = max((len(each) for each in sent.values() if isinstance(each, list)), default=0)
    if count > MOST_OPERATIONS:
        raise InvalidValueException(detail=f"Operations: found {count:,}; allowed are {MOST_OPERATIONS}")
    operations = (each for value in sent.values() if isinstance(value, list) for each in value)
    fields = (field for each in operations if isinstance(each, dict) for field in each.items())
    paths = (text for name, text in fields if name.lower() == "path" and isinstance(text, str))
    if (longest := max(map(len, paths), default=0)) > LONGEST_FILTER:
        raise InvalidPathException(detail=f"path: found {longest:,} letters; allowed are {LONGEST_FILTER:,}")
    return PatchOp[User].model_validate(sent, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=POLICY)


def patched(user: User, sent: PatchOp[User]) -> User:
    """The user after what was sent (RFC 7644, 3.5.2). Refuses: ValidationError, and SCIMException."""
    after = user.model_copy(deep=True)
    sent.patch(after, scim_policy=POLICY)
    return after.checked()


def user_of(listed: Listed, base: str) -> User:
    """As it is told. `base`: the address below which users are."""
    entry = listed.entry
    user = User.model_validate({**entry.said, "active": listed.belonging.is_here}, scim_policy=POLICY)
    user.id = entry.key
    said = json.dumps([entry.said, user.active], sort_keys=True)
    user.meta = Meta(
        resource_type="User",
        created=entry.made_at,
        last_modified=entry.changed_at,
        location=f"{base}/Users/{entry.key}",
        version=f'W/"{sha256(said.encode()).hexdigest()[:16]}"',
    )
    return user


def said_of(address: str, name: str) -> dict[str, Any]:
    """What is told of somebody of whom the directory has said nothing yet."""
    return {"userName": address, "displayName": name, "emails": [{"value": address, "primary": True}]}


def first_error(wrong: ValidationError) -> Mapping[str, Any]:
    """The first thing that is wrong; there is room for one."""
    every: Iterable[Any] = wrong.errors(include_url=False)
    return next(iter(every))


def object_in(body: bytes) -> dict[str, Any]:
    """Refuses: InvalidSyntaxException."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidSyntaxException(detail="What was sent is no JSON.") from None
    if not isinstance(found, dict):
        raise InvalidSyntaxException(detail="What was sent is no JSON object.")
    return found


def _check(address: str) -> None:
    try:
        _ADDRESS.validate_python(address)
    except ValidationError:
        found = f"found “{address[:80]}”" if address else "found none"
        raise InvalidValueException(detail=f"emails: {found}; allowed is {DELIVERABLE}") from None
