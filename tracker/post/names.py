"""What the DNS says of a name: asked of the resolvers of this machine, and in any case with an end."""

from dns.exception import DNSException
from dns.rdatatype import TXT
from dns.resolver import NXDOMAIN, NoAnswer, resolve

from tracker.actions.people.providers.keep_provider import CannotLookUp

LONGEST = 8.0  # seconds
MOST_TEXTS = 50


def texts_at(name: str) -> tuple[str, ...]:
    """The texts that stand there; none where there is no such name. Refuses with CannotLookUp."""
    try:
        answer = resolve(f"{name}.", TXT, lifetime=LONGEST, search=False)
    except (NXDOMAIN, NoAnswer):
        return ()
    except (DNSException, OSError) as fault:
        raise CannotLookUp(type(fault).__name__) from fault
    texts = (b"".join(each.strings).decode("utf-8", "replace") for each in answer)
    return tuple(texts)[:MOST_TEXTS]
