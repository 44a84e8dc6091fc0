"""Domains of mail that can be an organisation's own: not those at which everybody can have an address."""

import re

from tracker.rules.refusals import FieldError, WrongInput

LONGEST_DOMAIN = 253
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_FAMILIES = frozenset({"gmx", "hotmail", "live", "outlook", "yahoo", "yandex"})  # under one country's ending or another
_PUBLIC = """
    126.com 163.com aol.com aol.co.uk att.net bellsouth.net bigpond.com blueyonder.co.uk bluewin.ch btinternet.com
    charter.net comcast.net cox.net daum.net duck.com earthlink.net fastmail.com fastmail.fm free.fr freenet.de
    gmail.com googlemail.com hanmail.net hey.com hushmail.com icloud.com inbox.com interia.pl juno.com laposte.net
    libero.it mac.com mail.com mail.ru me.com msn.com naver.com ntlworld.com o2.pl onet.pl optonline.net orange.fr
    pm.me posteo.de proton.me protonmail.com qq.com rediffmail.com rocketmail.com sbcglobal.net seznam.cz sfr.fr
    shaw.ca sina.com sky.com skynet.be t-online.de talktalk.net telenet.be tiscali.co.uk tiscali.it tuta.com
    tutanota.com verizon.net virgilio.it virginmedia.com wanadoo.fr web.de wp.pl ymail.com zoho.com
"""
PUBLIC_MAIL = frozenset(_PUBLIC.split())


def domain_of(address: str) -> str:
    """Of an address, in lower case; "" of what is none."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def read_domain(text: str, field: str = "domain") -> str:
    """A domain that can be an organisation's own, in lower case. Refuses with WrongInput."""
    found = text.strip().lower().rstrip(".")
    if not _is_domain(found):
        raise WrongInput(FieldError(field, "Give the part behind the @ of your addresses, like hospital.example."))
    if found in PUBLIC_MAIL or _FAMILIES.intersection(found.split(".")[-3:-1]):
        raise WrongInput(FieldError(field, f"Everybody can have an address at {found}: it is nobody's own."))
    return found


def _is_domain(text: str) -> bool:
    """Whether it is a whole name of a host, and no number."""
    labels = text.split(".") if len(text) <= LONGEST_DOMAIN else []
    return len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1][:1].isdigit()
