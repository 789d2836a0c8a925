"""The engine that settles what each finding means: severity, suppression, new or existing."""
