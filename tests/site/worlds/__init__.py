"""What the symbols of each chapter stand for: a module for each page, with its worlds."""
