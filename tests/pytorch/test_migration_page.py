"""The lines of PyTorch and skorch in the page for their users do what it says."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "from_torch.md"


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_the_lines_run():
    pytest.importorskip("skorch")
    names = {}
    for number, code in enumerate(re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL), start=1):
        exec(compile(code, f"{PAGE.name}, block {number}", "exec"), names)
    X, y = names["X"], names["y"]
    padded = names["pad_sequence"](X, batch_first=True)
    lengths = names["torch"].tensor([len(x) for x in X])
    assert (names["network"](padded, lengths).argmax(dim=1) == y).double().mean() > 0.9
    assert (names["net"].predict(padded.numpy()) == y.numpy()).mean() > 0.15  # the padding is read, too
    assert names["theirs"].shape == (1, 9)
