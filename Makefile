# Each verb does its whole set-up on a fresh machine with Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test lint clean

# Load the bundled sample corpus and answer one question in each language.
run: $(READY)
	$(BIN)/khao ingest corpus/sample/articles.jsonl
	$(BIN)/khao ask "ปี 2566 นับพะยูนในอ่าวแสงครามได้กี่ตัว"
	$(BIN)/khao ask "How fast were Storm Lanthom's winds when it came ashore?"

# Style, types, and every test; nothing is skipped.
test: lint
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Exactly the versions of constraints.txt, so that next year's install is this year's.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(READY)

clean:
	rm -rf .venv
