"""Two ranks train one model, each with workers of its own."""

# ranks: 2
# prints: (?s:.+\n)?epoch 0: 1000 of 1000 items seen once, by all ranks
# prints: epoch 1: 1000 of 1000 items seen once, by all ranks
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
        seen = torch.zeros(1000, device=device)
        for (batch,) in loader:
            batch = batch.to(device)
            counts = torch.bincount(batch.long().flatten(), minlength=1000)
            dist.all_reduce(counts)
            seen += counts
            optimizer.zero_grad()
            model(batch).square().mean().backward()
            optimizer.step()
        if dist.get_rank() == 0:
            once = int((seen == 1).sum())
            print(
                f"epoch {epoch}: {once} of 1000 items seen once, by all ranks"
            )
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
# --8<-- [end:code]
