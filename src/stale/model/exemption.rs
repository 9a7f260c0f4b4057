//! What is spared, by whom and why.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an exemption goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExemptionKind {
    /// The Docker id or the exact name of one container.
    Container,
    /// A label: `key`, or `key=value`.
    Label,
    /// A name in which `*` stands for anything.
    Pattern,
}

/// Somebody's word that something is to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Exemption {
    pub id: String,
    pub kind: ExemptionKind,
    pub value: String,
    /// Where the value is a Docker id: the engine that has it.
    #[serde(default)]
    pub engine_id: Option<String>,
    pub reason: String,
    /// Who said so.
    pub author: String,
    pub created_at: DateTime<Utc>,
    /// Null: without an end.
    pub until: Option<DateTime<Utc>>,
    /// Its end is over, so that it keeps nothing any more.
    pub expired: bool,
}

/// What keeps a container.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Keeping {
    /// Null where the container's own label does.
    pub exemption_id: Option<String>,
    pub reason: String,
}
