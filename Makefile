# make demo and make test need Python 3.11+ and make, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
WORKERS ?= 2
EXTRAS = sheets export judge inspect lm-eval desk contribute ray

.PHONY: demo test test-extras check bench bench-rooms bench-coverage bench-scale bench-attack bench-ray soak clean FORCE

$(VENV)/core: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	touch $@

$(VENV)/test: $(VENV)/core
	$(PIP) --editable '.[test]'
	touch $@

$(VENV)/dev: $(VENV)/test
	$(PIP) --editable '.[test,dev]'
	touch $@

demo: $(VENV)/core  ## install, run a baseline on the test scenarios, score it
	$(BIN)/amends demo

test: $(VENV)/test  ## install, run the tests
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

test-extras: $(EXTRAS:%=$(VENV)/extra-%)  ## each extra in an environment of its own

$(VENV)/extra-%: pyproject.toml constraints.txt FORCE
	test -x $(VENV)-$*/bin/python || $(PYTHON) -m venv $(VENV)-$*
	$(VENV)-$*/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,$*]'
	AMENDS_EXTRA=$* $(VENV)-$*/bin/python -m pytest tests/extras/$*

FORCE:

check: $(VENV)/dev  ## lint, format, types, data
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/amends check data

bench: $(VENV)/test  ## speed, start-up and size; tables go to benches/
	$(BIN)/python benches/bench_rules.py
	$(BIN)/python benches/bench_trained.py
	$(BIN)/python benches/bench_start.py
	$(BIN)/python benches/bench_size.py
	$(BIN)/python benches/bench_compare.py
	$(BIN)/python benches/bench_endpoint.py
	$(BIN)/python benches/bench_planted.py
	$(MAKE) bench-rooms

# the sentiment lexicon that scorers are timed beside stands in an environment of its own
$(VENV)-vader/installed:
	$(PYTHON) -m venv $(VENV)-vader
	$(VENV)-vader/bin/python -m pip install --quiet --disable-pip-version-check vaderSentiment==3.3.2
	touch $@

bench-rooms: $(VENV)/test $(VENV)-vader/installed  ## scorers, score, check, load, statistics, cards, leaderboard, report; writes benches/scale.json and docs/SCALE.md
	$(BIN)/python benches/bench_rooms.py --vader $(VENV)-vader/bin/python

bench-coverage: $(VENV)/test  ## do the intervals cover: half an hour on two cores
	OMP_NUM_THREADS=1 $(BIN)/python benches/bench_coverage.py

bench-scale: $(VENV)/test  ## 10,000 to 1,000,000 exchanges through score: ten minutes on two cores, 3 GB of disk
	$(BIN)/python benches/bench_scale.py

bench-ray:  ## Ray against this machine's own processes
	test -x $(VENV)-ray/bin/python || $(MAKE) test-extras EXTRAS=ray
	$(VENV)-ray/bin/python benches/bench_ray.py

bench-attack: $(VENV)/test  ## what replies reach that are sought with 2,000 scorer calls: three minutes
	$(BIN)/python benches/attack/attack.py --scorer rules
	$(BIN)/python benches/attack/attack.py --scorer trained
	$(BIN)/python benches/attack/report.py

soak: $(VENV)/test  ## long runs: the kill test at 200 moments, 10,000 calls to an endpoint that loses a fifth of them, 50 people at a desk
	AMENDS_KILLS=200 $(BIN)/python -m pytest --numprocesses 0 tests/runs/test_resume.py
	AMENDS_CALLS=10000 $(MAKE) test-extras EXTRAS=judge
	AMENDS_PEOPLE=50 AMENDS_KILLS=30 $(MAKE) test-extras EXTRAS=desk

clean:
	rm -rf $(VENV) $(EXTRAS:%=$(VENV)-%) $(VENV)-vader dist amends-runs
