"""Khao inside LlamaIndex: the nodes are search's hits, the responses ask's answers, and nothing global is touched."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llama_index.core
import pytest
from conftest import OpenHome
from fakes import FakeEmbedder
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager, CBEventType, EventPayload
from llama_index.core.callbacks.base_handler import BaseCallbackHandler
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.query_engine import BaseQueryEngine, CitationQueryEngine, RetrieverQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle, TextNode
from llama_index.core.tools import QueryEngineTool
from llama_index.llms.openai_like import OpenAILike
from made_news import ACROSS, ASKED, OFF_TOPIC, WIRE_QUESTION, made, reads
from scripted_endpoint import Endpoint, serving
from scripted_model import ScriptedModel
from written_news import TRUE, sentences

from corpus.article import Language
from rag.answer import ask
from rag.filters import Filters
from rag.indexes import Indexes
from rag.ingest import ingest
from rag.records import Citation, Hit, as_json
from rag.retriever import NewsQueryEngine, NewsRetriever
from rag.search import search

if TYPE_CHECKING:
    from rag.embedding import Vectors

_ROOT = Path(__file__).parent.parent
_QUESTIONS = [*(asked[0] for asked in (*ASKED.values(), *ACROSS.values())), *WIRE_QUESTION.values()]
_BLANK = ["", " \n", "\u200b"]
_SECONDS = 10.0  # until a test that waits for nothing gives up

# Each way in, plain and async, as a function of the indexes and the query; all return nodes or a response.
_Way = Callable[[Indexes, Any], Any]
_WAYS: dict[str, _Way] = {
    "retrieve": lambda indexes, query: NewsRetriever(indexes).retrieve(query),
    "aretrieve": lambda indexes, query: asyncio.run(NewsRetriever(indexes).aretrieve(query)),
    "query": lambda indexes, query: NewsQueryEngine(indexes).query(query),
    "aquery": lambda indexes, query: asyncio.run(NewsQueryEngine(indexes).aquery(query)),
}
each_way = pytest.mark.parametrize("way", _WAYS.values(), ids=list(_WAYS))


class _Waiting(FakeEmbedder):
    """Encodes a question only when it is let, and notes whether it was in time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let = threading.Event(), threading.Event()
        self.was_let: list[bool] = []

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        self.asked.set()
        self.was_let.append(self.let.wait(_SECONDS))
        return super().encode_questions(questions)


class _InPairs(FakeEmbedder):
    """Encodes two questions at a time, from two threads, or none."""

    def __init__(self) -> None:
        super().__init__()
        self._pair = threading.Barrier(2)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        self._pair.wait(_SECONDS)
        return super().encode_questions(questions)


@pytest.fixture
def llama(monkeypatch: pytest.MonkeyPatch) -> None:
    """LlamaIndex's globals, which its own engines set, put back afterwards; no key, no files of a tokenizer."""
    monkeypatch.setattr(llama_index.core, "global_tokenizer", str.split)
    for name in vars(llama_index.core.Settings):
        monkeypatch.setattr(llama_index.core.Settings, name, None)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def _llm(endpoint: Endpoint) -> OpenAILike:
    return OpenAILike(model="gemma", api_base=endpoint.url, api_key="none", is_chat_model=True, max_retries=0)


def _place(node: NodeWithScore) -> tuple[Any, ...]:
    assert isinstance(node.node, TextNode)
    return node.id_, node.text, node.node.start_char_idx, node.node.end_char_idx, node.score


def _place_of(said: Hit | Citation, text: str, score: float | None) -> tuple[Any, ...]:
    return f"{said.article_id}:{said.start}-{said.end}", text, said.start, said.end, score


def _untimed(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"timings_ms": sorted(answer["timings_ms"])}


# The retriever


@pytest.mark.parametrize("query", _QUESTIONS)
def test_nodes_are_the_hits_of_search_in_their_order(news: Indexes, query: str) -> None:
    retriever = NewsRetriever(news)
    assert isinstance(retriever, BaseRetriever)
    hits = search(news, query).hits
    assert len(hits) > 3
    expected = [_place_of(hit, hit.text, hit.score) for hit in hits]
    assert [_place(node) for node in retriever.retrieve(query)] == expected
    assert [_place(node) for node in asyncio.run(retriever.aretrieve(query))] == expected


