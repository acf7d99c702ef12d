"""Planned contact: what we owe a person next, when, by which channel, and why it went out or not."""
