//! The settings, read and changed.

use leptos::prelude::*;

use super::model::{Settings, SettingsPatch};
use crate::error::AppError;

/// The settings as they are.
#[server(name = ReadSettings, prefix = "/fn", endpoint = "settings/read",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn read_settings() -> Result<Settings, AppError> {
    use super::store;
    use crate::auth::{guard::authorize, policy::Act};
    use crate::server::{context::part, db::Db};

    authorize(Act::Read)?;
    Ok(store::read(part::<Db>()?.read()).await?)
}

/// Changes what the patch names and answers the settings as they are then.
#[server(name = ChangeSettings, prefix = "/fn", endpoint = "settings/change",
    input_derive = (Clone, serde::Serialize, serde::Deserialize, utoipa::ToSchema))]
pub async fn change_settings(patch: SettingsPatch) -> Result<Settings, AppError> {
    use super::{change::change, reply};
    use crate::auth::{guard::authorize, policy::Act};
    use crate::events::{act::record, model::Happening};
    use crate::secrets::vault::Vault;
    use crate::server::{context::part, db::Db};

    let by = authorize(Act::Write)?.username;
    let changed = change(&part::<Db>()?, &part::<Vault>()?, patch).await?;
    let changes = changed.changes;
    if !changes.is_empty() {
        record(Happening::SettingsChanged { changes, by }).await;
    }
    reply::saved();
    Ok(changed.settings)
}
