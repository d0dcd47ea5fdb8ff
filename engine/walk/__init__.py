"""A trained network walked through with one picture: every operation, its output, and its sums.

- ``operations``: the operations in the order in which they run, and what each gave.
- ``layers``: which of them a screen shows as a column of maps, and where; long nets come in parts.
- ``links``: how strongly each map feeds each map of the next layer.
- ``accounts``: where a single number comes from; what it is put together of adds up to it.
- ``opening``: all of that for a run's network at an epoch.
"""
