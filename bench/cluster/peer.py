"""How long numpy takes for the distance matrix of float32 points by one product: `peer.py FILE COUNT WIDTH`. Prints the seconds of the second and third of three products, the shorter."""
import sys
import time

import numpy

count, width = int(sys.argv[2]), int(sys.argv[3])
points = numpy.fromfile(sys.argv[1], dtype=numpy.float32).reshape(count, width)
seconds = []
for _ in range(3):
    start = time.perf_counter()
    product = points @ points.T
    seconds.append(time.perf_counter() - start)
    del product
print(min(seconds[1:]))
