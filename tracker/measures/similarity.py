"""How alike texts are: shared words, those that are rare among the candidates weighing more."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from tracker.measures.cut_text import fold
from tracker.measures.stems import stem as root

_PIECE = re.compile(r"[^\W_]++(?:[.:/-][^\W_]++)*+")
_SIGN = re.compile(r"[.:/-]")
_LONGEST_KEPT = 64  # letters
_COMMON = frozenset(
    {
        "about",
        "after",
        "again",
        "all",
        "also",
        "and",
        "any",
        "are",
        "been",
        "before",
        "but",
        "can",
        "cannot",
        "could",
        "did",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "her",
        "his",
        "how",
        "into",
        "its",
        "more",
        "most",
        "not",
        "now",
        "off",
        "one",
        "only",
        "other",
        "our",
        "out",
        "over",
        "said",
        "she",
        "should",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "too",
        "two",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    }
)


def is_common(word: str) -> bool:
    """Whether a word says nothing of what a text is about: it is short, or one of those that every text has."""
    return len(word) < 3 or word in _COMMON


def telling_words(text: str) -> list[str]:
    """The words and numbers of a text that say what it is about, each once, in their order."""
    return list(dict.fromkeys(_telling(text)))


def stems(text: str) -> Counter[str]:
    """The telling words of a text, each as often as it stands there, cut so that their plain endings agree."""
    return Counter(map(root, _telling(text)))


def _telling(text: str) -> Iterator[str]:
    """A number that stands together with signs, as 2.49.5 or 24/7, tells more than its parts: it counts as a whole, and
    beside it what of it has two digits or more."""
    for piece in _PIECE.findall(fold(text)):
        if piece.isalpha():
            if not is_common(piece):
                yield piece
            continue
        parts = _SIGN.split(piece)
        is_number = len(parts) > 1 and all(map(str.isdigit, parts))
        if is_number:
            yield piece
        for part in parts:
            is_told = len(part) > 1 if is_number else any(map(str.isdigit, part)) or not is_common(part)
            if is_told:
                yield part


def stem(word: str) -> str:
    """A word without its plain ending: letters and letter, delayed and delay come out the same."""
    return _kept_stem(word) if len(word) <= _LONGEST_KEPT else _cut(word)


@lru_cache(maxsize=20_000)
def _kept_stem(word: str) -> str:
    """Of a word that somebody may say, and not of any as long as a text."""
    return _cut(word)


def _cut(word: str) -> str:
    for ending in ("ings", "ing", "edly", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of so many texts each stem stands."""

    texts: int
    holding: Mapping[str, int]

    @classmethod
    def of(cls, texts: Iterable[Iterable[str]]) -> "Rarity":
        """Counted over texts, each as its stems."""
        sets = [set(each) for each in texts]
        return cls(len(sets), Counter(each for stems in sets for each in stems))

    def weight(self, stem: str) -> float:
        """1 for what stands in every text, more for what is rare (inverse document frequency), most for what is new."""
        try:
            holding = self.holding[stem] or 1
        except KeyError:
            holding = 1
        return 1 + math.log((self.texts or 1) / holding)


def most_telling(text: str, rarity: Rarity, most: int) -> list[str]:
    """The words of a text that are rare and stand in it often, one for each stem, the most telling first."""
    counts, words = stems(text), {root(word): word for word in reversed(telling_words(text))}
    ordered = sorted(words, key=lambda each: -counts[each] * rarity.weight(each) ** 2)
    return [words[each] for each in ordered[:most]]


def nearest(text: str, holding: Mapping[str, Iterable[int]], rarity: Rarity, most: int) -> list[int]:
    """The keys of texts that hold most of what is telling in a text, at most so many. `holding`: for words of the text
    the keys of texts that hold them."""
    counts, scores = stems(text), dict[int, float]()
    for word, keys in holding.items():
        score = counts[root(word)] * rarity.weight(root(word)) ** 2
        for key in keys:
            scores[key] = scores.get(key, 0.0) + score
    return sorted(scores, key=lambda key: (-scores[key], -key))[:most]


def agreeing(one: str, other: str) -> int:
    """How many telling words and numbers two texts have in common."""
    return len(stems(one).keys() & stems(other).keys())


def ranked(text: str, candidates: Mapping[int, str], rarity: Rarity | None = None) -> list[tuple[int, float]]:
    """(key, cosine of the word weights) for each candidate that shares a telling word, most alike first. How rare words
    are is told from the candidates where it is not given."""
    wanted, counted = stems(text), {key: stems(each) for key, each in candidates.items()}
    rarity = rarity or Rarity.of((wanted, *counted.values()))
    weights = {word: rarity.weight(word) for word in {*wanted, *chain(*counted.values())}}
    scores = ((key, _cosine(wanted, counts, weights)) for key, counts in counted.items())
    return sorted(((key, score) for key, score in scores if score > 0), key=lambda each: -each[1])


def _cosine(one: Counter[str], other: Counter[str], weights: Mapping[str, float]) -> float:
    shared = sum(one[word] * other[word] * weights[word] ** 2 for word in one.keys() & other.keys())
    return shared / (_length(one, weights) * _length(other, weights)) if shared else 0.0


def _length(counts: Counter[str], weights: Mapping[str, float]) -> float:
    return math.sqrt(sum((count * weights[word]) ** 2 for word, count in counts.items()))
