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
    use crate::secrets::vault::Vault;
    use crate::server::{context::part, db::Db};

    authorize(Act::Write)?;
    let settings = change(&part::<Db>()?, &part::<Vault>()?, patch).await?;
    reply::saved();
    Ok(settings)
}
