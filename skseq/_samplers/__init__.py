"""What samplers share: the order in which they work, labels, rows that are repeated or left out, and threads."""

from ._any_rows import in_container as in_container
from ._any_rows import read_any_rows as read_any_rows
from ._base import BaseSampler as BaseSampler
from ._encoding import encode as encode
from ._frames import check_frame as check_frame
from ._parts import chunks as chunks
from ._parts import in_parts as in_parts
from ._sampling_strategy import name_of as name_of
from ._sampling_strategy import totals_after as totals_after
from ._target import Target as Target
from ._target import read_target as read_target
