"""VITS (Kim, Kong and Son 2021) in PyTorch: generator and discriminator in training form, parameters under the names of Hugging Face's checkpoints. One speaker, stochastic durations."""
import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import weight_norm

import alignment


def same(kernel, dilation=1):
    return (kernel - 1) * dilation // 2


class Attention(nn.Module):
    """Self-attention with learned relative positions within a window (Shaw et al. 2018)."""

    def __init__(self, c):
        super().__init__()
        self.heads, self.width, self.window, self.drop = c["num_attention_heads"], c["hidden_size"] // c["num_attention_heads"], c["window_size"], c["attention_dropout"]
        self.k_proj, self.v_proj, self.q_proj, self.out_proj = (nn.Linear(c["hidden_size"], c["hidden_size"], bias=c["use_bias"]) for _ in range(4))
        self.emb_rel_k = nn.Parameter(torch.randn(1, 2 * self.window + 1, self.width) * self.width ** -0.5)
        self.emb_rel_v = nn.Parameter(torch.randn(1, 2 * self.window + 1, self.width) * self.width ** -0.5)

    def forward(self, x, padding):
        batch, tokens, hidden = x.shape
        q, k, v = (y.view(batch, tokens, self.heads, self.width).transpose(1, 2) for y in (self.q_proj(x) * self.width ** -0.5, self.k_proj(x), self.v_proj(x)))
        places = torch.arange(tokens, device=x.device)
        offset = places[None] - places[:, None]
        scores = q @ k.transpose(2, 3)
        near = (offset.clamp(-self.window, self.window) + self.window).expand(batch, self.heads, tokens, tokens)
        scores = scores + (q @ self.emb_rel_k.transpose(1, 2)).gather(3, near).masked_fill(offset.abs() > self.window, 0)
        weights = F.dropout(scores.masked_fill(padding, torch.finfo(scores.dtype).min).softmax(-1), self.drop, self.training)
        seen = weights @ v
        key = places[:, None] + torch.arange(-self.window, self.window + 1, device=x.device)
        inside = key.clamp(0, tokens - 1)
        by_offset = weights.gather(3, inside.expand(batch, self.heads, tokens, -1)).masked_fill(key != inside, 0)
        seen = seen + by_offset @ self.emb_rel_v
        return self.out_proj(seen.transpose(1, 2).reshape(batch, tokens, hidden))


