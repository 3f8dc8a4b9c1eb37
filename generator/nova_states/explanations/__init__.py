"""What people wrote about the facts, in Korean and English; loaded and checked for completeness."""
