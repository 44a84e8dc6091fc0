"""A page as a file that stands alone: its look inside it, no script; it opens from a disk and prints."""

from typing import Any

from markupsafe import Markup

from tracker.pages.assets import assets
from tracker.pages.drawing import environment
from tracker.pages.moments import READER, Reader


def kept(template: str, address: str, reader: Reader, /, **context: Any) -> str:
    """The same template that the site draws, in the frame `kept.html`. `address`: of the site, where its links lead;
    `reader`: where and when it is read, for the days in it."""
    look = Markup(f"<style>\n{assets()['app.css'].content.decode()}</style>")
    reading = READER.set(reader)
    try:
        found = environment().get_template(template)
        return found.render(context, layout="kept.html", address=address, look=look)
    finally:
        READER.reset(reading)
