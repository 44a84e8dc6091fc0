"""Texts cut into words: what is kept to be found and what is searched for are cut by the same hand."""

import re
import unicodedata
from functools import lru_cache

from tracker.measures.stems import stem

MOST_WORDS = 12  # that are searched for at once
_LONGEST = 60  # letters of a word that tell it from others
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_MARKS = re.compile(r"[\u0300-\u036f]")
# Letters that Unicode does not take apart, as people write them who do not have them; and what is not seen in a word.
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff")
)

Phrase = tuple[str, ...]


def fold(text: str) -> str:
    """A text without case and accents: Straße, STRASSE and strasse are one, and so are Übergabe and ubergabe."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _MARKS.sub("", apart).translate(_LETTERS)


def words(text: str) -> list[str]:
    """The words of a text in their order: runs of letters and digits, however common."""
    return [word[:_LONGEST] for word in _WORD.findall(_POSSESSIVE.sub("", fold(text)))]


def cut(*texts: str) -> str:
    """What a text is found by, words with a blank between: each without its ending, in their order, so that phrases are
    found; then those with an ending as they are written, so that their beginnings are."""
    written = [word for text in texts for word in words(text)]
    return " ".join((*map(stem, written), *dict.fromkeys(word for word in written if stem(word) != word)))


def phrases(text: str) -> tuple[Phrase, ...]:
    """What is searched for: words, or several that stand with signs between, as in 24/7, and are to be found so."""
    found: dict[Phrase, None] = {}
    room = MOST_WORDS
    for piece in text.split():
        if phrase := tuple(words(piece)[:room]):
            found[phrase] = None
            room -= len(phrase)
    return tuple(found)


@lru_cache(maxsize=20_000)
def by_letter(name: str) -> tuple[str, str]:
    """By which names stand in order, as people look for them: case and accents count where the letters are the same."""
    return fold(name), name
