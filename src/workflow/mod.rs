//! What several commands do alike: propose, decide, write down, look for likenesses, keep the website's page.

pub mod announcement;
pub mod automatic;
pub mod contested;
pub mod counting;
pub mod deciding;
pub mod described;
pub mod document;
pub mod form_link;
pub mod github_ci;
pub mod landing;
pub mod logo_files;
pub mod lookalikes;
pub mod lookup;
pub mod member_accounts;
pub mod own_issue;
pub mod policy_changes;
pub mod proposing;
pub mod reminder;
pub mod requests;
pub mod since_vote;
pub mod surveying;
pub mod upkeep;
pub mod vanished;
pub mod webpage;
pub mod website_files;
pub mod words;
