"""What sides do with an issue together: handing it down, merging, writing a paper."""
