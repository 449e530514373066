"""A directory as a file: out to CSV and Excel, and in again, previewed, all or nothing.

columns.py says what stands in which column; writing.py writes it; reading.py makes rows of bytes, planning.py makes a
plan of rows, taking_in.py makes the plan so. Each names every mistake it finds at its row and column.
"""
