"""Silero's own TorchScript over a recording of 16 kHz, window by window, on one thread, as silero_vad does it: prints the processor seconds of that alone, without imports.

    /usr/bin/python3 bench/activity/peer.py silero_vad.jit RECORDING.wav
"""
import sys
import time
import wave

import numpy
import torch

torch.set_num_threads(1)
network = torch.jit.load(sys.argv[1]).eval()
with wave.open(sys.argv[2]) as file:
    sound = torch.from_numpy(numpy.frombuffer(file.readframes(file.getnframes()), dtype=numpy.int16).astype(numpy.float32) / 32768)
with torch.no_grad():
    for i in range(0, 512 * 300, 512):
        network(sound[i:i + 512], 16000)  # TorchScript makes itself fast in its first runs
    network.reset_states()
    begin = time.process_time()
    for i in range(0, len(sound) - 511, 512):
        network(sound[i:i + 512], 16000).item()
print(time.process_time() - begin)
