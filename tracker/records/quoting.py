"""How words of an issue come to be quoted, and no longer are."""

from datetime import datetime

from tracker.records.mending import Mending
from tracker.records.quotation import Quotation
from tracker.rules.digest import Word
from tracker.rules.event_kinds import Actor
from tracker.rules.quotation_events import QuotationAgreed, QuotationWithdrawn
from tracker.rules.quoting import agreed_words, require_quotable
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.rings import Ring, Step


class Quoting(Mending):
    """The verbs of being quoted."""

    def let_quote(
        self, text: str, actor: Actor, at: datetime, *, agrees: bool, left_out: bool, once: str | None = None
    ) -> Quotation:
        """Whoever raised it lets these words be quoted (`rules.quoting.agreed_words`). Refuses with `MoveNotAllowed`
        while others of it are."""
        require_quotable(self.kind, self.ring)
        self.require(Step.QUOTE)
        if self.session.get(Quotation, self.id):
            raise MoveNotAllowed("Words of this issue are quoted already: take them back first.")
        if actor.person_id is None or actor.organisation_id is None:
            raise ValueError("only a person who spoke for an organisation is quoted")
        word = Word.of(agreed_words(text, agrees=agrees, left_out=left_out))
        quotation = Quotation(
            issue_id=self.id, event_position=self.events + 1, person_id=actor.person_id,
            organisation_id=actor.organisation_id, text=word.value, salt=word.salt, at=at,
        )  # fmt: skip
        self.session.add(quotation)
        self.append(QuotationAgreed(), actor, at, ring=self._ring_of_quoting, sealed={"text": word}, once=once)
        return quotation

    def take_words_back(self, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """They are quoted no longer. Refuses with `MoveNotAllowed` where none are."""
        self.require(Step.UNQUOTE)
        quotation = self.session.get(Quotation, self.id)
        if quotation is None:
            raise MoveNotAllowed("No words of this issue are quoted.")
        self.session.delete(quotation)
        self.session.flush()
        self.append(QuotationWithdrawn(), actor, at, ring=self._ring_of_quoting, once=once)

    @property
    def _ring_of_quoting(self) -> Ring:
        """Only whoever raised it does this, so to others it would tell who that is."""
        return Ring.ORGANISATION if self.hide_reporter else Ring.SHARED
