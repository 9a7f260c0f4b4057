//! Adding people and setting their passwords, by whoever can write to the data folder.

use std::io::{self, BufRead, IsTerminal};

use super::{CommandError, open, say};
use crate::auth::model::{Role, User};
use crate::auth::rules::{check_password, check_username};
use crate::auth::{password, setup, store};
use crate::error::AppError;
use crate::server::clock::Clock;
use crate::server::config::{Options, UserTool};
use crate::server::data_dir::DataDir;
use crate::server::db::{Db, new_id};

pub async fn run(tool: UserTool, options: &Options) -> Result<(), CommandError> {
    let done = match &tool {
        UserTool::Add { name, role } => {
            check_username(name)?;
            let password = read_password()?;
            let (dir, db) = open(options).await?;
            add(&dir, &db, name, *role, &password).await?;
            db.close().await;
            format!("{name} was added and can sign in.")
        }
        UserTool::ResetPassword { name } => {
            let password = read_password()?;
            let (_, db) = open(options).await?;
            reset_password(&db, name, &password).await?;
            db.close().await;
            format!("{name} has a new password, and every session of theirs has ended.")
        }
    };
    Ok(say(&done)?)
}

async fn add(
    dir: &DataDir,
    db: &Db,
    name: &str,
    role: Role,
    password: &str,
) -> Result<(), CommandError> {
    check_password(password)?;
    let hash = password::hash(password).await?;
    let user = User {
        id: new_id(),
        username: name.to_owned(),
        role,
    };
    store::add_user(db, &user, &hash, Clock::system().millis())
        .await
        .map_err(|error| AppError::on_unique(error, "username", "There is a user of this name."))?;
    // With a user there, the setup is over, and its token of no more use.
    setup::remove(&dir.setup_token()).map_err(|cause| CommandError::DataDir {
        folder: dir.path().display().to_string(),
        cause,
    })
}

async fn reset_password(db: &Db, name: &str, password: &str) -> Result<(), AppError> {
    check_password(password)?;
    let hash = password::hash(password).await?;
    if store::set_password(db, name, &hash).await? {
        Ok(())
    } else {
        Err(AppError::not_found("user"))
    }
}

/// The first line of standard input, or what a person types twice without seeing it.
fn read_password() -> Result<String, CommandError> {
    if !io::stdin().is_terminal() {
        return Ok(first_line(io::stdin().lock())?);
    }
    let password = rpassword::prompt_password("Password: ")?;
    check_password(&password)?;
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

    #[tokio::test]
    async fn somebody_is_added_to_a_fresh_folder_and_the_setup_is_over() {
        let dir = tempfile::tempdir().unwrap();
        let dir = DataDir::make(&dir.path().join("data")).unwrap();
        let db = Db::open(&dir.database()).await.unwrap();
        std::fs::write(dir.setup_token(), "token").unwrap();
        assert!(add(&dir, &db, "ann", Role::Admin, "short").await.is_err());
        assert!(dir.setup_token().exists());
        add(&dir, &db, "ann", Role::Admin, "long enough")
            .await
            .unwrap();
        assert!(!dir.setup_token().exists());

        let taken = add(&dir, &db, "Ann", Role::Viewer, "long enough")
            .await
            .unwrap_err();
        assert_eq!(taken.to_string(), "There is a user of this name.");
        reset_password(&db, "ann", "quite another").await.unwrap();
        assert!(reset_password(&db, "bob", "quite another").await.is_err());
        let ann = store::credentials(&db, "ann").await.unwrap().unwrap();
        assert_eq!(ann.user.role, Role::Admin);
        assert!(
            password::verify("quite another", Some(&ann.password_hash))
                .await
                .unwrap()
        );
    }

    #[test]
    fn a_password_is_the_first_line_with_its_spaces() {
        assert_eq!(first_line(" a b \r\nnext".as_bytes()).unwrap(), " a b ");
        assert_eq!(first_line("".as_bytes()).unwrap(), "");
    }
}
