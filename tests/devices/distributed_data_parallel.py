"""torch's DistributedDataParallel with gloo: one of two processes on loopback. Arguments: own index, a file to meet at.

Keras (3.15.1) knows nothing of torch.distributed: a metric holds the counts of its own process. They are summed here as
the docstring of `auc_roc` says.
"""

import os
import sys

import stacks

from compat_auc import RankAUC, auc_roc
from devices import programs, rows


def main():
    rank, store = int(sys.argv[1]), sys.argv[2]
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    keras = stacks.load("keras3-torch").keras
    import torch
    from torch.nn.parallel import DistributedDataParallel

    torch.distributed.init_process_group("gloo", init_method="file://" + store, rank=rank, world_size=2)
    labels, scores = rows.labels_and_scores()
    labels, scores = labels[rank == rows.DEVICE], scores[rank == rows.DEVICE]
    model, metrics = programs.identity_model(keras), [auc_roc(), RankAUC()]
    replica = DistributedDataParallel(model)
    for start in range(0, len(labels), rows.BATCH // 2):
        batch = slice(start, start + rows.BATCH // 2)
        predicted = replica(torch.as_tensor(scores[batch]))
        torch.nn.functional.mse_loss(predicted[:, 0], torch.as_tensor(labels[batch])).backward()
        for metric in metrics:
            metric.update_state(labels[batch], predicted)
    values = {"own": [float(metric.result()) for metric in metrics]}
    for metric in metrics:
        for variable in metric.variables:
            torch.distributed.all_reduce(variable.value)
    values["own_loop"] = [float(metric.result()) for metric in metrics]
    model.evaluate(scores, labels, verbose=0)
    for variable in model.metrics_variables:
        torch.distributed.all_reduce(variable.value)
    values["evaluate"] = programs.both(model.get_metrics_result())
    programs.report(values)
    # The replica first, and together: one that outlived its group once never came to an end.
    del replica
    torch.distributed.barrier()
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
