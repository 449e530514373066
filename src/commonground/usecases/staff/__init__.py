"""Changing a directory: who is in which post, who is away, which agencies there are, and who looks after it all.

Every change here is one transaction with the line that says who made it (people/changes.py). Each asks first whether it
is this person's to make (people/administering.py); what is not, and what is not there, are the same `NotInCharge`.

No change is refused because a disagreement depends on it, or because a post would be left with nobody: a directory that
can't say what is so would strand a child. Pages say before who answers then (then.py), and people/staffing.py always
finds somebody. What can be refused is only what makes no sense as it was typed: a `Mistake`.
"""
