"""The vocabulary of the tool: plain frozen types for every layer. Standard library only."""
