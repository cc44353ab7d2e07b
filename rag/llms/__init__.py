"""Large language models: what they are asked through, and where they run."""
