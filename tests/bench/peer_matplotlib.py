#!/usr/bin/python3
"""Milliseconds a frame of the same surface drawn by matplotlib at 1280x720: plot_surface, every cell, no labels.

The camera turns a little before every frame, as bench_frame's does; the surface itself is made once, because
matplotlib keeps it too. Debian's python3-matplotlib.
"""

import argparse
import json
import statistics
import sys
import time

try:
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
except ImportError:
    sys.exit("This needs matplotlib: apt-get install python3-matplotlib, or compare.py --install.")


def basins(a, b):
    """tests/support/synthetic_frame.h, basins."""
    s = 1.4 * b

    def well(a0, b0, depth, width):
        return -depth * np.exp(-((a - a0) ** 2 + (s - b0) ** 2) / width)

    return (3.35 + 0.62 * (a * a + s * s) + well(1.05, -0.5, 1.7, 0.30) + well(-0.75, 0.25, 3.2, 0.55)
            - 1.5 * np.exp(-((a - 0.35) ** 2 + (s - 0.9) ** 2) / 0.35) + 0.16 * np.sin(3.1 * a + 0.5) * np.cos(2.7 * b))


def milliseconds(side, seconds):
    figure = plt.figure(figsize=(12.8, 7.2), dpi=100)
    axes = figure.add_subplot(projection="3d")
    line = np.linspace(-1.8, 1.8, side)
    a, b = np.meshgrid(line, line)
    axes.plot_surface(a, b, basins(a, b), rcount=side, ccount=side, cmap="viridis", linewidth=0, antialiased=True)
    times, processor = [], []
    figure.canvas.draw()
    start = time.perf_counter()
    while time.perf_counter() - start < seconds or len(times) < 3:
        axes.view_init(elev=37, azim=35 + 0.57 * len(times))
        before, before_processor = time.perf_counter(), time.process_time()
        figure.canvas.draw()
        times.append(1000 * (time.perf_counter() - before))
        processor.append(1000 * (time.process_time() - before_processor))
    plt.close(figure)
    return statistics.median(times), statistics.median(processor)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2, help="of measuring, for each figure")
    options = parser.parse_args()
    figures = []
    for side in (33, 129):
        drawn, processor = milliseconds(side, options.seconds)
        figures.append({"name": f"frame, {side}x{side}", "unit": "ms", "value": drawn})
        figures.append({"name": f"frame, {side}x{side}, CPU", "unit": "ms", "value": processor})
    print(json.dumps({"subject": f"matplotlib {matplotlib.__version__}", "figures": figures}))


if __name__ == "__main__":
    main()
