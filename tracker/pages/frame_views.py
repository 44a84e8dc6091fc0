"""What the frame around every page shows: who is here, where they are, where they can go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavLink:
    """One entry of the navigation. `current`: "page" (this very page), "true" (a page under it) or ""."""

    name: str
    href: str
    current: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """The header of a signed-in person's page; `None` in its place draws the page of a stranger.

    `csrf` is the session's token. `side` is the class of the organisation they act for ("side-a").
    `partnership_key` and `partnership_name` are what this page is about; a page that spans several has ""
    and "All partnerships". `address`: this page's own, in full, for paper. `navigation`: My desk, Issues,
    Bodies, Themes, People; `menu`: what stands under the name (account, arrangements).
    """

    csrf: str
    name: str
    organisation: str
    side: str
    partnership_key: str
    partnership_name: str
    navigation: tuple[NavLink, ...]
    menu: tuple[NavLink, ...] = ()
    q: str = ""
    may_raise: bool = True
    address: str = ""

    @property
    def initials(self) -> str:
        """At most two letters, for the small screen."""
        words = [word for word in self.name.replace(".", " ").split() if word[:1].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
