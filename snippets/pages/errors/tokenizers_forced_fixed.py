"""A tokenizer that uses no threads misses none of them after a fork."""

# needs: fork, tokenizers
# starts: afresh
# prints: in the main process: \[\[1, 2\], \[1, 0\]\]
# prints: 8 batches

# --8<-- [start:code]
import os

os.environ["TOKENIZERS_PARALLELISM"] = "false"

from tokenizers import Tokenizer, models, pre_tokenizers
from torch.utils.data import DataLoader

words = models.WordLevel({"?": 0, "a": 1, "word": 2}, unk_token="?")
tokenizer = Tokenizer(words)
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()


def tokenise(texts):
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


if __name__ == "__main__":
    print(f"in the main process: {tokenise(['a word', 'a text'])}")
    loader = DataLoader(
        ["a word"] * 64,
        batch_size=8,
        num_workers=1,
        collate_fn=tokenise,
        timeout=60,
        multiprocessing_context="fork",
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
