"""The charter file: everything a partnership agreed, as text that can be checked, planned, loaded and exported."""
