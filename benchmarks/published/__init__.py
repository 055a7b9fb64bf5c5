"""Published figures, reproduced: one module a task, in the order of the table.

What a task's module holds is written in :mod:`published._task`.
"""

TASKS = (
    "vowels",
    "vowels_defaults",
    "splice",
    "names",
    "digits_rows",
    "digits_pixels",
    "trajectories",
    "adding_problem",
    "temporal_order",
    "copy_memory",
    "elman_grammar",
    "torch_peer",
)