@pytest.mark.parametrize("query", _QUESTIONS)
def test_node_leads_back_to_its_exact_place(news: Indexes, query: str) -> None:
    for scored in NewsRetriever(news).retrieve(query):
        node = scored.node
        article = news.library.get(node.metadata["article_id"])
        assert article and node.get_content() == article.body[node.metadata["start"] : node.metadata["end"]]
        assert (node.ref_doc_id, node.metadata["url"]) == (article.id, article.url)


@pytest.mark.parametrize("language", ["th", "en"])
def test_passage_within_a_long_article_is_exact(open_home: OpenHome, language: str) -> None:
    filler = {
        "th": "ที่ประชุมสภาเทศบาลรับรองรายงานโดยไม่มีการแก้ไข ",
        "en": "The minutes were approved without change. ",
    }
    told = {"th": "พบพะยูนสองตัวที่เกาะนกยูง ", "en": "Two dugongs were seen off Peacock Island. "}[language]
    indexes = open_home()
    ingest(
        indexes, reads([made("long", filler[language] * 60 + "\n\n" + told + "\n\n" + filler[language] * 60)])
    )
    (scored,) = NewsRetriever(indexes).retrieve(told)
    article = indexes.library.get("long")
    assert article and told.strip() in scored.text
    start, end = scored.metadata["start"], scored.metadata["end"]
    assert 0 < start < end < len(article.body) and scored.text == article.body[start:end]
    assert scored.id_ == f"long:{start}-{end}"


@pytest.mark.parametrize(
    ("language", "metadata"),
    [
        (
            "th",
            {
                "article_id": "bridge-th",
                "title": "เปิดใช้สะพานบางลำพูใหม่ข้ามแม่น้ำคราม",
                "source": "ข่าวคราม",
                "url": "https://khram.example/bridge",
                "published": "2024-03-12",
                "language": "th",
                "start": 0,
                "end": 258,
                "also": [],
            },
        ),
        (
            "en",
            {
                "article_id": "flood-en",
                "title": "Flood drives families from homes on Koh Tawan",
                "source": "Tawan Times",
                "url": "https://tawan.example/flood",
                "published": "2023-09-05",
                "language": "en",
                "start": 0,
                "end": 276,
                "also": [],
            },
        ),
    ],
)
def test_metadata_says_where_the_passage_is_from(
    news: Indexes, language: str, metadata: dict[str, object]
) -> None:
    node = NewsRetriever(news).retrieve(ASKED[language][0])[0].node
    assert node.metadata == metadata
    shown = f"title: {metadata['title']}\nsource: {metadata['source']}\npublished: {metadata['published']}"
    assert node.get_content(MetadataMode.LLM) == f"{shown}\n\n{node.get_content()}"
    assert node.get_content(MetadataMode.EMBED) == f"title: {metadata['title']}\n\n{node.get_content()}"


def test_language_model_is_not_shown_what_is_not_known(news: Indexes) -> None:
    (scored,) = NewsRetriever(news, filters=Filters(source="")).retrieve("How is rice graded?")
    assert scored.node.get_content(MetadataMode.LLM) == f"title: How jasmine rice is graded\n\n{scored.text}"
    assert [scored.metadata[key] for key in ("source", "url", "published")] == ["", None, None]


