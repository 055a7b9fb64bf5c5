"""Token ids as a network without an embedding gets them: numbers without a meaning."""

import numpy as np

from skseq._user_warnings import warn_user


class TokenIds(list):
    """List of 1-D integer arrays that are known to be token ids, since an encoder returned them."""


def refuse_interpolated_ids(X, name):
    """Raise if X is known to hold token ids, and warn if it seems to, where the sampler ``name`` interpolates.

    Between tokens 6 and 8 lies no token 7.
    """
    cure = "Use RandomOverSampler or RandomUnderSampler, which take any rows, or class_weight."
    if isinstance(X, TokenIds):
        raise ValueError(f"X holds token ids of a TokenEncoder, between which {name} cannot interpolate. {cure}")
    if _seem_token_ids(X):
        warn_user(
            f"X is a list of integers, between which {name} interpolates. If they are token ids, new rows are "
            f"meaningless. {cure} If they are measurements, give floats."
        )


def refuse_token_ids(X, name):
    """Raise if X is known to hold token ids, and warn if it seems to, where ``name`` reads measurements.

    An estimator that takes ids for measurements learns that token 7 lies between tokens 6 and 8. Lists of integers of
    one feature may also be counts, so they only lead to a warning; binary ones to none.
    """
    if isinstance(X, TokenIds):
        raise ValueError(
            f"X holds token ids of a TokenEncoder, but with embedding_dim=None {name} reads them as measurements. Set "
            f"embedding_dim, for example {name}(embedding_dim=16)."
        )
    if _seem_token_ids(X):
        warn_user(
            f"X is a list of integers, which {name} reads as measurements of one feature. If they are token ids, set "
            "embedding_dim; if they are measurements, scale them with EachStep(StandardScaler()), or give floats.",
        )


def _seem_token_ids(X):
    """Whether X is a list of 1-D integer arrays that hold no negative number and more than 0 and 1."""
    if not isinstance(X, (list, tuple)) and str(getattr(X, "dtype", None)) != "object":
        return False
    largest = 0
    for item in X:
        dtype = getattr(item, "dtype", None)
        if getattr(dtype, "kind", None) not in ("i", "u") or getattr(item, "ndim", None) != 1 or not len(item):
            return False
        values = np.asarray(item)
        if values.dtype.kind not in "iu" or values.min() < 0:  # nullable integers with gaps are floats
            return False
        largest = max(largest, int(values.max()))
    return largest > 1
