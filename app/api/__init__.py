"""The HTTP API: requests in, what a newsroom says out."""
