"""The forms: they check shape only. What may be done is for `decide`; what is missing is shown as missing."""
