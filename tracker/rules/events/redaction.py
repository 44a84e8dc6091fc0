"""The kinds of event by which words are taken out: never the words, which are gone."""

from tracker.rules.events.kinds import EventKind, Recipients, said

# Why words are taken out, as the end of a sentence. A reason in words of one's own would say again what is to go.
WHY = {
    "person": "it tells of a person",
    "secret": "it is confidential",
    "place": "it was written in the wrong place",
    "hurtful": "it is hurtful",
}


class OfWords(EventKind):
    """Which words: `mark`, the salted hash of them; what they are called; which organisation's they are."""

    hears = frozenset({Recipients.LEADS})
    changes_words = True
    mark: str = ""
    called: str = ""
    side: str = ""
    side_name: str = said()

    @property
    def which(self) -> str:
        return f"{self.called} of {self.side_name}"


class Redacted(OfWords):
    """Words were taken out for good: a lead of the organisation that wrote them says so."""

    name = "redacted"
    why: str = ""

    def sentence(self, who: str) -> str:
        because = f": {WHY[self.why]}" if self.why in WHY else ""
        return f"{who} took out {self.which}{because}"


class WordsHidden(OfWords):
    """A lead of another side hid words from everybody, until a lead of the organisation that wrote them settles it."""

    name = "words_hidden"
    urgent = True
    why: str = ""

    def sentence(self, who: str) -> str:
        because = f": {WHY[self.why]}" if self.why in WHY else ""
        return f"{who} hid {self.which}{because}; a lead of {self.side_name} takes it out or shows it again"


class WordsShown(OfWords):
    """Words that had been hidden are shown again."""

    name = "words_shown"

    def sentence(self, who: str) -> str:
        return f"{who} showed {self.which} again"
