"""Lists of people: read however they were pasted, planned before anything is done, taken in at once, written again."""
