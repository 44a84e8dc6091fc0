"""Every address of the site, as a function: pages, letters and files that lead somewhere ask here."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

NEW_ISSUE = "/issues/new"
BODIES = "/bodies"
ACCOUNT, KEYS = "/account", "/keys"
SIGN_IN, SIGN_OUT, LINK_SENT, KEPT_FORM = "/sign-in", "/sign-out", "/sign-in/sent", "/sign-in/kept"
CODE_ASKED, AUTHENTICATOR, CONFIRMATION = "/sign-in/code", "/account/authenticator", "/account/confirmation"
SECOND_FACTOR = "/account/second-factor"
OWN_SIGN_IN, PROVIDER_LINKS = "/sign-in/own", "/account/providers"
_SHORT = 200  # letters: what is longer somebody typed, and may be of any length


def desk(**asked: str) -> str:
    return _with("/", asked)


def issue(ref: str) -> str:
    return f"/issues/{ref}"


def ask(ref: str, number: int) -> str:
    """What is asked about an issue, below which it is answered."""
    return f"/issues/{ref}/asks/{number}"


def after_step(ref: str, word: str) -> str:
    """The issue's page, where a step was just taken: at the line that says what it did. `word`: the form's."""
    return f"{_with(issue(ref), {'sent': word})}#done" if word else issue(ref)


def after_form(address: str, seal: str) -> str:
    """A page to which a form leads, at the line that says what it did (`pages/web/step_done`)."""
    path, _, asked = address.partition("#")[0].partition("?")
    return f"{path}?{f'{asked}&' if asked else ''}sent={seal}#done"


def written_words(ref: str) -> str:
    """What was written about an issue, for leads to take out."""
    return f"/issues/{ref}/words"


def issues(filters: Mapping[str, str] | None = None) -> str:
    """The list, with these filters."""
    return _with("/issues", filters or {})


def list_file(ending: str, asked: str) -> str:
    """The list as a file, with what was asked of its page."""
    return f"/issues/list.{ending}" + (f"?{asked}" if asked else "")


def body(partnership: str, key: str, **asked: str) -> str:
    """A body's agenda."""
    return _with(f"/bodies/{partnership}/{key}", asked)


def deciding(partnership: str, body_key: str) -> str:
    """The form by which a body records a decision."""
    return f"/bodies/{partnership}/{body_key}/decisions"


def decisions(partnership: str, **asked: str) -> str:
    return _with(f"/decisions/{partnership}", asked)


def decision(partnership: str, number: int | str) -> str:
    return f"/decisions/{partnership}/{number}"


def packs(partnership: str) -> str:
    return f"/packs/{partnership}"


def pack(partnership: str, number: int, file: str = "") -> str:
    """A pack, or a `file` of it: pdf, xlsx or json."""
    return f"/packs/{partnership}/{number}" + (f"/pack.{file}" if file else "")


def report(partnership: str, name: str, **asked: str) -> str:
    """A report ("themes" or "ladder"), or a part of it ("ladder/issues")."""
    return _with(f"/reports/{partnership}/{name}", asked)


def theme(partnership: str, key: str, period: str) -> str:
    """What a report says of one theme; without a period in the one that it shows by itself."""
    return report(partnership, f"themes/{key}", **({"period": period} if period else {}))


def counted(partnership: str, asked: Mapping[str, str], months: str = "") -> str:
    """The issues that a number of the theme report of a partnership counts. `months`: the name of the period in which
    what is counted happened, or was solved where fixes are counted."""
    path = f"/reports/{partnership}/issues" + (f"/{months}" if months else "")
    return _with(path, {name: value for name, value in asked.items() if name != "partnership"})


def people(partnership: str) -> str:
    return f"/people/{partnership}"


def arrangements(partnership: str, *parts: str, **asked: str) -> str:
    """What was agreed, or a part of it: `arrangements("RIV", "bodies", "ops")`."""
    return _with("/".join((f"/arrangements/{partnership}", *parts)), asked)


def api(partnership: str) -> str:
    """What programs ask of a partnership."""
    return f"/api/v1/partnerships/{partnership}"


def directory(partnership: str, organisation: str) -> str:
    """Where the directory of an organisation says who belongs to it (SCIM)."""
    return f"/scim/v2/{partnership}/{organisation}"


def invitation(partnership: str, organisation: str, answer: str) -> str:
    """Where somebody answers an invitation: “acceptance” or “refusal”."""
    return f"/invitations/{partnership}/{organisation}/{answer}"


def link(token: str) -> str:
    """Where a sign-in link leads."""
    return f"{SIGN_IN}/{token}"


def new_address(token: str) -> str:
    """Where a link leads that makes an address theirs."""
    return f"{ACCOUNT}/address/{token}"


def is_secret(path: str) -> bool:
    """Whether it is of a link that is good for something: no page says it."""
    return path.startswith((new_address(""), link("")))


def back_from_provider(partnership: str, organisation: str) -> str:
    """To where an organisation's provider sends people back."""
    return f"{OWN_SIGN_IN}/{partnership}/{organisation}"


def to_provider(partnership: str, organisation: str) -> str:
    """From where somebody signed in goes to it."""
    return f"{PROVIDER_LINKS}/{partnership}/{organisation}"


def confirmation(*, own: bool = False) -> str:
    """Where somebody shows anew who they are; `own`: by a way of their own."""
    return _with(CONFIRMATION, {"own": "yes"} if own else {})


def code_asked(then: str = "/") -> str:
    """Where the code of whoever came by a link is asked for, before they get there."""
    return _with(CODE_ASKED, {"next": then} if then != "/" else {})


def second_factor(then: str = "") -> str:
    """Where one is shown that an organisation asks for, before they get there."""
    return _with(SECOND_FACTOR, {"next": then} if then else {})


def sign_in(then: str = "/") -> str:
    """The door; who comes in goes on to `then`."""
    return SIGN_IN if then == "/" else _with(SIGN_IN, {"next": then})


_IN_LONG_MAKING = re.compile(r"/reports/.+|/packs/[^/]+/[^/]+/pack\.[a-z]+|/issues/list\.[a-z]+")
_COMPARING = re.compile(r"/issues/similar|/decisions/[^/]+/precedents")


_CALLING = re.compile(r"/sign-in/own(/.*)?|/account/providers/.+|/arrangements/.+/sign-in/provider(/.*)?")


def may_call_outwards(path: str) -> bool:
    """Whether who answers it may wait for another server."""
    return _CALLING.fullmatch(path) is not None


def is_long_in_making(path: str) -> bool:
    """Whether it is of a report, a paper or a file of many issues."""
    return _IN_LONG_MAKING.fullmatch(path) is not None


def only_compares(path: str) -> bool:
    """Whether what is sent there is only compared with what is held: it stands in no address, and changes nothing."""
    return _COMPARING.fullmatch(path) is not None


def _with(path: str, asked: Mapping[str, str]) -> str:
    return f"{path}?{'&'.join([_encoded(name, value) for name, value in asked.items()])}" if asked else path


def _encoded(name: str, value: str) -> str:
    return _short(name, value) if len(name) + len(value) < _SHORT else urlencode({name: value})


@lru_cache(maxsize=4096)
def _short(name: str, value: str) -> str:
    """Kept: a report asks of hundreds of numbers for the same few days, themes and pairs."""
    return urlencode({name: value}, safe=",:")
