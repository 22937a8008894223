"""Whisper in Python, with the torch that Debian packages (python3-torch): what VoxMake's is timed beside.

    /usr/bin/python3 peer.py init FOLDER             writes config, starting weights and a window of log-mel
    /usr/bin/python3 peer.py check GOLDEN            holds encoder, logits and greedy tokens to vectors of transformers (golden/whisper, tiny128)
    /usr/bin/python3 peer.py run FOLDER --threads 1  does what bench.py asks for on standard input

Written as transformers writes its modules with eager attention: separate projections of queries, keys and values, queries scaled before the product, softmax, a cache that grows by
concatenation, keys and values of the sound computed once for each window.
"""
import argparse
import json
import pathlib
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "step"))
import tensorfile

# Whisper tiny
CONFIG = {"model_type": "whisper", "vocab_size": 51865, "num_mel_bins": 80, "d_model": 384, "encoder_layers": 4, "encoder_attention_heads": 6, "encoder_ffn_dim": 1536, "decoder_layers": 4,
          "decoder_attention_heads": 6, "decoder_ffn_dim": 1536, "max_source_positions": 1500, "max_target_positions": 448}


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.head, self.scaling = heads, width // heads, (width // heads) ** -0.5
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj, self.q_proj, self.out_proj = (nn.Linear(width, width) for _ in range(3))

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.head).transpose(1, 2).contiguous()

    def keys_values(self, x):
        return self.split(self.k_proj(x)), self.split(self.v_proj(x))

    def forward(self, x, keys, values, mask=None):
        queries = self.split(self.q_proj(x) * self.scaling)
        weights = torch.matmul(queries, keys.transpose(2, 3))
        if mask is not None:
            weights = weights + mask
        seen = torch.matmul(F.softmax(weights, dim=-1), values)
        return self.out_proj(seen.transpose(1, 2).reshape(x.shape[0], x.shape[1], -1))


class Layer(nn.Module):
    def __init__(self, width, heads, middle, of_decoder):
        super().__init__()
        self.self_attn, self.self_attn_layer_norm = Attention(width, heads), nn.LayerNorm(width)
        if of_decoder:
            self.encoder_attn, self.encoder_attn_layer_norm = Attention(width, heads), nn.LayerNorm(width)
        self.fc1, self.fc2, self.final_layer_norm = nn.Linear(width, middle), nn.Linear(middle, width), nn.LayerNorm(width)

    def forward(self, x, mask=None, sound=None, cache=None):
        given = self.self_attn_layer_norm(x)
        keys, values = self.self_attn.keys_values(given)
        if cache is not None:
            if cache:
                keys, values = torch.cat([cache[0], keys], 2), torch.cat([cache[1], values], 2)
            cache[:] = [keys, values]
        x = x + self.self_attn(given, keys, values, mask)
        if sound is not None:
            x = x + self.encoder_attn(self.encoder_attn_layer_norm(x), *sound)
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x))))


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["d_model"]
        self.conv1, self.conv2 = nn.Conv1d(config["num_mel_bins"], width, 3, padding=1), nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(config["max_source_positions"], width)
        self.layers = nn.ModuleList(Layer(width, config["encoder_attention_heads"], config["encoder_ffn_dim"], False) for _ in range(config["encoder_layers"]))
        self.layer_norm = nn.LayerNorm(width)

    def forward(self, mel):
        x = F.gelu(self.conv2(F.gelu(self.conv1(mel)))).permute(0, 2, 1) + self.embed_positions.weight
        for layer in self.layers:
            x = layer(x)
        return self.layer_norm(x)


class Decoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["d_model"]
        self.embed_tokens, self.embed_positions = nn.Embedding(config["vocab_size"], width), nn.Embedding(config["max_target_positions"], width)
        self.layers = nn.ModuleList(Layer(width, config["decoder_attention_heads"], config["decoder_ffn_dim"], True) for _ in range(config["decoder_layers"]))
        self.layer_norm = nn.LayerNorm(width)

    def listen(self, encoded):
        return [layer.encoder_attn.keys_values(encoded) for layer in self.layers]

    def forward(self, ids, sound, caches):
        before, tokens = caches[0][0].shape[2] if caches[0] else 0, ids.shape[1]
        x = self.embed_tokens(ids) + self.embed_positions.weight[before:before + tokens]
        mask = torch.full((tokens, before + tokens), float("-inf")).triu(before + 1) if tokens > 1 else None
        for layer, of_sound, cache in zip(self.layers, sound, caches):
            x = layer(x, mask, of_sound, cache)
        return self.layer_norm(x)


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.model = nn.ModuleDict({"encoder": Encoder(config), "decoder": Decoder(config)})
        self.encoder, self.decoder = self.model["encoder"], self.model["decoder"]

    @staticmethod
    def load(folder):
        model = Model(json.loads((folder / "config.json").read_text()))
        tensors = tensorfile.load(folder / "model.safetensors")
        model.model.load_state_dict({name[len("model."):]: tensor for name, tensor in tensors.items()})
        return model.eval()

    def logits(self, hidden):
        return F.linear(hidden, self.decoder.embed_tokens.weight)

    def write(self, sound, pending, tokens):
        """Greedily; pending: as many tokens for each text."""
        texts, rows = [[] for _ in pending], len(pending)
        caches = [[] for _ in self.decoder.layers]
        if rows > 1:
            sound = [(keys.expand(rows, -1, -1, -1), values.expand(rows, -1, -1, -1)) for keys, values in sound]
        for _ in range(tokens):
            chosen = self.logits(self.decoder(torch.tensor(pending), sound, caches)[:, -1]).argmax(1).tolist()
            for text, token in zip(texts, chosen):
                text.append(token)
            pending = [[token] for token in chosen]
        return texts


@torch.no_grad()
def run(folder, threads):
    torch.set_num_threads(threads)
    model, mel = Model.load(folder), tensorfile.load(folder / "mel.safetensors")["mel"]
    first = model.decoder.listen(model.encoder(mel))
    print(json.dumps({"is": f"python {sys.version.split()[0]}, torch {torch.__version__}, {torch.get_num_threads()} thread(s)"}), flush=True)
    for line in sys.stdin:
        what, rows, tokens = line.split()
        pending = [[50258, 50259 + row, 50359, 50363] for row in range(int(rows))]
        said, begin, worked = {}, time.perf_counter(), time.process_time()
        if what == "encode":
            said["number"] = model.encoder(mel).abs().mean().item()
        else:
            said["texts"] = model.write(first if what == "write" else model.decoder.listen(model.encoder(mel)), pending, int(tokens))
        print(json.dumps({"seconds": time.perf_counter() - begin, "work": time.process_time() - worked, **said}), flush=True)


def init(folder):
    torch.manual_seed(1)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    model = Model(CONFIG)
    tensors = {f"model.{name}": tensor for name, tensor in model.model.state_dict().items()}
    for name, tensor in tensors.items():
        if tensor.dim() > 1:
            tensor.normal_(0, 0.05)
    tensorfile.save(tensors, folder / "model.safetensors")
    tensorfile.save({"mel": torch.randn(1, CONFIG["num_mel_bins"], 2 * CONFIG["max_source_positions"]).clamp(-1, 1.5)}, folder / "mel.safetensors")


@torch.no_grad()
def check(golden):
    """Encoder, logits and greedy tokens of transformers."""
    model, expected, stored = Model.load(golden / "tiny128"), tensorfile.load(golden / "tiny128_expected.safetensors"), tensorfile.load(golden / "log_mel.safetensors")["log_mel_128"]
    rest = json.loads((golden / "log_mel.json").read_text())["128"]["constant_value_after_frame_304"][0]
    said = json.loads((golden / "tiny128_expected.json").read_text())
    encoded = model.encoder(torch.cat([stored, torch.full((128, 400 - stored.shape[1]), rest)], 1).unsqueeze(0))
    sound = model.decoder.listen(encoded)
    logits = model.logits(model.decoder(expected["decoder_tokens"].long().view(1, -1), sound, [[] for _ in model.decoder.layers])[0])
    offs = [float((encoded[0] - expected["encoder_output"]).abs().max()), float((logits - expected["logits"]).abs().max())]
    texts = model.write(sound, [said["greedy_prefix"]], len(said["greedy_tokens"]) - len(said["greedy_prefix"]))
    right = max(offs) <= 1e-4 and said["greedy_prefix"] + texts[0] == said["greedy_tokens"]
    print(f"encoder and logits differ by {offs[0]:.1e} and {offs[1]:.1e}; " + ("the peer's network is that of transformers" if right else "the peer is wrong"))
    return right


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["init", "check", "run"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if options.what == "check":
        sys.exit(0 if check(options.folder) else 1)
    init(options.folder) if options.what == "init" else run(options.folder, options.threads)


if __name__ == "__main__":
    main()
