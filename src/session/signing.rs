//! Signing what is said: with which key, and whose.

use std::path::Path;

use super::Context;
use super::sign_once::SignOnce;
use crate::domain::identity::Identity;
use crate::domain::log::statement::Statement;
use crate::domain::signature::sshsig::PublicKey;
use crate::domain::{AccountId, Event, Login, Program, Vote};
use crate::error::{Error, Result};
use crate::forge::Forge;
use crate::git::Repo;
use crate::git::signing::{Named, Signer};

impl Context {
    /// The key that is named to this program itself, or `none`.
    fn named_key(&self) -> Option<Named<'_>> {
        let here = Path::new("");
        let named = [(&self.environment.signing_key, here), (&self.file.signing_key, &self.file.folder)];
        let named = named.into_iter().filter_map(|(setting, beside)| Some((setting.as_deref()?.trim(), beside)));
        named.map(|(setting, beside)| Named { setting, beside }).find(|named| !named.setting.is_empty())
    }

    /// What events and votes are signed with, if anything says so.
    fn signer(&self, repo: &Repo) -> Result<Option<&Signer>> {
        if let Some(known) = self.signer.get() {
            return Ok(known.as_ref());
        }
        let home = self.environment.home.as_deref();
        let found = Signer::find(self.named_key(), &repo.signing_settings()?, home, self.prompt.can_ask())?;
        Ok(self.signer.get_or_init(|| found).as_ref())
    }

    /// The key that events and votes are signed with, if anything says so, after it has signed something for nobody. One that
    /// wants to be touched isn't bothered.
    ///
    /// # Errors
    /// When it can't be read, or can't sign.
    pub(crate) fn tried_signing_key(&self, repo: &Repo) -> Result<Option<PublicKey>> {
        let Some(signer) = self.signer(repo)? else { return Ok(None) };
        let key = signer.public_key()?;
        if !key.algorithm().is_touched() {
            signer.sign("karmada-partner-trial", b"a trial")?;
        }
        Ok(Some(key))
    }

    /// By what commits by `actor` are signed, after something was for nobody; `None` where they go unsigned.
    ///
    /// # Errors
    /// When none could be signed.
    pub(crate) fn tried_commit_signing(&self, forge: &dyn Forge, actor: &Login) -> Result<Option<String>> {
        if !forge.repo().signs_commits()? {
            return Ok(None);
        }
        Ok(forge.repo().try_to_sign(&self.author(forge, actor)?)?)
    }

    /// Where there is no key for votes: whether they may go without. Who names `none` has said so.
    ///
    /// # Errors
    /// When git is set to sign, and with what signs no votes.
    pub(crate) fn refuse_unsigned_votes(&self, repo: &Repo) -> Result<()> {
        if self.named_key().is_some() { Ok(()) } else { repo.signing_settings()?.can_sign_blocks() }
    }

    /// Signs an event, if there is a key for its actor.
    pub(crate) fn sign_event(&self, forge: &dyn Forge, program: &Program, event: &mut Event) -> Result<()> {
        event.account = account_of(forge, program, &event.actor)?;
        let signer = self.signer(forge.repo())?;
        // A seat's decisions are looked at by whose key signed them.
        if signer.is_none()
            && self.named_key().is_none()
            && program.member(&event.actor).is_some()
            && let Some(why) = forge.repo().signing_settings()?.without_a_key_for_blocks()
        {
            self.pen.warn_of_unsigned(self.ui, &why);
        }
        self.pen.sign_event(self.ui, signer, program, event)
    }

    /// Signs a statement, if there is a key for its actor.
    pub(crate) fn sign_statement(&self, repo: &Repo, program: &Program, statement: &mut Statement) -> Result<()> {
        self.pen.sign_statement(self.ui, self.signer(repo)?, program, statement)
    }

    /// Signs a vote, if there is a key for its actor.
    pub(crate) fn sign_vote(&self, forge: &dyn Forge, program: &Program, vote: &mut Vote) -> Result<()> {
        vote.account = account_of(forge, program, &vote.actor)?;
        let signer = self.signer(forge.repo())?;
        let named = self.named_key().is_some();
        // Git's own key is that of git's own user.
        let user = forge.repo().user()?.2;
        let own = || user.as_deref().is_none_or(|login| login.eq_ignore_ascii_case(vote.actor.as_str()));
        match signer {
            None => self.refuse_unsigned_votes(forge.repo())?,
            Some(signer) if named || own() => SignOnce::refuse_unsigned(signer, program, &vote.actor)?,
            _ => {}
        }
        self.pen.sign_vote(self.ui, signer, program, vote)
    }

    /// Signs the event that founds a registry under `program`, if its key is one that is listed there.
    pub(crate) fn sign_founding(&self, repo: &Repo, program: &Program, event: &mut Event) -> Result<()> {
        if self.signs_for(repo, program, &event.actor)? {
            return self.pen.sign_event(self.ui, self.signer(repo)?, program, event);
        }
        if program.wants_signature_of(&event.actor) {
            let actor = &event.actor;
            self.ui.warn(&format!(
                "the founding event goes unsigned: no key to sign with is one that the policy lists for {actor}"
            ));
        }
        Ok(())
    }

    /// Whether what is said for `actor` is signed by a key that the policy lists for it, now or when it is written.
    pub(crate) fn signs_for(&self, repo: &Repo, program: &Program, actor: &Login) -> Result<bool> {
        let (Some(signer), Some(member)) = (self.signer(repo)?, program.member(actor)) else { return Ok(false) };
        Ok(member.keys.contains(&signer.public_key()?))
    }
}

/// GitHub's number of whoever acts there. A login that has changed hands acts for no member.
fn account_of(forge: &dyn Forge, program: &Program, actor: &Login) -> Result<Option<AccountId>> {
    let Some(account) = forge.account()?.filter(|account| account.login.is(actor)) else { return Ok(None) };
    match (program.member_as(Identity { login: actor, id: account.id }), account.id) {
        (Err(member), Some(own)) => Err(Error::new(
            crate::error::Kind::NotAllowed,
            tr!(
                "the account {actor} is number {own}, and the policy knows the member {actor} as number {id}",
                actor,
                own,
                id = member.id.map(|id| id.to_string()).unwrap_or_default()
            ),
        )
        .hint(tr!("the login has changed hands; the policy is changed with karmada-partner program edit"))),
        _ => Ok(account.id),
    }
}
