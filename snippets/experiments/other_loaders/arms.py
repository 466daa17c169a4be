"""The arms of this experiment, by name."""

OURS = "DataLoader"
OTHERS = {"torchdata": "torchdata.nodes", "spdl": "SPDL", "webdataset": "WebDataset", "datasets": "datasets"}
"""By package, which may not be installed. Ray Data takes longer to begin than all of these."""
