"""The verbs of an issue that its sides share: mending it, handing it down, confirming, merging, writing papers."""
