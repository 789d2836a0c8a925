"""What lets a workload survive a rollout, a drained node and a busy hour."""

CONCEPTS = "https://kubernetes.io/docs/concepts"
TASKS = "https://kubernetes.io/docs/tasks"
