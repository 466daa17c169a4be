"""The arms of this experiment, by name."""

WITHOUT, WITH = "a spawned worker without CUDA", "a spawned worker with CUDA"
BEFORE, AFTER = "8 forked workers, CUDA not used yet", "8 forked workers, CUDA used before"
