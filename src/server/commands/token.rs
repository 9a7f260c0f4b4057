//! Tokens for the API, before any start if need be.

use chrono::Duration;

use super::{COMMAND_LINE, CommandError, leave, open, say, say_time};
use crate::auth::tokens::keeper::{self, Wanted};
use crate::auth::tokens::{store, told};
use crate::server::clock::Clock;
use crate::server::config::{Options, TokenTool};
use crate::server::db::Db;

pub async fn run(tool: TokenTool, options: &Options) -> Result<(), CommandError> {
    let (_, db) = open(options).await?;
    let clock = Clock::system();
    match tool {
        TokenTool::Add {
            name,
            role,
            expires_in_days,
        } => {
            let lifetime = expires_in_days.map(|days| Duration::days(days.into()));
            let wanted = Wanted {
                name: &name,
                role,
                expires_at: lifetime.map(|lifetime| clock.now() + lifetime),
                created_by: None,
            };
            // The token and nothing else, for `TOKEN=$(docker-watcher token add …)`.
            let made = keeper::make(&db, &clock, &wanted).await?;
            leave(&db, &told::created(&made.about, COMMAND_LINE)).await?;
            say(&made.token)?;
        }
        TokenTool::Remove { name } => {
            let name = keeper::remove_named(&db, &name).await?;
            leave(&db, &told::removed(name.clone(), COMMAND_LINE)).await?;
            say(&format!("The token {name} was taken back."))?;
        }
        TokenTool::List => list(&db).await?,
    }
    db.close().await;
    Ok(())
}

async fn list(db: &Db) -> Result<(), CommandError> {
    for token in store::list(db)
        .await
        .map_err(crate::error::AppError::from)?
    {
        let expires = token.expires_at.map_or_else(
            || "never expires".into(),
            |at| format!("expires {}", say_time(at)),
        );
        let used = token.last_used_at.map_or_else(
            || "never used".into(),
            |at| format!("used {}", say_time(at)),
        );
        let (name, role) = (token.name, token.role.name());
        say(&format!("{name}\t{role}\t{expires}\t{used}"))?;
    }
    Ok(())
}
