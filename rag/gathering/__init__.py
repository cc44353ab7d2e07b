"""What is gathered for a question: follow-ups made whole, parts searched apart, topics searched widely."""
