"""What every key of a charter file means: for the command's help and for `deploy/charter.md`."""

from collections.abc import Iterator

from pydantic import BaseModel

from tracker.exchange.charter.calendar_shape import CalendarShape, OpenDay
from tracker.exchange.charter.charter import TABLES
from tracker.exchange.charter.report_shape import ReportNumbers
from tracker.exchange.charter.shapes import (
    MembershipShape,
    PartnershipShape,
    SeatShape,
    SignInShape,
    TierShape,
    WhenShape,
)

_KEY = "What others refer to it by: up to 40 letters, digits, full stops, hyphens or underscores. It stays for good."
_LEADS = 'Who leads tier 1 for an organisation, like { north = "sam@north.example" }; else the first seat that holds.'
_ANSWERS = "The organisation that answers; left out: whoever the issue is with."

# Each place in a file: its shape, what it is, and what each of its keys means.
PLACES: dict[str, tuple[type[BaseModel], str, dict[str, str]]] = {
    "[partnership]": (PartnershipShape, "The partnership. Once.", {
        "key": "2 to 5 capital letters, its own on the server; every reference starts with them, as in RIV-41.",
        "name": "What it is called.",
        "zone": "The time zone by whose clock days are counted, by its name, like Europe/London.",
        "never_name": 'Whom issues never name, as it stands on the form, like "a passenger". Left out: it says so in '
        "general.",
        "identifiers": 'Countries whose identifying numbers are warned of before they are sent, like ["GB"]. Phone '
        "numbers, addresses of mail and dates of birth always are.",
        "paper": 'The size of paper of reports and packs: "a4", or "us-letter". Left out: "a4".',
    }),
    "[report]": (ReportNumbers, "The numbers of the report of themes, and what is asked for it. Each may be left out.",
        {name: str(field.description) for name, field in ReportNumbers.model_fields.items()}),
    "[[organisation]]": (TABLES["organisation"], "An organisation; two or more.", {
        "key": _KEY,
        "name": "What it is called.",
        "calendar": "When it is open; its keys stand below. Every two organisations need some time that they share.",
        "sign_in": "What it asks of who signs in; its keys stand below.",
    }),
    "[organisation.sign_in]": (SignInShape, "Of the [[organisation]] above it. Left out: a link is enough.", {
        "require": '"second_factor": nothing of it shows in a session that came by a link alone, without a passkey or '
        "a code of an app. Who has neither sets one up when they come next.",
    }),
    "calendar of an [[organisation]]": (CalendarShape, "Limits count the time that the sides share.", {
        "zone": "The time zone of its hours, by its name, like Europe/London.",
        "mon-fri": 'Opening hours, like ["09:00-12:30", "13:00-17:00"], of a day (mon, tue, wed, thu, fri, '
        "sat, sun) or of several. A day left out: closed.",
        "holidays": "The public holidays of a country or a part of one on which it is closed, like GB or GB-ENG.",
        "closed": "More days on which it is closed, like [2026-12-24].",
        "open": "Days with hours of their own, which stand instead of the usual ones; their keys stand below.",
    }),
    "open in a calendar": (OpenDay, "Such a day.", {
        "day": "The day, like 2026-12-27.",
        "hours": 'Its hours, like ["10:00-14:00"].',
    }),
    "[[person]]": (TABLES["person"], "Somebody who can come in. Their account is their own: a file invites them.", {
        "email": "The address to which sign-in links go; one account for each address.",
        "name": "What they are called until they have come in and say so themselves.",
        "organisation": "The key of their organisation; who has several writes organisations instead.",
        "roles": "One or more of front_line, manager, steering, lead. Each organisation needs a lead.",
        "organisations": "Instead of organisation and roles, for who has several; its keys stand below.",
    }),
    "organisations of a [[person]]": (MembershipShape, "One of them.", {
        "key": "The key of the organisation.",
        "roles": "What they are there: one or more of front_line, manager, steering, lead.",
    }),
    "[[body]]": (TABLES["body"], "A group at which people of the organisations sit opposite each other.", {
        "key": _KEY,
        "name": "What it is called.",
        "meets": 'When it meets, as calendars write it: "DTSTART;TZID=Europe/London:20260106T100000 '
        'RRULE:FREQ=WEEKLY;BYDAY=TU". Left out: when called.',
        "seats": "Who sits on it, in order; their keys stand below.",
    }),
    "seats of a [[body]]": (SeatShape, "A seat.", {
        "person": "The address of who sits there.",
        "organisation": "For which of their organisations; may be left out by who has one only.",
        "holds": "true: issues at this body's tier are theirs, and the first of their side is the counterpart.",
        "chair": "true: they chair it.",
        "deputy": "The address of who acts while they are away, and inherits the seat.",
    }),
    "[[ladder]]": (TABLES["ladder"], "An escalation path. It counts once a lead of every organisation has agreed it.", {
        "key": _KEY,
        "name": "What it is called; left out: made from the key.",
        "default": "true: issues take it unless a route says otherwise. One ladder, and one alone.",
        "keep_in_loop": "A side that does nothing for so long is asked whether it is still there.",
        "pause_cap": "Pauses at one tier last so long at most.",
        "agree_silence": "Silence about how an issue ended counts as agreement after so long.",
        "reopens_to_escalate": "Reopened for this time, an issue goes one tier higher.",
        "skip": '"anyone": a tier may be skipped without one of the reasons.',
        "tiers": "Its steps, from the front line up; their keys stand below.",
        "from": "Instead of tiers, one that ships: operational, care, contract, two-councils, or its -expedited twin.",
        "bodies": "With from: the keys of the bodies, one for each of its tiers in order.",
    }),
    "tiers of a [[ladder]]": (TierShape, "A step.", {
        "name": "What it is called; left out: as its body.",
        "body": "The key of the body that has it.",
        "limit": 'How long an issue stays: "3 working days", "4 working hours", "10 days" or "next meeting".',
        "acknowledge": "Within how long each side says that it has seen the issue; a length like those.",
        "warn": "So long before the limit its holders are warned.",
        "or_at_most": "With next meeting: how long at most where none is planned; left out: 20 working days.",
        "paper": "true: each side writes its view, and the body gets both as one paper.",
        "whole_body": "true: everybody seated on the body reads the issue; left out: as paper.",
        "external": "true: outside the organisations, like a mediator; then body and limit may be left out.",
    }),
    "[[route]]": (TABLES["route"], "Which way some issues go. The first that matches wins; none: the default ladder.", {
        "key": _KEY + " Issues show it as the reason for their way.",
        "when": "What must hold, all of it; its keys stand below. Left out: every issue.",
        "ladder": "The key of the ladder that they take.",
        "start": "The key of the body at whose tier they start; left out: the first.",
        "answers": _ANSWERS,
        "leads": _LEADS,
    }),
    "when of a [[route]]": (WhenShape, "A list each, of which one value must hold.", {
        "service_area": "Keys of service areas.",
        "severity": "minor, serious, critical.",
        "organisation": "Keys of organisations that raised it.",
        "with": "Keys of organisations that it is with.",
        "topic": "Topics of the agreement, like those of a clause.",
        "kind": "issue or early_warning.",
        "words": "Words or phrases, one of which its title or text says.",
    }),
    "[[clause]]": (TABLES["clause"], "A promise of the agreement.", {
        "key": "Its number in the agreement, like 4.2.",
        "topic": "SCOPE, ROLE, INFO, STANDARD, CHARGE, GOV, PEOPLE or RESOURCE.",
        "title": "Its heading.",
        "text": "What was promised.",
    }),
    "[[service_area]]": (TABLES["service_area"], "Where the organisations meet.", {
        "key": _KEY,
        "name": "What it is called.",
        "answers": _ANSWERS,
        "leads": _LEADS,
    }),
    "[[group]]": (TABLES["group"], "A group of themes. Left out: the five that ship.", {
        "key": _KEY,
        "name": "What it is called.",
    }),
    "[[theme]]": (TABLES["theme"], "Why it happens. Left out: the fourteen that ship.", {
        "key": _KEY,
        "group": "The key of its group.",
        "topic": "The topic of the agreement to which it belongs, like those of a clause.",
        "name": "What it is called.",
        "means": "What it means, in a sentence without a full stop.",
        "phrases": "Words and phrases by which it is suggested.",
        "ring": "tier: what carries it is kept to those who hold the issue; left out: as the issue.",
    }),
}  # fmt: skip

# Keys that are written otherwise than the field that keeps them; and two that are short for another.
_WRITTEN = {"weekly": "mon-fri"}
_SHORT = {"[[person]]": ("organisation", "roles")}


def keys_at(place: str) -> list[str]:
    """The keys that a file may have at one of PLACES."""
    fields = PLACES[place][0].model_fields
    return [*(_WRITTEN.get(name, field.alias or name) for name, field in fields.items()), *_SHORT.get(place, ())]


def reference() -> str:
    """Every key as a page of tables, in Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    for place, (_, means, keys) in PLACES.items():
        yield from (f"### `{place}`" if place.startswith("[") else f"### {place.capitalize()}", "", means, "")
        yield from ("| Key | Means |", "| --- | --- |")
        yield from (f"| `{key}` | {meaning} |" for key, meaning in keys.items())
        yield ""
