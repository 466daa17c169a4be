"""Four workers for a stream of one shard: a warning of the library's."""

# needs: datasets
# prints: Too many dataloader workers: 4 \(max is dataset\.num_shards=1\)\.
#      Stopping 3 dataloader workers\.
# prints: 4 batches from 1 shard

# --8<-- [start:code]
from datasets import IterableDataset
from torch.utils.data import DataLoader


def items(shards):
    for shard in shards:
        for number in shard:
            yield {"number": number}


if __name__ == "__main__":
    shards = [range(32)]
    dataset = IterableDataset.from_generator(
        items, gen_kwargs={"shards": shards}
    )
    loader = DataLoader(dataset, batch_size=8, num_workers=4)
    print(f"{len(list(loader))} batches from {dataset.num_shards} shard")
# --8<-- [end:code]
