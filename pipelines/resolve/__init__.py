"""Whom a name means: names taken apart, who bears them, and how a written name came to its firm. docs/names.md."""
