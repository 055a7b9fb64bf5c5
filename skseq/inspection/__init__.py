"""Pictures of what happens to data and models on the way."""

from ._resampling_display import ResamplingDisplay

__all__ = ["ResamplingDisplay"]
