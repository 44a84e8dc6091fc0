"""Words without their endings, so that deliveries and delivery come out the same: Porter's algorithm for English.

M. F. Porter, An algorithm for suffix stripping, Program 14 (1980) 130-137, with what FTS5 of SQLite does
otherwise (https://www.sqlite.org/fts5.html#porter_tokenizer), against which it is tried.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_SHORTEST, _LONGEST = 3, 64  # letters of words that have endings
_LETTERS = re.compile(r"[^\W\d]+")

_PLURAL = (("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", ""))
_RESTORED = (("at", "ate"), ("bl", "ble"), ("iz", "ize"))
_DOUBLE = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("logi", "log"),
    ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"),
    ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"),
    ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
_SINGLE = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
_LAST = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "al", "er",
    "ic", "ou",
)  # fmt: skip


def stem(word: str) -> str:
    """A word in small letters without its ending. What is no word of letters stays as it is."""
    return _kept_stem(word) if _SHORTEST <= len(word) <= _LONGEST else word


@lru_cache(maxsize=20_000)
def _kept_stem(word: str) -> str:
    """Of a word that is short enough to be kept: somebody may write others as long as a text, one after the other."""
    if not _LETTERS.fullmatch(word):
        return word
    for step in (_without_plural, _without_past, _with_plain_y, _without_double, _without_single, _without_last):
        word = step(word)
    return _without_final_e(word)


def _without_plural(word: str) -> str:
    return _changed(word, _PLURAL, least=-1)


def _without_past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        start = word.removesuffix(ending)
        if start != word:
            return _restored(start) if "v" in _shape(start) else word
    return word


def _restored(start: str) -> str:
    for ending, whole in _RESTORED:
        if start.endswith(ending):
            return start.removesuffix(ending) + whole
    if len(start) > 1 and start[-1] == start[-2] and _shape(start)[-1] == "c" and start[-1] not in "lsz":
        return start[:-1]
    return f"{start}e" if _measure(start) == 1 and _is_short(start) else start


def _with_plain_y(word: str) -> str:
    return f"{word[:-1]}i" if word.endswith("y") and "v" in _shape(word[:-1]) else word


def _without_double(word: str) -> str:
    return _changed(word, _DOUBLE, least=0)


def _without_single(word: str) -> str:
    return _changed(word, _SINGLE, least=0)


def _without_last(word: str) -> str:
    if word.endswith(("sion", "tion")):
        return word[:-3] if _measure(word[:-3]) > 1 else word
    return _changed(word, ((each, "") for each in _LAST), least=1)


def _without_final_e(word: str) -> str:
    start = word.removesuffix("e")
    if start != word and (_measure(start) > 1 or (_measure(start) == 1 and not _is_short(start))):
        word = start
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word


def _changed(word: str, endings: Iterable[tuple[str, str]], *, least: int) -> str:
    """The first ending that fits gives way to another, if what stands before it is of more than this measure."""
    for ending, instead in endings:
        if word.endswith(ending):
            start = word.removesuffix(ending)
            return start + instead if _measure(start) > least else word
    return word


def _measure(start: str) -> int:
    """How often vowels are followed by consonants."""
    return _shape(start).count("vc")


def _is_short(start: str) -> bool:
    """Whether it ends with consonant, vowel, consonant, the last one none of w, x, y: hop, fil."""
    return _shape(start).endswith("cvc") and start[-1] not in "wxy"


@lru_cache(maxsize=10_000)
def _shape(start: str) -> str:
    """Consonants and vowels by letter: a y is a vowel behind a consonant."""
    shape = ""
    for letter in start:
        is_vowel = letter in "aeiou" or (letter == "y" and shape.endswith("c"))
        shape += "v" if is_vowel else "c"
    return shape
