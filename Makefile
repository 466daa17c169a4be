# `make site` and `make test` are all that is needed. The plain commands behind them are in README.md.

PYTHON ?= python3
VENV := .venv/bin/python
# Once made, .venv keeps its Python. A PYTHON that was given by hand is meant, and .venv is made anew with it.
SET_UP := $(PYTHON) .ci/install.py $(if $(filter file,$(origin PYTHON)),,--this-python)
# What starts workers by default: START_METHOD=spawn as on macOS and Windows, forkserver as on Linux from Python 3.14.
UNDER := $(if $(START_METHOD),PYTHONPATH=$(CURDIR)/tests/elsewhere START_METHOD=$(START_METHOD))

.DEFAULT_GOAL := site
.PHONY: site serve test test-everywhere check judge reference summary bench mutants others lock rehearse clean help set-up
# Two of them at once would disturb each other's measurements.
.NOTPARALLEL:

site: set-up ## measure what is missing or stale, and build the site into site/ (FULL=1: publication lengths)
	@$(UNDER) $(VENV) -m snippets.lab site $(if $(FULL),--full) $(if $(PUBLISH),--publish) $(if $(OFFLINE),--offline)

serve: set-up ## show the site while you edit, on http://127.0.0.1:8000
	@$(VENV) -m snippets.lab serve

test: set-up ## everything that CI checks (ARGS="-k name" goes to pytest)
	@$(VENV) .ci/browser.py
	@$(UNDER) $(VENV) .ci/test.py $(if $(ARGS),-- $(ARGS))

test-everywhere: set-up ## measures, runs and builds all as on other systems (ARGS=windows: as on one)
	@$(VENV) -m tests.elsewhere $(ARGS)

check: set-up ## what looks at one page (PAGE=guides/optimization.md): half a minute where its code has passed before
	@$(VENV) .ci/browser.py
	@$(VENV) .ci/test.py --page "$(PAGE)"

judge: set-up ## which claims of the pages hold here (FULL=1: up to three passes)
	@$(VENV) -m snippets.lab judge $(if $(FULL),--full)

reference: set-up ## measure in the full form, and keep the result as a reference (FILE=docs/results/a-gpu.json: that one)
	@$(VENV) -m snippets.lab reference $(FILE)

summary: set-up ## the claims as Markdown, and what has moved since the site was published
	@$(VENV) -m snippets.lab summary

bench: set-up ## how long the build and its parts take
	@$(VENV) -m tests.bench

mutants: set-up ## breaks the code on purpose, to see the checks notice (ARGS="scaling --most 3", ARGS=--judging)
	@$(VENV) -m tests.mutants $(ARGS)

others: set-up ## install other libraries, PyAV, tuners and doctors (a gigabyte), and measure the first two
	@$(VENV) -m pip install -qq --require-hashes --only-binary=:all: --no-deps \
		-r snippets/pages/leave_dataloader/requirements.lock
	@$(VENV) -m snippets.lab measure --only other-loaders video

# Where the locks are wrong, setting up fails, and this mends them.
lock: $(if $(wildcard $(VENV)),,set-up) ## write all locks anew, after a change of a requirements.txt
	@$(VENV) .ci/lock.py

rehearse: set-up ## run the steps of a workflow here (WORKFLOW=check, or WORKFLOW="check linux": one job)
	@$(VENV) .ci/rehearse.py $(WORKFLOW)

clean: ## remove what the build made, the measured results too
	@rm -rf site .cache images
	@echo "Removed site/, images/ and .cache/ with the measured results: the next build measures again."

help: ## show these lines
	@awk -F ' *## *' '/^[a-z-]+:.*##/ { sub(/:.*/, "", $$1); printf "make %-16s %s\n", $$1, $$2 }' Makefile

set-up:
	@$(SET_UP)
