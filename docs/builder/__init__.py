"""What the pages of the site are made with: maths, figures, and tables from the code itself."""
