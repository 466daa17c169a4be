"""The first version's sweet spot, as Python reads it."""

# prints: fits in RAM: True, -4 workers
# prints: fits in RAM: False, -2 workers

# --8<-- [start:code]
for dataset_fits_in_ram in (True, False):
    if dataset_fits_in_ram:
        num_workers = 4 - 8
    else:
        num_workers = 2 - 4  # Less to avoid memory issues
    print(f"fits in RAM: {dataset_fits_in_ram}, {num_workers} workers")
# --8<-- [end:code]
