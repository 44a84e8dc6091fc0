"""Quotations: the words that whoever raised an issue lets be quoted in reports."""

from datetime import datetime

from sqlmodel import Field

from tracker.records.columns import TableRow, hex_digits, moment
from tracker.records.issue_facts import IssueFacts
from tracker.rules.digest import Word
from tracker.rules.events.issue import QuotationAgreed, QuotationWithdrawn
from tracker.rules.events.kinds import Actor
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.reporting.quoting import agreed_words, require_quotable
from tracker.rules.rings import Ring, Step


class Quotation(TableRow, table=True):
    """What may be quoted of an issue, who agreed to it and for which organisation. Its event holds only the salted
    hash of the words, so taking them back leaves nothing of them."""

    issue_id: int = Field(foreign_key="issue.id", primary_key=True)
    event_position: int  # of its event, in the chain of the issue
    person_id: int = Field(foreign_key="person.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    text: str
    salt: str = Field(sa_type=hex_digits())
    at: datetime = Field(sa_type=moment())

    @property
    def word(self) -> Word:
        return Word(self.salt, self.text)


class Quoting(IssueFacts):
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
            issue_id=self.id,
            event_position=self.events + 1,
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            text=word.value,
            salt=word.salt,
            at=at,
        )
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
