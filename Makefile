# Rouse: every task of the project. `make help` prints the lines marked ##.
# Needs Python 3.11 or newer as python3 (or make PYTHON=/path/to/python) and, the first time, a network.

PYTHON ?= python3
# Relative, so that a project folder with a space in its name works.
PY := build/venv/bin/python
ROUSE := build/venv/bin/rouse

# The user's own files and names. They reach the recipes through the environment, so spaces and quotes in them are safe.
export DAY DAYS CAR CARS BOARD CHIP PORT OUT

# One thing after another, even under -j: the order below is the order of a person's patience.
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help setup sim day bench-meter bench-solar bench-wake board flash verdict test vm-test type lint layers budget mutate clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## Create build/venv and build/vm with pinned versions, once (every other target does this by itself)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "setup: $(PYTHON) is $$($(PYTHON) --version 2>&1 || true), but Rouse needs Python 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) tools/setup.py

sim: setup ## Simulate the whole firmware on the MicroPython VM; DAY=file.csv CAR=file.toml BOARD=name CHIP=fast|slow|58us|40us,1.3
	@$(ROUSE) sim $${DAY:+--day "$$DAY"} $${CAR:+--car "$$CAR"} $${BOARD:+--board "$$BOARD"} $${CHIP:+--chip "$$CHIP"}

day: setup ## Run a full recorded day through the core alone, fast; DAY=file.csv CAR=file.toml BOARD=name
	@$(ROUSE) day $${DAY:+--day "$$DAY"} $${CAR:+--car "$$CAR"} $${BOARD:+--board "$$BOARD"}

bench-meter: setup ## Measure the meter on random parts, every phase reference and chip, against its limits (six minutes); CHIP=slow
	@$(ROUSE) bench-meter $${CHIP:+--chip "$$CHIP"}

bench-wake: setup ## Every car of the zoo through three sulking scenes, by every ladder; CARS=folder
	@$(ROUSE) bench-wake $${CARS:+--cars "$$CARS"}

bench-solar: setup ## Rouse and its peers' rules on recorded and generated days; DAYS=folder CARS=folder
	@$(ROUSE) bench-solar $${DAYS:+--days "$$DAYS"} $${CARS:+--cars "$$CARS"}

board: setup ## Run the virtual board in real time, for mpremote; DAY=file.csv CAR=file.toml BOARD=name CHIP=slow
	@$(ROUSE) board $${DAY:+--day "$$DAY"} $${CAR:+--car "$$CAR"} $${BOARD:+--board "$$BOARD"} $${CHIP:+--chip "$$CHIP"}

flash: setup ## Compile and copy the firmware to a board and wait for its banner; PORT=/dev/ttyUSB0 BOARD=reference
	@$(ROUSE) flash $${PORT:+--port "$$PORT"} $${BOARD:+--board "$$BOARD"}

verdict: setup ## Fetch who was at fault from a charger, as a page to send; PORT=/dev/ttyUSB0 OUT=file.html
	@$(ROUSE) verdict $${PORT:+--port "$$PORT"} $${OUT:+--out "$$OUT"}

test: setup ## Everything that must pass before a commit: layers, lint, type, budget and all tests
	@$(MAKE) --no-print-directory layers lint type budget
	@$(PY) -m pytest -n 2

vm-test: setup ## Run the core tests inside the MicroPython VM alone
	@$(ROUSE) vm-test

type: setup ## Check types: mypy --strict on firmware and tools
	@$(PY) -m mypy
	@$(PY) -m mypy --config-file tools/check/mypy_firmware.ini
	@$(PY) -m mypy --config-file tools/check/mypy_virtual.ini

lint: setup ## Check style: ruff, with its rules and their reasons in pyproject.toml
	@$(PY) -m ruff check

layers: setup ## Check who imports whom, that nobody does in a circle, and the length of files and functions
	@$(ROUSE) layers

budget: setup ## Measure heap, opcodes and allocations of a tick against their limits
	@$(ROUSE) budget

mutate: setup ## Break the safety code in every small way and demand that a test notices (minutes)
	@$(ROUSE) mutate

clean: ## Remove build/, with everything that set-up made
	@rm -rf build
