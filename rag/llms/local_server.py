"""llama.cpp's server over one GGUF file, as a process of its own: `python -m rag.llms.local_server`, started by local.py.

Reads what to run as a line of JSON, says where it listens or what is wrong as another, and ends when its input does: with
whoever started it, however that one ended. Knows nothing of the rest of Khao.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

_PROMPTS_MIB = 512  # of memory for prompts read before; llama.cpp's own default is 8 GiB


def run(model: str, key: str, window: int, threads: int) -> Any:
    """Start the server on a free port of this machine and return it; RuntimeError if the model cannot be loaded."""
    import xllamacpp

    wanted = xllamacpp.CommonParams()
    wanted.model.path = model
    wanted.api_keys = [key]
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = 0
    wanted.n_ctx = window  # the model's own where that is less
    wanted.n_threads_http = 4  # that one long reply keeps nobody from asking how it stands
    wanted.cache_ram_mib = _PROMPTS_MIB
    wanted.enable_reasoning = 0  # a thought takes a small machine longer than anybody waits
    wanted.ui = False
    wanted.verbosity = 1  # errors
    for processor in (wanted.cpuparams, wanted.cpuparams_batch):
        processor.n_threads = threads
        processor.poll = 0  # beside other work, threads that wait by spinning take its time and their own
    return xllamacpp.Server(wanted)


def main() -> None:
    """Serve until the input ends."""
    # llama.cpp may print; what is for the parent goes to the real output only.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    said: dict[str, str] = {}
    try:
        server = run(**json.loads(sys.stdin.readline()))
        said["url"] = str(server.listening_address)
    except Exception as error:  # whatever it is, the parent is to say it
        said["error"] = " ".join(str(error).split()) or type(error).__name__
    print(json.dumps(said), file=answers, flush=True)
    if "url" in said:
        sys.stdin.read()
    os._exit(0)  # in the middle of a reply too, for which the server would else wait


if __name__ == "__main__":
    main()
