"""What some kinds of event do to the course of an issue; what is not named does nothing."""

from tracker.measures.ladder_flow import EventFlags

_FLAGS = {
    "resolved": EventFlags(ends=True),
    "withdrawn": EventFlags(ends=True),
    "reopened": EventFlags(reopens=True),
    "paused": EventFlags(pauses=True),
    "resumed": EventFlags(resumes=True),
    "turned": EventFlags(restarts=True),
    "acknowledged": EventFlags(acknowledges=True),
    "acknowledgement_lapsed": EventFlags(lapses=True),
    "confirmation_asked": EventFlags(confirms=True),
}


def flags(kind: str, *, counts_after_end: bool = False) -> EventFlags:
    return _FLAGS.get(kind, EventFlags())._replace(counts_after_end=counts_after_end)
