"""Under-sampling: fewer rows of the frequent classes, for rows of any kind."""

from ._random_under_sampler import RandomUnderSampler

__all__ = ["RandomUnderSampler"]
