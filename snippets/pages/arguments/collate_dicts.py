"""Items that are dictionaries, with one value that cannot be stacked."""

# prints: tokens: 3 × 4, padded with 0
# prints: length: 2 3 4
# prints: label: 0 1 0
# workers: 0

# --8<-- [start:code]
import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset, default_collate


class Texts(Dataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        tokens = torch.arange(1, index + 3)
        return {"tokens": tokens, "length": len(tokens), "label": index % 2}


def pad(items):
    tokens = pad_sequence([item["tokens"] for item in items], batch_first=True)
    numbers = [
        {key: item[key] for key in item if key != "tokens"} for item in items
    ]
    return {"tokens": tokens, **default_collate(numbers)}


if __name__ == "__main__":
    for batch in DataLoader(Texts(), batch_size=3, collate_fn=pad):
        rows, columns = batch["tokens"].shape
        print(f"tokens: {rows} × {columns}, padded with 0")
        print("length:", *batch["length"].tolist())
        print("label:", *batch["label"].tolist())
# --8<-- [end:code]
