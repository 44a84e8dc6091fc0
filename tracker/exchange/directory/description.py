"""What is said of this side of SCIM to whoever connects a directory (RFC 7644, 4): what it can, and what a user is."""

from functools import cache
from typing import Any

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    Context,
    ETag,
    Filter,
    ListResponse,
    Meta,
    Pagination,
    Patch,
    Resource,
    ResourceType,
    Schema,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)

from tracker.exchange.directory.users import User
from tracker.rules.refusals import NotThere

USUAL_PAGE, LONGEST_PAGE = 100, 200  # users

_CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=LONGEST_PAGE),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    pagination=Pagination(cursor=False, index=True, default_page_size=USUAL_PAGE, max_page_size=LONGEST_PAGE),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type("oauthbearertoken"),
            name="Bearer token",
            description="A token that a lead of the organisation makes for its directory.",
            primary=True,
        )
    ],
)


@cache
def _provider() -> ScimProvider:
    """Made when it is asked for: who serves waits for nothing of it."""
    return ScimProvider(models=[User], config=_CONFIG)


def configuration(base: str) -> dict[str, Any]:
    """`/ServiceProviderConfig`. `base`: the address of the organisation's directory."""
    return _told(_CONFIG, f"{base}/ServiceProviderConfig")


def resource_types(base: str) -> dict[str, Any]:
    """`/ResourceTypes`."""
    return _all([resource_type(base, str(each.id)) for each in _provider().resource_types])


def resource_type(base: str, name: str) -> dict[str, Any]:
    """One of them. Refuses: NotThere."""
    found: list[ResourceType] = [each for each in _provider().resource_types if each.id == name]
    return _one(found, f"{base}/ResourceTypes/{name}")


def schemas(base: str) -> dict[str, Any]:
    """`/Schemas`."""
    return _all([schema(base, str(each.id)) for each in _provider().schemas])


def schema(base: str, urn: str) -> dict[str, Any]:
    """One of them. Refuses: NotThere."""
    found: list[Schema] = [each for each in _provider().schemas if each.id == urn]
    return _one(found, f"{base}/Schemas/{urn}")


def _one(found: list[Any], location: str) -> dict[str, Any]:
    if not found:
        raise NotThere("There is nothing at this address.")
    return _told(found[0], location)


def _told(what: Resource[Any], location: str) -> dict[str, Any]:
    told = what.model_copy()
    told.meta = Meta(resource_type=type(what).__name__, location=location)
    return told.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)


def _all(told: list[dict[str, Any]]) -> dict[str, Any]:
    count: dict[str, int] = {"totalResults": len(told), "itemsPerPage": len(told), "startIndex": 1}
    return {"schemas": [str(ListResponse.__schema__)], **count, "Resources": told}
