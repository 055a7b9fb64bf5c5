"""The mutants of tools/mutate.py: which changes are made, and which are not."""

import mutate
import pytest
from _mutants import mutants_of

SOURCE = '''
"""A docstring with 1 and True."""

def share(values: list[int], scale=2.0) -> "float < int":
    """Return 1 of 2."""
    if values is None or len(values) < 3:
        raise ValueError(f"got {len(values) + 1} values, expected {2 + 1} or more")
    total = 0
    for value in values:
        if not value:
            continue
        total += max(value, -1, key=abs)
    warnings.warn("scale=" + str(scale * 2), stacklevel=2)
    self.total[0] = total
    print(total)
    return total / scale
'''


def changes(source):
    return {(mutant.before, mutant.after) for mutant in mutants_of(source, "module.py")}


def test_changes_of_each_kind():
    assert changes(SOURCE) == {
        ("2.0", "4.0"),
        ("values is None or len(values) < 3", "values is None and len(values) < 3"),
        ("values is None", "values is not None"),
        ("len(values) < 3", "len(values) <= 3"),
        ("3", "4"),
        ("raise ValueError(f'got {len(values) + 1} values, expected {2 + 1} or more')", "pass"),
        ("0", "1"),
        ("not value", "value"),
        ("continue", "break"),
        ("total += max(value, -1, key=abs)", "total -= max(value, -1, key=abs)"),
        ("max(value, -1, key=abs)", "min(value, -1, key=abs)"),
        ("max(value, -1, key=abs)", "max(value, -1)"),
        ("-1", "1"),
        ("1", "2"),
        ("warnings.warn('scale=' + str(scale * 2), stacklevel=2)", "pass"),
        ("self.total[0] = total", "pass"),
        ("print(total)", "pass"),
        ("return total / scale", "return None"),
        ("total / scale", "total * scale"),
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b if found else c", {("found", "not found")}),
        ("a = x[1:] + 'text'", {("1", "2")}),
        ("a = x @ y", set()),
        ("__all__ = ['a', 1]", set()),
        ("a: int = 3", {("3", "4")}),
        ("a = x.reshape(2, -1)", {("2", "3")}),
        (
            "a = np.any(x, axis=0)",
            {("np.any(x, axis=0)", "np.all(x, axis=0)"), ("np.any(x, axis=0)", "np.any(x)")} | {("0", "1")},
        ),
        ("a = 'ä' + b - 1", {("'ä' + b - 1", "'ä' + b + 1"), ("1", "2")}),
    ],
)
def test_other_changes(source, expected):
    assert changes(source) == expected


def test_a_mutant_is_the_file_with_one_change():
    found = mutants_of("a = 'ä'; b = 1 + 1\nc = 1 + 1\n", "module.py")
    assert [mutant.source.splitlines() for mutant in found if mutant.before == "1 + 1"] == [
        ["a = 'ä'; b = (1 - 1)", "c = 1 + 1"],
        ["a = 'ä'; b = 1 + 1", "c = (1 - 1)"],
    ]
    assert [(mutant.line, mutant.number) for mutant in found if mutant.before == "1 + 1"] == [(1, 1), (2, 2)]
    assert len({mutant.key for mutant in found}) == len(found)


@pytest.mark.parametrize("folder", mutate.FOLDERS)
def test_samples_are_repeatable_and_leave_out_equivalent_mutants(folder, monkeypatch):
    drawn = mutate.draw(folder, 5, seed=0)
    assert drawn == mutate.draw(folder, 5, seed=0)
    if not mutate.sources_of(folder):
        return
    assert len(drawn) == 5
    assert drawn != mutate.draw(folder, 5, seed=1)
    for mutant in drawn:
        compile(mutant.source, mutant.module, "exec")
        assert all((mutate.ROOT / path).exists() for stage in mutate.stages_of(mutant.module, folder) for path in stage)
    monkeypatch.setattr(mutate, "equivalent_mutants", lambda: {drawn[0].key})
    assert drawn[0].key not in {mutant.key for mutant in mutate.draw(folder, 10**6, seed=0)}


def test_equivalent_mutants_exist_and_have_reasons():
    modules = {key[0] for key in mutate.equivalent_mutants()}
    keys = {mutant.key for module in modules for mutant in mutants_of((mutate.ROOT / module).read_text(), module)}
    assert mutate.equivalent_mutants() <= keys
