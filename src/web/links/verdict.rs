//! What is remembered of one page, and what follows from it.

use crate::domain::{Date, Time, values};
use crate::web::probe::Failure;
use crate::web::probe::knock::Knocked;

/// On how many days at least a page must have failed to be called dead.
pub const LEAST_FAILURES: u32 = 3;
/// How many days at least must lie between the first and the last of them.
pub const LEAST_DAYS: i64 = 7;

/// Where so many were asked and no server answered at all, it is rather this machine that is cut off.
const TOO_MANY: usize = 2;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Alive,
    /// It certainly isn't; why.
    Failed(String),
    /// It couldn't be known; why.
    Unknown(String),
}

impl Answer {
    /// What an attempt to reach a page says.
    #[must_use]
    pub fn of(reached: &Result<(), Failure>) -> Self {
        match reached {
            Ok(()) => Self::Alive,
            Err(failure) if failure.is_certain() => Self::Failed(failure.to_string()),
            Err(failure) => Self::Unknown(failure.to_string()),
        }
    }
}

/// What the attempts of one round say, each by itself and all together. `is_cut_off` is asked where they don't show by themselves
/// whether this machine is: so few were tried, or those who answered did so in the clear, as anybody on the way can.
pub fn answers(knocked: &[Knocked], is_cut_off: impl FnOnce() -> bool) -> Vec<Answer> {
    let is_doubtful = |of: &Knocked| of.is_doubtful() && !knocked.iter().any(|other| other.is_proof_for(of));
    let is_silent = knocked.len() >= TOO_MANY && !knocked.iter().any(Knocked::is_answered);
    let cut_off = !is_silent && knocked.iter().any(is_doubtful) && is_cut_off();
    let judged = |knocked: &Knocked| match Answer::of(&knocked.reached) {
        // It is this machine that doesn't know who vouches for them.
        Answer::Failed(_) if is_silent && knocked.is_unvouched() => {
            Answer::Unknown(knocked.while_cut_off().to_string())
        }
        Answer::Failed(why) if is_silent => {
            Answer::Unknown(format!("nobody at all answered, so it may be this machine that is cut off: {why}"))
        }
        _ if cut_off && is_doubtful(knocked) => Answer::Unknown(knocked.while_cut_off().to_string()),
        answer => answer,
    };
    knocked.iter().map(judged).collect()
}

values::words! {
    pub enum Verdict {
        /// It answered when it was last asked.
        Alive = "alive",
        /// It fails, and not for long enough yet to be called dead.
        Failing = "failing",
        /// It has failed again and again, over days.
        Dead = "dead",
        Unknown = "unknown",
    }
}

/// Failures without a sign of life between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    pub since: Date,
    pub last: Date,
    pub days: u32,
    pub why: String,
}

impl Failing {
    fn is_dead(&self) -> bool {
        self.days >= LEAST_FAILURES && self.since.days_until(self.last) >= LEAST_DAYS
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRecord {
    /// Its address. Another address is another page.
    pub address: String,
    /// When it was last asked.
    pub checked: Time,
    pub answer: Answer,
    /// When it was last alive, if ever.
    pub last_alive: Option<Time>,
    pub failing: Option<Failing>,
}

impl LinkRecord {
    /// What is known of a page after it was asked once more; `before` may be of another address, and then says nothing.
    #[must_use]
    pub fn after(before: Option<&Self>, address: &str, answer: Answer, now: Time) -> Self {
        let before = before.filter(|b| b.address == address);
        let failing = before.and_then(|b| b.failing.clone());
        let last_alive = before.and_then(|b| b.last_alive);
        let (last_alive, failing) = match &answer {
            Answer::Alive => (Some(now), None),
            Answer::Unknown(_) => (last_alive, failing),
            Answer::Failed(why) => (last_alive, Some(failed(failing, now.date(), why))),
        };
        Self { address: address.to_owned(), checked: now, answer, last_alive, failing }
    }

    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (&self.answer, &self.failing) {
            // What couldn't be known today doesn't bring the dead back.
            (_, Some(failing)) if failing.is_dead() => Verdict::Dead,
            (Answer::Alive, _) => Verdict::Alive,
            (Answer::Failed(_), _) => Verdict::Failing,
            (Answer::Unknown(_), _) => Verdict::Unknown,
        }
    }

    /// Why it isn't said to be alive.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match (&self.answer, &self.failing) {
            (_, Some(failing)) if failing.is_dead() => Some(&failing.why),
            (Answer::Alive, _) => None,
            (Answer::Failed(why) | Answer::Unknown(why), _) => Some(why),
        }
    }
}

