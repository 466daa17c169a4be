"""A worker that asks for all items of a batch at once, by threads."""

# prints: one by one: 48 items in \d+\.\d s
# prints: a batch at once: 48 items in \d+\.\d s
# workers: 1, 1

# --8<-- [start:code]
import asyncio
import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import torch
from torch.utils.data import DataLoader, Dataset


def fetch(client, index):
    client.request("GET", f"/{index}")
    return torch.tensor(float(client.getresponse().read()))


class Remote(Dataset):
    def __init__(self, port):
        self.port = port
        self.clients = []  # each worker makes its own

    def __len__(self):
        return 48

    def connect(self, count):
        while len(self.clients) < count:
            self.clients.append(HTTPConnection("127.0.0.1", self.port))

    def __getitem__(self, index):
        self.connect(1)
        return fetch(self.clients[0], index)


class RemoteAtOnce(Remote):
    def __getitems__(self, indices):
        self.connect(len(indices))
        with ThreadPoolExecutor(len(indices)) as threads:
            return [*threads.map(fetch, self.clients, indices)]


def serve(pipe, latency, at_once):
    """Answer each request after `latency` seconds, `at_once` at a time."""

    async def main():
        places = asyncio.Semaphore(at_once)

        async def answer(reader, writer):
            while request := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                async with places:
                    await asyncio.sleep(latency)
                body = request.split()[1].strip(b"/")
                size = b"Content-Length: %d" % len(body)
                writer.write(b"HTTP/1.1 200 OK\r\n%s\r\n\r\n%s" % (size, body))
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def main():
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(
        target=serve, args=(there, 0.01, 100), daemon=True
    )
    server.start()
    port = here.recv()
    for how, dataset in (
        ("one by one", Remote(port)),
        ("a batch at once", RemoteAtOnce(port)),
    ):
        batches = iter(DataLoader(dataset, batch_size=8, num_workers=1))
        began = time.perf_counter()
        items = sum(len(batch) for batch in batches)
        took = time.perf_counter() - began
        print(f"{how}: {items} items in {took:.1f} s")
    server.terminate()


if __name__ == "__main__":
    main()
# --8<-- [end:code]
