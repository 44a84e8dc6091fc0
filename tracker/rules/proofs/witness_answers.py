"""What a witness answers, and what leads read of one that does not cosign."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.notes import NoteSignature, WrongNote, whole_number
from tracker.rules.proofs.witnessing import SIZE_TYPE, AddCheckpoint

GAPS = tuple(timedelta(minutes=each) for each in (1, 5, 30, 120, 360))  # before each further call of one in trouble


class WitnessTrouble(StrEnum):
    """Why a witness did not cosign."""

    AWAY = "away"
    UNKNOWN_LOG = "unknown_log"
    UNTRUSTED_KEY = "untrusted_key"
    WRONG_ANSWER = "wrong_answer"
    AHEAD = "ahead"
    ANOTHER_HISTORY = "another_history"

    @property
    def ends_asking(self) -> bool:
        """Whether nothing that is signed here can mend it: it has seen what this record no longer has."""
        return self in {WitnessTrouble.AHEAD, WitnessTrouble.ANOTHER_HISTORY}

    @property
    def text(self) -> str:
        """What leads read of it, after “its witness”."""
        return _TEXTS[self]


_TEXTS = {
    WitnessTrouble.AWAY: "does not answer",
    WitnessTrouble.UNKNOWN_LOG: "does not know this log and needs the key below",
    WitnessTrouble.UNTRUSTED_KEY: "does not trust the key of this log and needs the one below",
    WitnessTrouble.WRONG_ANSWER: "answers something else than a cosignature by its key",
    WitnessTrouble.AHEAD: "has seen checkpoints that this record no longer has",
    WitnessTrouble.ANOTHER_HISTORY: "has seen another history than the one that is here",
}


def gap_after(attempts: int) -> timedelta:
    """How long a witness is left alone after so many calls in a row that came to nothing."""
    return GAPS[min(attempts, len(GAPS)) - 1] if attempts else timedelta()


@dataclass(frozen=True, slots=True)
class WitnessReply:
    """As it came. `status`: of HTTP; `kind`: its content type."""

    status: int
    kind: str
    text: str

    @property
    def signatures(self) -> tuple[NoteSignature, ...]:
        """Of an answer that cosigns. Refuses with WrongNote what is no line of a signature."""
        return tuple(NoteSignature.read(line) for line in self.text.splitlines() if line)

    @property
    def seen_size(self) -> int | None:
        """How far the witness has seen, where it says that this is what does not fit. Refuses with WrongNote."""
        if self.status != 409 or self.kind.partition(";")[0].strip() != SIZE_TYPE:
            return None
        return whole_number(self.text.removesuffix("\n"))

    def trouble_with(self, request: AddCheckpoint) -> WitnessTrouble | None:
        """None of an answer that cosigns, and of one after which it is asked again from where it has seen. Refuses with
        WrongNote."""
        match self.status:
            case 200:
                return None
            case 403:
                return WitnessTrouble.UNTRUSTED_KEY
            case 404:
                return WitnessTrouble.UNKNOWN_LOG
            case 409:
                return self._conflict(request)
            case 422:
                return WitnessTrouble.ANOTHER_HISTORY
        return WitnessTrouble.WRONG_ANSWER

    def _conflict(self, request: AddCheckpoint) -> WitnessTrouble | None:
        seen, size = self.seen_size, TreeHead.read(request.note.text).size
        if seen is None:
            raise WrongNote("It does not say how far it has seen.")
        if seen > size:
            return WitnessTrouble.AHEAD
        return WitnessTrouble.ANOTHER_HISTORY if seen == request.old_size else None
