"""Sequences as people hold them: the forms that every sequence estimator reads, and ways to and from them."""

from ._arrays import is_sequence as is_sequence
from ._cells import sequences_in_cells as sequences_in_cells
from ._cells import single_column as single_column
from ._columns import column_names as column_names
from ._columns import columns_of as columns_of
from ._columns import is_frame as is_frame
from ._columns import library_of as library_of
from ._columns import numbers as numbers
from ._forms import FORMS as FORMS
from ._forms import recognise as recognise
from ._frames import as_frames as as_frames
from ._frames import exploded as exploded
from ._from_long import from_long
from ._long_look import warn_of_long_table as warn_of_long_table
from ._padded import from_padded
from ._read import read_sequences as read_sequences
from ._refusals import refuse_unordered as refuse_unordered
from ._sequences import Sequences as Sequences
from ._sequences import array_of as array_of
from ._steps import check_no_missing_labels as check_no_missing_labels
from ._steps import check_same_steps as check_same_steps
from ._steps import holds_steps as holds_steps
from ._steps import join_steps as join_steps
from ._steps import read_steps as read_steps
from ._steps import step_weights as step_weights
from ._to_long import to_long

__all__ = ["from_long", "from_padded", "to_long"]
