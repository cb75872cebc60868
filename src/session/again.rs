//! A command as it is to be typed once more: on the same registry, and as the same person.

use super::Context;
use crate::domain::shell::quoted;
use crate::web::ways;

impl Context {
    /// The call that leads back here, with what was said of where and who.
    #[must_use]
    pub(crate) fn again(&self, command: &str) -> String {
        let registry = self.globals.registry.as_deref().map(|at| format!(" --registry {}", quoted(at)));
        let actor = self.globals.actor.as_ref().map(|who| format!(" --as {who}"));
        let call = ["karmada-partner ", command].into_iter().map(str::to_owned).chain(registry).chain(actor);
        ways::without_secrets(&call.collect::<String>(), &[])
    }
}