/// One more failure. A clock that went back adds no day.
fn failed(before: Option<Failing>, today: Date, why: &str) -> Failing {
    let why = why.to_owned();
    match before {
        None => Failing { since: today, last: today, days: 1, why },
        Some(b) if b.last < today => Failing { last: today, days: b.days.saturating_add(1), why, ..b },
        Some(b) => Failing { why, ..b },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = "https://acme.example/";
    const HOUR: i64 = 3_600;

    fn at(hours: i64) -> Time {
        Time::from_unix(1_790_000_000 + hours * HOUR)
    }

    fn failed() -> Answer {
        Answer::Failed("the server answers 404".into())
    }

    fn unknown() -> Answer {
        Answer::Unknown("no answer within 10 s".into())
    }

    /// What is remembered after these answers, each so many days after the first.
    fn heard(answers: &[(i64, Answer)]) -> LinkRecord {
        let next = |before: Option<LinkRecord>, (day, answer): &(i64, Answer)| {
            Some(LinkRecord::after(before.as_ref(), PAGE, answer.clone(), at(24 * day)))
        };
        answers.iter().fold(None, next).unwrap()
    }

    #[test]
    fn dead_is_who_failed_on_three_days_over_a_week() {
        for (days, verdict) in [
            (&[0][..], Verdict::Failing),
            (&[0, 30], Verdict::Failing),
            (&[0, 1, 2, 3, 4, 5, 6], Verdict::Failing),
            (&[0, 0, 0, 7], Verdict::Failing),
            (&[0, 1, 7], Verdict::Dead),
            (&[0, 7, 14], Verdict::Dead),
        ] {
            let answers: Vec<_> = days.iter().map(|day| (*day, failed())).collect();
            assert_eq!(heard(&answers).verdict(), verdict, "{days:?}");
        }
    }

    #[test]
    fn a_sign_of_life_ends_it_and_what_is_not_known_says_nothing() {
        let dead = [(0, failed()), (1, failed()), (7, failed())];
        let with = |more: &[(i64, Answer)]| heard(&[&dead[..], more].concat());
        let entry = with(&[(8, unknown())]);
        assert_eq!((entry.verdict(), entry.why()), (Verdict::Dead, Some("the server answers 404")));
        let entry = with(&[(8, Answer::Alive)]);
        assert_eq!((entry.verdict(), entry.last_alive, entry.why()), (Verdict::Alive, Some(at(8 * 24)), None));
        let entry = with(&[(8, Answer::Alive), (9, failed())]);
        assert_eq!((entry.verdict(), entry.last_alive), (Verdict::Failing, Some(at(8 * 24))));
        let unknowns: Vec<_> = (0..60).map(|day| (day, unknown())).collect();
        assert_eq!(heard(&unknowns).verdict(), Verdict::Unknown);
        assert_eq!(heard(&[(0, failed()), (1, unknown()), (7, unknown()), (9, failed())]).verdict(), Verdict::Failing);
    }

    fn encrypted(reached: Result<(), Failure>) -> Knocked {
        Knocked { reached, in_the_clear: false, by_proxy: true }
    }

    fn in_the_clear(reached: Result<(), Failure>) -> Knocked {
        Knocked { reached, in_the_clear: true, by_proxy: true }
    }

    #[test]
    fn a_machine_that_is_cut_off_buries_nobody() {
        let nobody = || encrypted(Err(Failure::NoSuchHost("acme.example".into())));
        let refused = || encrypted(Err(Failure::Refused));
        let failed = |knocked: &[_]| {
            let answers = answers(knocked, || panic!("enough was tried"));
            answers.iter().filter(|a| matches!(a, Answer::Failed(_))).count()
        };
        assert!(matches!(answers(&[nobody()], || false)[..], [Answer::Failed(_)]));
        assert!(matches!(answers(&[nobody()], || true)[..], [Answer::Unknown(_)]));
        assert!(matches!(answers(&[encrypted(Err(Failure::Status(404)))], || true)[..], [Answer::Failed(_)]));
        assert_eq!(failed(&[nobody(), nobody(), nobody(), nobody(), refused()]), 0);
        for sign in [Ok(()), Err(Failure::KeptOut(503))] {
            assert_eq!(failed(&[nobody(), nobody(), encrypted(sign), nobody(), refused()]), 4);
        }
        let gone = encrypted(Err(Failure::Status(404)));
        assert_eq!(failed(&[nobody(), nobody(), nobody(), nobody(), gone]), 5);
    }

    /// As where a network shows everybody its own page, until its users have logged in.
    #[test]
    fn who_answers_in_the_clear_may_be_anybody_on_the_way() {
        let untrusted = || encrypted(Err(Failure::Certificate("nobody known has issued it".into())));
        for said in [Ok(()), Err(Failure::Status(404))] {
            let knocked = [in_the_clear(said.clone()), untrusted()];
            assert!(matches!(answers(&knocked, || true)[..], [Answer::Unknown(_), Answer::Unknown(_)]), "{said:?}");
            let connected = [Answer::of(&said), Answer::Failed(untrusted().reached.unwrap_err().to_string())];
            assert_eq!(answers(&knocked, || false), connected);
        }
    }

    /// As behind a company's proxy that opens what is encrypted: this machine isn't told whom to trust.
    #[test]
    fn whoever_answers_for_all_others_is_told_with_what_lets_it() {
        let untrusted = || encrypted(Err(Failure::Certificate(crate::web::certificates::UNVOUCHED.into())));
        for knocked in [vec![untrusted(), untrusted()], vec![untrusted()]] {
            for answer in answers(&knocked, || true) {
                let Answer::Unknown(why) = answer else { panic!("{answer:?}") };
                assert!(why.contains("SSL_CERT_FILE") && !why.contains("nobody at all answered"), "{why}");
            }
        }
    }

    #[test]
    fn another_address_begins_anew() {
        let dead = heard(&[(0, failed()), (1, failed()), (7, failed())]);
        let moved = LinkRecord::after(Some(&dead), "https://acme.example/new", failed(), at(24 * 8));
        assert_eq!((moved.verdict(), moved.failing.unwrap().days), (Verdict::Failing, 1));
    }

    proptest! {
        /// Told by the memory step by step, as by looking back at everything.
        #[test]
        fn the_memory_forgets_nothing_that_counts(
            steps in proptest::collection::vec((0_i64..60, 0_u8..8), 1..40),
        ) {
            let (mut hours, mut entry, mut all) = (0, None::<LinkRecord>, Vec::new());
            for (pause, what) in steps {
                hours += pause;
                let answer = match what { 0 => Answer::Alive, 1..3 => unknown(), _ => failed() };
                all.push((at(hours), answer.clone()));
                entry = Some(LinkRecord::after(entry.as_ref(), PAGE, answer, at(hours)));
            }
            let entry = entry.unwrap();
            let alive = all.iter().rposition(|(_, answer)| *answer == Answer::Alive);
            let since = alive.map_or(0, |place| place + 1);
            let mut days: Vec<Date> =
                all[since..].iter().filter(|(_, a)| *a == failed()).map(|(time, _)| time.date()).collect();
            days.dedup();
            let dead = days.len() >= 3 && days[0].days_until(days[days.len() - 1]) >= 7;
            prop_assert_eq!(entry.verdict() == Verdict::Dead, dead);
            prop_assert_eq!(entry.last_alive, alive.map(|place| all[place].0));
            if !dead {
                let wanted = match &all[all.len() - 1].1 {
                    Answer::Alive => Verdict::Alive,
                    Answer::Failed(_) => Verdict::Failing,
                    Answer::Unknown(_) => Verdict::Unknown,
                };
                prop_assert_eq!(entry.verdict(), wanted);
            }
        }
    }
}
