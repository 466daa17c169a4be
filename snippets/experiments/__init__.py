"""What is measured: one question per folder, its arms in `measure.py`, its picture and words in `show.py`.

Beside the folders stands what several of them load, count or compute.
"""
