"""A witness as it is reached: by HTTP, as C2SP `tlog-witness` has it."""

import structlog

from tracker.post.calls import CallFailed, Calls
from tracker.rules.proofs.witness_answers import WitnessReply
from tracker.rules.proofs.witnessing import AddCheckpoint

_log = structlog.get_logger()


def answer_of(calls: Calls, address: str, request: AddCheckpoint) -> WitnessReply | None:
    """None where it does not answer; why stands in the log alone, for it tells of what is behind an address."""
    try:
        answer = calls.post(address, "/add-checkpoint", str(request).encode())
    except CallFailed as failure:
        _log.info("a witness did not answer", why=str(failure))
        return None
    return WitnessReply(answer.status, answer.kind, answer.body.decode("utf-8", "replace"))
