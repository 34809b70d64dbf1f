"""What may be said on the bus: one module per owner, pydantic and nothing else."""
