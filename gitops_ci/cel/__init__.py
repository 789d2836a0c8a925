"""CEL as the API server has it: Google's evaluator with the Kubernetes libraries."""
