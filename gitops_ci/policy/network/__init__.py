"""What reaches a workload: from other pods, from the nodes and from outside."""

CONCEPTS = "https://kubernetes.io/docs/concepts/services-networking"
