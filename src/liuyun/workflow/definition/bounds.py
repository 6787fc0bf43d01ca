"""What a definition may ask for, at most. Vendor's limits where they are known; generous ones elsewhere."""

MAX_NAME = 128  # characters of a step's name
MAX_ERROR = 128  # characters of an error name, and
MAX_CAUSE = 4096  # of a cause: as in ReportTaskFailed
MAX_BRANCHES = 100  # of a parallel step
MAX_TIMEOUT_S = 366 * 86400
MAX_WAIT_S = 366 * 86400
MAX_INTERVAL_S = 86400  # between attempts
MAX_ATTEMPTS = 5000
MAX_MULTIPLIER = 100
PRIORITIES = (1, 16)  # of a queue's message
DELAYS_S = (0, 604800)
