"""Questions drafted from the sentences of an article, each with what answers it; knows no library and no search."""
