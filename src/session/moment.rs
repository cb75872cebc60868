//! The time at which something is written.

use super::{Context, clock};
use crate::domain::Time;
use crate::error::{Error, Result};
use crate::registry::newest::Newest;

impl Context {
    /// The time by this machine's clock, whatever the environment fixed.
    #[expect(clippy::unused_self, reason = "time is asked of the session")]
    pub(crate) fn clock(&self) -> Time {
        clock()
    }

    /// Looks at the clock for what is about to be written; a time that the environment fixed stays.
    pub(crate) fn look_at_the_clock(&self) {
        if self.environment.epoch.is_none() {
            self.moment.set(clock());
        }
    }

    /// Refuses to write at a time that hasn't come: nobody could write anything after it until then. Whoever founds a registry may
    /// choose its time, and is warned; what is ahead in there may go on.
    ///
    /// # Errors
    /// When the environment fixed a time that is ahead of this machine's clock, and of all that is on record, by more than a day.
    pub(crate) fn refuse_the_future(&self, newest: impl FnOnce() -> Newest) -> Result<()> {
        let (said, real) = (self.moment.get(), clock());
        if self.environment.epoch.is_none() || !said.is_ahead_of(real) {
            return Ok(());
        }
        let newest = newest();
        if matches!(newest, Newest::At(newest) if !said.is_ahead_of(newest)) {
            return Ok(());
        }
        let why = tr!(
            "SOURCE_DATE_EPOCH is {said}, and by this machine's clock it is {real}: until then nobody could write anything after it",
            said,
            real
        );
        if matches!(newest, Newest::Founding) {
            self.ui.warn(&why);
            return Ok(());
        }
        Err(Error::refused(why).hint(tr!("set it to a time that has been, or unset it")))
    }

    /// The time for an entry that follows on one of the time `before`. A clock that lags by up to a day is told of, and the time
    /// lifted to that. What is dated further ahead binds nobody: but that it is that, and not this clock which is wrong, somebody
    /// has to say, by fixing the time as it is.
    ///
    /// # Errors
    /// When the clock lags by more, or the environment fixed the time: then nothing is to be written.
    pub(crate) fn time_after(&self, before: Option<Time>) -> Result<Time> {
        let now = self.moment.get();
        let Some(before) = before.filter(|before| *before > now) else { return Ok(now) };
        let real = clock();
        if self.environment.epoch.is_some() && now.is_near(real) && before.is_ahead_of(now) && before.is_ahead_of(real)
        {
            self.ui.warn(&tr!(
                "what this follows on is dated {before}, which hasn't come; this is written as of {now}",
                before,
                now
            ));
            return Ok(now);
        }
        if self.environment.epoch.is_some() {
            return Err(Error::refused(tr!(
                "SOURCE_DATE_EPOCH is {now}, and what this follows on is of {before}",
                now,
                before
            ))
            .hint(tr!("set it to a later time, or unset it")));
        }
        if before.is_ahead_of(now) {
            return Err(Error::environment(tr!(
                "it is {now} by this machine's clock, and what this follows on is of {before}",
                now,
                before
            ))
            .hint(tr!("set the clock right; if it is right, whoever wrote that had a wrong one: say so with SOURCE_DATE_EPOCH={unix}, and write as of now", unix = now.unix())));
        }
        self.ui.warn(&tr!(
            "this machine's clock lags: it says {now}, and what this follows on is of {before}; that is written",
            now,
            before
        ));
        self.moment.set(before);
        Ok(before)
    }
}
