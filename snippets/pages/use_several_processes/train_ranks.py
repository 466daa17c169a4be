"""Two ranks train one model, each with workers of its own."""

# ranks: 2
# prints: (?s:.+\n)?epoch 0: rank 0 trained on 500 of 1000 items
# prints: epoch 1: rank 0 trained on 500 of 1000 items
# workers: any: torchrun starts its processes

# --8<-- [start:code]
import os

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset


def main():
    on_gpu = torch.cuda.device_count() >= int(os.environ["LOCAL_WORLD_SIZE"])
    if on_gpu:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    nccl = on_gpu and dist.is_nccl_available()  # Windows has none
    dist.init_process_group("nccl" if nccl else "gloo")
    device = "cuda" if on_gpu else "cpu"
    dataset = TensorDataset(torch.arange(1000.0).unsqueeze(1))
    sampler = DistributedSampler(dataset, seed=0)
    loader = DataLoader(dataset, 50, sampler=sampler, num_workers=2)
    model = DistributedDataParallel(torch.nn.Linear(1, 1).to(device))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-9)
    for epoch in range(2):
        sampler.set_epoch(epoch)
        items = 0
        for (batch,) in loader:
            optimizer.zero_grad()
            model(batch.to(device)).square().mean().backward()
            optimizer.step()
            items += len(batch)
        if dist.get_rank() == 0:
            print(f"epoch {epoch}: rank 0 trained on {items} of 1000 items")
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
# --8<-- [end:code]
