"""How one cell of a source is read: text, dates, money, status, credit codes, and what in it is personal.

Every reader is a pure function of the text it is given. What cannot be read for certain comes back as None
(or UNKNOWN) and its raw text is kept beside it; nothing is guessed.
"""
