"""Objects against their schemas: our own engine, or the real kubeconform."""
