"""The ways in: the command line, and what a person sees of Khao in Thai and in English."""
