"""How much memory this process holds, in MB (10^6 bytes)."""

from pathlib import Path


def _status(name):
    """Return a line of /proc/self/status, which Linux has; NaN elsewhere."""
    path = Path("/proc/self/status")
    if path.exists():
        for line in path.read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024 / 1e6
    return float("nan")


def resident_mb():
    """Return the resident memory now."""
    return _status("VmRSS:")


def peak_mb():
    """Return the most resident memory there has been.

    ``resource.getrusage`` would do if a process did not inherit its parent's peak there.
    """
    return _status("VmHWM:")
