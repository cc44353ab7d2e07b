"""What the model's vectors look like in general: the mean of each language's passages and of its questions.

A multilingual encoder puts a text's language into its vector: in a mixed corpus anything in the question's own
language outranks the right article in the other. Removing each language's mean removes most of that (the first
principal direction of such spaces is the language; Yang et al. 2021, arXiv:2109.04544). The means are of the bundled
sample corpus, so they hold for a library of one article as well, and do not move when the library grows.
"""
