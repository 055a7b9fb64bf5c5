# A fresh machine needs Python 3.11 or newer and make; everything else goes into .venv.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test test-oldest test-torch lint format clean

demo: $(VENV)/.plot
	PYTHONUNBUFFERED=1 $(BIN)/python examples/plot_rare_speaker.py

test: $(VENV)/.test
	$(BIN)/python -m pytest -n auto

# The oldest versions that pyproject.toml allows.
test-oldest:
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]' \
		'numpy==2.0.*' 'scipy==1.13.*' 'scikit-learn==1.6.1' 'joblib==1.3.*'
	.venv-oldest/bin/python -m pytest -n auto

# Cells against PyTorch, which is no dependency: installed into an environment of its own.
test-torch:
	$(PYTHON) -m venv .venv-torch
	.venv-torch/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	.venv-torch/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	.venv-torch/bin/python -m pytest tests/pytorch

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest tests/test_docstrings.py

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/.venv:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.plot: $(VENV)/.venv pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[plot]'
	touch $@

$(VENV)/.test: $(VENV)/.venv pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[plot,test]'
	touch $@ $(VENV)/.plot

clean:
	rm -rf .venv .venv-oldest .venv-torch build dist *.egg-info .pytest_cache .ruff_cache
