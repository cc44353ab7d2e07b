"""Answers by a language model: each sentence held against its sources, whatever the model does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from made_news import ASKED, OFF_TOPIC, TODAY
from scripted_model import Script, ScriptedModel, news_in

from corpus.article import Language
from corpus.language import words
from rag.answer import answer_in_steps, ask
from rag.checking.checker import Verdict
from rag.evidence import Source
from rag.indexes import Indexes
from rag.llms.language_model import PromptTooLong
from rag.phrasing import abstention
from rag.records import Answer, Citation, Statement, Turn
from rag.writing.notices import broke_off, instead, left_out, nothing_left, unverified
from rag.writing.prompt import rules

LANGUAGES: list[Language] = ["th", "en"]
# A true sentence about each of ASKED, what supports it, and a false one.
TRUE: dict[Language, str] = {
    "th": "สะพานแห่งนี้ยาว 840 เมตร",
    "en": "Rescue teams evacuated 2,100 people from 34 villages on Koh Tawan",
}
QUOTED: dict[Language, str] = {"th": "สะพานแห่งนี้ยาว 840 เมตร", "en": "evacuated 2,100 people from 34 villages"}
FALSE: dict[Language, str] = {"th": "สะพานแห่งนี้สร้างโดยมนุษย์ต่างดาว", "en": "Aliens evacuated nine villages"}
FOREIGN: dict[Language, str] = {"th": TRUE["en"] + " after the flood", "en": TRUE["th"] + " และกว้างสี่ช่องจราจร"}
GAP: dict[Language, str] = {
    "th": "ข่าวไม่ได้ระบุว่าสะพานยาวกี่เมตร",
    "en": "The articles do not say how many villages were evacuated.",
}


class WordSupport:
    """A check that computes: a source supports a statement where it has all of its words."""

    def check(self, statement: str, cited: Sequence[Source]) -> Verdict:
        held = {word for source in cited for word in words(source.text)}
        missing = tuple(word for word in words(statement) if word not in held)
        return Verdict(bool(cited) and not missing, float(not missing), missing)

    def find_support(self, statement: str, sources: Sequence[Source]) -> tuple[Source, ...]:
        return next(((source,) for source in sources if self.check(statement, [source]).supported), ())


def answered(news: Indexes, script: Script | str, language: Language, **changes: object) -> Answer:
    """The answer to the question of ASKED, written by a model that says `script`."""
    model = script if isinstance(script, ScriptedModel) else ScriptedModel(_always(script))
    indexes = replace(news, settings=replace(news.settings, llm_cache=False, **changes))  # type: ignore[arg-type]
    return ask(indexes, ASKED[language][0], today=TODAY, llm=model, support=WordSupport())


def _always(reply: Script | str) -> Script:
    return (lambda prompt: reply) if isinstance(reply, str) else reply


def number_of(text: str, prompt: str) -> int:
    """The number that the prompt gives to the sentence with `text`."""
    line = next(line for line in prompt.splitlines() if text in line and line.startswith("["))
    return int(line[1 : line.index("]")])


def citing(text: str, language: Language, reply: str) -> Script:
    """A script that fills in the number of the right source."""
    return lambda prompt: reply.format(n=number_of(text, prompt))


@pytest.mark.parametrize("language", LANGUAGES)
def test_supported_sentence_is_shown_with_the_exact_source(news: Indexes, language: Language) -> None:
    answer = answered(news, citing(QUOTED[language], language, f"{TRUE[language]} [{{n}}]"), language)
    assert [(said.text, said.citations, said.supported) for said in answer.statements] == [
        (TRUE[language], (1,), True)
    ]
    assert answer.answer == f"{TRUE[language]} [1]"
    (cited,) = answer.citations
    assert cited.article_id == ASKED[language][1]
    assert ASKED[language][2] in cited.quote
    article = news.library.get(cited.article_id)
    assert article is not None and article.body[cited.start : cited.end] == cited.quote
    assert (answer.model, answer.notice, answer.gaps, answer.abstained) == ("scripted", None, (), False)
    assert answer.writing is not None
    assert (answer.writing.dropped, answer.writing.repaired, answer.writing.cached) == (0, 0, False)
    assert answer.writing.prompt_tokens > 0 and answer.writing.completion_tokens > 0
    assert 0 < answer.timings_ms["first_statement"] <= answer.timings_ms["total"]


@pytest.mark.parametrize("reply", ["{true}", "{true} [999]", "{true} 【99†source】"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_sentence_without_its_citation_is_given_it(news: Indexes, language: Language, reply: str) -> None:
    answer = answered(news, reply.format(true=TRUE[language]), language)
    assert answer.answer == f"{TRUE[language]} [1]"
    assert ASKED[language][2] in answer.citations[0].quote
    assert answer.writing is not None and answer.writing.repaired == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_unsupported_sentence_is_left_out_and_told(news: Indexes, language: Language) -> None:
    script = citing(QUOTED[language], language, f"{FALSE[language]} [{{n}}]\n{TRUE[language]} [{{n}}]")
    answer = answered(news, script, language)
    assert [said.text for said in answer.statements] == [TRUE[language]]
    assert answer.notice == left_out(1, language)
    assert answer.writing is not None and answer.writing.dropped == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_unsupported_sentence_is_marked_where_the_settings_want_it(news: Indexes, language: Language) -> None:
    script = citing(QUOTED[language], language, f"{FALSE[language]} [{{n}}]\n{TRUE[language]} [{{n}}]")
    answer = answered(news, script, language, llm_unsupported="mark")
    assert [(said.text, said.citations, said.supported) for said in answer.statements] == [
        (FALSE[language], (), False),
        (TRUE[language], (1,), True),
    ]
    assert answer.answer == f"{FALSE[language]} ({unverified(language)})\n{TRUE[language]} [1]"
    assert answer.notice is None


@pytest.mark.parametrize("unsupported", ["drop", "mark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_answer_with_nothing_left_abstains(news: Indexes, language: Language, unsupported: str) -> None:
    model = ScriptedModel(_always(f"{FALSE[language]} [1]"))
    steps = list(
        answer_in_steps(
            replace(news, settings=replace(news.settings, llm_unsupported=unsupported)),
            ASKED[language][0],
            today=TODAY,
            llm=model,
            support=WordSupport(),
        )
    )
    (answer,) = steps
    assert isinstance(answer, Answer)
    assert answer.abstained and answer.statements == () and answer.citations == ()
    assert answer.answer == abstention(language)
    assert answer.notice == nothing_left(language)
    assert answer.nearest[0].article_id == ASKED[language][1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_model_that_says_the_articles_do_not_tell_abstains(news: Indexes, language: Language) -> None:
    answer = answered(news, GAP[language], language)
    assert answer.abstained and answer.notice is None
    assert answer.answer == abstention(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_articles_do_not_tell_stands_apart_and_cites_nothing(
    news: Indexes, language: Language
) -> None:
    script = citing(QUOTED[language], language, f"{TRUE[language]} [{{n}}]\n{GAP[language]}")
    answer = answered(news, script, language)
    assert [said.text for said in answer.statements] == [TRUE[language]]
    assert answer.gaps == (GAP[language],)
    assert answer.answer == f"{TRUE[language]} [1]"


@pytest.mark.parametrize(
    ("failure", "trouble"),
    [
        (ConnectionError("nobody there"), "away"),
        (TimeoutError("no reply"), "slow"),
        (ValueError("no such model"), "refused"),
        ("", "nonsense"),
        ("\u200b\u200b ...", "nonsense"),
        ("[1] [2] [3]", "nonsense"),
        ("<|im_start|>user <|im_end|>", "nonsense"),
        ("foreign", "nonsense"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_model_that_gives_nothing_leaves_the_answer_to_the_articles_and_says_so(
    news: Indexes, language: Language, failure: str | Exception, trouble: str
) -> None:
    reply = FOREIGN[language] if failure == "foreign" else failure
    answer = answered(news, lambda prompt: reply, language)
    alone = ask(news, ASKED[language][0], today=TODAY)
    assert (answer.statements, answer.citations, answer.answer) == (
        alone.statements,
        alone.citations,
        alone.answer,
    )
    assert answer.model == alone.model == "extractive"
    assert answer.notice is not None
    assert answer.notice.startswith(instead(trouble, language))  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_verified_before_the_model_broke_off_stays(news: Indexes, language: Language) -> None:
    model = ScriptedModel(
        lambda prompt: ConnectionError("cut"), before=f"{TRUE[language]} [1]\n{TRUE[language][:-4]}"
    )
    answer = answered(news, model, language)
    assert answer.statements[0].text == TRUE[language]
    assert answer.model == "scripted"
    assert answer.notice == broke_off(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_model_that_runs_in_circles_is_stopped(news: Indexes, language: Language) -> None:
    model = ScriptedModel(lambda prompt: f"{TRUE[language]} [1]\n" * 1000)
    answer = answered(news, model, language)
    assert [said.text for said in answer.statements] == [TRUE[language]]
    assert model.closed == 1
    assert answer.writing is not None and 0 < answer.writing.completion_tokens < 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_turns_that_the_model_makes_up_are_not_read(news: Indexes, language: Language) -> None:
    reply = f"{TRUE[language]} [1]<|im_end|>\n<|im_start|>user\n{TRUE[language][:-3]} [1]\n"
    model = ScriptedModel(lambda prompt: reply)
    answer = answered(news, model, language)
    assert [said.text for said in answer.statements] == [TRUE[language]]
    assert model.closed == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_repeated_by_the_model_are_not_shown(news: Indexes, language: Language) -> None:
    told = rules(language, "fact", TODAY).splitlines()[1].removeprefix("1. ")

    class Believing(WordSupport):
        def check(self, statement: str, cited: Sequence[Source]) -> Verdict:
            return Verdict(True, 1.0, ())

    answer = ask(
        news,
        ASKED[language][0],
        today=TODAY,
        llm=ScriptedModel(lambda prompt: f"{told} [1]\n{TRUE[language]} [1]"),
        support=Believing(),
    )
    assert [said.text for said in answer.statements] == [TRUE[language]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_prompt_that_is_too_long_is_made_shorter(news: Indexes, language: Language) -> None:
    lengths: list[int] = []

    def script(prompt: str) -> str | Exception:
        lengths.append(len(prompt))
        if len(lengths) < 3:
            return PromptTooLong("too long")
        return f"{TRUE[language]} [1]"

    answer = answered(news, script, language)
    assert lengths == sorted(lengths, reverse=True)
    assert answer.model == "scripted"


@pytest.mark.parametrize("language", LANGUAGES)
def test_small_window_is_kept_to(news: Indexes, language: Language) -> None:
    model = ScriptedModel(lambda prompt: "x", window=1100)
    answered(news, model, language)
    (told,) = model.told
    assert model.count_tokens("".join(message.text for message in told)) <= 1100


@pytest.mark.parametrize("language", LANGUAGES)
def test_unrelated_question_abstains_without_asking_the_model(news: Indexes, language: Language) -> None:
    model = ScriptedModel(lambda prompt: "Of course! [1]")
    own = replace(news, settings=replace(news.settings, llm_cache=False))
    answer = ask(own, OFF_TOPIC[language], today=TODAY, llm=model)
    assert answer.abstained and answer.model == "extractive"
    assert not any(news_in(messages[-1].text) for messages in model.told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_statement_comes_before_the_reply_has_ended(news: Indexes, language: Language) -> None:
    model = ScriptedModel(lambda prompt: f"{TRUE[language]} [1]\n" + "… " * 10_000)
    steps = answer_in_steps(news, ASKED[language][0], today=TODAY, llm=model, support=WordSupport())
    first, second = next(steps), next(steps)
    assert isinstance(first, Citation) and isinstance(second, Statement)
    assert second.text == TRUE[language]
    assert model.closed == 0
    steps.close()  # type: ignore[attr-defined]  # the reader has stopped it
    assert model.closed == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_judge_may_refuse_what_the_check_admits(news: Indexes, language: Language) -> None:
    def script(prompt: str) -> str:
        return "NO" if "YES or NO" in prompt else f"{TRUE[language]} [1]"

    assert answered(news, script, language, llm_judge=True).abstained
    assert not answered(news, script, language).abstained


@pytest.mark.parametrize("verdict", ["Perhaps.", "", ConnectionError("gone"), "YES"])
def test_judge_without_a_verdict_refuses_nothing(news: Indexes, verdict: str | Exception) -> None:
    def script(prompt: str) -> str | Exception:
        return verdict if "YES or NO" in prompt else f"{TRUE['en']} [1]"

    assert not answered(news, script, "en", llm_judge=True).abstained


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_question_over_the_same_library_is_served_from_the_cache(
    news: Indexes, language: Language, tmp_path: object
) -> None:
    own = replace(news, settings=replace(news.settings, home=tmp_path))  # type: ignore[arg-type]
    model = ScriptedModel(citing(QUOTED[language], language, f"{TRUE[language]} [{{n}}]"))
    question = ASKED[language][0]
    first = ask(own, question, today=TODAY, llm=model)
    asked = len(model.told)
    again = ask(own, f"  {question} ", today=TODAY, llm=model)
    assert len(model.told) == asked
    assert first.writing is not None and again.writing == replace(first.writing, cached=True)
    assert replace(again, writing=first.writing, timings_ms=first.timings_ms) == first
    steps = list(answer_in_steps(own, question, today=TODAY, llm=model))
    assert [type(step) for step in steps][-1] is Answer
    assert [step for step in steps if isinstance(step, Statement)] == list(first.statements)
    for changed in (
        {"history": [Turn("?", "!")]},
        {"top_k": 3},
        {"today": TODAY.replace(day=1)},
    ):
        ask(own, question, **{"today": TODAY, "llm": model, **changed})  # type: ignore[arg-type]
        assert len(model.told) > asked
        asked = len(model.told)


def test_answer_that_the_model_was_away_for_is_not_kept(news: Indexes, tmp_path: object) -> None:
    own = replace(news, settings=replace(news.settings, home=tmp_path))  # type: ignore[arg-type]
    question = ASKED["en"][0]
    assert ask(own, question, today=TODAY, llm=ScriptedModel(lambda _: OSError("x"))).notice is not None
    script = citing(QUOTED["en"], "en", f"{TRUE['en']} [{{n}}]")
    assert ask(own, question, today=TODAY, llm=ScriptedModel(script)).model == "scripted"


def test_cache_that_is_no_cache_is_done_without(news: Indexes, tmp_path: object) -> None:
    own = replace(news, settings=replace(news.settings, home=tmp_path))  # type: ignore[arg-type]
    (own.settings.home / "answers.sqlite3").write_text("no database")
    script = citing(QUOTED["en"], "en", f"{TRUE['en']} [{{n}}]")
    for _ in range(2):
        answer = ask(own, ASKED["en"][0], today=TODAY, llm=ScriptedModel(script))
        assert answer.writing is not None and not answer.writing.cached
