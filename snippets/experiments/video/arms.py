"""The arms of this experiment, by name."""

WHOLE = "whole file decoded, then cut"
FAR, NEAR = "sought, a key frame every 10 s", "sought, a key frame every half second"
OWN_THREADS, ONE_THREAD = "workers whose decoders have threads of their own", "workers whose decoders have one thread"
