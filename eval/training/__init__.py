"""Training of the reader in rag/reading: its examples, the run, and what it is held to."""