@pytest.mark.parametrize("language", ["th", "en"])
def test_wire_story_names_its_other_outlets(news: Indexes, language: str) -> None:
    first = NewsRetriever(news).retrieve(WIRE_QUESTION[language])[0]
    assert sorted([first.metadata["source"], *first.metadata["also"]]) == ["Alpha", "Beta", "Gamma"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_node_survives_being_stored_as_json(news: Indexes, language: str) -> None:
    for scored in NewsRetriever(news).retrieve(ASKED[language][0]):
        assert TextNode.from_json(scored.node.to_json()) == scored.node
        assert json.loads(json.dumps(scored.metadata)) == scored.metadata


@pytest.mark.parametrize("query", _QUESTIONS)
@pytest.mark.parametrize(
    "filters",
    [
        Filters(language="th"),
        Filters(language="en"),
        Filters(source="Tawan Times"),
        Filters(since=date(2024, 1, 1), until=date(2024, 3, 13)),
        Filters(since=date(2030, 1, 1)),
    ],
)
def test_filters_limit_every_node_and_answer(news: Indexes, query: str, filters: Filters) -> None:
    hits = search(news, query, filters=filters, top_k=2).hits
    nodes = NewsRetriever(news, filters=filters, top_k=2).retrieve(query)
    assert [_place(node) for node in nodes] == [_place_of(hit, hit.text, hit.score) for hit in hits]
    response = NewsQueryEngine(news, filters=filters, top_k=2).query(query)
    assert str(response) == ask(news, query, filters=filters, top_k=2).answer


@pytest.mark.parametrize("part", [NewsRetriever, NewsQueryEngine])
@pytest.mark.parametrize("top_k", [0, -1])
def test_top_k_below_one_is_refused_at_once(news: Indexes, part: type, top_k: int) -> None:
    with pytest.raises(ValueError, match=f"^top_k {top_k} is less than 1$"):
        part(news, top_k=top_k)


@each_way
@pytest.mark.parametrize("query", [*_BLANK, *map(QueryBundle, _BLANK)])
def test_blank_query_is_refused(news: Indexes, way: _Way, query: str | QueryBundle) -> None:
    with pytest.raises(ValueError, match="blank"):
        way(news, query)


@each_way
@pytest.mark.parametrize("language", ["th", "en"])
def test_of_a_query_bundle_the_words_asked_count_and_not_another_models_vector(
    news: Indexes, way: _Way, language: str
) -> None:
    question = ASKED[language][0]
    bundle = QueryBundle(question, custom_embedding_strs=[OFF_TOPIC[language]], embedding=[1.0, 0.0])
    plain, bundled = way(news, question), way(news, bundle)
    if isinstance(plain, Response):
        plain, bundled = [plain.response, plain.source_nodes], [bundled.response, bundled.source_nodes]
    assert bundled == plain != []


# The query engine


@pytest.mark.parametrize("query", [*_QUESTIONS, *OFF_TOPIC.values()])
def test_response_is_the_answer_of_ask(news: Indexes, query: str) -> None:
    engine = NewsQueryEngine(news)
    assert isinstance(engine, BaseQueryEngine)
    answer = ask(news, query)
    for response in (engine.query(query), asyncio.run(engine.aquery(query))):
        assert isinstance(response, Response) and response.metadata is not None
        assert response.response == answer.answer
        assert _untimed(response.metadata) == _untimed(as_json(answer))
        places = [_place_of(cited, cited.quote, None) for cited in answer.citations]
        assert [_place(node) for node in response.source_nodes] == places


@pytest.mark.parametrize("language", ["th", "en"])
def test_marker_leads_to_the_exact_sentence(news: Indexes, language: str) -> None:
    question, id, words = ASKED[language]
    response = NewsQueryEngine(news).query(question)
    markers = [int(number) for number in re.findall(r"\[(\d+)\]", str(response))]
    assert markers == list(range(1, len(response.source_nodes) + 1)) and markers
    source = response.source_nodes[markers[0] - 1].node
    article = news.library.get(id)
    assert article and words in source.get_content()
    assert source.get_content() == article.body[source.metadata["start"] : source.metadata["end"]]
    assert (source.ref_doc_id, source.metadata["url"]) == (id, article.url)


@pytest.mark.parametrize("language", ["th", "en"])
def test_llm_that_is_given_writes_the_response(news: Indexes, language: Language) -> None:
    llm = ScriptedModel(lambda prompt: "".join(sentences(language, prompt)))
    indexes = replace(news, settings=replace(news.settings, llm_cache=False))
    for response in (
        NewsQueryEngine(indexes, llm=llm).query(ASKED[language][0]),
        asyncio.run(NewsQueryEngine(indexes, llm=llm).aquery(ASKED[language][0])),
    ):
        assert response.metadata is not None and response.metadata["model"] == "scripted"
        assert f"{TRUE[language]} [1]" in str(response)
        assert len(response.source_nodes) == len(response.metadata["citations"]) > 0
    assert len(llm.told) == 2


@pytest.mark.parametrize("language", ["th", "en"])
def test_abstention_is_a_response_without_sources(news: Indexes, language: str) -> None:
    response = NewsQueryEngine(news).query(OFF_TOPIC[language])
    assert response.metadata is not None
    assert (response.metadata["abstained"], response.metadata["language"]) == (True, language)
    assert (response.source_nodes, str(response)) == ([], response.metadata["answer"])
    assert len(response.metadata["nearest"]) == 3


@pytest.mark.parametrize("language", ["th", "en"])
def test_engine_is_a_tool_of_an_agent(news: Indexes, language: str) -> None:
    tool = QueryEngineTool.from_defaults(NewsQueryEngine(news), name="news", description="Cited news.")
    said = tool.call(ASKED[language][0])
    assert said.content == ask(news, ASKED[language][0]).answer
    assert asyncio.run(tool.acall(ASKED[language][0])).content == said.content


# Threads, tasks, closing


@pytest.mark.parametrize("way", ["aretrieve", "aquery"])
def test_event_loop_lives_on_while_a_question_is_encoded(
    open_home: OpenHome, news_of_own: Path, way: str
) -> None:
    embedder = _Waiting()
    indexes = open_home(embedder)
    part = NewsRetriever(indexes) if way == "aretrieve" else NewsQueryEngine(indexes)

    async def beat() -> object:
        call = asyncio.create_task(getattr(part, way)(ASKED["en"][0]))
        assert await asyncio.to_thread(embedder.asked.wait, _SECONDS)
        for _ in range(10):
            await asyncio.sleep(0.001)
        assert not call.done()
        embedder.let.set()
        return await call

    assert asyncio.run(beat())
    assert embedder.was_let == [True]


def test_eight_at_once_return_what_each_does_alone(
    news: Indexes, open_home: OpenHome, news_of_own: Path
) -> None:
    queries = [*_QUESTIONS, *OFF_TOPIC.values()]
    assert len(queries) == 8
    retriever, engine = NewsRetriever(open_home(_InPairs())), NewsQueryEngine(news)

    async def together() -> tuple[list[list[NodeWithScore]], list[Any]]:
        nodes = await asyncio.gather(*map(retriever.aretrieve, queries))
        return nodes, await asyncio.gather(*map(engine.aquery, queries))

    nodes, responses = asyncio.run(together())
    assert nodes == [NewsRetriever(news).retrieve(query) for query in queries]
    alone = [engine.query(query) for query in queries]
    assert [(said.response, said.source_nodes) for said in responses] == [
        (said.response, said.source_nodes) for said in alone
    ]


@each_way
def test_closed_indexes_are_named(open_home: OpenHome, news_of_own: Path, way: _Way) -> None:
    indexes = open_home()
    indexes.close()
    with pytest.raises(ValueError, match=f"^the library {re.escape(str(news_of_own))}.* is closed$"):
        way(indexes, ASKED["en"][0])


@pytest.mark.parametrize("way", ["aretrieve", "aquery"])
def test_indexes_closed_under_way_are_named(open_home: OpenHome, news_of_own: Path, way: str) -> None:
    embedder = _Waiting()
    indexes = open_home(embedder)
    part = NewsRetriever(indexes) if way == "aretrieve" else NewsQueryEngine(indexes)

    async def close_meanwhile() -> None:
        call = asyncio.create_task(getattr(part, way)(ASKED["en"][0]))
        assert await asyncio.to_thread(embedder.asked.wait, _SECONDS)
        indexes.close()
        embedder.let.set()
        await call

    with pytest.raises(ValueError, match="is closed$"):
        asyncio.run(close_meanwhile())


# Inside LlamaIndex


@pytest.mark.usefixtures("llama")
@pytest.mark.parametrize("language", ["th", "en"])
def test_retriever_feeds_llama_indexs_own_engine(news: Indexes, language: str) -> None:
    question, id, _ = ASKED[language]
    with serving(lambda prompt: "840") as endpoint:
        engine = RetrieverQueryEngine.from_args(NewsRetriever(news, top_k=2), llm=_llm(endpoint))
        said = [engine.query(question), asyncio.run(engine.aquery(question))]
    assert [str(response) for response in said] == ["840", "840"]
    nodes = NewsRetriever(news, top_k=2).retrieve(question)
    assert [response.source_nodes for response in said] == [nodes, nodes]
    assert len(endpoint.prompts) == 2 and nodes[0].metadata["article_id"] == id
    for prompt in endpoint.prompts:
        assert question in prompt
        assert [node.get_content(MetadataMode.LLM) in prompt for node in nodes] == [True, True]
        assert id not in prompt and "https://" not in prompt


@pytest.mark.usefixtures("llama")
@pytest.mark.parametrize("language", ["th", "en"])
def test_similarity_postprocessor_cuts_by_score(news: Indexes, language: str) -> None:
    question = ASKED[language][0]
    first, second = NewsRetriever(news, top_k=2).retrieve(question)
    assert first.get_score() > second.get_score()
    cut = SimilarityPostprocessor(similarity_cutoff=(first.get_score() + second.get_score()) / 2)
    with serving(lambda prompt: "840") as endpoint:
        engine = RetrieverQueryEngine.from_args(
            NewsRetriever(news), llm=_llm(endpoint), node_postprocessors=[cut]
        )
        assert engine.query(question).source_nodes == [first]
    assert first.text in endpoint.prompts[0] and second.text not in endpoint.prompts[0]


@pytest.mark.usefixtures("llama")
@pytest.mark.parametrize("language", ["th", "en"])
def test_retriever_feeds_llama_indexs_citations(news: Indexes, language: str) -> None:
    question, id, _ = ASKED[language]
    with serving(lambda prompt: "840 [1]") as endpoint:
        engine = CitationQueryEngine(NewsRetriever(news, top_k=1), llm=_llm(endpoint))
        response = engine.query(question)
    (node,) = NewsRetriever(news, top_k=1).retrieve(question)
    assert str(response) == "840 [1]"
    assert [source.text for source in response.source_nodes] == [f"Source 1:\n{node.text}\n"]
    assert response.source_nodes[0].node.ref_doc_id == id
    assert f"Source 1:\n{node.text}" in endpoint.prompts[0]


class _Noting(BaseCallbackHandler):
    """A callback handler that notes what ends, and with what."""

    def __init__(self) -> None:
        super().__init__([], [])
        self.ended: list[tuple[CBEventType, Any]] = []

    def on_event_start(self, event_type: CBEventType, *rest: Any, **named: Any) -> str:
        return ""

    def on_event_end(self, event_type: CBEventType, payload: Any = None, *rest: Any, **named: Any) -> None:
        self.ended.append((event_type, payload))

    def start_trace(self, trace_id: str | None = None) -> None: ...

    def end_trace(self, trace_id: str | None = None, trace_map: Any = None) -> None: ...


@pytest.mark.parametrize("language", ["th", "en"])
def test_callbacks_are_told_of_nodes_and_responses(news: Indexes, language: str) -> None:
    question, noting = ASKED[language][0], _Noting()
    manager = CallbackManager([noting])
    retriever = NewsRetriever(news, callback_manager=manager)
    engine = NewsQueryEngine(news, callback_manager=manager)
    nodes = [retriever.retrieve(question), asyncio.run(retriever.aretrieve(question))]
    responses = [engine.query(question), asyncio.run(engine.aquery(question))]
    assert noting.ended == [
        *[(CBEventType.RETRIEVE, {EventPayload.NODES: found}) for found in nodes],
        *[(CBEventType.QUERY, {EventPayload.RESPONSE: response}) for response in responses],
    ]


_ALONE = """
import asyncio, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise PermissionError(f"{event} {arguments}")

sys.addaudithook(refuse)

from pathlib import Path

import llama_index.core
from fakes import FakeEmbedder

from rag.config import Settings
from rag.indexes import join_indexes
from rag.retriever import NewsQueryEngine, NewsRetriever

with join_indexes(Settings(home=Path(sys.argv[1])), FakeEmbedder()) as indexes:
    retriever, engine = NewsRetriever(indexes), NewsQueryEngine(indexes)
    for question in sys.argv[2:]:
        assert retriever.retrieve(question) == asyncio.run(retriever.aretrieve(question)) != []
        assert str(engine.query(question)) == str(asyncio.run(engine.aquery(question)))
assert set(vars(llama_index.core.Settings).values()) == {None}, vars(llama_index.core.Settings)
assert llama_index.core.global_handler is llama_index.core.global_tokenizer is None
assert "openai" not in sys.modules
"""


def test_needs_no_key_and_no_network_prints_nothing_and_leaves_globals_alone(news_of_own: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI")}
    environment["PYTHONPATH"] = os.pathsep.join([str(_ROOT), str(_ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", _ALONE, str(news_of_own), *_QUESTIONS, *OFF_TOPIC.values()],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_missing_package_is_named_with_what_to_install() -> None:
    code = (
        "import sys; sys.modules['llama_index'] = None\n"
        "try:\n    import rag.retriever\n"
        "except ModuleNotFoundError as error:\n    print(error.name, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"llama_index\S* rag\.retriever needs khao\[llama-index\]: .+\n", done.stdout)
