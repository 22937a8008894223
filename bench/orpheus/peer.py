"""A language model of the Llama family in Python, with the torch that Debian packages (python3-torch): what VoxMake's is timed beside.

    /usr/bin/python3 peer.py init FOLDER             writes starting weights
    /usr/bin/python3 peer.py check GOLDEN            holds logits and losses to vectors of transformers (golden/orpheus/llama)
    /usr/bin/python3 peer.py run FOLDER --threads 1  does what bench.py asks for on standard input

Written with the operators of VoxMake's network, in its order: packed sequences, each with attention within itself, grouped queries as more rows of one product, the head's loss with its gradients in the
forward (--loss plain: cross_entropy of all logits instead), AdamW in torch.optim's order, a cache of keys and values that is there before it is filled.
"""
import argparse
import json
import math
import pathlib
import sys
import time

import torch
from torch.nn import functional as F

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "step"))
import tensorfile

IGNORED = -100
LINEAR = {"self_attn.q_proj": ("queries", "hidden"), "self_attn.k_proj": ("shared", "hidden"), "self_attn.v_proj": ("shared", "hidden"), "self_attn.o_proj": ("hidden", "queries"),
          "mlp.gate_proj": ("middle", "hidden"), "mlp.up_proj": ("middle", "hidden"), "mlp.down_proj": ("hidden", "middle")}


def shapes(config):
    """Names and shapes of all tensors, in the order of VoxMake's network."""
    size = {"hidden": config["hidden_size"], "middle": config["intermediate_size"], "queries": config["num_attention_heads"] * config["head_dim"], "shared": config["num_key_value_heads"] * config["head_dim"]}
    all_shapes = {"model.embed_tokens.weight": (config["vocab_size"], size["hidden"])}
    for layer in range(config["num_hidden_layers"]):
        for name, (to, start) in LINEAR.items():
            all_shapes[f"model.layers.{layer}.{name}.weight"] = (size[to], size[start])
        for name in "input_layernorm", "post_attention_layernorm":
            all_shapes[f"model.layers.{layer}.{name}.weight"] = (size["hidden"],)
    all_shapes["model.norm.weight"] = (size["hidden"],)
    return all_shapes


def frequencies(config):
    rope = config["rope_parameters"]
    inverse = 1 / rope["rope_theta"] ** (torch.arange(0, config["head_dim"], 2, dtype=torch.float) / config["head_dim"])
    wavelength = 2 * math.pi / inverse
    low, high, original = rope["low_freq_factor"], rope["high_freq_factor"], rope["original_max_position_embeddings"]
    far = torch.where(wavelength > original / low, inverse / rope["factor"], inverse)
    smooth = (original / wavelength - low) / (high - low)
    between = (1 - smooth) * far / rope["factor"] + smooth * far
    return torch.where((wavelength < original / high) | (wavelength > original / low), far, between)


class Batch:
    """Sequences one after the other."""

    def __init__(self, sequences, starts=None):
        self.lengths = [len(ids) for ids in sequences]
        self.ids = torch.tensor([token for ids in sequences for token in ids])
        self.positions = torch.tensor([(starts[i] if starts else 0) + k for i, ids in enumerate(sequences) for k in range(len(ids))])


class Cache:
    """Keys and values of one sequence."""

    def __init__(self, config, room):
        shape = (config["num_key_value_heads"], room, config["head_dim"])
        self.layers, self.tokens = [(torch.empty(shape), torch.empty(shape)) for _ in range(config["num_hidden_layers"])], 0

    def add(self, layer, keys, values):
        room_keys, room_values = self.layers[layer]
        end = self.tokens + keys.shape[1]
        room_keys[:, self.tokens:end] = keys
        room_values[:, self.tokens:end] = values
        return room_keys[:, :end], room_values[:, :end]


