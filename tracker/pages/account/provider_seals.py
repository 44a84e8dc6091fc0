"""Who somebody is at a provider, sealed into the page that asks them whether it is they."""

import json
from datetime import datetime, timedelta

from tracker.actions.people.providers.coming import Return
from tracker.pages.web.request import Asking, settings_of
from tracker.rules.rings.id_tokens import ProvenPerson
from tracker.settings.seals import opened, sealed

_LIVES = timedelta(minutes=30)


def sealed_link(request: Asking, returned: Return, person: ProvenPerson, now: datetime) -> str:
    said = [returned.person_id, returned.sign_in.organisation_id, person.issuer, person.subject]
    return sealed(json.dumps(said), _key(request), now=now)


def link_in(request: Asking, seal: str, person_id: int, now: datetime) -> tuple[int, ProvenPerson] | None:
    """(the organisation, who they are at its provider), of what was sealed for this person just now."""
    text = opened(seal, _key(request), now=now, lives=_LIVES)
    if text is None:
        return None
    whose, organisation_id, issuer, subject = json.loads(text)
    return (organisation_id, ProvenPerson(issuer, subject)) if whose == person_id else None


def _key(request: Asking) -> bytes:
    return settings_of(request).key("provider links")
