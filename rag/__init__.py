"""A question in, a cited answer out. Imports corpus; knows nothing of HTTP, Gradio or HTML."""
