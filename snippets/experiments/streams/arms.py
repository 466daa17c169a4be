"""The arms of this experiment, by name."""

ALREADY = "batches on the GPU already"
SAME = "copies on the stream of the steps"
OWN = "copies on a stream of their own"