class FeedForward(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.drop, kernel = c["activation_dropout"], c["ffn_kernel_size"]
        self.pad = ((kernel - 1) // 2, kernel // 2)
        self.conv_1 = nn.Conv1d(c["hidden_size"], c["ffn_dim"], kernel)
        self.conv_2 = nn.Conv1d(c["ffn_dim"], c["hidden_size"], kernel)

    def forward(self, x, mask):
        x = F.relu(self.conv_1(F.pad((x * mask).transpose(1, 2), self.pad)))
        x = F.dropout(x, self.drop, self.training)
        return self.conv_2(F.pad(x * mask.transpose(1, 2), self.pad)).transpose(1, 2) * mask


class EncoderLayer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.drop = c["hidden_dropout"]
        self.attention = Attention(c)
        self.layer_norm = nn.LayerNorm(c["hidden_size"], c["layer_norm_eps"])
        self.feed_forward = FeedForward(c)
        self.final_layer_norm = nn.LayerNorm(c["hidden_size"], c["layer_norm_eps"])

    def forward(self, x, mask, padding):
        x = self.layer_norm(x + F.dropout(self.attention(x, padding), self.drop, self.training))
        return self.final_layer_norm(x + F.dropout(self.feed_forward(x, mask), self.drop, self.training))


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.layers = nn.ModuleList(EncoderLayer(c) for _ in range(c["num_hidden_layers"]))


class TextEncoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.flow, self.scale = c["flow_size"], math.sqrt(c["hidden_size"])
        self.embed_tokens = nn.Embedding(c["vocab_size"], c["hidden_size"])
        nn.init.normal_(self.embed_tokens.weight, 0, c["hidden_size"] ** -0.5)
        self.encoder = Encoder(c)
        self.project = nn.Conv1d(c["hidden_size"], 2 * c["flow_size"], 1)

    def forward(self, ids, mask):
        padding = (mask == 0).unsqueeze(1).transpose(2, 3)
        x = self.embed_tokens(ids) * self.scale * mask
        for layer in self.encoder.layers:
            x = layer(x, mask, padding)
        x = (x * mask).transpose(1, 2)
        means, logs = (self.project(x) * mask.transpose(1, 2)).split(self.flow, 1)
        return x, means, logs


class WaveNet(nn.Module):
    def __init__(self, c, layers):
        super().__init__()
        self.hidden, self.drop, kernel, rate = c["hidden_size"], c["wavenet_dropout"], c["wavenet_kernel_size"], c["wavenet_dilation_rate"]
        self.in_layers = nn.ModuleList(weight_norm(nn.Conv1d(self.hidden, 2 * self.hidden, kernel, dilation=rate ** i, padding=same(kernel, rate ** i))) for i in range(layers))
        self.res_skip_layers = nn.ModuleList(weight_norm(nn.Conv1d(self.hidden, self.hidden * (2 if i < layers - 1 else 1), 1)) for i in range(layers))

    def forward(self, x, mask):
        skipped = None
        for i, (conv, res_skip) in enumerate(zip(self.in_layers, self.res_skip_layers)):
            gate, filtered = conv(x).split(self.hidden, 1)
            both = res_skip(F.dropout(torch.tanh(gate) * torch.sigmoid(filtered), self.drop, self.training))
            if i < len(self.in_layers) - 1:
                residual, skip = both.split(self.hidden, 1)
                x = (x + residual) * mask
            else:
                skip = both
            skipped = skip if skipped is None else skipped + skip
        return skipped * mask


class PosteriorEncoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.flow = c["flow_size"]
        self.conv_pre = nn.Conv1d(c["spectrogram_bins"], c["hidden_size"], 1)
        self.wavenet = WaveNet(c, c["posterior_encoder_num_wavenet_layers"])
        self.conv_proj = nn.Conv1d(c["hidden_size"], 2 * c["flow_size"], 1)

    def forward(self, spectrogram, mask, noise):
        means, logs = (self.conv_proj(self.wavenet(self.conv_pre(spectrogram) * mask, mask)) * mask).split(self.flow, 1)
        return (means + noise * logs.exp()) * mask, means, logs


class Coupling(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.half = c["flow_size"] // 2
        self.conv_pre = nn.Conv1d(self.half, c["hidden_size"], 1)
        self.wavenet = WaveNet(c, c["prior_encoder_num_wavenet_layers"])
        self.conv_post = nn.Conv1d(c["hidden_size"], self.half, 1)
        nn.init.zeros_(self.conv_post.weight)
        nn.init.zeros_(self.conv_post.bias)

    def forward(self, x, mask):
        kept, moved = x.split(self.half, 1)
        return torch.cat([kept, self.conv_post(self.wavenet(self.conv_pre(kept) * mask, mask)) * mask + moved * mask], 1)


class Flow(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.flows = nn.ModuleList(Coupling(c) for _ in range(c["prior_encoder_num_flows"]))

    def forward(self, x, mask):
        for flow in self.flows:
            x = flow(x, mask).flip(1)
        return x


class ResidualBlock(nn.Module):
    def __init__(self, channels, kernel, dilations, slope):
        super().__init__()
        self.slope = slope
        self.convs1 = nn.ModuleList(weight_norm(nn.Conv1d(channels, channels, kernel, dilation=d, padding=same(kernel, d))) for d in dilations)
        self.convs2 = nn.ModuleList(weight_norm(nn.Conv1d(channels, channels, kernel, padding=same(kernel))) for _ in dilations)

    def forward(self, x):
        for dilated, plain in zip(self.convs1, self.convs2):
            x = x + plain(F.leaky_relu(dilated(F.leaky_relu(x, self.slope)), self.slope))
        return x


class Decoder(nn.Module):
    """HiFi-GAN's generator (Kong et al. 2020)."""

    def __init__(self, c):
        super().__init__()
        self.slope, self.kernels, first = c["leaky_relu_slope"], len(c["resblock_kernel_sizes"]), c["upsample_initial_channel"]
        self.conv_pre = nn.Conv1d(c["flow_size"], first, 7, padding=3)
        self.upsampler = nn.ModuleList(
            weight_norm(nn.ConvTranspose1d(first >> i, first >> (i + 1), kernel, rate, padding=(kernel - rate) // 2)) for i, (rate, kernel) in enumerate(zip(c["upsample_rates"], c["upsample_kernel_sizes"])))
        self.resblocks = nn.ModuleList(
            ResidualBlock(first >> (i + 1), kernel, dilations, self.slope) for i in range(len(self.upsampler)) for kernel, dilations in zip(c["resblock_kernel_sizes"], c["resblock_dilation_sizes"]))
        self.conv_post = nn.Conv1d(first >> len(self.upsampler), 1, 7, padding=3, bias=False)

    def forward(self, x):
        x = self.conv_pre(x)
        for i, upsample in enumerate(self.upsampler):
            x = upsample(F.leaky_relu(x, self.slope))
            x = sum(block(x) for block in self.resblocks[i * self.kernels:(i + 1) * self.kernels]) / self.kernels
        return torch.tanh(self.conv_post(F.leaky_relu(x)))


class DilatedConvs(nn.Module):
    def __init__(self, c, drop):
        super().__init__()
        self.drop, channels, kernel = drop, c["hidden_size"], c["duration_predictor_kernel_size"]
        layers = range(c["depth_separable_num_layers"])
        self.convs_dilated = nn.ModuleList(nn.Conv1d(channels, channels, kernel, groups=channels, dilation=kernel ** i, padding=same(kernel, kernel ** i)) for i in layers)
        self.convs_pointwise = nn.ModuleList(nn.Conv1d(channels, channels, 1) for _ in layers)
        self.norms_1 = nn.ModuleList(nn.LayerNorm(channels) for _ in layers)
        self.norms_2 = nn.ModuleList(nn.LayerNorm(channels) for _ in layers)

    def forward(self, x, mask, condition=None):
        if condition is not None:
            x = x + condition
        for dilated, pointwise, norm_1, norm_2 in zip(self.convs_dilated, self.convs_pointwise, self.norms_1, self.norms_2):
            y = F.gelu(norm_1(dilated(x * mask).transpose(1, 2)).transpose(1, 2))
            y = F.gelu(norm_2(pointwise(y).transpose(1, 2)).transpose(1, 2))
            x = x + F.dropout(y, self.drop, self.training)
        return x * mask


class ElementwiseAffine(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.translate = nn.Parameter(torch.zeros(c["depth_separable_channels"], 1))
        self.log_scale = nn.Parameter(torch.zeros(c["depth_separable_channels"], 1))

    def forward(self, x, mask, condition):
        return (self.translate + self.log_scale.exp() * x) * mask, (self.log_scale * mask).sum([1, 2])


class ConvFlow(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.half, self.bins, self.bound, self.scale = c["depth_separable_channels"] // 2, c["duration_predictor_flow_bins"], c["duration_predictor_tail_bound"], c["hidden_size"] ** -0.5
        self.conv_pre = nn.Conv1d(self.half, c["hidden_size"], 1)
        self.conv_dds = DilatedConvs(c, 0.0)
        self.conv_proj = nn.Conv1d(c["hidden_size"], self.half * (3 * self.bins - 1), 1)
        nn.init.zeros_(self.conv_proj.weight)
        nn.init.zeros_(self.conv_proj.bias)

    def forward(self, x, mask, condition):
        kept, bent = x.split(self.half, 1)
        knots = (self.conv_proj(self.conv_dds(self.conv_pre(kept), mask, condition)) * mask).reshape(x.shape[0], self.half, -1, x.shape[2]).transpose(2, 3)
        widths, heights, slopes = knots.split([self.bins, self.bins, self.bins - 1], 3)
        y, log_slope = spline(bent, widths * self.scale, heights * self.scale, slopes, self.bound)
        return torch.cat([kept, y], 1) * mask, (log_slope * mask).sum([1, 2])


def spline(x, widths, heights, slopes, bound, least=1e-3):
    """A monotonic rational-quadratic spline with linear tails (Durkan et al. 2019), and the logarithm of its slope."""
    inside, at, bins = (x >= -bound) & (x <= bound), x.clamp(-bound, bound).unsqueeze(-1), widths.shape[-1]

    def knots(raw):
        inner = (raw.softmax(-1) * (1 - least * bins) + least).cumsum(-1)[..., :-1] * (2 * bound) - bound
        edges = F.pad(F.pad(inner, (1, 0), value=-bound), (0, 1), value=bound)
        return edges[..., :-1], edges[..., 1:] - edges[..., :-1]

    left, width = knots(widths)
    low, height = knots(heights)
    slope = F.softplus(F.pad(slopes, (1, 1), value=math.log(math.exp(1 - least) - 1))) + least
    bin = (at >= left[..., 1:]).sum(-1, keepdim=True)
    left, width, low, height, begin, end = (y.gather(-1, bin) for y in (left, width, low, height, slope[..., :-1], slope[..., 1:]))
    mean = height / width
    share = (at - left) / width
    rest = 1 - share
    divisor = mean + (begin + end - 2 * mean) * share * rest
    y = low + height * (mean * share ** 2 + begin * share * rest) / divisor
    rise = mean ** 2 * (end * share ** 2 + 2 * mean * share * rest + begin * rest ** 2)
    return torch.where(inside, y.squeeze(-1), x), (rise.log() - 2 * divisor.log()).squeeze(-1).masked_fill(~inside, 0)


class DurationPredictor(nn.Module):
    """Stochastic (VITS, section 2.2.2)."""

    def __init__(self, c):
        super().__init__()
        hidden, drop = c["hidden_size"], c["duration_predictor_dropout"]
        self.conv_pre, self.conv_proj, self.conv_dds = nn.Conv1d(hidden, hidden, 1), nn.Conv1d(hidden, hidden, 1), DilatedConvs(c, drop)
        self.flows = self.make_flows(c)
        self.post_conv_pre, self.post_conv_proj, self.post_conv_dds = nn.Conv1d(1, hidden, 1), nn.Conv1d(hidden, hidden, 1), DilatedConvs(c, drop)
        self.post_flows = self.make_flows(c)

    @staticmethod
    def make_flows(c):
        return nn.ModuleList([ElementwiseAffine(c), *(ConvFlow(c) for _ in range(c["duration_predictor_num_flows"]))])

    @staticmethod
    def through(flows, x, mask, condition):
        x, total = flows[0](x, mask, condition)
        for flow in flows[1:]:
            x, more = flow(x, mask, condition)
            x, total = x.flip(1), total + more
        return x, total

    def forward(self, hidden, mask, durations, noise):
        """The loss of each item, [batch]."""
        condition = self.conv_proj(self.conv_dds(self.conv_pre(hidden.detach()), mask)) * mask
        read = self.post_conv_proj(self.post_conv_dds(self.post_conv_pre(durations), mask)) * mask
        drawn = noise * mask
        filling, post = self.through(self.post_flows, drawn, mask, condition + read)
        first, second = filling.split(1, 1)
        post = post + ((F.logsigmoid(first) + F.logsigmoid(-first)) * mask).sum([1, 2])
        log_posterior = -self.negative_log_normal(drawn, mask) - post
        logs = ((durations - first.sigmoid()) * mask).clamp_min(1e-5).log() * mask
        latents, determinant = self.through(self.flows, torch.cat([logs, second], 1), mask, condition)
        return self.negative_log_normal(latents, mask) - (determinant - logs.sum([1, 2])) + log_posterior

    @staticmethod
    def negative_log_normal(x, mask):
        return ((x ** 2 + math.log(2 * math.pi)) * 0.5 * mask).sum([1, 2])


class Generator(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.flow_size = c["flow_size"]
        self.text_encoder = TextEncoder(c)
        self.flow = Flow(c)
        self.decoder = Decoder(c)
        self.duration_predictor = DurationPredictor(c)
        self.posterior_encoder = PosteriorEncoder(c)

    def forward(self, ids, id_lengths, spectrogram, lengths, segment, draws=None):
        """Ids [batch, tokens], spectrogram [batch, bins, frames], lengths [batch]; draws: posterior noise, duration noise, slice uniform."""
        batch, tokens, frames = *ids.shape, spectrogram.shape[2]
        token_mask = (torch.arange(tokens) < id_lengths[:, None]).float().unsqueeze(1)
        mask = (torch.arange(frames) < lengths[:, None]).float().unsqueeze(1)
        posterior_noise = draws[0] if draws else torch.randn(batch, self.flow_size, frames)
        duration_noise = draws[1] if draws else torch.randn(batch, 2, tokens)
        hidden, means, logs = self.text_encoder(ids, token_mask.transpose(1, 2))
        z, q_means, q_logs = self.posterior_encoder(spectrogram, mask, posterior_noise)
        z_p = self.flow(z, mask)

        with torch.no_grad():
            precision = (-2 * logs).exp()
            scores = (-0.5 * math.log(2 * math.pi) - logs).sum(1).unsqueeze(1) + (-0.5 * z_p ** 2).transpose(1, 2) @ precision
            scores = scores + z_p.transpose(1, 2) @ (means * precision) + (-0.5 * means ** 2 * precision).sum(1).unsqueeze(1)
            path = alignment.search(scores, lengths, id_lengths)  # [batch, frames, tokens]
        duration_loss = self.duration_predictor(hidden, token_mask, path.sum(1).unsqueeze(1), duration_noise) / token_mask.sum()
        means, logs = means @ path.transpose(1, 2), logs @ path.transpose(1, 2)

        uniform = draws[2] if draws else torch.rand(batch)
        starts = (uniform * (lengths - segment + 1).clamp_min(1)).long()
        wave = self.decoder(segments(z, starts, segment))
        return wave, starts, duration_loss, mask, (z_p, means, logs, q_logs)


def segments(x, starts, length):
    return torch.stack([item[:, start:start + length] for item, start in zip(x, starts.tolist())])


class ScaleDiscriminator(nn.Module):
    def __init__(self, channels):
        super().__init__()
        convs = [nn.Conv1d(1, channels[1], 15, padding=7)]
        for i, (before, after) in enumerate(zip(channels[1:], channels[2:] + channels[-1:])):
            convs.append(nn.Conv1d(before, after, 41, 4, groups=4 ** (i + 1), padding=20))
        convs.append(nn.Conv1d(channels[-1], channels[-1], 5, padding=2))
        self.convs = nn.ModuleList(weight_norm(conv) for conv in convs)
        self.final_conv = weight_norm(nn.Conv1d(channels[-1], 1, 3, padding=1))

    def forward(self, x):
        layers = []
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.1)
            layers.append(x)
        layers.append(self.final_conv(x))
        return layers


class PeriodDiscriminator(nn.Module):
    def __init__(self, channels, kernel, stride, period):
        super().__init__()
        self.period = period
        convs = [nn.Conv2d(before, after, (kernel, 1), (stride, 1), padding=(kernel // 2, 0)) for before, after in zip(channels, channels[1:])]
        convs.append(nn.Conv2d(channels[-1], channels[-1], (kernel, 1), padding=(kernel // 2, 0)))
        self.convs = nn.ModuleList(weight_norm(conv) for conv in convs)
        self.final_conv = weight_norm(nn.Conv2d(channels[-1], 1, (3, 1), padding=(1, 0)))

    def forward(self, x):
        missing = -x.shape[2] % self.period
        if missing:
            x = F.pad(x, (0, missing), "reflect")
        x = x.view(x.shape[0], 1, -1, self.period)
        layers = []
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.1)
            layers.append(x)
        layers.append(self.final_conv(x))
        return layers


class Discriminator(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.discriminators = nn.ModuleList([ScaleDiscriminator(c["discriminator_scale_channels"]), *(
            PeriodDiscriminator(c["discriminator_period_channels"], c["discriminator_kernel_size"], c["discriminator_stride"], period) for period in c["discriminator_periods"])])

    def forward(self, x):
        """For each discriminator the outputs of its layers; the last are its scores."""
        return [discriminator(x) for discriminator in self.discriminators]
