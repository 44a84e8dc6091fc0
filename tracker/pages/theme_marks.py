"""Draws why an issue rubs: the theme that counts, and how each side sees it."""

from tracker.pages.frames import side_class
from tracker.pages.issue_views import SideTheme, ThemeView
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement


def draw_theme(issue: Issue, arrangement: Arrangement) -> ThemeView | None:
    """The theme that counts, with up to two more; None while there is none."""
    theme = arrangement.themes.get(issue.theme or "")
    if theme is None:
        return None
    others = tuple(arrangement.themes[key].name for key in issue.other_themes if key in arrangement.themes)
    href = f"/issues?partnership={arrangement.key}&theme={theme.key}"
    return ThemeView(theme.name, href, confirmed=issue.theme_confirmed, others=others)


def draw_side_themes(issue: Issue, arrangement: Arrangement) -> tuple[SideTheme, ...]:
    """How each side sees it, once one has said."""
    sides = [(arrangement.organisations[each], issue.side(each).theme) for each in issue.side_ids]
    if not any(theme for _, theme in sides):
        return ()
    names = {key: theme.name for key, theme in arrangement.themes.items()}
    return tuple(
        SideTheme(each.name, side_class(each.position), names.get(theme or "", theme or "")) for each, theme in sides
    )
