"""What streaming costs here, beside what it is compared with: `python -m benches`. Not timed tests."""
