"""What the news is: read it, clean it, keep it. Imports nothing else of ours."""
