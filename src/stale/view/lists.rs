//! Everything that the page shows, read together.

use serde::{Deserialize, Serialize};

use crate::engines::api::list_engines;
use crate::engines::model::Engine;
use crate::error::AppError;
use crate::settings::api::read_settings;
use crate::stale::api::{list_exemptions, list_quarantine, list_stale, read_scan};
use crate::stale::model::{Exemption, Quarantined, Round, StaleContainer, Verdict};

/// As it was when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lists {
    /// All that do not run.
    pub idle: Vec<StaleContainer>,
    pub scan: Option<Round>,
    pub quarantine: Vec<Quarantined>,
    pub exemptions: Vec<Exemption>,
    pub engines: Vec<Engine>,
    pub threshold_days: i64,
    pub quarantine_days: i64,
}

impl Lists {
    pub async fn read() -> Result<Self, AppError> {
        let settings = read_settings().await?;
        Ok(Self {
            idle: list_stale(Some(true)).await?,
            scan: read_scan().await?,
            quarantine: list_quarantine().await?,
            exemptions: list_exemptions().await?,
            engines: list_engines().await?,
            threshold_days: settings.stale_threshold_days,
            quarantine_days: settings.quarantine_days,
        })
    }

    /// How many have this verdict; all of them without one.
    pub fn count(&self, verdict: Option<Verdict>) -> usize {
        let of = |one: &&StaleContainer| verdict.is_none_or(|verdict| one.verdict == verdict);
        self.idle.iter().filter(of).count()
    }

    /// The one that a key of the address stands for.
    pub fn find(&self, key: &str) -> Option<&StaleContainer> {
        let mut all = self.idle.iter();
        all.find(|one| one.docker_id.starts_with(key))
    }

    /// Its name, where there is more than one engine to tell apart.
    pub fn engine_name(&self, id: &str) -> Option<String> {
        let engine = self.engines.iter().find(|engine| engine.id == id)?;
        (self.engines.len() > 1).then(|| engine.name.clone())
    }
}
