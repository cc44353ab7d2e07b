"""The chat: pages in Thai and in English over the newsroom, made with Gradio and mounted into the server."""
