//! A registry on GitHub: proposals are pull requests from forks, votes are reviews of them.
//!
//! - [`api`]: for applicants. No clone, no git: reads what it needs by GraphQL, uploads through the Git Database API.
//! - [`clone`]: for the committee and for readers. A bare cache filled by the user's `git`; pull requests and reviews by
//!   GraphQL.
//! - [`client`] talks; [`fault`] has the words for what goes wrong; [`reviews_as_votes`] turns reviews into votes.

pub mod access_query;
pub mod account_query;
pub mod accounts_query;
pub mod announcing;
pub mod answer;
pub mod api;
pub mod branch;
pub mod client;
pub mod clone;
pub mod decide;
pub mod endpoints;
pub mod fault;
pub mod fork;
pub mod form_comment;
pub mod issue_query;
pub mod objects;
pub mod partner_query;
pub mod posts_query;
pub mod proposals_query;
pub mod propose;
pub mod registry_query;
pub mod review_blocks;
pub mod reviews_as_votes;
pub mod set_aside_query;
pub mod shown_text;
pub mod stake_in_words;
pub mod status_query;
pub mod taken_back;
pub mod tellers;
pub mod texts;
pub mod threads;
pub mod token;
pub mod upload;
pub mod upstream;
pub mod withheld;
