"""The arms of this experiment, by name."""

PAGEABLE, PINNED = "pageable", "pinned"
PAGEABLE_NON_BLOCKING, PINNED_NON_BLOCKING = "pageable, non_blocking", "pinned, non_blocking"
