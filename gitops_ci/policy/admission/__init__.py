"""Admission policies of the cluster, evaluated offline: ValidatingAdmissionPolicy and Kyverno's."""
