"""`khao eval make-gold` and `khao eval check-gold`: questions drafted for a person to correct, and checked afterwards."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from corpus.article import Language
from corpus.library import Library
from eval.checking import check_questions, finding_in_words
from eval.drafting import draft_questions
from eval.formats import read_benchmark
from eval.options import existing, whole_number
from eval.questions import write_questions
from eval.wording import say
from rag.config import read_settings
from rag.indexes import Progress
from rag.llms.opening import open_llm


def make_gold(options: Namespace, ui: Language, progress: Progress) -> int:
    """Draft questions from the library at hand, with the LLM where one is set; return the exit code."""
    count = whole_number("--count", options.count, ui, least=1)
    seed = whole_number("--seed", options.seed, ui)
    progress("drafting", 0, 0)
    with _library_at_hand() as library:
        drafts = draft_questions(library, count, seed, open_llm(read_settings()))
    if options.output:
        with Path(options.output).open("w", encoding="utf-8") as file:
            write_questions(drafts, file)
    else:
        write_questions(drafts, sys.stdout)
    print(say(ui, "drafted", count=len(drafts)), file=sys.stderr)
    return 0


def check_gold(options: Namespace, ui: Language, progress: Progress) -> int:
    """Check gold questions against the library at hand, or against their own articles; 1 if there is an error."""
    found = read_benchmark([Path(place).expanduser() for place in options.places], options.format)
    questions = tuple(question for one in found for question in one.questions)
    own = {article.id: article for one in found for article in one.articles}
    if own:
        findings = check_questions(questions, own)
    else:
        with _library_at_hand() as library:
            findings = check_questions(questions, library)
    errors = sum(one.severity == "error" for one in findings)
    if options.json:
        records = [asdict(one) for one in findings]
        print(
            json.dumps(
                {"questions": len(questions), "errors": errors, "findings": records}, ensure_ascii=False
            )
        )
    else:
        for one in findings:
            print(finding_in_words(one, ui))
        warnings = len(findings) - errors
        print(say(ui, "checked", questions=len(questions), errors=errors, warnings=warnings))
    return int(bool(errors))


def _library_at_hand() -> Library:
    """The library of KHAO_HOME; FileNotFoundError where there is none, which opening it would make."""
    return Library.open(existing(str(read_settings().library_file)))
