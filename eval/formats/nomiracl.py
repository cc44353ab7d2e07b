"""NoMIRACL: Wikipedia questions in one language, some of which none of the passages judged for them answers.

A language's folder (Thakur et al. 2024, arXiv:2312.11361; Khao reads Thai and English), the corpus plain or .gz:

    corpus.jsonl.gz                  {"docid": "87#3", "title": "เชียงใหม่", "text": "เมืองมีประชากรราว 127,000 คน"}
    topics/test.relevant.tsv         12#0<TAB>เชียงใหม่มีประชากรเท่าไร
    qrels/test.relevant.tsv          12#0<TAB>Q0<TAB>87#3<TAB>1
    topics/test.non_relevant.tsv     and its qrels, whose scores are all 0: to be abstained on

Topics without judgements are left out, as its own loader does. A non-relevant question is unanswerable as far as its
ten or so judged passages go; another passage of the corpus may by chance answer it.
"""

from __future__ import annotations

from pathlib import Path

from eval.benchmark import Benchmark
from eval.formats.collection import Collection
from eval.formats.judgements import read_judgements, relevant
from eval.formats.lines import id_in, json_lines, naming, stored, text_in, text_lines

_LANGUAGES = {"thai": "th", "th": "th", "english": "en", "en": "en"}
_OTHERS = set(
    "arabic bengali chinese finnish french german hindi indonesian japanese korean persian russian spanish swahili"
    " telugu yoruba ar bn de es fa fi fr hi id ja ko ru sw te yo zh".split()
)


def read_nomiracl(path: Path) -> Benchmark:
    """Return the test questions of a folder, or the dev ones without; of a file in topics/ or qrels/ its own split."""
    folder = path if path.is_dir() else path.parent.parent
    language = folder.resolve().name.lower()
    if language in _OTHERS:
        raise ValueError(f"{folder}: NoMIRACL in {language}: Khao reads Thai and English")
    split = _split(folder) if path.is_dir() else path.name.partition(".")[0]
    collection = Collection(f"nomiracl.{language}.{split}", "nomiracl", path)
    for place, record in json_lines(stored(folder, "corpus.jsonl")):
        with naming(place):
            collection.add_article(id_in(record, "docid"), text_in(record, "title"), text_in(record, "text"))
    for subset in ("relevant", "non_relevant"):
        _add(collection, folder, f"{split}.{subset}.tsv", subset == "relevant", _LANGUAGES.get(language, ""))
    return collection.benchmark()


def is_nomiracl(folder: Path) -> bool:
    """Tell whether a folder has a corpus, topics and judgements."""
    parts = (folder / "topics").is_dir() and (folder / "qrels").is_dir()
    return parts and stored(folder, "corpus.jsonl").is_file()


def _split(folder: Path) -> str:
    return "test" if (folder / "topics" / "test.relevant.tsv").is_file() else "dev"


def _add(collection: Collection, folder: Path, name: str, answered: bool, language: str) -> None:
    judged = read_judgements(folder / "qrels" / name)
    for place, line in text_lines(folder / "topics" / name):
        with naming(place):
            id, tab, question = line.partition("\t")
            if not tab:
                raise ValueError(f"no tab between id and question: {line[:60]!r}")
        judgements = judged.get(id.strip())
        if judgements is None:
            continue
        evidence = relevant(collection, judgements)
        with naming(place):
            if bool(evidence) != answered:
                raise ValueError(
                    f"question {id!r} has {len(evidence)} relevant passages, and stands in {name}"
                )
            collection.add_question(id.strip(), question, evidence=evidence, language=language)
