"""The arms of this experiment, by name."""

TOKENISED, MAPPED = "texts, tokenised at each fetch", "texts, from a map of tokens"
SHUFFLED, BY_LENGTH = "batches of texts in random order", "batches of texts by length"
ROWS, LISTS = "table, row by row", "table, a list of rows"
WHOLE, SOUGHT = "sound, whole file", "sound, sought"
