"""Before its first item, a worker limits OpenCV and the BLAS as well."""

# needs: cv2, threadpoolctl
# prints: threads in the worker: \{'opencv': 1(?:, '\w+': 1)+\}

# --8<-- [start:code]
import cv2
import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits
from torch.utils.data import DataLoader, Dataset


class Blurred(Dataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        image = np.ones((512, 512), np.float32)
        blurred = cv2.GaussianBlur(image @ image, (9, 9), 2)
        threads = {
            pool["internal_api"]: pool["num_threads"]
            for pool in threadpool_info()
        }
        return blurred, {"opencv": cv2.getNumThreads(), **threads}


def one_thread(worker_id):
    cv2.setNumThreads(0)
    threadpool_limits(1)


if __name__ == "__main__":
    loader = DataLoader(
        Blurred(), batch_size=None, num_workers=1, worker_init_fn=one_thread
    )
    for blurred, threads in loader:
        print(f"threads in the worker: {threads}")
# --8<-- [end:code]
