//! Adding people and setting their passwords, by whoever can write to the data folder.

use std::io::{self, BufRead, IsTerminal};

use super::{COMMAND_LINE, CommandError, leave, open, say, say_time};
use crate::auth::model::User;
use crate::auth::rules::check_username;
use crate::auth::users::model::AccountPatch;
use crate::auth::users::{keeper, store, told};
use crate::auth::{password, setup};
use crate::error::AppError;
use crate::server::clock::Clock;
use crate::server::config::{Options, UserTool};
use crate::server::data_dir::DataDir;
use crate::server::db::Db;

pub async fn run(tool: UserTool, options: &Options) -> Result<(), CommandError> {
    let done = match tool {
        UserTool::Add { name, role } => {
            check_username(&name)?;
            let password = read_password(&name)?;
            let (dir, db) = open(options).await?;
            let clock = Clock::system();
            let account = keeper::add(&db, &clock, &name, &password, role).await?;
            leave(&db, &told::created(&account, COMMAND_LINE)).await?;
            end_setup(&dir)?;
            db.close().await;
            format!("{name} was added and can sign in.")
        }
        UserTool::ResetPassword {
            name,
            remove_second_factor,
        } => {
            let password = read_password(&name)?;
            let patch = AccountPatch {
                password: Some(password),
                remove_second_factor: remove_second_factor.then_some(true),
                ..AccountPatch::default()
            };
            change(options, &name, patch).await?;
            format!("{name} has a new password, and every session of theirs has ended.")
        }
        UserTool::SetRole { name, role } => {
            let patch = AccountPatch {
                role: Some(role),
                ..AccountPatch::default()
            };
            change(options, &name, patch).await?;
            format!("{name} is {} now.", role.name())
        }
        UserTool::Remove { name } => {
            let (_, db) = open(options).await?;
            let name = keeper::remove(&db, &find(&db, &name).await?.id).await?;
            leave(&db, &told::removed(name.clone(), COMMAND_LINE)).await?;
            db.close().await;
            format!("{name} was removed.")
        }
        UserTool::List => return list(options).await,
    };
    Ok(say(&done)?)
}

async fn change(options: &Options, name: &str, patch: AccountPatch) -> Result<(), CommandError> {
    let (_, db) = open(options).await?;
    let changed = keeper::change(&db, &find(&db, name).await?.id, patch).await?;
    leave(&db, &told::changed(&changed, COMMAND_LINE)).await?;
    db.close().await;
    Ok(())
}

async fn find(db: &Db, name: &str) -> Result<User, AppError> {
    let found = store::find(db, name).await?;
    found.ok_or_else(|| AppError::not_found("user"))
}

async fn list(options: &Options) -> Result<(), CommandError> {
    let (_, db) = open(options).await?;
    for account in store::list(&db).await.map_err(AppError::from)? {
        let (name, role) = (account.username, account.role.name());
        let signed_in = account.last_sign_in_at.map_or_else(
            || "never signed in".into(),
            |at| format!("signed in {}", say_time(at)),
        );
        say(&format!("{name}\t{role}\t{signed_in}"))?;
    }
    db.close().await;
    Ok(())
}

/// With a user there, the setup is over, and its token of no more use.
fn end_setup(dir: &DataDir) -> Result<(), CommandError> {
    setup::remove(&dir.setup_token()).map_err(|cause| CommandError::DataDir {
        folder: dir.path().display().to_string(),
        cause,
    })
}

/// The first line of standard input, or what a person types twice without seeing it. One that cannot be is
/// refused here, before anything is opened or made.
fn read_password(name: &str) -> Result<String, CommandError> {
    if !io::stdin().is_terminal() {
        let password = first_line(io::stdin().lock())?;
        password::check(&password, name)?;
        return Ok(password);
    }
    let password = rpassword::prompt_password("Password: ")?;
    password::check(&password, name)?;
    if rpassword::prompt_password("The same again: ")? == password {
        Ok(password)
    } else {
        Err(AppError::invalid("password", "The two passwords are not the same.").into())
    }
}

fn first_line(mut input: impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_first_line_with_its_spaces() {
        assert_eq!(first_line(" a b \r\nnext".as_bytes()).unwrap(), " a b ");
        assert_eq!(first_line("".as_bytes()).unwrap(), "");
    }
}
