//! What a token lets its user do.

use super::failure::Failure;
use super::world::{Actor, Permission, TokenKind, World};

/// What a workflow's job is let write, as its `permissions:` name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Branches, commits, files.
    Contents,
    /// Issues, their comments and labels.
    Issues,
    /// The same of pull requests, and whether they are drafts.
    PullRequests,
    /// Of commits.
    Statuses,
}

impl Area {
    const fn name(self) -> &'static str {
        match self {
            Self::Contents => "contents",
            Self::Issues => "issues",
            Self::PullRequests => "pull_requests",
            Self::Statuses => "statuses",
        }
    }
}

/// What is to be done in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Look at it.
    Read,
    /// Open, comment, review, fork: what anybody may do to a public repository.
    Interact,
    /// Change its refs and objects.
    Push,
}

impl World {
    /// Whether somebody can know that the repository exists.
    pub fn sees(&self, actor: Option<&Actor>, repo: usize) -> bool {
        let it = &self.repos[repo];
        if it.deleted || it.ready_in > 0 {
            return false;
        }
        let Some(actor) = actor else { return !it.private };
        if it.private
            && let Some(TokenKind::Classic { scopes }) = &actor.token
            && !scopes.iter().any(|scope| scope == "repo")
        {
            return false;
        }
        self.permission(actor.user, repo).is_some() || self.is_installed(actor, repo)
    }

    /// Whether somebody may do this; if not, why.
    pub fn may(&self, actor: Option<&Actor>, repo: usize, need: Need) -> Result<(), Failure> {
        if !self.sees(actor, repo) {
            return Err(Failure::not_found());
        }
        let Some(actor) = actor else {
            return match need {
                Need::Read => Ok(()),
                _ => Err(Failure::new(401, "UNAUTHORIZED", "Requires authentication")),
            };
        };
        self.token_may(actor, repo, need)?;
        if need == Need::Read {
            return Ok(());
        }
        if self.repos[repo].archived {
            return Err(Failure::archived());
        }
        let mine = self.permission(actor.user, repo).unwrap_or(Permission::Read);
        let enough = match need {
            Need::Read | Need::Interact => true,
            Need::Push => mine >= Permission::Write || self.is_installed(actor, repo),
        };
        if enough {
            return Ok(());
        }
        // Whoever may only read doesn't get told more.
        let user = self.login(actor.user);
        let name = self.full_name(repo);
        let said = format!("{user} does not have the correct permissions to execute this on `{name}`");
        Err(Failure::not_found().of_kind("FORBIDDEN").in_graphql(said))
    }

    /// Whether it isn't a workflow that wasn't let write there.
    pub fn is_granted(&self, actor: &Actor, area: Area) -> Result<(), Failure> {
        let is_workflow = matches!(actor.token, Some(TokenKind::Actions { .. }));
        if !is_workflow || !self.withheld.contains(&area) {
            return Ok(());
        }
        let needed = format!("{}=write", area.name());
        Err(Failure::forbidden("Resource not accessible by integration")
            .with_header("X-Accepted-GitHub-Permissions", needed))
    }

    fn is_installed(&self, actor: &Actor, repo: usize) -> bool {
        let name = self.full_name(repo);
        actor.token.as_ref().is_some_and(|token| token.is_installed_in(&name))
    }

    fn token_may(&self, actor: &Actor, repo: usize, need: Need) -> Result<(), Failure> {
        let owner = self.repos[repo].owner;
        match actor.token.as_ref() {
            None => Ok(()),
            Some(TokenKind::Classic { scopes }) => {
                let enough = |scope: &String| scope == "repo" || scope == "public_repo" && !self.repos[repo].private;
                if need == Need::Read || scopes.iter().any(enough) { Ok(()) } else { Err(missing_scope(scopes)) }
            }
            Some(TokenKind::FineGrained) if need == Need::Read || owner == actor.user => Ok(()),
            Some(TokenKind::FineGrained) => Err(Failure::forbidden("Resource not accessible by personal access token")),
            Some(kind) if kind.is_integration() && (need == Need::Read || self.is_installed(actor, repo)) => Ok(()),
            Some(kind) if kind.is_integration() => Err(Failure::forbidden("Resource not accessible by integration")),
            Some(kind) => self.org_lets_in(kind, owner, need == Need::Read),
        }
    }

    /// Whether an organization's own rules let a token in.
    pub fn org_lets_in(&self, kind: &TokenKind, owner: usize, reading: bool) -> Result<(), Failure> {
        let login = self.login(owner);
        match kind {
            TokenKind::OrgRestricted { org, reads_too }
                if org.eq_ignore_ascii_case(login) && (*reads_too || !reading) =>
            {
                Err(Failure::forbidden(format!(
                    "Although you appear to have the correct authorization credentials, the `{login}` organization \
                     has enabled OAuth App access restrictions, meaning that data access to third-parties is limited. \
                     For more information on these restrictions, including how to enable this app, visit \
                     https://docs.github.com/articles/restricting-access-to-your-organization-s-data/"
                )))
            }
            TokenKind::Saml { org } if org.eq_ignore_ascii_case(login) => {
                let page = format!("https://github.com/orgs/{login}/sso?authorization_request=x");
                Err(Failure::forbidden(
                    "Resource protected by organization SAML enforcement. You must grant your Personal Access token \
                     access to this organization.",
                )
                .with_header("X-GitHub-SSO", format!("required; url={page}")))
            }
            _ => Ok(()),
        }
    }

    /// As `viewerPermission` says it: what the person may, whatever the token.
    pub fn viewer_permission(&self, actor: &Actor, repo: usize) -> Option<Permission> {
        if self.is_installed(actor, repo) {
            return Some(Permission::Write);
        }
        self.permission(actor.user, repo)
    }
}

fn missing_scope(scopes: &[String]) -> Failure {
    let granted: Vec<String> = scopes.iter().map(|scope| format!("'{scope}'")).collect();
    let said = format!(
        "Your token has not been granted the required scopes to execute this query. The field requires one of the \
         following scopes: ['public_repo'], but your token has only been granted the: [{}] scopes. Please modify your \
         token's scopes at: https://github.com/settings/tokens.",
        granted.join(", ")
    );
    Failure::not_found()
        .of_kind("INSUFFICIENT_SCOPES")
        .in_graphql(said)
        .with_header("X-Accepted-OAuth-Scopes", "public_repo, repo")
}
