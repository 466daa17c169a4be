"""Four workers for a stream of four shards."""

# needs: datasets

# --8<-- [start:code]
from datasets import IterableDataset
from torch.utils.data import DataLoader


def items(shards):
    for shard in shards:
        for number in shard:
            yield {"number": number}


if __name__ == "__main__":
    shards = [range(0, 8), range(8, 16), range(16, 24), range(24, 32)]
    dataset = IterableDataset.from_generator(
        items, gen_kwargs={"shards": shards}
    )
    loader = DataLoader(dataset, batch_size=8, num_workers=4)
    print(f"{len(list(loader))} batches from {dataset.num_shards} shards")
# --8<-- [end:code]
