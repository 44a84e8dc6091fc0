"""Tries at a code are counted, also where several come at once."""

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select

from tests.makers import MONDAY, Cast
from tracker.actions.people.try_code import show_code, try_code
from tracker.actions.welcome import AskingBrowser, LinkIsSpent, ask_for_link, spend_link
from tracker.database import Database
from tracker.records.session import MOST_CODE_TRIES, SignInLink, link_code

KEY = b"k" * 32
BROWSER = AskingBrowser("secret of the browser", "", "Firefox on Windows")


def test_of_many_tries_at_once_five_are_counted_and_then_the_link_is_spent(db: Database, cast: Cast) -> None:
    _asked(db)
    with ThreadPoolExecutor(6) as at_once:
        left = [*at_once.map(lambda _: _tries(db, "BBBBBBBB"), range(MOST_CODE_TRIES + 4))]
    assert sorted(each for each in left if each is not None) == [*range(MOST_CODE_TRIES)]
    with db.read() as session:
        link = session.exec(select(SignInLink)).one()
        assert (link.code_tries, link.spent_at) == (MOST_CODE_TRIES, MONDAY)


def test_of_several_who_type_the_right_code_at_once_one_comes_in(db: Database, cast: Cast) -> None:
    code = _asked(db)
    with ThreadPoolExecutor(4) as at_once:
        assert sorted(at_once.map(lambda _: _comes_in(db, code), range(4))) == [False] * 3 + [True]


def _asked(db: Database) -> str:
    """The code of a link that was asked for and opened elsewhere."""
    with db.write() as session:
        ask_for_link(session, "sam@acute.example", now=MONDAY, key=KEY, browser=BROWSER)
        session.flush()
        link = session.exec(select(SignInLink)).one()
        show_code(session, link.token(KEY), now=MONDAY)
        return link_code(KEY, link.nonce)


def _tries(db: Database, code: str) -> int | None:
    """How many more tries are left; None where there was none."""
    try:
        with db.write() as session:
            return try_code(session, BROWSER.secret, code, now=MONDAY, key=KEY).left
    except LinkIsSpent:
        return None


def _comes_in(db: Database, code: str) -> bool:
    try:
        with db.write() as session:
            token = try_code(session, BROWSER.secret, code, now=MONDAY, key=KEY).token or ""
        with db.write() as session:
            spend_link(session, token, now=MONDAY, secret=BROWSER.secret)
    except LinkIsSpent:
        return False
    return True
