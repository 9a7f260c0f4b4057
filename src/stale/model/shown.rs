//! What somebody had seen of a container when they asked for something.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One that was shown, so that what is another by now, or ran since, is left alone. A list of these and no map by
/// id, because forms read a key that begins with a digit as an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// As it stands in `ids`.
    pub id: String,
    /// Which container it was, where `id` is ours.
    pub docker_id: Option<String>,
    /// The end of its last run, as the plan shows it.
    pub finished: Option<String>,
}
