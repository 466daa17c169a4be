"""A dataset that is asked once for a whole batch."""

# prints: Table: 1000 questions
# prints: BatchedTable: 10 questions
# workers: 0, 0

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Table(Dataset):
    """Rows that cost a question each, or one question for many."""

    def __init__(self):
        self.rows = torch.arange(1000.0)
        self.questions = 0

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        self.questions += 1
        return self.rows[index]


class BatchedTable(Table):
    def __getitems__(self, indices):
        self.questions += 1
        return [*self.rows[indices]]


if __name__ == "__main__":
    for dataset in (Table(), BatchedTable()):
        for batch in DataLoader(dataset, batch_size=100):
            pass
        print(f"{type(dataset).__name__}: {dataset.questions} questions")
# --8<-- [end:code]
