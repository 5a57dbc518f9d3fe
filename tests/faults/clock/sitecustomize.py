"""Python reads this at its start where the folder is on its path: the process lives at another time.

The clock of the whole process is moved, below every library; nothing of the site knows of it.
"""

import datetime as dt
import os

import time_machine

SKEW = dt.timedelta(seconds=int(os.environ.get("CLOCK_SKEW_SECONDS", "0")))
if SKEW:
    time_machine.travel(dt.datetime.now(dt.UTC) + SKEW, tick=True).start()
