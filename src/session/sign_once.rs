//! Signing what is written, just before it is: a preview asks nobody for a passphrase, and the same words are signed once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::domain::log::statement::Statement;
use crate::domain::signature::sshsig::{NAMESPACE, PublicKey, Signature};
use crate::domain::{Event, Login, Program, Vote};
use crate::error::{Error, Kind, Result};
use crate::git::signing::{Signer, to_sign_blocks};
use crate::ui::Ui;

/// The key of whoever runs this, and what it has signed so far.
#[derive(Debug, Default)]
pub struct SignOnce {
    writing: Cell<bool>,
    made: RefCell<BTreeMap<String, Signature>>,
    warned: Cell<bool>,
}

impl SignOnce {
    /// From now on words are written, not only shown. Gives whether they weren't before.
    pub fn begin(&self) -> bool {
        !self.writing.replace(true)
    }

    pub fn sign_event(&self, ui: Ui, signer: Option<&Signer>, program: &Program, event: &mut Event) -> Result<()> {
        event.signature = self.sign(ui, signer, program, &event.actor, &event.to_string())?;
        Ok(())
    }

    /// Tells once that an event goes unsigned, whatever signs its commit.
    pub fn warn_of_unsigned(&self, ui: Ui, why: &str) {
        if self.writing.get() && !self.warned.replace(true) {
            ui.warn(&tr!(
                "the event goes unsigned, though its commit may be signed: {why}; events are signed with SSH keys",
                why
            ));
            ui.hint(to_sign_blocks());
        }
    }

    /// Refuses to let a vote go unsigned where there is a key of its member's own to sign with.
    ///
    /// # Errors
    /// When the policy lists keys for the member, and this is none of them.
    pub fn refuse_unsigned(signer: &Signer, program: &Program, actor: &Login) -> Result<()> {
        let keys = program.member(actor).map(|m| m.keys.as_slice()).unwrap_or_default();
        let own = signer.public_key()?;
        if keys.is_empty() || keys.contains(&own) {
            return Ok(());
        }
        Err(Error::new(Kind::NotAllowed, tr!("this vote would go unsigned: {why}", why = not_listed(actor, &own)))
            .hint(add(actor, &own))
            .hint(tr!("sign with the key that is listed, or set KARMADA_PARTNER_SIGNING_KEY=none to vote unsigned")))
    }

    pub fn sign_vote(&self, ui: Ui, signer: Option<&Signer>, program: &Program, vote: &mut Vote) -> Result<()> {
        vote.signature = self.sign(ui, signer, program, &vote.actor, &vote.to_string())?;
        Ok(())
    }

    pub fn sign_statement(
        &self,
        ui: Ui,
        signer: Option<&Signer>,
        program: &Program,
        statement: &mut Statement,
    ) -> Result<()> {
        statement.signature = self.sign(ui, signer, program, &statement.actor, &statement.to_string())?;
        Ok(())
    }

    /// The signature of `actor` under a block. Where the policy lists keys for the actor, only one of them will do; who has
    /// no seat signs with whatever key there is.
    fn sign(
        &self,
        ui: Ui,
        signer: Option<&Signer>,
        program: &Program,
        actor: &Login,
        block: &str,
    ) -> Result<Option<Signature>> {
        let keys = program.member(actor).map(|m| m.keys.as_slice()).unwrap_or_default();
        let due = program.wants_signature_of(actor);
        let Some(signer) = signer else {
            return if due { Err(required(tr!("no key to sign with is known"))) } else { Ok(None) };
        };
        let own = signer.public_key()?;
        if !keys.contains(&own) && (due || !keys.is_empty()) {
            let why = not_listed(actor, &own);
            if due {
                return Err(required(&why).hint(add(actor, &own)));
            }
            if !self.warned.replace(true) {
                ui.warn(&tr!("{why}; nothing is signed", why));
                ui.hint(&add(actor, &own));
            }
            return Ok(None);
        }
        if !self.writing.get() {
            return Ok(None);
        }
        if let Some(made) = self.made.borrow().get(block) {
            return Ok(Some(made.clone()));
        }
        let signature = signer.sign(NAMESPACE, block.as_bytes())?;
        self.made.borrow_mut().insert(block.to_owned(), signature.clone());
        Ok(Some(signature))
    }
}

fn not_listed(actor: &Login, own: &PublicKey) -> String {
    tr!("the key {fingerprint} isn't one that the policy lists for {actor}", actor, fingerprint = own.fingerprint())
}

fn required(why: &str) -> Error {
    Error::new(Kind::NotAllowed, tr!("the policy counts only what is signed, and {why}", why))
        .hint(tr!("set git's gpg.format to ssh and user.signingkey to your key, or KARMADA_PARTNER_SIGNING_KEY"))
}

fn add(actor: &Login, key: &PublicKey) -> String {
    tr!("have it listed: karmada-partner program propose --add-key '{actor}={bare}'", actor, bare = key.bare())
}
