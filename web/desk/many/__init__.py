"""Deeds on many cases that are shown before they are done: setting right, letters, merging."""
