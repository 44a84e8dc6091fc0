"""The forms that stand on pages, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

WRITTEN_IN = {"text", "search", "email", "tel", "url", ""}  # kinds of input in which somebody writes
CHOSEN_IN = {"radio", "checkbox"}


@dataclass
class PageForm:
    """`fields`: what it sends untouched; `written`: the names of the fields in which somebody writes."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)


def forms_on(page: str) -> list[PageForm]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(given.get("method", "get"), given.get("action", ""))
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            self._input(self._form, given)
        elif tag == "button" and given.get("name"):  # the first: what Enter presses
            self._form.fields.setdefault(given["name"], given.get("value", ""))
        elif tag == "textarea":
            self._area = given["name"]
            self._form.fields[self._area] = ""
            self._form.written.append(self._area)
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._form.fields):
            self._form.fields[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.fields[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def _input(self, form: PageForm, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "")
        if not name or (kind in CHOSEN_IN and "checked" not in given) or kind == "file":
            return
        form.fields[name] = given.get("value", "yes" if kind in CHOSEN_IN else "")
        if kind in WRITTEN_IN:
            form.written.append(name)
