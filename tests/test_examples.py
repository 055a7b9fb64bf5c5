"""Examples and the README's code run as a user would run them."""

import re
import runpy
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.metrics import recall_score

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(ROOT.glob("examples/plot_*.py")), ids=lambda path: path.stem)
def test_example(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = runpy.run_path(str(path), run_name="__main__")
    plt.close("all")
    printed = capsys.readouterr().out
    picture = tmp_path / f"{path.stem.removeprefix('plot_')}.png"
    assert picture.stat().st_size > 20_000
    assert f"Picture: {picture}" in printed
    if path.stem == "plot_base_rate":
        means = {name: probability.mean() for name, probability in names["probabilities"].items()}
        for name, mean in means.items():
            corrected = name.endswith("corrected") or name == "no remedy"
            assert (abs(mean - names["y_train"].mean()) < 0.01) == corrected
    if path.stem == "plot_rare_speaker":
        recalls, costs = names["recalls"], names["costs"]
        remedies = [name for name in recalls if name[:3] in ("(c)", "(d)", "(e)")]
        plain = "(b) plain RNN"
        assert max(recalls[name] for name in remedies) > recalls[plain]
        assert min(costs[name] for name in remedies) < costs[plain]
    if path.stem == "plot_dates":
        assert names["translator"].score(names["X_test"], names["y_test"]) >= 0.98
    if path.stem == "plot_spelling_to_sound":
        assert names["error_rate"] < 0.2
    if path.stem == "plot_next_word":
        # Nobody is below the exact floor by more than chance, and the network is within 2 percent of it.
        assert 0.99 < names["curves"]["lstm"][-1] / names["floor"] < 1.02
        assert names["curves"]["lstm"][-1] < names["by_pairs"]
    if path.stem == "plot_fraud":
        savings = names["savings"]
        assert np.mean(savings["a cost for each row"]) > np.mean(savings["one matrix"]) + 0.1
    if path.stem == "plot_faults":
        before, after = names["reports"].values()
        assert after.found > before.found
        assert names["report"].steps == sum(map(len, names["X_train"]))
    if path.stem == "plot_spelled_digits":
        assert np.mean(names["spelled"] == names["y_test"]) > 0.95


@pytest.mark.slow
def test_readme_code(capsys):
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL).group(1)
    names = {}
    exec(compile(code, "README.md", "exec"), names)
    assert "recall" in capsys.readouterr().out
    assert recall_score(names["y_test"], names["model"].predict(names["X_test"])) > 0.9


PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("docs/tutorial/*.md"))]


def anchors_of(page):
    """Return the anchors that Markdown viewers give to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_documented_links_exist(page):
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text()):
        linked = page.parent / target if target else page
        assert linked.exists(), f"{page.name} links to {target}, which is not there"
        assert not anchor or anchor in anchors_of(linked), f"{page.name} links to {target}#{anchor}: no such heading"
