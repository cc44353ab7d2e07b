"""What every drafted question must hold to, whoever drafted it: its sentence answers it, and it does not answer itself.

Where a draft fails here, no person should have to find out: such a question would score a system for nothing.
"""

from __future__ import annotations

from corpus.article import Article
from eval.answers import contains
from eval.checking import leaks
from rag.drafts.draft import Draft


def is_sound(draft: Draft, article: Article) -> bool:
    """Tell whether an answer stands in the evidence, no answer stands in the question, and the evidence is no list."""
    quote = article.body[draft.start : draft.end]
    return (
        bool(quote.strip())
        and bool(draft.answers)
        and any(contains(quote, answer) for answer in draft.answers)
        and not any(leaks(draft.question, answer) for answer in draft.answers)
    )
