"""What people and machines are shown. Nothing here computes a finding or decides a verdict."""
