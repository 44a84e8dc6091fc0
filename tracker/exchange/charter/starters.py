"""The starting sets that ship: ladders as found in real agreements, each with an expedited twin, and themes."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tracker.exchange.charter.faults import faults_of
from tracker.exchange.charter.shapes import GroupShape, LadderShape, PartnershipShape, ThemeShape, TierShape
from tracker.rules.deadlines import expedited
from tracker.rules.refusals import WrongFile
from tracker.rules.wording import listed, say_count

EXPEDITED = "-expedited"

_FOLDER = Path(__file__).parent.parent / "starters"


class DoesNotFit(ValueError):
    """A ladder and its starter do not fit together; the message names what was found and what is allowed."""


@cache
def ladders() -> dict[str, dict[str, Any]]:
    """The starter ladders by key, twins included (half of each limit, rounded up, at least one working day)."""
    starters = {each["key"]: each for each in _read("ladders.toml")["ladder"]}
    return starters | {f"{key}{EXPEDITED}": _twin(each) for key, each in starters.items()}


@cache
def themes() -> tuple[dict[str, GroupShape], dict[str, ThemeShape]]:
    """The groups and themes of friction that a partnership starts with."""
    read = _read("themes.toml")
    groups = [GroupShape(**each) for each in read["group"]]
    found = [ThemeShape(**each) for each in read["theme"]]
    return {each.key: each for each in groups}, {each.key: each for each in found}


def new_charter(key: str) -> str:
    """A charter of two organisations to begin from, with what each line is for. Refuses a wrong key: WrongFile."""
    try:
        PartnershipShape(key=key, name=key, zone="UTC")
    except ValidationError as wrong:
        raise WrongFile(*faults_of("KEY", PartnershipShape, wrong)) from None
    return (_FOLDER / "charter.toml").read_text(encoding="utf-8").replace("KEY", key)


def bound(ladder: LadderShape) -> LadderShape:
    """A ladder with the tiers of its starter on its bodies, in order. Refuses: DoesNotFit."""
    starter = ladders()[ladder.starter or ""]
    own = {name: getattr(ladder, name) for name in ladder.model_fields_set - {"starter", "bodies"}}
    said: dict[str, Any] = {name: starter[name] for name in ("name", "skip") if name in starter}
    tiers = [{**tier, "body": body} for tier, body in zip(starter["tiers"], _bodies(ladder), strict=True)]
    return LadderShape(**{**said, **own, "tiers": tuple(TierShape(**tier) for tier in tiers)})


def _bodies(ladder: LadderShape) -> tuple[str | None, ...]:
    """A body for each tier; external tiers may go without."""
    tiers = ladders()[ladder.starter or ""]["tiers"]
    bound_tiers = [tier for tier in tiers if not tier.get("external")]
    if len(ladder.bodies) == len(bound_tiers):
        left = iter(ladder.bodies)
        return tuple(None if tier.get("external") else next(left) for tier in tiers)
    if len(ladder.bodies) != len(tiers):
        needed = listed(tier["name"] for tier in bound_tiers)
        found = say_count(len(ladder.bodies), "entry").replace("entrys", "entries")
        raise DoesNotFit(f"found {found}; allowed is one body for each tier of {ladder.starter}: {needed}")
    return ladder.bodies


def _twin(starter: dict[str, Any]) -> dict[str, Any]:
    return starter | {
        "key": f"{starter['key']}{EXPEDITED}",
        "name": f"{starter['name']}, expedited",
        "tiers": [_quicker(tier) for tier in starter["tiers"]],
    }


def _quicker(tier: dict[str, Any]) -> dict[str, Any]:
    return tier | {name: expedited(tier[name]) for name in ("limit", "or_at_most") if name in tier}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
