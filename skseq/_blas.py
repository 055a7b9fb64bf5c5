"""What the loaded BLAS is, and how many threads it may use. Read through threadpoolctl, which scikit-learn brings."""

from functools import lru_cache
from threading import Lock

#: Kernels of OpenBLAS, those for AVX-512, that multiply small matrices as they lie in memory. Others, and larger
#: matrices, are packed first, which takes a third of the time of a product of some millions of multiplications.
UNPACKED_KERNELS = ("SkylakeX", "Cooperlake", "SapphireRapids")

#: The most multiplications of a product that is not packed.
UNPACKED_MULTIPLICATIONS = 1_000_000

#: The most elements of the result of a product A B^T that is not packed.
UNPACKED_OUTPUTS = 1_200


@lru_cache(maxsize=1)
def _controller():
    """Return a controller of the loaded BLAS libraries, or None; looking for them takes a millisecond."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController().select(user_api="blas")


def _libraries():
    controller = _controller()
    return controller.info() if controller is not None else []


def allowed_threads():
    """Return how many threads the BLAS may use now: what the user, the machine or joblib has allowed.

    NumPy and SciPy may bring one each; a limit set before the second was loaded holds for the first alone, and counts.
    """
    return min((library["num_threads"] for library in _libraries()), default=1)


@lru_cache(maxsize=1)
def leaves_unpacked():
    """Return whether the BLAS multiplies small matrices without packing them.

    It depends on the machine alone, not on a measurement, so that results can be repeated.
    """
    libraries = _libraries()
    return bool(libraries) and all(library.get("architecture") in UNPACKED_KERNELS for library in libraries)


class _OneBlasThread:
    """Limits the BLAS to one thread while anyone is inside; several threads may be."""

    def __init__(self):
        self._lock = Lock()
        self._inside = 0
        self._limiter = None

    def __enter__(self):
        with self._lock:
            if not self._inside and _controller() is not None:
                self._limiter = _controller().limit(limits=1)
            self._inside += 1

    def __exit__(self, *error):
        with self._lock:
            self._inside -= 1
            # Only the last one out restores what the first one found.
            if not self._inside and self._limiter is not None:
                self._limiter.restore_original_limits()
                self._limiter = None


one_blas_thread = _OneBlasThread()
