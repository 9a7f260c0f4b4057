//! What apps are called, for pages that know only their ids.

use std::pin::Pin;

use crate::events::view::names::KnownNames;
use crate::projects::api::list_workloads;
use crate::projects::model::Workload;

/// The names of all apps; none where they cannot be read.
pub fn app_names() -> Pin<Box<dyn Future<Output = KnownNames> + Send>> {
    Box::pin(async {
        let workloads = list_workloads().await.unwrap_or_default().into_iter();
        workloads
            .map(|one| (one.id.clone(), Workload::title(&one)))
            .collect()
    })
}
