"""The other side of gpu.py: LoRA training of padded batches in Python, with transformers and peft where they are, else with plain PyTorch. It has never been run on a GPU."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

LAYERS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


class Lora(nn.Module):
    def __init__(self, start, to, rank):
        super().__init__()
        self.base = nn.Linear(start, to, bias=False, dtype=torch.bfloat16)
        self.base.weight.requires_grad_(False).normal_(0, 0.02)
        self.a, self.b = nn.Parameter(torch.randn(rank, start) / start ** 0.5), nn.Parameter(torch.zeros(to, rank))

    def forward(self, x):
        return self.base(x) + F.linear(F.linear(x, self.a.to(x.dtype)), self.b.to(x.dtype))


class Block(nn.Module):
    def __init__(self, config, rank):
        super().__init__()
        self.heads, self.shared, self.width, self.eps = config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"], config["rms_norm_eps"]
        hidden, middle = config["hidden_size"], config["intermediate_size"]
        self.q, self.k, self.v, self.o = (Lora(a, b, rank) for a, b in ((hidden, self.heads * self.width), (hidden, self.shared * self.width), (hidden, self.shared * self.width), (self.heads * self.width, hidden)))
        self.gate, self.up, self.down = Lora(hidden, middle, rank), Lora(hidden, middle, rank), Lora(middle, hidden, rank)
        self.before, self.between = torch.ones(hidden, dtype=torch.bfloat16), torch.ones(hidden, dtype=torch.bfloat16)

    def norm(self, x, weight):
        wide = x.float()
        return weight * (wide * (wide.pow(2).mean(-1, keepdim=True) + self.eps).rsqrt()).to(x.dtype)

    def forward(self, x, cos, sin):
        def split(y, heads):
            return y.view(*y.shape[:2], heads, self.width).transpose(1, 2)
        def turn(y):
            first, second = y.chunk(2, -1)
            return y * cos + torch.cat([-second, first], -1) * sin
        given = self.norm(x, self.before)
        q, k, v = turn(split(self.q(given), self.heads)), turn(split(self.k(given), self.shared)), split(self.v(given), self.shared)
        share = self.heads // self.shared
        seen = F.scaled_dot_product_attention(q, k.repeat_interleave(share, 1), v.repeat_interleave(share, 1), is_causal=True)
        x = x + self.o(seen.transpose(1, 2).reshape(*x.shape[:2], -1))
        given = self.norm(x, self.between)
        return x + self.down(F.silu(self.gate(given)) * self.up(given))


class Plain(nn.Module):
    """Angles without llama3's stretching: they cost the same."""

    def __init__(self, config, rank):
        super().__init__()
        self.embedding = nn.Embedding(config["vocab_size"], config["hidden_size"], dtype=torch.bfloat16)
        self.embedding.weight.requires_grad_(False).normal_(0, 0.02)
        self.blocks = nn.ModuleList(Block(config, rank) for _ in range(config["num_hidden_layers"]))
        self.config = config

    def forward(self, ids, labels):
        width = self.config["head_dim"]
        angles = torch.outer(torch.arange(ids.shape[1], device=ids.device).float(), self.config["rope_theta"] ** (-torch.arange(0, width, 2, device=ids.device).float() / width)).repeat(1, 2)
        x, cos, sin = self.embedding(ids).requires_grad_(), angles.cos().bfloat16(), angles.sin().bfloat16()
        for block in self.blocks:
            x = checkpoint(block, x, cos, sin, use_reentrant=False)
        logits = F.linear(self.blocks[-1].norm(x, torch.ones((), device=x.device, dtype=x.dtype)), self.embedding.weight)
        return F.cross_entropy(logits[:, :-1].flatten(0, 1).float(), labels[:, 1:].flatten(), ignore_index=-100)


def usual(config, rank):
    """As users run it: transformers, peft, SDPA, gradient checkpointing."""
    from peft import LoraConfig, get_peft_model
    from transformers import LlamaConfig, LlamaForCausalLM
    fields = {name: value for name, value in config.items() if name not in ("model_type", "torch_dtype")}
    model = LlamaForCausalLM(LlamaConfig(**fields, attn_implementation="sdpa")).to(torch.bfloat16).cuda()
    model.gradient_checkpointing_enable({"use_reentrant": False})
    model.enable_input_require_grads()
    model = get_peft_model(model, LoraConfig(r=rank, lora_alpha=rank, lora_dropout=0, target_modules=LAYERS)).train()
    return model, lambda ids, labels, mask: model(input_ids=ids, attention_mask=mask, labels=labels, use_cache=False).loss


def plain(config, rank):
    with torch.device("cuda"):
        model = Plain(config, rank)
    return model, lambda ids, labels, mask: model(ids, labels)


def main():
    given = json.load(open(sys.argv[1]))
    try:
        (model, loss_of), what = usual(given["config"], given["rank"]), "transformers and peft"
    except ImportError:
        (model, loss_of), what = plain(given["config"], given["rank"]), "plain PyTorch"
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-3, weight_decay=0.01)
    useful = padded = 0
    for step, lengths in enumerate(given["lengths"]):
        if step == given["warm_up"]:
            torch.cuda.synchronize()
            torch.cuda.reset_peak_memory_stats()
            begin = time.perf_counter()
        width = max(lengths)
        ids = torch.randint(given["config"]["vocab_size"], (len(lengths), width), device="cuda")
        mask = torch.arange(width, device="cuda") < torch.tensor(lengths, device="cuda").unsqueeze(1)
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(ids, ids.masked_fill(~mask, -100), mask.long())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        loss.item()
        if step >= given["warm_up"]:
            useful, padded = useful + sum(lengths), padded + width * len(lengths)
    torch.cuda.synchronize()
    print(json.dumps({"is": f"{what}, torch {torch.__version__}", "seconds": time.perf_counter() - begin, "useful": useful, "all": padded, "peak": torch.cuda.max_memory_allocated()}))


if __name__ == "__main__":
    main()
