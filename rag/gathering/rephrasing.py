"""A better query for a question whose evidence is weak: by an LLM, verified, or by rules."""

from __future__ import annotations

from rag.indexes import Indexes
from rag.llms.language_model import LanguageModel, Usage
from rag.question import Question
from rag.weighing import Weights


def better_query(
    asked: Question, weights: Weights, indexes: Indexes, llm: LanguageModel | None
) -> tuple[str | None, Usage]:
    """Return another query for what `asked` asks, None where there is none."""
    return None, Usage()
