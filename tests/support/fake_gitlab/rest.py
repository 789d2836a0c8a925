"""The API of a fake GitLab."""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Callable
from typing import Any

from tests.support.fake_gitlab import bodies
from tests.support.fake_gitlab.state import PROJECT, Request, State
from tests.support.forges.bare import ZERO
from tests.support.forges.calls import Answer, Call
from tests.support.forges.server import Routes

_AT = f"/projects/{urllib.parse.quote(PROJECT, safe='')}"
Match = re.Match[str]
_NO_LINE = '{:line_code=>["can\'t be blank"]}'


def says(status: int, message: Any) -> Answer:
    return Answer(status, {"message": message})


def not_found(what: str = "404 Not Found") -> Answer:
    return says(404, what)


def paged(call: Call, items: list[Any]) -> Answer:
    size, page = int(call.query.get("per_page", 20)), int(call.query.get("page", 1))
    return Answer(200, items[(page - 1) * size : page * size])


def name_in(match: Match, key: str) -> str:
    return urllib.parse.unquote(match[key])


class Rest:
    """Adds its routes to a server's."""

    def __init__(self, state: State, routes: Routes) -> None:
        self.state = state
        own: list[tuple[str, str, Callable[[Call, Match], Answer]]] = [
            ("GET", "", lambda c, m: Answer(200, bodies.project())),
            ("GET", "/repository/branches/{name}", self._branch),
            ("POST", "/repository/commits", self._make_commit),
            ("GET", "/repository/commits/{sha}/statuses", self._statuses),
            ("GET", "/repository/commits/{sha}/merge_requests", self._requests_of),
            ("GET", "/repository/commits/{sha}", self._commit),
            ("GET", "/repository/commits", self._history),
            ("GET", "/repository/files/{path}", self._file),
            ("POST", "/statuses/{sha}", self._make_status),
            ("GET", "/merge_requests", self._requests),
            ("POST", "/merge_requests", self._make_request),
            ("GET", "/merge_requests/{iid}", self._request),
            ("PUT", "/merge_requests/{iid}", self._change_request),
            ("PUT", "/merge_requests/{iid}/merge", self._merge),
            ("GET", "/merge_requests/{iid}/diffs", self._diffs),
            ("GET", "/merge_requests/{iid}/commits", self._commits),
            ("GET", "/merge_requests/{iid}/approvals", self._approvals),
            ("GET", "/merge_requests/{iid}/versions", self._versions),
            ("GET", "/merge_requests/{iid}/resource_label_events", self._label_events),
            ("GET", "/merge_requests/{iid}/notes", self._notes),
            ("POST", "/merge_requests/{iid}/notes", self._make_note),
            ("PUT", "/merge_requests/{iid}/notes/{id}", self._edit_note),
            ("DELETE", "/merge_requests/{iid}/notes/{id}", self._delete_note),
            ("GET", "/merge_requests/{iid}/discussions", self._discussions),
            ("POST", "/merge_requests/{iid}/discussions", self._make_discussion),
            ("PUT", "/merge_requests/{iid}/discussions/{id}", self._resolve),
            ("GET", "/variables/{name}", self._variable),
            ("GET", "/deployments", self._deployments),
            ("POST", "/deployments", self._make_deployment),
            ("PUT", "/deployments/{id}", self._change_deployment),
            ("GET", "/members/all", self._members),
            ("GET", "/protected_branches/{name}", self._protected),
            ("GET", "/events", self._events),
            ("GET", "/approvals", lambda c, m: Answer(200, self.state.approval_settings)),
            ("GET", "/approval_rules", lambda c, m: Answer(200, [{"approvals_required": 2}])),
        ]
        for method, path, route in own:
            routes.add(method, _AT + path, route)
        routes.add("POST", "/graphql", self._diff_notes)
        routes.add("GET", "/user", self._me)
        routes.add("GET", "/users", self._users)
        routes.add("GET", "/groups/{name}/members/all", self._group)
        routes.add("GET", "/personal_access_tokens/self", self._token)

    def _item(self, match: Match) -> Request:
        self.state.settle()
        return self.state.requests[int(match["iid"])]

    def _branch(self, call: Call, match: Match) -> Answer:
        name = name_in(match, "name")
        sha = self.state.bare.tip(name)
        if not sha:
            return not_found("404 Branch Not Found")
        return Answer(200, bodies.branch(self.state, name, sha))

    def _make_commit(self, call: Call, match: Match) -> Answer:
        body, bare = call.body, self.state.bare
        name = body["branch"]
        if bare.tip(name):
            said = f"A branch called '{name}' already exists. Switch to that branch in order to"
            return says(400, f"{said} make changes")
        parent = body["start_sha"]
        if not bare.find(parent):
            return says(400, f"Cannot find start_sha '{parent}'")
        files: dict[str, tuple[str, str] | None] = {}
        for action in body["actions"]:
            path, mode = action["file_path"], bare.mode(parent, action["file_path"])
            if action["action"] == "create" and mode:
                return says(400, "A file with this name already exists")
            if action["action"] in ("update", "delete") and not mode:
                return says(400, "A file with this name doesn't exist")
            if action["action"] == "delete":
                files[path] = None
            elif action["action"] == "chmod":
                entry = files[path]
                assert entry is not None
                files[path] = ("100755", entry[1])
            else:
                files[path] = (mode or "100644", bare.blob(base64.b64decode(action["content"])))
        tree = bare.write_tree(parent, files)
        sha = bare.commit_tree(tree, [parent], body["commit_message"])
        if not bare.update([(f"refs/heads/{name}", sha, ZERO)]):
            return says(400, "Could not create the branch: it already exists")
        return Answer(201, bodies.commit(self.state, sha))

    def _statuses(self, call: Call, match: Match) -> Answer:
        newest: dict[str, Any] = {}
        for item in self.state.statuses:
            if item["sha"] == match["sha"] and call.query.get("name") in (None, item["name"]):
                newest[item["name"]] = item
        return paged(call, [bodies.status(self.state, item) for item in newest.values()])

    def _make_status(self, call: Call, match: Match) -> Answer:
        name, state = call.body["name"], call.body["state"]
        for item in self.state.statuses:
            same = (item["sha"], item["name"], item["status"]) == (match["sha"], name, state)
            if same and state in ("pending", "running"):
                return says(400, f"Cannot transition status via :enqueue from :{state}")
        item = {
            "id": next(self.state.ids), "sha": match["sha"], "name": name, "status": state,
            "description": call.body.get("description"), "at": self.state.now(),
            "target_url": call.body.get("target_url"), "by": self.state.viewer,
        }  # fmt: skip
        self.state.statuses.append(item)
        return Answer(201, bodies.status(self.state, item))

    def _commit(self, call: Call, match: Match) -> Answer:
        sha = self.state.bare.find(name_in(match, "sha"))
        return Answer(200, bodies.commit(self.state, sha)) if sha else not_found()

    def _requests_of(self, call: Call, match: Match) -> Answer:
        sha = name_in(match, "sha")
        found = [item for item in self.state.requests.values() if item.merged == sha]
        return paged(call, [bodies.request(self.state, item, "not_open") for item in found])

    def _history(self, call: Call, match: Match) -> Answer:
        words = ["--first-parent"] if call.query.get("first_parent") else []
        found = self.state.bare.git("rev-list", *words, call.query["ref_name"]).split()
        return paged(call, [bodies.commit(self.state, sha) for sha in found])

    def _file(self, call: Call, match: Match) -> Answer:
        path, ref = name_in(match, "path"), call.query["ref"]
        if not self.state.bare.mode(ref, path):
            return not_found("404 File Not Found")
        data = self.state.bare.git("cat-file", "blob", f"{ref}:{path}").encode() + b"\n"
        content = base64.b64encode(data).decode()
        body = {"file_name": path, "file_path": path, "size": len(data), "encoding": "base64",
                "content": content, "ref": ref, "blob_id": ZERO, "commit_id": ref,
                "last_commit_id": ref, "content_sha256": "0",
                "execute_filemode": False}  # fmt: skip
        return Answer(200, body)

    def _requests(self, call: Call, match: Match) -> Answer:
        self.state.settle()
        wanted, source = call.query.get("state", "all"), call.query.get("source_branch")
        found = [
            bodies.request(self.state, item)
            for item in reversed(self.state.requests.values())
            if wanted in ("all", item.state) and source in (None, item.source)
        ]
        return paged(call, found)

    def _make_request(self, call: Call, match: Match) -> Answer:
        self.state.settle()
        body = call.body
        sha = self.state.bare.tip(body["source_branch"])
        if not sha:
            return says(400, {"source_branch": ["does not exist"]})
        for item in self.state.requests.values():
            if item.state == "opened" and item.source == body["source_branch"]:
                said = "Another open merge request already exists for this source branch: "
                return says(409, [f"{said}!{item.iid}"])
        by_id = {number: name for name, number in self.state.users.items()}
        item = Request(
            len(self.state.requests) + 1, body["title"], body.get("description", ""),
            self.state.viewer, body["source_branch"], sha, body["target_branch"],
            labels=list(body.get("labels", ())),
            reviewers=[by_id[number] for number in body.get("reviewer_ids", ())],
        )  # fmt: skip
        self.state.open(item)
        return Answer(201, bodies.request(self.state, item))

    def _request(self, call: Call, match: Match) -> Answer:
        item = self._item(match)
        return Answer(200, bodies.request(self.state, item, self.state.merge_status(item)))

    def _change_request(self, call: Call, match: Match) -> Answer:
        item, body = self._item(match), call.body
        item.title = body.get("title", item.title)
        item.description = body.get("description", item.description)
        if body.get("state_event") == "close" and item.state == "opened":
            item.state, item.closed_by = "closed", self.state.viewer
        for name in body.get("add_labels", ()):
            self._label(item, name, "add")
        for name in body.get("remove_labels", ()):
            self._label(item, name, "remove")
        item.updated = self.state.now()
        return Answer(200, bodies.request(self.state, item))

    def _label(self, item: Request, name: str, action: str) -> None:
        if (name in item.labels) == (action == "add"):
            return
        (item.labels.append if action == "add" else item.labels.remove)(name)
        self.state.label_events.append(
            {"iid": item.iid, "label": name, "action": action, "by": self.state.viewer,
             "at": self.state.now()}
        )  # fmt: skip

    def _merge(self, call: Call, match: Match) -> Answer:
        item, body = self._item(match), call.body
        if item.sha != body["sha"]:
            return says(409, "SHA does not match HEAD of source branch")
        if item.state != "opened" or item.title.startswith("Draft:"):
            return says(405, "405 Method Not Allowed")
        status = self.state.merge_status(item)
        if status.startswith("ci_") and body.get("auto_merge"):
            item.auto = True
            return Answer(200, bodies.request(self.state, item, status))
        if status != "mergeable":
            return says(405, "405 Method Not Allowed")
        if not self.state.land(item, body["merge_commit_message"]):
            return says(422, "Branch cannot be merged")
        return Answer(200, bodies.request(self.state, item, "not_open"))

    def _diffs(self, call: Call, match: Match) -> Answer:
        item = self._item(match)
        base = self.state.bare.tip(item.target)
        patches = self.state.bare.patches(base, item.sha)
        found = [
            {
                "old_path": path, "new_path": path, "a_mode": "100644", "b_mode": "100644",
                "new_file": letter == "A", "renamed_file": False, "deleted_file": letter == "D",
                "diff": patches[path], "collapsed": False,
                "too_large": False, "generated_file": False,
            }
            for letter, path in self.state.bare.changed(base, item.sha)
        ]  # fmt: skip
        return paged(call, found)

    def _commits(self, call: Call, match: Match) -> Answer:
        item = self._item(match)
        found = reversed(self.state.bare.between(item.target, item.sha))
        return paged(call, [bodies.commit(self.state, sha) for sha in found])

    def _approvals(self, call: Call, match: Match) -> Answer:
        people = [{"user": bodies.user(self.state, name)} for name in self._item(match).approved]
        return Answer(200, {"approved_by": people})

    def approve(self, iid: int, who: str) -> None:
        """A person approves now."""
        self.state.requests[iid].approved.append(who)
        self.state.notes.append(
            {"id": next(self.state.ids), "iid": iid, "body": "approved this merge request",
             "author": who, "at": self.state.now(), "system": True}
        )  # fmt: skip

    def _versions(self, call: Call, match: Match) -> Answer:
        self.state.settle()
        found = [
            {"id": item["id"], "head_commit_sha": item["sha"], "base_commit_sha": ZERO,
             "start_commit_sha": ZERO, "created_at": item["at"], "state": "collected",
             "merge_request_id": 1000 + item["iid"], "real_size": "1", "patch_id_sha": None}
            for item in reversed(self.state.versions)
            if item["iid"] == int(match["iid"])
        ]  # fmt: skip
        return paged(call, found)

    def _events(self, call: Call, match: Match) -> Answer:
        """Pushes: each head of a merge request and each commit of main once, the newest first.
        `pushers` names who made them where it was not the viewer; an empty name hides one."""
        if not self.state.shows_events:
            return says(403, "403 Forbidden")
        self.state.settle()
        heads = [(item["sha"], "topic") for item in reversed(self.state.versions)]
        heads += [(sha, "main") for sha in self.state.bare.line("main")]
        return paged(call, [
            bodies.push(self.state, sha, branch, by)
            for sha, branch in heads
            if (by := self.state.pushers.get(sha, self.state.viewer))
        ])  # fmt: skip

    def _label_events(self, call: Call, match: Match) -> Answer:
        found = [
            {"id": 1, "user": bodies.user(self.state, item["by"]), "created_at": item["at"],
             "resource_type": "MergeRequest", "resource_id": 1,
             "label": {"id": 1, "name": item["label"]}, "action": item["action"]}
            for item in self.state.label_events
            if item["iid"] == int(match["iid"])
        ]  # fmt: skip
        return paged(call, found)

    def _notes(self, call: Call, match: Match) -> Answer:
        iid = int(match["iid"])
        found = [item for item in self.state.notes if item["iid"] == iid]
        return paged(call, [bodies.note(self.state, item) for item in found])

    def _make_note(self, call: Call, match: Match) -> Answer:
        item = self._note(int(match["iid"]), call.body["body"])
        return Answer(201, bodies.note(self.state, item))

    def _note(self, iid: int, body: str) -> dict[str, Any]:
        item = {"id": next(self.state.ids), "iid": iid, "body": body, "at": self.state.now(),
                "author": self.state.viewer}  # fmt: skip
        self.state.notes.append(item)
        return item

    def _edit_note(self, call: Call, match: Match) -> Answer:
        for item in self.state.notes:
            if str(item["id"]) == match["id"]:
                item["body"] = call.body["body"]
                return Answer(200, bodies.note(self.state, item))
        return not_found()

    def _delete_note(self, call: Call, match: Match) -> Answer:
        left = [item for item in self.state.notes if str(item["id"]) != match["id"]]
        if len(left) == len(self.state.notes):
            return not_found()
        self.state.notes = left
        return Answer(204, None)

    def _discussions(self, call: Call, match: Match) -> Answer:
        iid = int(match["iid"])
        found = [
            {"id": item["discussion"], "individual_note": False,
             "notes": [bodies.note(self.state, note) for note in (item, *item["replies"])]}
            for item in self.state.discussions
            if item["iid"] == iid
        ]  # fmt: skip
        return paged(call, found)

    def _make_discussion(self, call: Call, match: Match) -> Answer:
        item, body = self._item(match), call.body
        if not self._in_diff(item, body["position"]["new_path"]):
            return says(400, f"400 Bad request - Note {_NO_LINE}")
        note = self._discussion(item, body["body"], body["position"])
        shown = bodies.note(self.state, note)
        return Answer(201, {"id": note["discussion"], "individual_note": False, "notes": [shown]})

    def _diff_notes(self, call: Call, _match: Match) -> Answer:
        """GraphQL: each input of the mutation `createDiffNote`."""
        if self.state.graphql is not None:
            return Answer(200, self.state.graphql)
        done: dict[str, Any] = {}
        for name, wanted in call.body["variables"].items():
            (item,) = (one for one in self.state.requests.values()
                       if wanted["noteableId"].endswith(f"/{1000 + one.iid}"))  # fmt: skip
            place = wanted["position"]
            position = {
                "base_sha": place["baseSha"],
                "start_sha": place["startSha"],
                "head_sha": place["headSha"],
                "position_type": "text",
                "old_path": place["paths"]["oldPath"],
                "new_path": place["paths"]["newPath"],
                "new_line": place["newLine"],
                **({"old_line": place["oldLine"]} if "oldLine" in place else {}),
            }
            inside = self._in_diff(item, position["new_path"])
            if inside:
                self._discussion(item, wanted["body"], position)
            done[name] = {"errors": [] if inside else [_NO_LINE]}
        return Answer(200, {"data": done})

    def _in_diff(self, item: Request, path: str) -> bool:
        base = self.state.bare.tip(item.target)
        return path in {name for _, name in self.state.bare.changed(base, item.sha)}

    def _discussion(self, item: Request, body: str, position: dict[str, Any]) -> dict[str, Any]:
        ident = next(self.state.ids)
        note = {"id": ident, "iid": item.iid, "discussion": f"{ident:040x}", "body": body,
                "author": self.state.viewer, "at": self.state.now(), "resolved": False,
                "resolver": "", "position": position, "replies": []}  # fmt: skip
        self.state.discussions.append(note)
        return note

    def _resolve(self, call: Call, match: Match) -> Answer:
        for item in self.state.discussions:
            if item["discussion"] == match["id"]:
                resolved = call.body["resolved"]
                resolver = self.state.viewer if resolved else ""
                item |= {"resolved": resolved, "resolver": resolver}
                shown = bodies.note(self.state, item)
                return Answer(200, {"id": match["id"], "individual_note": False, "notes": [shown]})
        return not_found()

    def _variable(self, call: Call, match: Match) -> Answer:
        value = self.state.variables.get(match["name"])
        if value is None:
            return not_found("404 Variable Not Found")
        body = {"key": match["name"], "value": value, "variable_type": "env_var",
                "protected": False, "masked": False, "raw": False,
                "environment_scope": "*"}  # fmt: skip
        return Answer(200, body)

    def _deployments(self, call: Call, match: Match) -> Answer:
        wanted = call.query["environment"]
        found = [i for i in reversed(self.state.deployments) if i["environment"] == wanted]
        return paged(call, [bodies.deployment(item) for item in found])

    def _make_deployment(self, call: Call, match: Match) -> Answer:
        item = {"id": next(self.state.ids), "sha": call.body["sha"], "at": self.state.now(),
                "environment": call.body["environment"], "status": call.body["status"]}  # fmt: skip
        self.state.deployments.append(item)
        return Answer(201, bodies.deployment(item))

    def _change_deployment(self, call: Call, match: Match) -> Answer:
        for item in self.state.deployments:
            if str(item["id"]) == match["id"]:
                if call.body["status"] == "running" and item["status"] != "created":
                    return Answer(400, {"message": "Status cannot transition via run"})
                item["status"] = call.body["status"]
                return Answer(200, bodies.deployment(item))
        return not_found()

    def _members(self, call: Call, match: Match) -> Answer:
        part = call.query.get("query", "")
        names = [name for name in sorted(self.state.developers) if part in name]
        found = [
            {**bodies.user(self.state, name), "access_level": 30, "expires_at": None}
            for name in names
        ]
        return paged(call, found)

    def _protected(self, call: Call, match: Match) -> Answer:
        if match["name"] != "main":
            return not_found()
        level = {"id": 1, "access_level": 40, "access_level_description": "Maintainers",
                 "user_id": None, "group_id": None, "deploy_key_id": None}  # fmt: skip
        body = {"id": 1, "name": "main", "push_access_levels": [level],
                "merge_access_levels": [level], "allow_force_push": False,
                "code_owner_approval_required": True}  # fmt: skip
        return Answer(200, body)

    def _me(self, call: Call, match: Match) -> Answer:
        return Answer(200, bodies.user(self.state, self.state.viewer))

    def _users(self, call: Call, match: Match) -> Answer:
        name = call.query["username"]
        return Answer(200, [bodies.user(self.state, name)] if name in self.state.users else [])

    def _group(self, call: Call, match: Match) -> Answer:
        people = self.state.groups.get(name_in(match, "name"))
        if people is None:
            return not_found("404 Group Not Found")
        return paged(call, [{**bodies.user(self.state, p), "access_level": 30} for p in people])

    def _token(self, call: Call, match: Match) -> Answer:
        body = {"id": 1, "name": "ci", "revoked": False, "created_at": "2026-01-01T00:00:00.000Z",
                "scopes": ["api"], "user_id": 7, "active": True,
                "expires_at": "2027-01-01"}  # fmt: skip
        return Answer(200, body)
