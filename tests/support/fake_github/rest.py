"""The REST part of a fake GitHub."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from tests.support.fake_github import bodies
from tests.support.fake_github.state import REPOSITORY, Pull, State
from tests.support.forges.calls import Answer, Call
from tests.support.forges.server import Routes

_REPO = f"/repos/{REPOSITORY}"
_MOST_REVIEWERS = 15
Match = re.Match[str]


def not_found() -> Answer:
    return Answer(404, {"message": "Not Found", "documentation_url": "d", "status": "404"})


def invalid(message: str) -> Answer:
    """A 422 as GitHub words it: the reason stands in `errors`."""
    data = {
        "message": "Validation Failed",
        "errors": [{"resource": "X", "code": "custom", "message": message}],
        "documentation_url": "d",
    }
    return Answer(422, data)


def plain(status: int, message: str) -> Answer:
    return Answer(status, {"message": message, "documentation_url": "d"})


def paged(call: Call, items: list[Any], wrap: str = "") -> Answer:
    size, page = int(call.query.get("per_page", 30)), int(call.query.get("page", 1))
    part = items[(page - 1) * size : page * size]
    return Answer(200, {"total_count": len(items), wrap: part} if wrap else part)


class Rest:
    """Adds its routes to a server's."""

    def __init__(self, state: State, routes: Routes) -> None:
        self.state = state
        add = routes.add
        repo: list[tuple[str, str, Callable[[Call, Match], Answer]]] = [
            ("GET", "", lambda c, m: Answer(200, self._repository())),
            ("GET", "/git/ref/heads/{name+}", self._ref),
            ("POST", "/git/refs", self._make_ref),
            ("POST", "/git/blobs", self._make_blob),
            ("GET", "/git/blobs/{sha}", self._blob),
            ("POST", "/git/trees", self._make_tree),
            ("POST", "/git/commits", self._make_commit),
            ("GET", "/pulls", self._pulls),
            ("POST", "/pulls", self._make_pull),
            ("GET", "/pulls/{number}", self._pull),
            ("PATCH", "/pulls/{number}", self._patch_pull),
            ("PUT", "/pulls/{number}/merge", self._merge),
            ("GET", "/pulls/{number}/files", self._files),
            ("GET", "/pulls/{number}/commits", self._commits),
            ("GET", "/pulls/{number}/reviews", self._reviews),
            ("POST", "/pulls/{number}/reviews", self._make_review),
            ("POST", "/pulls/{number}/comments", self._make_review_comment),
            ("POST", "/pulls/{number}/requested_reviewers", self._ask),
            ("GET", "/issues/{number}/events", self._events),
            ("POST", "/issues/{number}/labels", self._label),
            ("DELETE", "/issues/{number}/labels/{name}", self._unlabel),
            ("POST", "/issues/{number}/comments", self._make_comment),
            ("PATCH", "/issues/comments/{id}", self._edit_comment),
            ("DELETE", "/issues/comments/{id}", self._delete_comment),
            ("GET", "/activity", self._activity),
            ("GET", "/commits/{sha}/check-runs", self._check_runs),
            ("GET", "/commits/{sha}/statuses", self._statuses),
            ("GET", "/commits/{sha}/pulls", self._pulls_of),
            ("GET", "/commits/{sha+}", self._commit),
            ("GET", "/commits", self._history),
            ("POST", "/statuses/{sha}", self._make_status),
            ("GET", "/contents/{path+}", self._contents),
            ("GET", "/actions/variables/{name}", self._variable),
            ("GET", "/actions/organization-variables", lambda c, m: paged(c, [], "variables")),
            ("POST", "/deployments", self._make_deployment),
            ("POST", "/deployments/{id}/statuses", self._make_deployment_status),
            ("GET", "/collaborators/{login}/permission", self._permission),
            ("GET", "/installation", self._installation),
            ("GET", "/actions/permissions/workflow", self._workflow_permissions),
            ("GET", "/rules/branches/{name}", self._rules),
            ("GET", "/branches/{name}/protection", self._protection),
            ("GET", "/branches/{name}", self._branch),
        ]
        for method, path, route in repo:
            add(method, _REPO + path, route)
        add("GET", "/orgs/{org}/teams/{slug}/members", self._members)
        add("POST", "/app/installations/{id}/access_tokens", self._token)

    def _repository(self) -> dict[str, Any]:
        return bodies.repository(self.state)

    def _number(self, match: Match) -> Pull | None:
        self.state.settle()
        return self.state.pulls.get(int(match["number"]))

    def _ref(self, call: Call, match: Match) -> Answer:
        sha = self.state.bare.tip(match["name"])
        return Answer(200, bodies.ref(match["name"], sha)) if sha else not_found()

    def _make_ref(self, call: Call, match: Match) -> Answer:
        name, sha = call.body["ref"], call.body["sha"]
        if self.state.bare.find(name):
            return plain(422, "Reference already exists")
        if not self.state.bare.find(sha):
            return plain(422, "Object does not exist")
        if not self.state.bare.update([(name, sha, "0" * 40)]):
            return plain(422, "Reference cannot be created")
        self.state.settle()
        return Answer(201, bodies.ref(name.removeprefix("refs/heads/"), sha))

    def _make_blob(self, call: Call, match: Match) -> Answer:
        sha = self.state.bare.blob(base64.b64decode(call.body["content"]))
        return Answer(201, {"url": "https://api.github.test/blob", "sha": sha})

    def _blob(self, call: Call, match: Match) -> Answer:
        data = self.state.bare.git("cat-file", "blob", match["sha"])
        content = base64.b64encode(data.encode()).decode()
        body = {"content": content, "encoding": "base64", "sha": match["sha"], "node_id": "B",
                "url": "https://api.github.test/blob", "size": len(data)}  # fmt: skip
        return Answer(200, body)

    def _make_tree(self, call: Call, match: Match) -> Answer:
        files = {
            entry["path"]: (entry["mode"], entry["sha"]) if entry["sha"] else None
            for entry in call.body["tree"]
        }
        sha = self.state.bare.write_tree(call.body["base_tree"], files)
        entries = [
            {"path": path, "mode": entry[0], "type": "blob", "sha": entry[1]}
            for path, entry in files.items()
            if entry
        ]
        return Answer(201, {"sha": sha, "url": "u", "truncated": False, "tree": entries})

    def _make_commit(self, call: Call, match: Match) -> Answer:
        sha = self.state.bare.commit_tree(
            call.body["tree"], call.body["parents"], call.body["message"]
        )
        return Answer(201, bodies.git_commit(self.state, sha))

    def _pulls(self, call: Call, match: Match) -> Answer:
        self.state.settle()
        wanted = call.query.get("state", "open")
        head = call.query.get("head", "")
        found = [
            pull
            for pull in reversed(self.state.pulls.values())
            if wanted in ("all", pull.state)
            and (not head or f"{(pull.fork or REPOSITORY).partition('/')[0]}:{pull.head}" == head)
        ]
        return paged(call, [bodies.pull(self.state, pull, whole=False) for pull in found])

    def _make_pull(self, call: Call, match: Match) -> Answer:
        self.state.settle()
        body, bare = call.body, self.state.bare
        sha, base = bare.tip(body["head"]), bare.tip(body["base"])
        if not sha:
            return invalid("head is invalid")
        pulls = self.state.pulls.values()
        if any(p.state == "open" and p.head == body["head"] and not p.fork for p in pulls):
            return invalid(f"A pull request already exists for org:{body['head']}.")
        if bare.is_ancestor(sha, base):
            return invalid(f"No commits between {body['base']} and {body['head']}")
        pull = Pull(
            self.state.next_number(), body["title"], body.get("body") or "", self.state.viewer,
            body["head"], sha, body["base"], draft=bool(body.get("draft")),
        )  # fmt: skip
        self.state.open(pull)
        return Answer(201, bodies.pull(self.state, pull))

    def _pull(self, call: Call, match: Match) -> Answer:
        pull = self._number(match)
        return Answer(200, bodies.pull(self.state, pull)) if pull else not_found()

    def _patch_pull(self, call: Call, match: Match) -> Answer:
        pull = self._number(match)
        if pull is None:
            return not_found()
        pull.title = call.body.get("title", pull.title)
        pull.body = call.body.get("body", pull.body)
        pull.updated = self.state.now()
        if call.body.get("state") == "closed" and pull.state == "open":
            self.state.close(pull)
        return Answer(200, bodies.pull(self.state, pull))

    def _merge(self, call: Call, match: Match) -> Answer:
        pull = self._number(match)
        if pull is None:
            return not_found()
        if call.body["sha"] != pull.head_sha:
            return plain(409, "Head branch was modified. Review and try the merge again.")
        if pull.state != "open" or self.state.blocked or pull.draft:
            return plain(405, "Pull Request is not mergeable")
        title = call.body.get("commit_title", "Merge")
        sha = self.state.land(pull, f"{title}\n\n{call.body.get('commit_message', '')}")
        if not sha:
            return plain(405, "Pull Request is not mergeable")
        return Answer(200, {"sha": sha, "merged": True, "message": "Pull Request merged"})

    def _files(self, call: Call, match: Match) -> Answer:
        pull = self._number(match)
        assert pull is not None
        base = self.state.bare.tip(pull.base)
        words = {"A": "added", "D": "removed"}
        items, patches = [], self.state.bare.patches(base, pull.head_sha)
        for letter, path in self.state.bare.changed(base, pull.head_sha):
            url = f"https://github.test/{path}"
            items.append({
                "sha": "0" * 40, "filename": path, "status": words.get(letter, "modified"),
                "additions": 1, "deletions": 1, "changes": 2, "blob_url": url, "raw_url": url,
                "contents_url": url, "patch": patches[path],
            })  # fmt: skip
        return paged(call, items)

    def _commits(self, call: Call, match: Match) -> Answer:
        pull = self._number(match)
        assert pull is not None
        base = f"{pull.merged}^1" if pull.merged else pull.base
        found = self.state.bare.between(base, pull.head_sha)
        return paged(call, [bodies.commit(self.state, sha) for sha in found])

    def _reviews(self, call: Call, match: Match) -> Answer:
        number = int(match["number"])
        found = [item for item in self.state.reviews if item["number"] == number]
        return paged(call, [bodies.review(number, item) for item in found])

    def _make_review(self, call: Call, match: Match) -> Answer:
        pull = self._number(match)
        assert pull is not None
        base = self.state.bare.tip(pull.base)
        changed = {path for _, path in self.state.bare.changed(base, pull.head_sha)}
        if any(comment["path"] not in changed for comment in call.body.get("comments", ())):
            return plain(422, "Unprocessable Entity: line must be part of the diff")
        for comment in call.body.get("comments", ()):
            self.thread(pull.number, comment["path"], comment["line"], comment["body"])
        item = {
            "id": next(self.state.ids), "by": self.state.viewer, "state": "COMMENTED",
            "at": self.state.now(), "sha": call.body.get("commit_id", pull.head_sha),
            "body": call.body.get("body", ""), "number": pull.number,
        }  # fmt: skip
        self.state.reviews.append(item)
        return Answer(200, bodies.review(pull.number, item))

    def thread(self, number: int, path: str, line: int, body: str) -> dict[str, Any]:
        ident = next(self.state.ids)
        item = {
            "id": ident, "thread": f"T_{ident}", "comment": f"PRRC_{ident}", "number": number,
            "path": path, "line": line, "body": body, "author": self.state.viewer, "replies": 0,
            "resolved": False, "resolver": "", "outdated": False, "hidden": False,
            "at": self.state.now(),
            "sha": self.state.pulls[number].head_sha,
        }  # fmt: skip
        self.state.threads.append(item)
        return item

    def _make_review_comment(self, call: Call, match: Match) -> Answer:
        number = int(match["number"])
        item = self.thread(number, call.body["path"], 0, call.body["body"])
        return Answer(201, bodies.review_comment(number, item))

    def _ask(self, call: Call, match: Match) -> Answer:
        pull = self._number(match)
        assert pull is not None
        people = call.body.get("reviewers", [])
        if any(name not in self.state.writers for name in people):
            return plain(422, "Reviews may only be requested from collaborators.")
        if not set(call.body.get("team_reviewers", [])) <= set(self.state.teams):
            return invalid("Could not resolve to a node with the global id of 'T_1'.")
        if len({*pull.reviewers, *people}) > _MOST_REVIEWERS:
            return plain(422, "A maximum of 15 reviewers can be requested.")
        for name in people:
            if name not in pull.reviewers:
                pull.reviewers.append(name)
                self.state.event(pull.number, "review_requested", reviewer=name)
        pull.updated = self.state.now()
        return Answer(201, bodies.pull(self.state, pull, whole=False))

    def _events(self, call: Call, match: Match) -> Answer:
        number = int(match["number"])
        found = [bodies.event(item) for item in self.state.events if item["number"] == number]
        return paged(call, found)

    def _label(self, call: Call, match: Match) -> Answer:
        pull = self._number(match)
        assert pull is not None
        for name in call.body["labels"]:
            if name not in pull.labels:
                pull.labels.append(name)
                self.state.event(pull.number, "labeled", label=name)
        pull.updated = self.state.now()
        return Answer(200, bodies.labels(pull.labels))

    def _unlabel(self, call: Call, match: Match) -> Answer:
        pull = self._number(match)
        if pull is None or match["name"] not in pull.labels:
            return not_found()
        pull.labels.remove(match["name"])
        self.state.event(pull.number, "unlabeled", label=match["name"])
        return Answer(200, bodies.labels(pull.labels))

    def _make_comment(self, call: Call, match: Match) -> Answer:
        item = {
            "id": next(self.state.ids), "number": int(match["number"]), "body": call.body["body"],
            "author": self.state.viewer, "at": self.state.now(),
        }  # fmt: skip
        self.state.comments.append(item)
        return Answer(201, bodies.comment(item))

    def _edit_comment(self, call: Call, match: Match) -> Answer:
        for item in self.state.comments:
            if str(item["id"]) == match["id"]:
                item["body"] = call.body["body"]
                return Answer(200, bodies.comment(item))
        return not_found()

    def _delete_comment(self, call: Call, match: Match) -> Answer:
        left = [item for item in self.state.comments if str(item["id"]) != match["id"]]
        if len(left) == len(self.state.comments):
            return not_found()
        self.state.comments = left
        return Answer(204, None)

    def _activity(self, call: Call, match: Match) -> Answer:
        if not self.state.shows_activities:
            return not_found()
        found = [
            bodies.activity(item, self.state.pushers.get(item["after"], self.state.viewer))
            for item in reversed(self.state.activities)
            if item["ref"] == call.query["ref"]
        ]
        return Answer(200, found)

    def _check_runs(self, call: Call, match: Match) -> Answer:
        found = [item for item in self.state.check_runs if item["sha"] == match["sha"]]
        return paged(call, [bodies.check_run(item) for item in found], "check_runs")

    def _statuses(self, call: Call, match: Match) -> Answer:
        found = [item for item in reversed(self.state.statuses) if item["sha"] == match["sha"]]
        return paged(call, [bodies.status(item) for item in found])

    def _make_status(self, call: Call, match: Match) -> Answer:
        item = {
            "id": next(self.state.ids), "sha": match["sha"], "state": call.body["state"],
            "description": call.body.get("description"), "context": call.body["context"],
            "target_url": call.body.get("target_url"), "by": self.state.viewer,
            "at": self.state.now(),
        }  # fmt: skip
        self.state.statuses.append(item)
        return Answer(201, bodies.status(item))

    def _commit(self, call: Call, match: Match) -> Answer:
        sha = self.state.bare.find(match["sha"])
        return Answer(200, bodies.commit(self.state, sha)) if sha else plain(422, "No commit found")

    def _pulls_of(self, call: Call, match: Match) -> Answer:
        self.state.settle()
        found = [pull for pull in self.state.pulls.values() if pull.merged == match["sha"]]
        return paged(call, [bodies.pull(self.state, pull, whole=False) for pull in found])

    def _history(self, call: Call, match: Match) -> Answer:
        found = self.state.bare.git("rev-list", "--date-order", call.query["sha"]).split()
        return paged(call, [bodies.commit(self.state, sha) for sha in found])

    def _contents(self, call: Call, match: Match) -> Answer:
        revision, path = call.query["ref"], match["path"]
        if not self.state.bare.mode(revision, path):
            return not_found()
        data = self.state.bare.git("cat-file", "blob", f"{revision}:{path}").encode() + b"\n"
        url = f"https://api.github.test/contents/{path}"
        body = {
            "type": "file", "encoding": "base64", "size": len(data), "path": path,
            "name": path.rpartition("/")[2], "content": base64.b64encode(data).decode(),
            "sha": "0" * 40, "url": url, "git_url": url, "html_url": url, "download_url": url,
            "_links": {"git": url, "self": url, "html": url},
        }  # fmt: skip
        return Answer(200, body)

    def _variable(self, call: Call, match: Match) -> Answer:
        value = self.state.variables.get(match["name"])
        if value is None:
            return not_found()
        when = "2026-03-01T00:00:00Z"
        body = {"name": match["name"], "value": value, "created_at": when, "updated_at": when}
        return Answer(200, body)

    def _make_deployment(self, call: Call, match: Match) -> Answer:
        item = {
            "id": next(self.state.ids), "sha": call.body["ref"], "at": self.state.now(),
            "environment": call.body["environment"], "state": "", "states": [],
            "by": self.state.viewer,
            "description": call.body.get("description"),
        }  # fmt: skip
        self.state.deployments.append(item)
        return Answer(201, bodies.deployment(item))

    def _make_deployment_status(self, call: Call, match: Match) -> Answer:
        for item in self.state.deployments:
            if str(item["id"]) == match["id"]:
                item["state"] = call.body["state"]
                item["states"].append(item["state"])
                self._deactivate(item, call.body)
                at = self.state.now()
                words = call.body.get("description", "")
                return Answer(201, bodies.deployment_status(item, item["state"], words, at))
        return not_found()

    def _deactivate(self, done: dict[str, Any], body: dict[str, Any]) -> None:
        """A success makes the earlier ones of its environment inactive (`auto_inactive`)."""
        for item in self.state.deployments:
            earlier = item["environment"] == done["environment"] and item["id"] < done["id"]
            if earlier and done["state"] == "success" and body.get("auto_inactive", True):
                item["state"] = "inactive"
                item["states"].append("inactive")

    def _permission(self, call: Call, match: Match) -> Answer:
        right = "write" if match["login"] in self.state.writers else "read"
        body = {"permission": right, "role_name": right, "user": None}
        return Answer(200, body)

    def _workflow_permissions(self, call: Call, match: Match) -> Answer:
        body = {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": True}
        return Answer(200, body)

    def _rules(self, call: Call, match: Match) -> Answer:
        checks = {
            "required_status_checks": [{"context": "check / gate", "integration_id": 15368}],
            "strict_required_status_checks_policy": True,
        }
        return paged(call, [{"type": "required_status_checks", "parameters": checks}])

    def _protection(self, call: Call, match: Match) -> Answer:
        reviews = {"require_code_owner_reviews": True, "required_approving_review_count": 2,
                   "dismiss_stale_reviews": True}  # fmt: skip
        body = {
            "required_pull_request_reviews": reviews,
            "enforce_admins": {"url": "https://api.github.test/x", "enabled": True},
            "allow_force_pushes": {"enabled": False},
        }
        return Answer(200, body)

    def _branch(self, call: Call, match: Match) -> Answer:
        name = match["name"]
        sha = self.state.bare.tip(name)
        if not sha:
            return not_found()
        url = "https://api.github.test/branch"
        body = {
            "name": name, "commit": bodies.commit(self.state, sha), "protected": True,
            "protection": {"enabled": True}, "protection_url": url,
            "_links": {"html": url, "self": url},
        }  # fmt: skip
        return Answer(200, body)

    def _members(self, call: Call, match: Match) -> Answer:
        people = self.state.teams.get(match["slug"])
        return not_found() if people is None else paged(call, [bodies.user(p) for p in people])

    def _installation(self, call: Call, match: Match) -> Answer:
        if not self.state.installed:
            return not_found()
        url = "https://api.github.test/app"
        when = "2026-03-01T00:00:00Z"
        body = {
            "id": 7, "account": bodies.user("org"), "repository_selection": "selected",
            "access_tokens_url": url, "repositories_url": url, "html_url": url, "app_id": 1,
            "target_id": 1, "target_type": "Organization", "permissions": {"contents": "write"},
            "events": [], "created_at": when, "updated_at": when, "single_file_name": None,
            "app_slug": "shop-bot", "suspended_by": None, "suspended_at": None,
        }  # fmt: skip
        return Answer(200, body)

    def _token(self, call: Call, match: Match) -> Answer:
        token = f"ghs_{next(self.state.ids)}"
        self.state.tokens.add(token)
        ends = (self.state.start + self.state.token_life).isoformat().replace("+00:00", "Z")
        return Answer(201, {"token": token, "expires_at": ends})
