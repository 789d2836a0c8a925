# The container action, and the image for GitLab CI and for everybody else.
# GitHub runs it as root in a mounted workspace; nothing in it needs the network when it runs.
FROM python:3.13-slim AS base
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*

FROM base AS dependencies
WORKDIR /src
COPY requirements/build.txt requirements/image.txt requirements/
RUN python -m venv /opt/build \
 && python -m venv --without-pip /opt/gitops-ci \
 && /opt/build/bin/pip install --no-cache-dir --only-binary :all: --require-hashes \
      --requirement requirements/build.txt \
 && /opt/build/bin/pip --python /opt/gitops-ci/bin/python install --no-cache-dir \
      --only-binary :all: --require-hashes --requirement requirements/image.txt \
 # cel-expr-python leaves the tree it was built in beside itself
 && rm -rf /opt/gitops-ci/lib/python3.13/site-packages/bazel-project

# kubeconform, kustomize and helm: release archives checked against gitops_ci/tools/data/pins.json,
# or, where the release hosts are out of reach, ready files in tools/ of the build context.
FROM dependencies AS tools
COPY gitops_ci/__init__.py gitops_ci/
COPY gitops_ci/model gitops_ci/model
COPY gitops_ci/net gitops_ci/net
COPY gitops_ci/tools gitops_ci/tools
COPY scripts/image_tools.py tool[s] ready/
RUN PYTHONPATH=/src /opt/gitops-ci/bin/python ready/image_tools.py ready /opt/tools

FROM dependencies AS package
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY gitops_ci gitops_ci
RUN /opt/build/bin/pip wheel --no-deps --no-index --no-build-isolation --wheel-dir dist . \
 && /opt/build/bin/pip --python /opt/gitops-ci/bin/python install --no-deps --no-index dist/*.whl

FROM base
LABEL org.opencontainers.image.title="gitops-ci" \
      org.opencontainers.image.description="The merge gate and promotion engine for GitOps repositories" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=tools /opt/tools /usr/local/bin/
COPY --from=package /opt/gitops-ci /opt/gitops-ci
ENV PATH=/opt/gitops-ci/bin:$PATH
# Exec form and no shell: dash drops variables such as INPUT_FAIL-ON. -I: nothing in the workspace
# is importable.
ENTRYPOINT ["/opt/gitops-ci/bin/python", "-I", "-m", "gitops_ci.cli.action"]
