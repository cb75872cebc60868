//! Since when members have had their seats.

use super::{Member, Program};
use crate::domain::identity::Identity;
use crate::domain::values::{AccountId, Login, Time};

/// Who votes, and since when without a break: the time of the event whose policy made them a voting member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seats(Vec<Seat>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Seat {
    login: Login,
    id: Option<AccountId>,
    /// Unknown where the event can't be read.
    since: Option<Time>,
}

impl Seats {
    /// Goes on to the policy that came into force next, by an event of this time.
    pub(crate) fn follow(&mut self, program: &Program, time: Option<Time>) {
        let since = |member: &Member| self.seat(member).map_or(time, |seat| seat.since);
        self.0 = program.voters().map(|m| Seat { login: m.github.clone(), id: m.id, since: since(m) }).collect();
    }

    /// Since when a member has voted; `None` where that isn't known.
    #[must_use]
    pub fn since(&self, member: &Member) -> Option<Time> {
        self.seat(member)?.since
    }

    /// Whether what a member said then was said before it had its seat.
    #[must_use]
    pub fn precede(&self, member: &Member, said: Time) -> bool {
        self.since(member).is_some_and(|since| said < since)
    }

    fn seat(&self, member: &Member) -> Option<&Seat> {
        self.0.iter().find(|seat| Identity { login: &seat.login, id: seat.id }.is(member.identity()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(members: &str) -> Program {
        let member = |line: &str| {
            let (login, rest) = line.split_once(' ').unwrap_or((line, ""));
            format!("[[committee]]\ngithub = \"{login}\"\naffiliation = \"Acme\"\n{rest}\n")
        };
        let text: String = members.split(", ").map(member).collect();
        Program::parse(format!("schema = 1\nname = \"P\"\n{text}").as_bytes()).unwrap()
    }

    fn since(policies: &[&str], login: &str) -> Option<i64> {
        let mut seats = Seats::default();
        let mut last = None;
        for (time, members) in (1..).zip(policies) {
            let program = program(members);
            seats.follow(&program, Some(Time::from_unix(time)));
            last = program.member(&login.parse().unwrap()).cloned();
        }
        seats.since(&last.unwrap()).map(Time::unix)
    }

    #[test]
    fn a_seat_is_had_since_the_event_that_gave_it() {
        assert_eq!(since(&["alice", "alice, zoe", "alice, zoe, bob"], "zoe"), Some(2));
        assert_eq!(since(&["alice, zoe", "alice", "alice, zoe"], "zoe"), Some(3), "left, and came back");
        assert_eq!(since(&["alice, zoe role = \"emeritus\"", "alice, zoe"], "zoe"), Some(2), "didn't vote before");
        assert_eq!(since(&["alice, zoe", "alice, zoe id = 7"], "zoe"), Some(1), "the number was found out");
        assert_eq!(since(&["alice, zoe id = 7", "alice, ann id = 7"], "ann"), Some(1), "renamed");
        assert_eq!(since(&["alice, zoe id = 7", "alice, zoe id = 8"], "zoe"), Some(2), "somebody else");
    }
}
