"""Papers: what goes on a child's file, before a panel, into an envelope, or is printed to be filled in by hand.

Why it stands in `web`: it says what the pages say, in their words (`pages/`, `questions.py`, the forms themselves), and
draws with their templates. It knows no rule and no table: a `Reading` comes in and bytes go out.

`paper.py` is what a paper is: one frozen object. `documents.py` makes it of a disagreement, `blank.py` of a procedure.
`pdf.py` and `word.py` each write the same object, so that the two can't differ.
"""