class ChunkedLoss(torch.autograd.Function):
    """The head's loss without keeping logits; gradients are there after the forward."""

    @staticmethod
    def forward(ctx, hidden, weight, labels):
        chunk = max(1, (128 << 20) // (4 * weight.shape[0]))
        of_hidden, of_weight, total = torch.zeros_like(hidden), torch.zeros_like(weight), torch.zeros((), dtype=torch.double)
        for start in range(0, len(hidden), chunk):
            given, label = hidden[start:start + chunk], labels[start:start + chunk].unsqueeze(1)
            block = given.matmul(weight.t())
            own, most = block.gather(1, label), block.amax(1, keepdim=True)
            block.sub_(most).exp_()
            scale = block.sum(1, keepdim=True)
            total.add_((scale.log() + most - own).sum(dtype=torch.double))
            block.div_(scale)
            block.scatter_(1, label, block.gather(1, label) - 1)
            of_hidden[start:start + chunk] = block.matmul(weight)
            of_weight.addmm_(block.t(), given)
        ctx.save_for_backward(of_hidden, of_weight)
        return total.float()

    @staticmethod
    def backward(ctx, slope):
        of_hidden, of_weight = ctx.saved_tensors
        return of_hidden.mul_(slope), of_weight.mul_(slope), None


class Model:
    def __init__(self, config, weights):
        self.config, self.frequencies = config, frequencies(config)
        self.weights = {name: weights[name].clone().requires_grad_() for name in shapes(config)}
        self.heads, self.shared, self.width, self.eps = config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"], config["rms_norm_eps"]
        self.embedding, self.last = self.weights["model.embed_tokens.weight"], self.weights["model.norm.weight"]
        self.layers = [{name.split(".", 3)[3].split(".")[-2]: weight for name, weight in self.weights.items() if name.startswith(f"model.layers.{layer}.")} for layer in range(config["num_hidden_layers"])]

    def norm(self, x, weight):
        return weight * (x * (x.pow(2).mean(-1, keepdim=True) + self.eps).rsqrt())

    def turn(self, x, cos, sin):
        first, second = x.chunk(2, -1)
        return x * cos + torch.cat([-second, first], -1) * sin

    def attention(self, q, k, v):
        """[heads, time, width] over [shared, keys, width]; the last query stands at the last key."""
        time_, keys, share = q.shape[1], k.shape[1], self.heads // self.shared
        rows, columns = q.reshape(self.shared, share * time_, self.width), k.transpose(1, 2)
        if time_ == 1:
            scores = (rows * self.width ** -0.5).matmul(columns)
        else:
            later = torch.arange(keys - time_, keys).unsqueeze(1) < torch.arange(keys)
            bias = torch.zeros(time_, keys).masked_fill(later, -math.inf)
            scores = torch.baddbmm(bias.repeat(share, 1), rows, columns, alpha=self.width ** -0.5)
        return scores.softmax(-1).matmul(v).view(self.heads, time_, self.width)

    def block(self, x, layer, number, batch, angles, caches):
        given = self.norm(x, layer["input_layernorm"])
        tokens = len(given)
        q = self.turn(F.linear(given, layer["q_proj"]).view(tokens, self.heads, self.width), *angles)
        k = self.turn(F.linear(given, layer["k_proj"]).view(tokens, self.shared, self.width), *angles)
        v = F.linear(given, layer["v_proj"]).view(tokens, self.shared, self.width)
        seen, start = [], 0
        for i, length in enumerate(batch.lengths):
            one, keys, values = (each[start:start + length].transpose(0, 1) for each in (q, k, v))
            if caches:
                keys, values = caches[i].add(number, keys, values)
            seen.append(self.attention(one, keys, values).transpose(0, 1))
            start += length
        x = x + F.linear(torch.cat(seen).reshape(tokens, -1), layer["o_proj"])
        given = self.norm(x, layer["post_attention_layernorm"])
        return x + F.linear(F.silu(F.linear(given, layer["gate_proj"])) * F.linear(given, layer["up_proj"]), layer["down_proj"])

    def forward(self, batch, caches=None):
        x = F.embedding(batch.ids, self.embedding)
        angles = batch.positions.float().unsqueeze(1) * self.frequencies.unsqueeze(0)
        both = torch.cat([angles, angles], -1).unsqueeze(1)
        angles = both.cos(), both.sin()
        for number, layer in enumerate(self.layers):
            x = self.block(x, layer, number, batch, angles, caches)
        for cache, length in zip(caches or [], batch.lengths):
            cache.tokens += length
        return self.norm(x, self.last)

    def loss(self, batch, labels, plain):
        """The sum over all tokens that count."""
        hidden = self.forward(batch)
        counting = (labels != IGNORED).nonzero().squeeze(1)
        hidden, labels = hidden.index_select(0, counting), labels.index_select(0, counting)
        return F.cross_entropy(F.linear(hidden, self.embedding), labels, reduction="sum") if plain else ChunkedLoss.apply(hidden, self.embedding, labels)


class Trainer:
    def __init__(self, model, bench, plain):
        self.model, self.plain, self.most, self.parameters = model, plain, bench["max_grad_norm"], list(model.weights.values())
        groups = [{"params": [p for p in self.parameters if p.dim() > 1], "weight_decay": bench["weight_decay"]}, {"params": [p for p in self.parameters if p.dim() == 1], "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=bench["learning_rate"])

    def step(self, sequences):
        self.optimizer.zero_grad(set_to_none=True)
        labels = torch.tensor([label for ids in sequences for label in [*ids[1:], IGNORED]])
        targets = sum(len(ids) - 1 for ids in sequences)
        loss = self.model.loss(Batch(sequences), labels, self.plain)
        (loss / targets).backward()
        value = loss.item() / targets
        norm = torch.stack([torch.linalg.vector_norm(p.grad) for p in self.parameters]).norm().item()
        scale = self.most / (norm + 1e-6)
        if scale < 1:
            for parameter in self.parameters:
                parameter.grad.mul_(scale)
        self.optimizer.step()
        return value, norm


@torch.no_grad()
def write(model, prompts, tokens):
    """Greedily, all texts at once."""
    room = -(-(max(map(len, prompts)) + tokens) // 256) * 256
    caches, texts, pending = [Cache(model.config, room) for _ in prompts], [[] for _ in prompts], prompts
    for _ in range(tokens):
        batch = Batch(pending, [cache.tokens for cache in caches])
        hidden = model.forward(batch, caches)
        if len(batch.ids) > len(prompts):
            hidden = hidden.index_select(0, torch.tensor(batch.lengths).cumsum(0) - 1)
        chosen = F.linear(hidden, model.embedding).argmax(1).tolist()
        for text, token in zip(texts, chosen):
            text.append(token)
        pending = [[token] for token in chosen]
    return texts


def run(folder, threads, plain):
    torch.set_num_threads(threads)
    bench, config = (json.loads((folder / name).read_text()) for name in ("bench.json", "config.json"))
    model = Model(config, tensorfile.load(folder / "model.safetensors"))
    trainer, done = Trainer(model, bench, plain), 0
    print(json.dumps({"is": f"python {sys.version.split()[0]}, torch {torch.__version__}, {torch.get_num_threads()} thread(s)"}), flush=True)
    for line in sys.stdin:
        what, *numbers = line.split()
        numbers, said, begin, worked = list(map(int, numbers)), {}, time.perf_counter(), time.process_time()
        if what == "step":
            said["losses"] = [trainer.step(bench["batches"][k % len(bench["batches"])]) for k in range(done, done + numbers[0])]
            done += numbers[0]
        else:
            said["texts"] = write(model, bench["prompts"][:numbers[0]], numbers[1])
        print(json.dumps({"seconds": time.perf_counter() - begin, "work": time.process_time() - worked, **said}), flush=True)


def init(folder):
    torch.manual_seed(1)
    tensorfile.save({name: torch.ones(shape) if len(shape) == 1 else torch.empty(shape).normal_(0, 0.02) for name, shape in shapes(json.loads((folder / "config.json").read_text())).items()},
                    folder / "model.safetensors")


def check(golden):
    """Logits, loss and the gradients' norm of transformers for two texts, packed."""
    config, inputs = json.loads((golden / "config.json").read_text()), tensorfile.load(golden / "inputs.safetensors")
    model = Model(config, tensorfile.load(golden / "model.safetensors"))
    texts = [ids[mask == 1].tolist() for ids, mask in zip(inputs["input_ids"], inputs["attention_mask"])]
    expected, wanted = tensorfile.load(golden / "expected_logits.safetensors")["logits"], json.loads((golden / "expected_scalars.json").read_text())
    with torch.no_grad():
        rows = F.linear(model.forward(Batch(texts)), model.embedding).split([len(ids) for ids in texts])
    off = max(float((got - want[:len(got)]).abs().max()) for got, want in zip(rows, expected))
    print(f"logits differ by {off:.1e}")
    right = off <= 2e-4
    for plain in False, True:
        for weight in model.weights.values():
            weight.grad = None
        labels = torch.tensor([label for ids in texts for label in [*ids[1:], IGNORED]])
        loss = model.loss(Batch(texts), labels, plain) / sum(len(ids) - 1 for ids in texts)
        loss.backward()
        norm = torch.stack([weight.grad.norm() for weight in model.weights.values()]).norm()
        offs = [abs(loss.item() / wanted["loss"] - 1), abs(norm.item() / wanted["grad_norm_total"] - 1)]
        print(f"{'plain' if plain else 'chunked'} loss {loss.item():.6f} and gradient norm {norm.item():.6f} differ by {offs[0]:.1e} and {offs[1]:.1e}")
        right = right and max(offs) <= 1e-5
    print("the peer's network is that of transformers" if right else "the peer is wrong")
    return right


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["init", "check", "run"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--loss", choices=["chunked", "plain"], default="chunked")
    options = parser.parse_args()
    if options.what == "check":
        sys.exit(0 if check(options.folder) else 1)
    init(options.folder) if options.what == "init" else run(options.folder, options.threads, options.loss == "plain")


if __name__ == "__main__":
    main()
