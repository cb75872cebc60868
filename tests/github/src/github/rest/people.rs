//! Users, organizations, teams, and the rate limit.

use serde_json::{Value, json};

use super::super::failure::Failure;
use super::super::openapi::fill;
use super::super::world::{AccountKind, TokenKind};
use super::{Answer, Answered, Call};

impl Call<'_> {
    pub fn people(&mut self) -> Answered {
        match self.operation.id {
            "users/get-authenticated" => {
                let actor = self.somebody()?;
                if actor.token.as_ref().is_some_and(TokenKind::is_integration) {
                    return Err(Failure::forbidden("Resource not accessible by integration"));
                }
                Ok(Answer::json(200, self.world.render_user(actor.user, "public-user")))
            }
            "users/get-by-username" => {
                let user = self.world.account(self.path("username")).ok_or_else(Failure::not_found)?;
                Ok(Answer::json(200, self.world.render_user(user, "public-user")))
            }
            "orgs/list-for-user" => self.orgs_of_user(),
            "users/list-public-keys-for-user" | "users/list-ssh-signing-keys-for-user" => Ok(self.page(&[])),
            "orgs/check-membership-for-user" | "orgs/check-public-membership-for-user" => {
                let org = self.org()?;
                let user = self.world.account(self.path("username"));
                let is_member = user.is_some_and(|user| self.world.accounts[org].members.contains(&user));
                if is_member { Ok(Answer::nothing(204)) } else { Err(Failure::not_found()) }
            }
            "teams/list-members-in-org" => {
                let org = self.org()?;
                let members =
                    self.world.accounts[org].teams.get(self.path("team_slug")).ok_or_else(Failure::not_found)?;
                let members = members.iter().map(|user| self.world.render_user(*user, "team-member"));
                Ok(self.page(&members.collect::<Vec<_>>()))
            }
            "search/issues-and-pull-requests" => Ok(self.search()),
            "rate-limit/get" => {
                let limit = json!({"limit": 5000, "remaining": 4999, "used": 1, "reset": self.world.clock + 3000});
                let resources = json!({"core": limit, "search": limit, "graphql": limit});
                Ok(Answer::json(200, json!({"resources": resources, "rate": limit})))
            }
            "meta/get" => Ok(Answer::json(200, fill("api-overview", json!({})))),
            other => Err(Failure::refused(format!("DOUBLE: {other} isn't there yet"))),
        }
    }

    fn org(&self) -> Result<usize, Failure> {
        let org = self.world.account(self.path("org")).ok_or_else(Failure::not_found)?;
        if self.world.accounts[org].kind != AccountKind::Organization {
            return Err(Failure::not_found());
        }
        if let Some(kind) = self.actor.as_ref().and_then(|actor| actor.token.as_ref()) {
            self.world.org_lets_in(kind, org, true)?;
        }
        Ok(org)
    }

    fn orgs_of_user(&self) -> Answered {
        let user = self.world.account(self.path("username")).ok_or_else(Failure::not_found)?;
        let orgs = self.world.accounts.iter().filter(|account| account.members.contains(&user));
        let orgs = orgs.map(|org| {
            let url = format!("{}/api/v3/orgs/{}", self.world.server, org.login);
            fill("organization-simple", json!({"login": org.login, "id": org.id, "url": url}))
        });
        Ok(self.page(&orgs.collect::<Vec<_>>()))
    }

    /// `repo:`, `is:`, `state:`, `author:`, and words, which must be in the title (or the body, unless `in:title`).
    fn search(&self) -> Answer {
        let query = self.param("q").unwrap_or_default().to_lowercase();
        let in_title = query.split_whitespace().any(|word| word == "in:title");
        let mut found = Vec::new();
        for (repo, it) in self.world.repos.iter().enumerate() {
            let name = self.world.full_name(repo).to_lowercase();
            if !self.world.sees(self.actor.as_ref(), repo) {
                continue;
            }
            for thread in it.threads.values() {
                let text = match in_title {
                    true => thread.title.to_lowercase(),
                    false => format!("{}\n{}", thread.title, thread.body).to_lowercase(),
                };
                let fits = |word: &str| match word.split_once(':') {
                    Some(("repo", wanted)) => wanted == name,
                    Some(("is" | "state" | "type", "open")) => thread.open,
                    Some(("is" | "state", "closed")) => !thread.open,
                    Some(("is", "merged")) => thread.pull.as_ref().is_some_and(|pull| pull.merged.is_some()),
                    Some(("is" | "type", "issue")) => thread.pull.is_none(),
                    Some(("is" | "type", "pr" | "pull-request")) => thread.pull.is_some(),
                    Some(("author", login)) => self.world.login(thread.author).eq_ignore_ascii_case(login),
                    Some(("in", _)) => true,
                    _ => text.contains(word.trim_matches('"')),
                };
                if query.split_whitespace().all(fits) {
                    found.push(self.world.render_issue(repo, thread.number, "issue-search-result-item"));
                }
            }
        }
        let total = found.len();
        found.reverse();
        let mut answer = self.page(&found);
        if let super::Body::Json(Value::Array(items)) = &answer.body {
            let result = json!({
                "total_count": total, "incomplete_results": false, "search_type": "lexical", "items": items,
            });
            answer.body = super::Body::Json(result);
        }
        answer
    }
}
