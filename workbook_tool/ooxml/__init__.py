"""The files of office programs: a zip with XML in it, opened within limits; nothing of what it says."""
