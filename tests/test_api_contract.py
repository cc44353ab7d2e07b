"""The server against its own OpenAPI document: schemathesis makes thousands of requests of it, right ones and wrong ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from served import serving

# How many requests are made up for each operation; `make soak` asks for more.
_EXAMPLES = os.environ.get("SOAK_EXAMPLES", "15")
_CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,unsupported_method,allow_header_conformance,use_after_free"
)


def test_no_request_that_the_document_allows_or_forbids_breaks_the_server(
    news_of_own: Path, tmp_path: Path
) -> None:
    with serving(news_of_own) as running:
        done = subprocess.run(
            [
                *[sys.executable, "-m", "schemathesis.cli", "run", f"{running.url}/openapi.json"],
                *[
                    "--checks",
                    _CHECKS,
                    "--max-examples",
                    _EXAMPLES,
                    "--seed",
                    "2566",
                    "--request-timeout",
                    "30",
                ],
                *["--continue-on-failure", "--suppress-health-check", "all", "--no-color"],
            ],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=1800,
        )
        assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
        assert running.client.get("/readyz").json()["ready"]
        requests = running.client.get("/metrics").text
    assert 'status="500"' not in requests
