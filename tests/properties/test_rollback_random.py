"""Going back after a promotion gives the bytes from before it, whatever the promotion carried. Only
quotes that a value of another type made unnecessary do not come back; its value does."""

from __future__ import annotations

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gitops_ci.forge.files import changed_files
from gitops_ci.promote.aims import Previous
from gitops_ci.promote.rollback import Request, goes_back, plan_rollback
from tests.unit.promote.places import CONFIG, history
from tests.unit.promote.scene import Scene

SETTINGS = """\
version: 1
layouts: ["apps/{app}/{env}"]
environments: {dev: {}, prod: {from: [dev]}}
promote: {values: [{file: values.yaml, keys: ["features.*"]}], files: ["dash/**"]}
"""
TAGS = st.sampled_from(["1.0.0", "1.0.1", "1.1.0", "2.0.0", "abc1234", "def5678"])
DIGESTS = st.sampled_from(["", f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"])
FEATURES = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["true", "1", "xy"]))
DASHES = st.dictionaries(st.sampled_from(["one.json", "two.json"]), st.sampled_from(["{}\n", "[]"]))
STATES = st.tuples(TAGS, DIGESTS, FEATURES, DASHES)


def files(
    environment: str, state: tuple[str, str, dict[str, str], dict[str, str]]
) -> dict[str, str]:
    """An app's files in one environment; what belongs to the environment alone stands beside."""
    tag, digest, features, dashes = state
    here = f"apps/web/{environment}"
    pin = f"images:\n- name: shop/web # {environment}\n  newTag: '{tag}'\n"
    pin += f"  digest: {digest}\n" if digest else ""
    keys = "".join(f"  {key}: {value}\n" for key, value in sorted(features.items()))
    values = f"replicas: 3 # {environment}\n" + (f"features:\n{keys}" if keys else "")
    return {
        f"{here}/kustomization.yaml": pin,
        f"{here}/values.yaml": values,
        **{f"{here}/dash/{name}": text for name, text in dashes.items()},
    }


@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(STATES, STATES)
def test_back_is_where_it_was(source: object, target: object) -> None:
    first = {CONFIG: SETTINGS, **files("dev", source), **files("prod", target)}  # type: ignore[arg-type]
    scene = Scene((100, first))
    plan = scene.plan("dev", "prod")
    if not plan.moves:
        return
    promoted = scene.after(plan)
    after = Scene((100, first), (200, promoted))
    made = plan_rollback(Request((), Previous()), after.side("prod"), after.config)
    assert not made.plan.refused
    assert not made.plan.left
    data = {path: text.encode() for path, text in after.files.items()}
    back = dict(data)
    for item in changed_files(made.plan.edits, data.get):
        if item.after is None:
            del back[item.path]
        else:
            back[item.path] = item.after
    assert back == {path: text.encode() for path, text in first.items()}
    place = next(iter(after.side("prod").states))
    standings = history([(100, first), (200, promoted)]).standings(place)
    assert goes_back([standings[0].state], {place: standings})
