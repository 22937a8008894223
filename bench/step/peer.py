"""The training step of VITS in Python, with the torch that Debian packages (python3-torch): what VoxMake's step is timed beside.

    /usr/bin/python3 peer.py init FOLDER --seed 1    writes the starting weights of both networks
    /usr/bin/python3 peer.py check GOLDEN            holds losses and norms of the first steps to vectors of the original's code (golden/vits/train)
    /usr/bin/python3 peer.py run FOLDER --threads 1  runs steps as bench.py asks for on standard input

Written as one writes PyTorch. It leaves out the same work that VoxMake's step leaves out and the original's train.py does for nothing: gradients of the discriminator in the generator's half of
the step, and a graph for the real clips there. The search for the alignment is C++, as it is Cython in the original.
"""
import argparse
import json
import math
import pathlib
import resource
import sys
import time

import numpy
import torch
from torch.nn import functional as F

import networks
import tensorfile


class Batch:
    """Clips side by side; each is reflected at its own ends, so that its spectrogram is what it would be alone."""

    def __init__(self, clips, training):
        hop, edge = training["hop_length"], (training["n_fft"] - training["hop_length"]) // 2
        ids, waves = zip(*clips)
        self.id_lengths = torch.tensor([len(item) for item in ids])
        self.lengths = torch.tensor([len(wave) // hop for wave in waves])
        self.ids = torch.zeros(len(ids), int(self.id_lengths.max()), dtype=torch.long)
        self.waves = torch.zeros(len(ids), max(len(wave) for wave in waves) + 2 * edge)
        for i, (item, wave) in enumerate(clips):
            self.ids[i, :len(item)] = torch.as_tensor(item)
            self.waves[i, :len(wave) + 2 * edge] = F.pad(torch.as_tensor(wave)[None, None], (edge, edge), "reflect")[0, 0]
        self.mask = (torch.arange(int(self.lengths.max())) < self.lengths[:, None]).float().unsqueeze(1)


class Spectrogram:
    def __init__(self, training, rate):
        self.n_fft, self.hop, self.edge = training["n_fft"], training["hop_length"], (training["n_fft"] - training["hop_length"]) // 2
        self.window = torch.hann_window(self.n_fft)
        self.basis = torch.from_numpy(mel_basis(rate, self.n_fft, training["n_mels"]))

    def linear(self, padded):
        transformed = torch.stft(padded, self.n_fft, self.hop, self.n_fft, self.window, center=False, return_complex=True)
        return (torch.view_as_real(transformed).pow(2).sum(-1) + 1e-6).sqrt()

    def log_mel(self, linear):
        return (self.basis @ linear).clamp_min(1e-5).log()


def mel_basis(rate, n_fft, n_mels):
    """Slaney's mel filters, each of area 1 (librosa.filters.mel's default)."""
    def to_hz(mel):
        return numpy.where(mel < 15, 200 / 3 * mel, 1000 * numpy.exp((mel - 15) * math.log(6.4) / 27))

    top = 15 + 27 * math.log(rate / 2 / 1000) / math.log(6.4)
    points = to_hz(numpy.linspace(0, top, n_mels + 2))
    bins = numpy.arange(n_fft // 2 + 1) * rate / n_fft
    rising = (bins - points[:-2, None]) / numpy.diff(points)[:-1, None]
    falling = (points[2:, None] - bins) / numpy.diff(points)[1:, None]
    return (numpy.maximum(0, numpy.minimum(rising, falling)) * (2 / (points[2:] - points[:-2]))[:, None]).astype(numpy.float32)


class Trainer:
    def __init__(self, config, training):
        self.generator, self.discriminator, self.training = networks.Generator(config), networks.Discriminator(config), training
        self.spectrogram = Spectrogram(training, config["sampling_rate"])
        options = dict(lr=training["learning_rate"], betas=training["adam_betas"], eps=training["adam_eps"], weight_decay=training["weight_decay"])
        self.generator_optimizer = torch.optim.AdamW(self.generator.parameters(), **options)
        self.discriminator_optimizer = torch.optim.AdamW(self.discriminator.parameters(), **options)

    def step(self, batch, draws=None):
        """One step on a batch; what it gives is in the order of NAMES."""
        hop, segment = self.training["hop_length"], self.training["segment_size"] // self.training["hop_length"]
        linear = self.spectrogram.linear(batch.waves) * batch.mask
        wave, starts, duration_loss, mask, (z_p, means, logs, q_logs) = self.generator(batch.ids, batch.id_lengths, linear, batch.lengths, segment, draws)
        real = networks.segments(batch.waves.unsqueeze(1), starts * hop + self.spectrogram.edge, segment * hop)
        real_mel = self.spectrogram.log_mel(networks.segments(linear, starts, segment))

        scores = [layers[-1] for layers in self.discriminator(torch.cat([real, wave.detach()]))]
        count = len(real)
        loss_disc = sum((1 - score[:count]).pow(2).mean() + score[count:].pow(2).mean() for score in scores)
        self.discriminator_optimizer.zero_grad(set_to_none=True)
        loss_disc.backward()
        norm_d = norm(self.discriminator)
        self.discriminator_optimizer.step()

        self.discriminator.requires_grad_(False)
        with torch.no_grad():
            real_layers = self.discriminator(real)
        layers = self.discriminator(wave)
        wave_mel = self.spectrogram.log_mel(self.spectrogram.linear(F.pad(wave, (self.spectrogram.edge, self.spectrogram.edge), "reflect").squeeze(1)))
        loss_gen = sum((1 - each[-1]).pow(2).mean() for each in layers)
        loss_fm = 2 * sum(F.l1_loss(a, b) for both in zip(layers, real_layers) for a, b in zip(*both))
        loss_mel = F.l1_loss(wave_mel, real_mel) * self.training["c_mel"]
        loss_dur = duration_loss.sum()
        density = 0.5 * (z_p - means).pow(2) * (-2 * logs).exp()
        loss_kl = ((logs - q_logs - 0.5 + density) * mask).sum() / mask.sum() * self.training["c_kl"]
        self.generator_optimizer.zero_grad(set_to_none=True)
        (loss_gen + loss_fm + loss_mel + loss_dur + loss_kl).backward()
        self.discriminator.requires_grad_(True)
        norm_g = norm(self.generator)
        self.generator_optimizer.step()
        return torch.stack([loss_disc, loss_gen, loss_fm, loss_mel, loss_dur, loss_kl, norm_g, norm_d]).tolist()


NAMES = ("loss_disc", "loss_gen", "loss_fm", "loss_mel", "loss_dur", "loss_kl", "grad_norm_g", "grad_norm_d")


def norm(network):
    return torch.stack([parameter.grad.norm() for parameter in network.parameters()]).norm()


def read(folder):
    """Configuration and the clips of the batch, as bench.py wrote them."""
    config = json.loads((folder / "bench.json").read_text())
    clips = [(clip["ids"], numpy.fromfile(folder / clip["file"], numpy.float32)) for clip in config["clips"]]
    return config, clips


def run(folder, threads):
    torch.set_num_threads(threads)
    config, clips = read(folder)
    trainer = Trainer(config["model"], config["training"])
    trainer.generator.load_state_dict(tensorfile.load(folder / "model.safetensors"))
    trainer.discriminator.load_state_dict(tensorfile.load(folder / "discriminator.safetensors"))
    batch, done = Batch(clips, config["training"]), 0
    print(json.dumps({"is": f"python {sys.version.split()[0]}, torch {torch.__version__}, {torch.get_num_threads()} thread(s)"}), flush=True)
    for line in sys.stdin:
        begin, worked, losses = time.perf_counter(), time.process_time(), []
        for _ in range(int(line)):
            torch.manual_seed(done)
            losses.append(trainer.step(batch))
            done += 1
        seconds, worked = time.perf_counter() - begin, time.process_time() - worked
        pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
        print(json.dumps({"seconds": seconds, "work": worked, "memory": pages * resource.getpagesize(), "losses": losses}), flush=True)


def init(folder, seed):
    torch.manual_seed(seed)
    config = json.loads((folder / "bench.json").read_text())["model"]
    tensorfile.save(networks.Generator(config).state_dict(), folder / "model.safetensors")
    tensorfile.save(networks.Discriminator(config).state_dict(), folder / "discriminator.safetensors")


def check(golden):
    """The first steps of the original's code, with its weights, its batch and its random numbers; tolerances as in golden/vits/README.md."""
    folder = golden / "sdp"
    expected = json.loads((folder / "expected.json").read_text())
    old = expected["config"]
    ours = json.loads(pathlib.Path(__file__).with_name("config.json").read_text())["model"]  # what the file leaves out is as there, but for the flows
    config = {**ours, "prior_encoder_num_flows": 4, **json.loads((folder / "config.json").read_text())}
    training = {"n_fft": old["filter_length"], "hop_length": old["hop_length"], "n_mels": old["n_mel_channels"], "segment_size": old["segment_size"], "learning_rate": 2e-4, "adam_betas": [0.8, 0.99],
                "adam_eps": 1e-9, "weight_decay": 0.01, "c_mel": 45.0, "c_kl": 1.0}
    trainer = Trainer(config, training)
    weights = tensorfile.load(folder / "model.safetensors")
    for prefix, network in (("", trainer.generator), ("discriminator.", trainer.discriminator)):
        network.load_state_dict({name: weight(weights, prefix + name) for name in network.state_dict()})
    stored, draws = tensorfile.load(golden / "batch.safetensors"), tensorfile.load(golden / "draws.safetensors")
    waves = [wave[:length * old["hop_length"]].numpy() for wave, length in zip(stored["wav"], stored["spec_lengths"].tolist())]
    batch = Batch([(ids[:length].tolist(), wave) for ids, length, wave in zip(stored["text"].long(), stored["text_lengths"].tolist(), waves)], training)
    worst = 0
    for k, step in enumerate(expected["trajectory"][:3]):
        got = dict(zip(NAMES, trainer.step(batch, [draws[f"{name}.{k}"] for name in ("posterior_noise", "duration_noise", "slice_uniform")])))
        off = {name: abs(got[name] - step[name]) / abs(step[name]) for name in NAMES}
        worst = max(worst, *(value / (1e-5 if k == 0 else 1e-3) for value in off.values()))
        for optimizer in (trainer.generator_optimizer, trainer.discriminator_optimizer):
            for group in optimizer.param_groups:
                group["lr"] = expected["trajectory"][k + 1]["lr"]
        print(f"step {k}: " + ", ".join(f"{name} {got[name]:.6g} ({off[name]:.0e})" for name in NAMES))
    print("the peer's steps are those of the original" if worst <= 1 else f"the peer is wrong: {worst:.1f} times what is allowed")
    return worst <= 1


def weight(weights, name):
    """A tensor by its name; halves of a weight under weight norm are made of the folded one where the file holds that."""
    if name in weights:
        return weights[name]
    folded = weights[name[:-2]]
    return folded if name.endswith("_v") else folded.flatten(1).norm(dim=1).view(-1, *[1] * (folded.dim() - 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["init", "check", "run"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if options.what == "check":
        sys.exit(0 if check(options.folder) else 1)
    init(options.folder, options.seed) if options.what == "init" else run(options.folder, options.threads)


if __name__ == "__main__":
    main()
