"""Letters to send, without a database behind them."""

from typing import Any

from tracker.rules.letters import Letter, LetterEvent, LetterItem, RungLine, SignInLetter

ABOUT = LetterItem(
    ref="RIV-41",
    title="Letters arrive without the medication list",
    path="/issues/RIV-41",
    told=(LetterEvent("Mon 27 Apr 09:00", "Sam Okafor raised it.", words="Third letter this month.\nÄrgerlich <b>!"),),
    standing=("It is the turn of Riverside Council (Kim Tran).", "It is with Front line until Thu 30 Apr 17:00."),
    sides=("Riverside Hospitals", "Riverside Council"),
    rungs=(
        RungLine("Directors", ("Rita Moss", "")),
        RungLine("Front line", ("Sam Okafor", "Kim Tran"), now=True, ball=1),
    ),
)
SIGN_IN = SignInLetter("5" * 32, "Kim Tran", "kim@council.example", "/sign-in/secret", "20 minutes")


def letter(**other: Any) -> Letter:
    """A letter to Kim about RIV-41."""
    said: dict[str, Any] = {
        "message_id": "0" * 32,
        "to_name": "Kim Tran",
        "to_address": "kim@council.example",
        "subject": "[RIV-41] Letters arrive without the medication list",
        "partnership_key": "RIV",
        "partnership_name": "Riverside Integrated Discharge",
        "about": (ABOUT,),
        "why": "Written to Kim Tran of Riverside Council.",
        "thread": "f" * 32,
        **other,
    }
    return Letter(**said)
