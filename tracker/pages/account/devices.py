"""Browsers as people recognise them: by name, system and, roughly, the network they are in."""

from tracker.pages.web.audit import network_of
from tracker.pages.web.request import Asking

# First match wins: nearly every browser also calls itself by the names of others.
_BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "FxiOS": "Firefox", "SamsungBrowser": "Samsung"}
_BROWSERS |= {"CriOS": "Chrome", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {"iPhone": "an iPhone", "iPad": "an iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "a Mac"}
_SYSTEMS |= {"CrOS": "a Chromebook", "Linux": "Linux"}


def device_words(agent: str) -> str:
    """“Firefox on Windows”; “an unknown browser” where it says nothing known."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in agent), "an unknown browser")
    system = next((f" on {name}" for sign, name in _SYSTEMS.items() if sign in agent), "")
    return browser + system


def browser_words(request: Asking) -> str:
    """“Firefox on Windows, from the network 192.0.2.x”."""
    words, network = device_words(request.headers.get("user-agent", "")), network_of(request)
    return f"{words}, from the network {network}" if network else words
