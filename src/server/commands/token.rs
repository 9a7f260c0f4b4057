//! Making tokens for the API, before any start if need be.

use super::{CommandError, open, say};
use crate::auth::model::Role;
use crate::auth::session::{Kind, TokenHash, new_token};
use crate::auth::store;
use crate::error::AppError;
use crate::server::clock::Clock;
use crate::server::config::{Options, TokenTool};
use crate::server::db::{Db, new_id};

/// Prints the token and nothing else, for `TOKEN=$(docker-watcher token add …)`.
pub async fn run(tool: TokenTool, options: &Options) -> Result<(), CommandError> {
    let TokenTool::Add { name, role } = tool;
    let (_, db) = open(options).await?;
    let token = add(&db, &name, role).await?;
    db.close().await;
    Ok(say(&token)?)
}

async fn add(db: &Db, name: &str, role: Role) -> Result<String, AppError> {
    if name.trim().is_empty() || name.chars().count() > 64 || name.contains(char::is_control) {
        return Err(AppError::invalid(
            "name",
            "A token's name has 1 to 64 characters.",
        ));
    }
    let token = new_token(Kind::Api);
    let now = Clock::system().millis();
    store::add_api_token(db, &new_id(), name, role, TokenHash::of(&token), now, None)
        .await
        .map_err(|error| AppError::on_unique(error, "name", "There is a token of this name."))?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_token_acts_with_its_role_and_its_name_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("test.db")).await.unwrap();
        let token = add(&db, "ci", Role::Viewer).await.unwrap();
        let user = store::user_of_api_token(&db, TokenHash::of(&token), 0)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((user.username.as_str(), user.role), ("ci", Role::Viewer));
        assert_eq!(
            add(&db, "ci", Role::Admin).await.unwrap_err().code.status(),
            409
        );
        assert_eq!(
            add(&db, " ", Role::Admin).await.unwrap_err().code.status(),
            422
        );
    }
}
