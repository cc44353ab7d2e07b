"""Khao as parts of a LlamaIndex pipeline: a retriever over its search, a query engine over its answers.

LlamaIndex's types stop here, and none of its global settings are read or set. Needs the packages of khao[llama-index].
"""

from __future__ import annotations

import asyncio
from typing import Any

from rag.answer import ask
from rag.filters import Filters
from rag.indexes import Indexes
from rag.llms.language_model import LanguageModel
from rag.records import Answer, Citation, Hit, as_json
from rag.search import search

try:
    from llama_index.core.base.response.schema import Response
    from llama_index.core.callbacks import CallbackManager, CBEventType, EventPayload
    from llama_index.core.query_engine import BaseQueryEngine
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import (
        NodeRelationship,
        NodeWithScore,
        QueryBundle,
        RelatedNodeInfo,
        TextNode,
    )
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(f"rag.retriever needs khao[llama-index]: {error}", name=error.name) from None

# Offsets and addresses would only tempt a model to write some of its own.
_FOR_LLM = ("title", "source", "published")
_FOR_EMBEDDING = ("title",)  # as Khao embeds its passages


class NewsRetriever(BaseRetriever):
    """The hits of `rag.search.search` as LlamaIndex nodes: the best passage of each of the `top_k` best articles.

    Of a QueryBundle the query_str is searched for: Khao reads and embeds it itself. ValueError if it is blank, or the
    indexes are closed. The indexes stay the caller's to close; threads and tasks may share them. Scores are log-odds,
    comparable within one search only, not shares of 1.
    """

    def __init__(
        self,
        indexes: Indexes,
        *,
        top_k: int = 10,
        filters: Filters = Filters(),  # noqa: B008  # frozen
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(callback_manager=callback_manager)
        self._indexes, self._top_k, self._filters = indexes, _at_least_one(top_k), filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = search(self._indexes, query_bundle.query_str, filters=self._filters, top_k=self._top_k).hits
        return [NodeWithScore(node=_node(hit, hit.text), score=hit.score) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class NewsQueryEngine(BaseQueryEngine):
    """The answers of `rag.answer.ask` as LlamaIndex responses, written by `llm` where one is given.

    A response is the text with its [n] markers; source_nodes[n - 1] is the sentence that marker n quotes, and metadata
    the whole answer as DESIGN.md section 4 fixes its JSON. Where Khao abstains, the text says so, there are no sources and
    metadata["abstained"] is true. ValueError if the question is blank, or the indexes are closed; these stay the caller's,
    and so does the model: a `rag.llms.language_model.LanguageModel`, what `rag.llms.opening.open_llm` returns for instance.
    """

    def __init__(
        self,
        indexes: Indexes,
        *,
        top_k: int = 10,
        filters: Filters = Filters(),  # noqa: B008  # frozen
        llm: LanguageModel | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(callback_manager=callback_manager)
        self._indexes, self._top_k, self._filters = indexes, _at_least_one(top_k), filters
        self._llm = llm

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}

    def _query(self, query_bundle: QueryBundle) -> Response:
        with self._telling(query_bundle) as event:
            response = _response(self._ask(query_bundle.query_str))
            event.on_end(payload={EventPayload.RESPONSE: response})
        return response

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        with self._telling(query_bundle) as event:
            response = _response(await asyncio.to_thread(self._ask, query_bundle.query_str))
            event.on_end(payload={EventPayload.RESPONSE: response})
        return response

    def _telling(self, query_bundle: QueryBundle) -> Any:
        payload: dict[str, Any] = {EventPayload.QUERY_STR: query_bundle.query_str}
        return self.callback_manager.event(CBEventType.QUERY, payload=payload)

    def _ask(self, question: str) -> Answer:
        return ask(self._indexes, question, filters=self._filters, top_k=self._top_k, llm=self._llm)


def _at_least_one(top_k: int) -> int:
    if top_k < 1:
        raise ValueError(f"top_k {top_k} is less than 1")
    return top_k


def _response(answer: Answer) -> Response:
    # Without scores: a citation is evidence, not one of a ranking.
    nodes = [NodeWithScore(node=_node(cited, cited.quote)) for cited in answer.citations]
    return Response(response=answer.answer, source_nodes=nodes, metadata=as_json(answer))


def _node(said: Hit | Citation, text: str) -> TextNode:
    """Return the text as a node that any LlamaIndex part can show, store or cite, and that leads back to its place."""
    metadata: dict[str, Any] = {
        "article_id": said.article_id,
        "title": said.title,
        "source": said.source,
        "url": said.url,
        "published": said.published.isoformat() if said.published else None,
        "language": said.language,
        "start": said.start,
        "end": said.end,
        "also": list(said.also),
    }
    return TextNode(
        id_=f"{said.article_id}:{said.start}-{said.end}",
        text=text,
        start_char_idx=said.start,
        end_char_idx=said.end,
        metadata=metadata,
        excluded_llm_metadata_keys=_all_but(_FOR_LLM, metadata),
        excluded_embed_metadata_keys=_all_but(_FOR_EMBEDDING, metadata),
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=said.article_id)},
    )


def _all_but(wanted: tuple[str, ...], metadata: dict[str, Any]) -> list[str]:
    """Return the keys that are not wanted, and those with nothing to say: an LLM would read "published: None"."""
    return [key for key, value in metadata.items() if key not in wanted or not value]
