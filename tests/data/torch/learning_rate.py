"""Writes learning_rate.json: rates of torch.optim.lr_scheduler (LinearLR a step, ExponentialLR an epoch, both on one optimizer), which LearningRate is held to. Run with a python that has torch."""
import json
import pathlib

import torch


def rates(peak, decay, warmup, steps_per_epoch, epochs):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    schedules = [torch.optim.lr_scheduler.ExponentialLR(optimizer, decay)]
    rise = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / (warmup + 1), total_iters=warmup) if warmup else None
    seen = []
    for _ in range(epochs):
        for _ in range(steps_per_epoch):
            seen.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if rise:
                rise.step()
        schedules[0].step()
    return {"peak": peak, "decay": decay, "warmup_steps": warmup, "steps_per_epoch": steps_per_epoch, "rates": seen}


cases = [rates(2e-4, 0.999875, 0, 3, 4), rates(1e-3, 0.5, 5, 2, 5), rates(2e-4, 0.9, 4, 10, 2)]
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=1) + "\n")
