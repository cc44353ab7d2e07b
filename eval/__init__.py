"""Gold questions, metrics and measurements. Imports rag and corpus; never app."""
