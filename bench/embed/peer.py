"""Resemblyzer's embed_utterance with the operators of Debian's python3-torch, on one thread: torch.nn.LSTM as it is called there, mels by numpy.

    /usr/bin/python3 peer.py WEIGHTS OUT.npy CLIP.f32 ...

Embeds the clips once to warm up and then at each line on standard input; prints processor seconds. Written from the method's description: mel of squared magnitudes (400, hop 160, 40 slaney filters, not log),
windows of 160 frames every 77, LSTM(40, 256, 3), Linear, relu, to length 1, mean, to length 1.
"""
import json
import struct
import sys
import time

import numpy
import torch

RATE, HOP, FRAMES, STEP = 16000, 160, 160, 77


def read(path):
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    return {name: torch.from_numpy(numpy.frombuffer(data[8 + length:], dtype=numpy.float32)[e["data_offsets"][0] // 4:e["data_offsets"][1] // 4].reshape(e["shape"]).copy())
            for name, e in header.items() if name != "__metadata__"}


def mel_basis():
    def mel(hz):
        return hz / (200 / 3) if hz < 1000 else 15 + numpy.log(hz / 1000) / (numpy.log(6.4) / 27)

    def hertz(m):
        return m * 200 / 3 if m < 15 else 1000 * numpy.exp(numpy.log(6.4) / 27 * (m - 15))
    edges = [hertz(m) for m in numpy.linspace(mel(0), mel(RATE / 2), 42)]
    bins = numpy.arange(201) * RATE / 400
    return numpy.array([2 / (high - low) * numpy.maximum(0, numpy.minimum((bins - low) / (peak - low), (high - bins) / (high - peak))) for low, peak, high in zip(edges, edges[1:], edges[2:])], dtype=numpy.float32)


BASIS = mel_basis()
WINDOW = (0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(400) / 400)).astype(numpy.float32)


def mels(clip):
    padded = numpy.pad(clip, 200)
    frames = numpy.lib.stride_tricks.sliding_window_view(padded, 400)[::HOP]
    spectrum = numpy.fft.rfft(frames * WINDOW, axis=1).astype(numpy.complex64)
    return numpy.abs(spectrum) ** 2 @ BASIS.T


def embed(lstm, linear, clip):
    rms = numpy.sqrt(numpy.mean(clip.astype(numpy.float64) ** 2))
    if 20 * numpy.log10(rms) < -30:
        clip = clip * numpy.float32(10 ** ((-30 - 20 * numpy.log10(rms)) / 20))
    frames = len(clip) // HOP + 1
    starts = list(range(0, max(1, frames - FRAMES + STEP + 1), STEP))
    if len(starts) > 1 and (len(clip) - starts[-1] * HOP) / (FRAMES * HOP) < 0.75:
        starts.pop()
    needed = (starts[-1] + FRAMES) * HOP
    if needed > len(clip):
        clip = numpy.pad(clip, (0, needed - len(clip)))
    mel = mels(clip)
    with torch.no_grad():
        batch = torch.from_numpy(numpy.stack([mel[start:start + FRAMES] for start in starts]))
        _, (hidden, _) = lstm(batch)
        partial = torch.relu(linear(hidden[-1]))
        partial = (partial / torch.norm(partial, dim=1, keepdim=True)).numpy()
    mean = partial.mean(axis=0)
    return mean / numpy.linalg.norm(mean)


def main():
    torch.set_num_threads(1)
    weights = read(sys.argv[1])
    lstm, linear = torch.nn.LSTM(40, 256, 3, batch_first=True), torch.nn.Linear(256, 256)
    lstm.load_state_dict({name[5:]: value for name, value in weights.items() if name.startswith("lstm.")})
    linear.load_state_dict({name[7:]: value for name, value in weights.items() if name.startswith("linear.")})
    clips = [numpy.fromfile(path, dtype=numpy.float32) for path in sys.argv[3:]]
    numpy.save(sys.argv[2], numpy.stack([embed(lstm, linear, clip) for clip in clips]))
    print("ready", flush=True)
    for _ in sys.stdin:
        begin = time.process_time()
        for clip in clips:
            embed(lstm, linear, clip)
        print(time.process_time() - begin, flush=True)


if __name__ == "__main__":
    main()
