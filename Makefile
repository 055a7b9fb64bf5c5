# A fresh machine needs Python 3.11 or newer and make; everything else goes into .venv.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test test-all test-oldest test-torch test-migration mutate fuzz bench evidence reproduce docs docs-pages lint format \
	clean

demo: $(VENV)/.plot
	PYTHONUNBUFFERED=1 $(BIN)/python examples/plot_rare_speaker.py

# All but the slow tests: about three minutes on two cores.
test: $(VENV)/.test
	$(BIN)/python -m pytest -n auto

# The slow ones too: every example, the scripts of the benchmarks, networks of default size.
test-all: $(VENV)/.test
	$(BIN)/python -m pytest -n auto -m ''

# Small faults are put into the package, and those that no test notices are shown: about half an hour. Other mutants:
# "tools/mutate.py --seed 1".
mutate: $(VENV)/.test
	$(BIN)/python -u tools/mutate.py

# Public names are called with random arguments, right and wrong ones, for three minutes. Other cases:
# "tools/fuzz.py --seed 1".
fuzz: $(VENV)/.test
	$(BIN)/python -u tools/fuzz.py

# The oldest versions that pyproject.toml allows.
test-oldest:
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]' \
		'numpy==2.0.*' 'scipy==1.13.*' 'scikit-learn==1.6.1' 'joblib==1.3.*'
	.venv-oldest/bin/python -m pytest -n auto -m ''

# Cells against PyTorch, which is no dependency: installed into an environment of its own. The benchmarks run once with
# tiny sizes.
test-torch:
	$(PYTHON) -m venv .venv-torch
	.venv-torch/bin/python -m pip install --quiet --disable-pip-version-check -e '.[bench,test]'
	.venv-torch/bin/python -m pytest tests/pytorch

# The page for users of packages of time series, on data of these packages, which are no dependencies: installed into an
# environment of its own.
test-migration:
	$(PYTHON) -m venv .venv-migration
	.venv-migration/bin/python -m pip install --quiet --disable-pip-version-check -e '.[migration]'
	.venv-migration/bin/python -m pytest tests/migration

# Every benchmark against PyTorch and skorch, then docs/benchmarks.md and its picture: three quarters of an hour. Only the
# CPU is used, so a CPU build of PyTorch that is already in .venv-bench will do.
bench:
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	.venv-bench/bin/python -u benchmarks/run_all.py

# Weights, SMOTE and thresholds on data sets of KEEL, then docs/evidence.md and its pictures: a quarter of an hour.
evidence:
	$(PYTHON) -m venv .venv-evidence
	.venv-evidence/bin/python -m pip install --quiet --disable-pip-version-check -e '.[evidence]'
	.venv-evidence/bin/python -u benchmarks/imbalance.py
	.venv-evidence/bin/python -u benchmarks/imbalance.py --own-folds
	.venv-evidence/bin/python -u benchmarks/chawla.py
	.venv-evidence/bin/python benchmarks/evidence.py

# Published results, reproduced, then docs/published.md and its picture: less than two hours. A run that was interrupted
# goes on where it stopped; "benchmarks/reproduce.py --again" begins anew.
reproduce:
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	.venv-bench/bin/python -u benchmarks/reproduce.py

# The site, in docs/_build/html: begin at index.html. Warnings are errors, and nothing is fetched. Examples are run; those
# that have not changed are not run again. "make docs-pages" runs none.
docs: .venv-docs/.docs
	.venv-docs/bin/python -m sphinx -W --keep-going -q -d docs/_build/doctrees docs docs/_build/html

docs-pages: .venv-docs/.docs
	.venv-docs/bin/python -m sphinx -W --keep-going -q -D plot_gallery=0 -d docs/_build/doctrees docs docs/_build/html

.venv-docs/.docs: pyproject.toml
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	touch $@

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
	rm -rf .venv .venv-oldest .venv-torch .venv-migration .venv-bench .venv-evidence .venv-docs docs/_build docs/auto_examples \
		docs/reference build dist *.egg-info .pytest_cache .ruff_cache
