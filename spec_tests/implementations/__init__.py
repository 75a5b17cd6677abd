"""What is bundled: refnn itself, and its twin in NumPy."""
