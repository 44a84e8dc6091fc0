"""A page as a file that stands alone: its look inside it, no script; it opens from a disk and prints."""

from typing import Any

from markupsafe import Markup

from tracker.pages.assets import assets
from tracker.pages.drawing import environment


def kept(template: str, address: str, /, **context: Any) -> str:
    """The same template that the site draws, in the frame `kept.html`. `address`: of the site, where its links lead."""
    look = Markup(f"<style>\n{assets()['app.css'].content.decode()}</style>")
    drawn = environment().get_template(template)
    return drawn.render(context, layout="kept.html", address=address, look=look)
