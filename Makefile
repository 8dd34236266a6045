# The commands of this book; `make help` explains them.
# `make book` and `make test` need Python 3.11, 3.12 or 3.13 and a package registry, nothing else.

PY := .venv/bin/python
PYTEST := $(PY) -m pytest -q
NBVAL := $(PYTEST) --nbval --faults -n 2 --dist loadscope
OF_WEEKS := tests/test_contract.py tests/test_measurements.py tests/test_full_profile.py
IGNORE_WEEKS := $(OF_WEEKS:%=--ignore=%)
NOTEBOOKS := $(wildcard notebooks/$(NB)*.ipynb)
WEEKS := $(foreach path,$(wildcard notebooks/*.ipynb),$(firstword $(subst _, ,$(basename $(notdir $(path))))))

unexport PYTHONPATH PYTHONHOME # what they name would stand before the pinned packages

# Where the home folder cannot be written, what tools keep there goes into the clone.
ifneq ($(shell test -w "$$HOME" && echo yes),yes)
export IPYTHONDIR := $(CURDIR)/.venv.home/ipython
export JUPYTER_RUNTIME_DIR := $(CURDIR)/.venv.home/jupyter
export MPLCONFIGDIR := $(CURDIR)/.venv.home/matplotlib
export XDG_CACHE_HOME := $(CURDIR)/.venv.home/cache
export npm_config_cache := $(CURDIR)/.venv.home/npm
endif

ifneq ($(NB),$(filter $(NB),$(WEEKS)))
$(error There is no notebook for NB=$(NB); choose from: $(WEEKS))
endif

.PHONY: help book test new refresh faults seeds stress mutants bench hardware matrix newest colab explorables pictures links urls audit report release lock configure format clean env site
.SILENT:

help:
	echo "make book                              build the site and its zipped copy, say where to open it"
	echo "make test [NB=c4w1] [PART=house]       verify everything, one week, or the house, weeks or site"
	echo "make new WEEK=c1w1 TITLE=\"A title\"     start a notebook that passes as it is"
	echo "make refresh [NB=c4w1] [FRESH=1]       re-execute notebooks and store their outputs"
	echo "make faults [NB=c4w1]                  show which check refuses which planted fault"
	echo "make seeds NB=c4w1                     measure every claim under several seeds"
	echo "make stress NB=c4w2 [RUN=\"ten times\"]  run what could overturn the week's main results"
	echo "make mutants NB=c4w2 [COUNT=100]       plant small slips in hand-written code, print the survivors"
	echo "make bench                             measure notebooks, build, pages and import"
	echo "make hardware [NB=c4w1] [STEPS=50]     time the full profile's trainings on this machine"
	echo "make matrix [NB=c4w1]                  compare on each Python, pinned, Colab's and newest"
	echo "make newest [NB=c4w1]                  compare under the newest TensorFlow, Keras and NumPy"
	echo "make colab [NB=c4w1] [FRESH=1]         compare under Colab's versions, FRESH=1: its current ones"
	echo "make explorables                       store what the explorable pages show of trained models"
	echo "make pictures                          take the front page's pictures of the explorable pages"
	echo "make links                             follow every link of pages and notebooks"
	echo "make urls                              ask for every data set, without downloading it"
	echo "make audit                             look up known vulnerabilities, list licenses"
	echo "make report FILE=x.md TITLE=\"A title\"  open or update a GitHub issue with a table"
	echo "make release                           build wheel, source archive and zipped site in dist/"
	echo "make format                            format and lint code and notebooks"
	echo "make configure REPOSITORY=owner/name   give this copy of the book its address"
	echo "make configure                         write the setup cell of every notebook anew"
	echo "make lock                              renew requirements.lock, show what moved, verify all"
	echo "make clean                             remove what these commands made"
	echo "PYTHON=/path/to/python3.13 behind any of them chooses the interpreter."

book: site
	echo "Open _build/html/index.html in a browser."

site: env
	$(PY) -m tools.publish.vendor
	$(PY) -m tools.publish.site

# All parts, or one: lint, helpers and tools; the weeks, or the one that NB names; the built site.
PARTS := $(or $(PART),$(if $(NB),weeks,house weeks site))
ifneq (,$(filter-out house weeks site,$(PARTS)))
$(error There is no PART=$(PART) of the tests; choose from: house weeks site)
endif

test: env
ifneq (,$(filter house,$(PARTS))$(NB))
	echo "== Lint and format"
	$(PY) -m ruff check --quiet --output-format concise .
	$(PY) -m ruff format --check --quiet .
endif
ifneq (,$(filter house,$(PARTS)))
	echo "== Helpers, tools, rules and measurements"
	$(PYTEST) -n 2 --dist loadgroup tests --ignore=tests/site $(IGNORE_WEEKS)
endif
ifneq (,$(filter weeks,$(PARTS)))
	echo "== Contract, full profile, every cell compared, and planted faults $(if $(NB),of $(NB))"
	$(NBVAL) $(if $(NB),-k $(NB)) $(OF_WEEKS) $(NOTEBOOKS)
endif
ifneq (,$(filter site,$(PARTS)))
	echo "== Book"
	$(MAKE) --no-print-directory book
	echo "== Site in a browser"
	$(PY) -m tools.shared.browser
	$(PYTEST) -n 2 --dist loadgroup tests/site
endif

new: env
	$(PY) -m tools.write.new "$(WEEK)" "$(TITLE)"

refresh: env
	$(PY) -m tools.write.refresh $(if $(FRESH),--fresh) $(NB)

faults: env
	$(PY) -m pytest --nbval --faults -n 2 --dist loadscope $(NOTEBOOKS)

seeds: env
	$(PY) -m tools.write.seeds $(NB)

stress: env
	$(PY) -m tools.write.stress $(if $(FRESH),--fresh) $(if $(RUN),--run "$(RUN)") $(NB)

mutants: env
	$(PY) -m tools.verify.mutants $(if $(COUNT),--count $(COUNT)) $(NB)

bench: env
	$(PY) -m tools.shared.browser
	$(PY) -m tools.verify.bench

hardware: env
	$(PY) -m tools.verify.hardware $(if $(STEPS),--steps $(STEPS)) $(NB)

matrix: env
	$(PY) -m tools.verify.versions matrix $(NB)

newest: env
	$(PY) -m tools.verify.versions newest $(NB)

colab: env
	$(PY) -m tools.verify.versions $(if $(FRESH),--fresh) colab $(NB)

explorables: env
	$(PY) -m tools.write.explorables

pictures: site
	$(PY) -m tools.shared.browser
	$(PY) -m tools.write.pictures

links: env
	$(PY) -m tools.publish.vendor
	$(PY) -m tools.verify.links

urls: env
	$(PY) -m tools.verify.urls

report: env
	$(PY) -m tools.verify.report "$(FILE)" "$(TITLE)"

release: site
	$(PY) -m tools.publish.release

audit: env
	$(PY) -m tools.verify.audit

lock: env
	$(PY) -m tools.verify.lock
	$(MAKE) --no-print-directory test

configure: env
	$(PY) -m tools.write.configure "$(REPOSITORY)" $(BRANCH)

format: env
	$(PY) -m ruff check --quiet --fix .
	$(PY) -m ruff format --quiet .

clean:
	rm -rf .venv .venv.* node_modules _build dist .pytest_cache .ruff_cache dsl_utils.egg-info

env:
	PYTHON="$(PYTHON)" sh tools/environment.sh
