"""`python -m gitops_ci`."""

from gitops_ci.cli.main import main

raise SystemExit(main())
