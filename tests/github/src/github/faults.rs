//! What can go wrong on the way to GitHub and back.

use serde_json::json;

use super::http::Outgoing;

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed, and nothing happens.
    BreakBefore,
    /// It happens, and the connection is closed without an answer.
    BreakAfter,
    /// Nothing happens; GitHub's page with the unicorn.
    Html502Before,
    /// It happens; GitHub's page with the unicorn.
    Html502After,
    /// Nothing happens; an empty 500.
    Status500Before,
    /// It happens; a 500, with a JSON message or empty.
    Status500After {
        /// With a message.
        json: bool,
    },
    /// Nothing happens: too much in a short time.
    Secondary403 {
        /// Seconds, in `Retry-After`.
        retry_after: Option<u32>,
    },
    /// The same with nothing but the message: none of the rate limit's headers.
    Secondary403Bare,
    /// Nothing happens: the hour's requests are used up.
    PrimaryExhausted {
        /// Seconds until there are new ones.
        reset_in: u32,
    },
    /// Nothing happens; 429.
    TooMany429 {
        /// Seconds, in `Retry-After`.
        retry_after: Option<u32>,
    },
    /// Nothing happens; 200 with an error of type `RATE_LIMITED`.
    GraphQlRateLimited,
    /// It happens, and the connection ends in the middle of the answer.
    Truncated,
    /// Nothing happens until the double ends.
    HoldBefore,
    /// It happens, and no answer comes until the double ends.
    HoldAfter,
    /// It takes so many milliseconds longer.
    Slow(u64),
}

const UNICORN: &str = "<html><body>Unicorn!</body></html>";

impl Fault {
    /// The answer of a fault that keeps a request from having its effect.
    pub(super) fn instead(&self, now: i64) -> Option<Outgoing> {
        let secondary = json!({
            "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            "documentation_url": "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api",
        });
        let retry = |answer: Outgoing, after: Option<u32>| match after {
            Some(after) => answer.with("retry-after", after.to_string()),
            None => answer,
        };
        let limited = |answer: Outgoing, remaining: u32, reset: i64| {
            answer
                .with("x-ratelimit-limit", "5000")
                .with("x-ratelimit-remaining", remaining.to_string())
                .with("x-ratelimit-used", (5000 - remaining).to_string())
                .with("x-ratelimit-reset", reset.to_string())
                .with("x-ratelimit-resource", "core")
        };
        Some(match self {
            Self::Html502Before => Outgoing::new(502, "text/html; charset=utf-8", UNICORN),
            Self::Status500Before => Outgoing::new(500, "text/plain", ""),
            Self::Secondary403 { retry_after } => {
                limited(retry(Outgoing::json(403, &secondary), *retry_after), 4321, now + 1800)
            }
            Self::Secondary403Bare => Outgoing::json(403, &json!({"message": secondary["message"]})),
            Self::PrimaryExhausted { reset_in } => {
                let message = "API rate limit exceeded for user ID 583037.";
                limited(Outgoing::json(403, &json!({"message": message})), 0, now + i64::from(*reset_in))
            }
            Self::TooMany429 { retry_after } => {
                limited(retry(Outgoing::json(429, &secondary), *retry_after), 4321, now + 1800)
            }
            Self::GraphQlRateLimited => {
                let error = json!({"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 583037."});
                limited(Outgoing::json(200, &json!({"errors": [error]})), 0, now + 1800)
            }
            _ => return None,
        })
    }

    /// What takes the place of the answer once a request has had its effect.
    pub(super) fn afterwards(&self) -> Option<Outgoing> {
        Some(match self {
            Self::Html502After => Outgoing::new(502, "text/html; charset=utf-8", UNICORN),
            Self::Status500After { json: true } => Outgoing::json(500, &json!({"message": "Server Error"})),
            Self::Status500After { json: false } => Outgoing::new(500, "text/plain", ""),
            _ => return None,
        })
    }
}
