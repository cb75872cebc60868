//! Commits as people name them. Not by libgit2's `revparse`: it would read objects that never end (see [`super::loose`]).

use git2::Oid;

use super::Repo;
use super::failure::{RepoError, Result, Trouble};
use crate::domain::text;

impl Repo {
    /// The commit that a person names: a branch, a tag, an id, with `~` and `^` as git reads them.
    pub(crate) fn resolve(&self, rev: &str) -> Result<Oid> {
        let unknown = || {
            RepoError::new(
                Trouble::NotFound,
                tr!("there is no commit {rev} here", rev = text::quote(rev)),
                tr!("name a branch, a tag or a commit; in CI, fetch the whole history"),
            )
        };
        let (name, mut steps) = rev.find(['~', '^']).map_or((rev, ""), |at| rev.split_at(at));
        let mut at = self.named(name)?.ok_or_else(unknown)?;
        // `~3` is the third first parent, `^2` the second parent, `^{commit}` what it is already.
        while let Some(sign) = steps.chars().next() {
            let rest = steps.get(1..).unwrap_or_default();
            let rest = rest.strip_prefix("{commit}").or(rest.strip_prefix("{}"));
            match rest {
                _ if !matches!(sign, '~' | '^') => return Err(unknown()),
                Some(rest) if sign == '^' => {
                    steps = rest;
                    continue;
                }
                _ => {}
            }
            let digits = steps[1..].find(|c: char| !c.is_ascii_digit()).map_or(steps.len(), |end| end + 1);
            let number: usize = if digits == 1 { Ok(1) } else { steps[1..digits].parse() }.map_err(|_| unknown())?;
            steps = &steps[digits..];
            let (times, which) = if sign == '~' { (number, 1) } else { (usize::from(number > 0), number) };
            for _ in 0..times {
                at = self.behind(at)?.0.get(which - 1).copied().ok_or_else(unknown)?;
            }
        }
        Ok(at)
    }

    /// The commit of a branch, a tag or an id.
    fn named(&self, name: &str) -> Result<Option<Oid>> {
        let name = match name {
            "" => return Ok(None),
            "@" => "HEAD",
            name => name,
        };
        let by_name = self.git.resolve_reference_from_short_name(name).ok().and_then(|r| r.target());
        let by_id = || {
            let hex = (4..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_hexdigit());
            let padded = format!("{name:0<40}").parse().ok().filter(|_| hex)?;
            self.git.odb().and_then(|odb| odb.exists_prefix(padded, name.len())).ok()
        };
        by_name.or_else(by_id).map_or(Ok(None), |oid| self.peeled(oid))
    }
}

#[cfg(test)]
mod tests {
    use git2::{Repository, Signature};

    use super::*;

    #[test]
    fn a_commit_is_what_git_takes_it_for() {
        let home = tempfile::tempdir().unwrap();
        let git = Repository::init_bare(home.path()).unwrap();
        let who = Signature::now("a", "a@b").unwrap();
        let tree = git.find_tree(git.treebuilder(None).unwrap().write().unwrap()).unwrap();
        let make = |message: &str, parents: &[Oid]| {
            let parents: Vec<_> = parents.iter().map(|p| git.find_commit(*p).unwrap()).collect();
            git.commit(None, &who, &who, message, &tree, &parents.iter().collect::<Vec<_>>()).unwrap()
        };
        let first = make("1", &[]);
        let (second, side) = (make("2", &[first]), make("3", &[first]));
        let merge = make("4", &[second, side]);
        git.reference("refs/heads/apply/acme", side, true, "").unwrap();
        git.reference("refs/heads/main", merge, true, "").unwrap();
        git.set_head("refs/heads/main").unwrap();
        git.tag("v1", git.find_commit(second).unwrap().as_object(), &who, "one", true).unwrap();
        let repo = Repo::open(home.path()).unwrap();
        let hex = second.to_string();
        for rev in [
            "HEAD",
            "@",
            "main",
            "heads/main",
            "refs/heads/main",
            "apply/acme",
            "v1",
            "v1^{commit}",
            "v1^{}",
            "v1~1",
            "main~",
            "main^",
            "main^0",
            "main~0",
            "main^2",
            "main^2~1",
            "main~2",
            "main^^",
            "@~1",
            &hex,
            &hex[..9],
            "main~3",
            "main^3",
            "v1^2",
            "nothing",
            "",
            "main~x",
            "main~1x",
            "0123456",
            "main^{tree}",
            "main^{}x",
            "main^{commit}^{}~1",
        ] {
            let theirs = git.revparse_single(rev).and_then(|o| o.peel_to_commit()).map(|c| c.id()).ok();
            assert_eq!(repo.resolve(rev).ok(), theirs, "{rev}");
        }
    }
}
