"""What kind of device a browser says it is on."""

import pytest

from tracker.pages.account.devices import device_words

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36": "Chrome on Windows",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0": "Edge on Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5) Version/17.5 Safari/605.1.15": "Safari on a Mac",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1": "Safari on an iPhone",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36": "Chrome on Android",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0": "Firefox on Linux",
    "curl/8.0": "an unknown browser",
    "": "an unknown browser",
}


@pytest.mark.parametrize("agent, words", AGENTS.items(), ids=AGENTS.values())
def test_a_device_is_said_in_words_somebody_recognises(agent: str, words: str) -> None:
    assert device_words(agent) == words
