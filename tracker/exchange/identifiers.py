"""The numbers by which countries identify people, for a charter to name: `identifiers = ["GB"]`.

python-stdnum knows how each is checked; here stands how it is called, and its shape.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module

from tracker.rules.identifiers import NumberKind

_SEPARATED = r"[ ./-]?"


def _digits(count: int) -> str:
    return rf"(?<![\w+-])\d(?:{_SEPARATED}\d){{{count - 1}}}(?![\w-])"


_NATIONAL_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE)

# By country: the module of python-stdnum, how the number is called, and its shape.
_KINDS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "AT": (("at.vnr", "an Austrian insurance number", _digits(10)),),
    "AU": (("au.tfn", "an Australian tax file number", _digits(9)),),
    "BE": (("be.nn", "a Belgian national number", _digits(11)),),
    "BG": (("bg.egn", "a Bulgarian personal number", _digits(10)),),
    "BR": (("br.cpf", "a Brazilian CPF", _digits(11)),),
    "CA": (("ca.sin", "a Canadian social insurance number", _digits(9)),),
    "CH": (("ch.ssn", "a Swiss insurance number", _digits(13)),),
    "CZ": (("cz.rc", "a Czech birth number", _digits(10)),),
    "DE": (("de.idnr", "a German tax identification number", _digits(11)),),
    "DK": (("dk.cpr", "a Danish CPR number", _digits(10)),),
    "EE": (("ee.ik", "an Estonian personal code", _digits(11)),),
    "ES": (
        ("es.dni", "a Spanish DNI", r"\b\d{8}[ -]?[A-Za-z]\b"),
        ("es.nie", "a Spanish NIE", r"\b[XYZxyz][ -]?\d{7}[ -]?[A-Za-z]\b"),
    ),
    "FI": (("fi.hetu", "a Finnish identity code", r"\b\d{6}[-+A-FU-Ya-fu-y]\d{3}\w\b"),),
    "FR": (("fr.nir", "a French insurance number", rf"(?<!\w)[12](?:{_SEPARATED}[\dABab]){{14}}(?!\w)"),),
    "GB": (("gb.nhs", "an NHS number", _digits(10)),),
    "GR": (("gr.amka", "a Greek AMKA", _digits(11)),),
    "HR": (("hr.oib", "a Croatian OIB", _digits(11)),),
    "IE": (("ie.pps", "an Irish PPS number", r"\b\d{7}[A-Wa-w][A-Ia-iWw]?\b"),),
    "IL": (("il.idnr", "an Israeli identity number", _digits(9)),),
    "IN": (("in_.aadhaar", "an Aadhaar number", _digits(12)),),
    "IS": (("is_.kennitala", "an Icelandic kennitala", _digits(10)),),
    "IT": (("it.codicefiscale", "an Italian tax code", r"\b[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z]\b"),),
    "LT": (("lt.asmens", "a Lithuanian personal code", _digits(11)),),
    "MX": (("mx.curp", "a Mexican CURP", r"\b[A-Za-z]{4}\d{6}[A-Za-z]{6}\w\d\b"),),
    "NL": (("nl.bsn", "a Dutch BSN", _digits(9)),),
    "NO": (("no.fodselsnummer", "a Norwegian birth number", _digits(11)),),
    "NZ": (("nz.ird", "a New Zealand IRD number", _digits(9)),),
    "PL": (("pl.pesel", "a Polish PESEL", _digits(11)),),
    "PT": (("pt.nif", "a Portuguese NIF", _digits(9)),),
    "RO": (("ro.cnp", "a Romanian CNP", _digits(13)),),
    "SE": (("se.personnummer", "a Swedish personal number", r"(?<!\w)(?:\d{2})?\d{6}[-+]?\d{4}(?!\w)"),),
    "SI": (("si.emso", "a Slovenian EMŠO", _digits(13)),),
    "TR": (("tr.tckimlik", "a Turkish identity number", _digits(11)),),
    "US": (("us.ssn", "a US social security number", r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"),),
    "ZA": (("za.idnr", "a South African identity number", _digits(13)),),
}
COUNTRIES = tuple(_KINDS)


def kinds_of(countries: Iterable[str]) -> tuple[NumberKind, ...]:
    """The numbers of these countries."""
    return tuple(kind for country in countries for kind in _kinds(country))


@cache
def _kinds(country: str) -> tuple[NumberKind, ...]:
    found = tuple(NumberKind(called, re.compile(shape), _check(name)) for name, called, shape in _KINDS[country])
    more = (NumberKind("a National Insurance number", _NATIONAL_INSURANCE),) if country == "GB" else ()
    return (*found, *more)


def _check(name: str) -> Callable[[str], bool]:
    is_valid: Callable[[str], bool] = import_module(f"stdnum.{name}").is_valid
    return lambda text: bool(is_valid(re.sub(r"[./]", "", text)))
