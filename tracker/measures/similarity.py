"""How alike texts are: shared words, those that are rare among the candidates weighing more."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = frozenset(
    {
        "about", "after", "again", "all", "also", "and", "any", "are", "been", "before", "but", "can", "cannot",
        "could", "did", "does", "for", "from", "had", "has", "have", "her", "his", "how", "into", "its", "more",
        "most", "not", "now", "off", "one", "only", "other", "our", "out", "over", "said", "she", "should", "some",
        "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "too", "two",
        "was", "were", "what", "when", "where", "which", "while", "who", "will", "with", "would", "you", "your",
    }
)  # fmt: skip


def is_common(word: str) -> bool:
    """Whether a word says nothing of what a text is about: it is short, or one of those that every text has."""
    return len(word) < 3 or word in _COMMON


def telling_words(text: str) -> list[str]:
    """The words of a text that say what it is about, each once, in their order."""
    return list(dict.fromkeys(word for word in _WORD.findall(text.casefold()) if word not in _COMMON))


def ranked(text: str, candidates: Mapping[int, str]) -> list[tuple[int, float]]:
    """(key, cosine of the word weights) for each candidate that shares a telling word, most alike first."""
    wanted = Counter(_stems(text))
    counted = {key: Counter(_stems(each)) for key, each in candidates.items()}
    weights = _weights([wanted, *counted.values()])
    scores = ((key, _cosine(wanted, counts, weights)) for key, counts in counted.items())
    return sorted(((key, score) for key, score in scores if score > 0), key=lambda each: -each[1])


def _stems(text: str) -> list[str]:
    """Words cut so that their plain endings agree: letters and letter, delayed and delay."""
    return [_stem(word) for word in _WORD.findall(text.casefold()) if word not in _COMMON]


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "edly", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _weights(texts: Sequence[Counter[str]]) -> dict[str, float]:
    documents = Counter(word for counts in texts for word in counts)
    return {word: 1 + math.log(len(texts) / count) for word, count in documents.items()}


def _cosine(one: Counter[str], other: Counter[str], weights: Mapping[str, float]) -> float:
    shared = sum(one[word] * other[word] * weights[word] ** 2 for word in one.keys() & other.keys())
    return shared / (_length(one.items(), weights) * _length(other.items(), weights)) if shared else 0.0


def _length(counts: Iterable[tuple[str, int]], weights: Mapping[str, float]) -> float:
    return math.sqrt(sum((count * weights[word]) ** 2 for word, count in counts))
