"""What the reference costs, measured side by side with other ways to write the same thing.

    python -m benchmarks              all of it
    python -m benchmarks speed        one training step: refnn, two tutorial forms, micrograd, floor
    python -m benchmarks scaling      does the cost of a step grow in proportion to the work?
    python -m benchmarks memory       the peak of training, in multiples of the parameters' size

Run from the root of the repository. Needs `rich`; micrograd takes part where it is installed. All
numbers are drawn with fixed seeds. Times differ between machines: ratios are what to compare.
"""
