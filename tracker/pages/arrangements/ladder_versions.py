"""Proposing another version of a ladder: any lead may; a lead of every organisation has to agree it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import ValidationError

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.defaults import settle
from tracker.exchange.charter.faults import sentence
from tracker.exchange.charter.revisions import fingerprint, with_entry
from tracker.exchange.charter.shapes import LadderShape, TierShape
from tracker.pages.arrangements.choices import choices_of
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.arrangements.ladders import newest
from tracker.pages.web.forms import Form, number_in, typed
from tracker.pages.web.parts import FormState
from tracker.pages.web.visitor import ANEW

SPARE_TIERS = 2
LENGTHS = ("keep_in_loop", "pause_cap", "agree_silence")
TEXTS = ("body", "name", "limit", "acknowledge", "warn", "or_at_most")
TICKS = ("paper", "whole_body", "external")


def read_ladder(form: Form, before: LadderShape) -> tuple[LadderShape | None, FormState]:
    """The ladder with what was typed in place of what a version fixes, or None, and the form as it goes back. Rows left
    empty are no tiers."""
    rows = [number for number in range(1, rows_in(form) + 1) if _is_filled(form, number)]
    given = {name: form.get(name) for name in (*LENGTHS, "skip") if form.get(name)}
    tiers = [_tier(form, number) for number in rows]
    said = {"key": before.key, "name": before.name, "default": before.default, **given, "tiers": tiers}
    try:
        ladder = LadderShape.model_validate({**said, "reopens_to_escalate": _number(form)})
        return ladder, FormState(values=typed(form))
    except ValidationError as wrong:
        errors = {_field(each["loc"], rows): _reason(dict(each)) for each in reversed(wrong.errors())}
        return None, FormState(values=typed(form), errors=errors, open=True)


def typed_ladder(ladder: LadderShape) -> dict[str, str]:
    """What stands in the form before anything is changed."""
    values = {name: str(getattr(ladder, name)) for name in (*LENGTHS, "skip", "reopens_to_escalate")}
    return values | typed_tiers(ladder.tiers)


def typed_tiers(tiers: Sequence[TierShape]) -> dict[str, str]:
    values: dict[str, str] = {}
    for number, tier in enumerate(tiers, start=1):
        values |= _typed_tier(number, tier)
    return values


def _typed_tier(number: int, tier: TierShape) -> dict[str, str]:
    texts = {f"{name}{number}": getattr(tier, name) or "" for name in TEXTS}
    return {**texts, **{f"{name}{number}": "yes" for name in TICKS if getattr(tier, name)}}


def rows_in(form: Form) -> int:
    numbers = [name.removeprefix("limit") for name, _ in form.multi_items() if name.startswith("limit")]
    return min(max((number_in(each) or 0 for each in numbers), default=0), 20)


def _is_filled(form: Form, number: int) -> bool:
    return any(str(form.get(f"{name}{number}") or "").strip() for name in TEXTS)


def _tier(form: Form, number: int) -> dict[str, Any]:
    texts = {name: str(form.get(f"{name}{number}") or "").strip() for name in TEXTS}
    return {
        **{name: text for name, text in texts.items() if text},
        **{name: form.get(f"{name}{number}") == "yes" for name in TICKS},
    }


def _number(form: Form) -> object:
    text = str(form.get("reopens_to_escalate") or "").strip()
    number = number_in(text)
    return text if number is None else number


def _field(loc: tuple[int | str, ...], rows: list[int]) -> str:
    """The name of the field in the form: `limit3` for what is wrong with the limit of the tier in the third row."""
    if len(loc) < 2 or not isinstance(loc[1], int):
        return str(loc[0]) if loc else "limit1"
    return f"{loc[2] if len(loc) > 2 else 'limit'}{rows[loc[1]]}"


def _reason(error: Mapping[str, Any]) -> str:
    """In the words of a page, not of the file."""
    words = sentence(LadderShape, error)
    missing = re.fullmatch(r"has no (\w+); allowed is .*", words)
    if missing:
        return f"Give a {missing[1]}, in every tier but one that is outside both."
    if not error["loc"]:
        return "Give at least one tier."
    found, _, allowed = words.partition("; allowed is ")
    return f"{found.removeprefix('found ')} does not fit here; give {allowed}."


@get("/arrangements/{key:str}/ladders/{ladder_key:str}/proposal", sync_to_thread=True)
def show_proposal(asked: NamedDependency[ArrangementRequest], ladder_key: FromPath[str]) -> Response[bytes]:
    """The form for another version, filled with the newest."""
    newest(asked.agreed, ladder_key)
    asked.require_lead()
    return _draw_form(asked, asked.charter(), ladder_key)


@post("/arrangements/{key:str}/ladders/{ladder_key:str}/proposal", sync_to_thread=True, opt=ANEW)
def propose_version(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], ladder_key: FromPath[str]
) -> Response[bytes]:
    """Another version, which waits for a lead of every organisation."""
    newest(asked.agreed, ladder_key)
    asked.require_lead()
    charter = asked.charter()
    ladder, state = read_ladder(form, charter.ladder[ladder_key])
    if ladder is None:
        return _draw_form(asked, charter, ladder_key, state, rows_in(form), 422)
    change = with_entry("ladder", settled(charter, ladder))
    speaks = asked.speaking(form)
    status, state = asked.keep(change, "ladder", ladder_key, version_in(form), state, organisation=speaks)
    if status == 303:
        return asked.sent(state, "ladders", ladder_key)
    return _draw_form(asked, asked.charter(), ladder_key, state, rows_in(form), status)


def settled(charter: Charter, ladder: LadderShape) -> LadderShape:
    """With what goes without saying."""
    return settle(charter.with_table("ladder", {**charter.ladder, ladder.key: ladder})).ladder[ladder.key]


def _draw_form(
    asked: ArrangementRequest,
    charter: Charter,
    ladder_key: str,
    state: FormState | None = None,
    rows: int = 0,
    status: int = 200,
) -> Response[bytes]:
    ladder = charter.ladder[ladder_key]
    return asked.draw(
        "ladder_version",
        status=status,
        ladder=ladder,
        address=asked.address("ladders", ladder_key),
        form=state or FormState(values=typed_ladder(ladder)),
        rows=rows or len(ladder.tiers) + SPARE_TIERS,
        choices=choices_of(charter),
        version=fingerprint(charter, "ladder", ladder_key),
    )


routes = [show_proposal, propose_version]
