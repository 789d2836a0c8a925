"""What Argo CD applies for an Application, and which Applications an ApplicationSet makes."""
