"""Whether each sentence of a written answer is supported by the sentences that it cites."""
