"""The addresses of SCIM below an organisation's own: users, and what is said of this side of it."""

from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, RawBody

from tracker.api.directory.call import DirectoryCall, answer, directory_call
from tracker.exchange.directory import description
from tracker.exchange.directory.users import object_in, patched, read_patch, read_user
from tracker.rules.refusals import NotThere

_AT = "/scim/v2/{key:str}/{side_key:str}"
_CALL = {"asked": Provide(directory_call, sync_to_thread=False)}


@get(f"{_AT}/Users", sync_to_thread=True, dependencies=_CALL)
def list_users(asked: NamedDependency[DirectoryCall]) -> Response[bytes]:
    """Who belongs, is invited, or did once, as the directory calls them."""
    return asked.page(asked.asked)


@post(f"{_AT}/.search", sync_to_thread=True, status_code=200, dependencies=_CALL)
def search(asked: NamedDependency[DirectoryCall], body: RawBody) -> Response[bytes]:
    """Of all that there is, which is users."""
    return asked.page(object_in(body))


@post(f"{_AT}/Users/.search", sync_to_thread=True, status_code=200, dependencies=_CALL)
def search_users(asked: NamedDependency[DirectoryCall], body: RawBody) -> Response[bytes]:
    """The same, asked in what is sent: so that no name stands in an address."""
    return asked.page(object_in(body))


@post(f"{_AT}/Users", sync_to_thread=True, dependencies=_CALL)
def create_user(asked: NamedDependency[DirectoryCall], body: RawBody) -> Response[bytes]:
    """Somebody is invited; the answer says what was said, whether or not others know them."""
    user = read_user(body)
    with asked.writing() as directory:
        created = directory.create(user)
    return asked.told(created, status=201)


@get(f"{_AT}/Users/{{user_key:str}}", sync_to_thread=True, dependencies=_CALL)
def show_user(asked: NamedDependency[DirectoryCall], user_key: FromPath[str]) -> Response[bytes]:
    """One of them."""
    return asked.told(asked.one(user_key))


@put(f"{_AT}/Users/{{user_key:str}}", sync_to_thread=True, dependencies=_CALL)
def replace_user(asked: NamedDependency[DirectoryCall], body: RawBody, user_key: FromPath[str]) -> Response[bytes]:
    """As a whole; of whom nothing is said whether they are active, that stays as it is."""
    with asked.writing() as directory:
        listed = directory.find(user_key)
        was = asked.require_match(listed)
        user = read_user(body, active=listed.belonging.is_here)
        changed = directory.change(listed, was, user)
    return asked.told(changed)


@patch(f"{_AT}/Users/{{user_key:str}}", sync_to_thread=True, dependencies=_CALL)
def change_user(asked: NamedDependency[DirectoryCall], body: RawBody, user_key: FromPath[str]) -> Response[bytes]:
    """In part. What was sent is read before anybody else has to wait for it."""
    sent = read_patch(body)
    with asked.writing() as directory:
        listed = directory.find(user_key)
        was = asked.require_match(listed)
        changed = directory.change(listed, was, patched(was, sent))
    return asked.told(changed)


@delete(f"{_AT}/Users/{{user_key:str}}", sync_to_thread=True, status_code=204, dependencies=_CALL)
def remove_user(asked: NamedDependency[DirectoryCall], user_key: FromPath[str]) -> None:
    """They belong no more, and the directory knows them no more."""
    with asked.writing() as directory:
        listed = directory.find(user_key)
        asked.require_match(listed)
        directory.remove(listed)


@get(f"{_AT}/ServiceProviderConfig", sync_to_thread=True, dependencies=_CALL)
def show_configuration(asked: NamedDependency[DirectoryCall]) -> Response[bytes]:
    """What it can."""
    return answer(description.configuration(asked.base))


@get(f"{_AT}/ResourceTypes", sync_to_thread=True, dependencies=_CALL)
def list_resource_types(asked: NamedDependency[DirectoryCall]) -> Response[bytes]:
    """Users alone."""
    return answer(description.resource_types(asked.base))


@get(f"{_AT}/ResourceTypes/{{name:str}}", sync_to_thread=True, dependencies=_CALL)
def show_resource_type(asked: NamedDependency[DirectoryCall], name: FromPath[str]) -> Response[bytes]:
    """One kind."""
    return answer(description.resource_type(asked.base, name))


@get(f"{_AT}/Schemas", sync_to_thread=True, dependencies=_CALL)
def list_schemas(asked: NamedDependency[DirectoryCall]) -> Response[bytes]:
    """What a user is made of."""
    return answer(description.schemas(asked.base))


@get(f"{_AT}/Schemas/{{name:str}}", sync_to_thread=True, dependencies=_CALL)
def show_schema(asked: NamedDependency[DirectoryCall], name: FromPath[str]) -> Response[bytes]:
    """One kind."""
    return answer(description.schema(asked.base, name))


@get(f"{_AT}/{{rest:path}}", sync_to_thread=True, dependencies=_CALL)
def show_nothing(asked: NamedDependency[DirectoryCall], rest: FromPath[str]) -> Response[bytes]:
    """Groups, and whatever else is asked for: in the form of SCIM, too."""
    raise NotThere("There is nothing at this address.")


routes = [
    list_users, search, search_users, create_user, show_user, replace_user, change_user, remove_user,
    show_configuration, list_resource_types, show_resource_type, list_schemas, show_schema, show_nothing,
]  # fmt: skip
