//! When a container is stale, by which evidence, and what is done about it: nouns and pure rules.
//!
//! `age` time that counts · `evidence` what is known of one · `verdict` stale or not · `judging` what
//! follows from the evidence · `exemption` what is to be kept · `sparing` whom that speaks of · `listed`
//! what the lists show · `plan` what would be done · `shown` what was seen of it · `outcome` what was done ·
//! `quarantine` what is kept aside · `round` what a scan did

#[cfg(feature = "ssr")]
pub mod age;
#[cfg(feature = "ssr")]
pub mod evidence;
pub mod exemption;
#[cfg(feature = "ssr")]
pub mod judging;
mod listed;
mod outcome;
mod plan;
mod quarantine;
mod round;
mod shown;
#[cfg(feature = "ssr")]
pub mod sparing;
mod verdict;

pub use exemption::{Exemption, ExemptionKind, Keeping};
pub use listed::StaleContainer;
#[cfg(feature = "ssr")]
pub use outcome::VolumeResult;
pub use outcome::{Item, Outcome, Refusal, VolumeOutcome};
#[cfg(feature = "ssr")]
pub use plan::{Dependent, Untouched};
pub use plan::{Plan, PlannedVolume, Relation, VolumeKind};
pub use quarantine::Quarantined;
pub use round::Round;
pub use shown::Shown;
pub use verdict::{Reason, Verdict};
