//! Another key for everything that is sealed.

use std::io;

use super::{CommandError, open, say};
use crate::secrets::key::Key;
use crate::secrets::key_file::KeyFile;
use crate::secrets::opening::OpenError;
use crate::secrets::rotation::{Rotated, rotate_environment, rotate_file};
use crate::secrets::sealed::SEALED;
use crate::secrets::source::{NEW_VARIABLE, Source, SourceError, Unshown, VARIABLE};
use crate::server::config::Options;

/// Changes the key where nobody uses it, and says what is to be done now.
pub async fn run(options: &Options) -> Result<(), CommandError> {
    let source = Source::of(options.secret_key.as_ref()).map_err(OpenError::from)?;
    let new = new_key(&source, options.new_secret_key.as_ref())?;
    let (dir, db) = open(options).await?;
    let folder = dir.path().display();
    let busy = |error: io::Error| match error.kind() {
        io::ErrorKind::ResourceBusy => CommandError::KeyNotChanged(format!(
            "a Docker Watcher runs on {folder}: stop it, then run rotate-key again"
        )),
        _ => CommandError::DataDir {
            folder: folder.to_string(),
            cause: error,
        },
    };
    let _no_server = dir.lock().map_err(busy)?;
    let file = KeyFile::in_folder(dir.path());
    let _alone = file.hold_alone().map_err(busy)?;
    let mut go_on = |_| Ok(());
    let line = match (&source, &new) {
        (Source::Environment(old), Some(new)) => {
            let done = rotate_environment(old, new, &db, &SEALED, &mut go_on).await?;
            said_of_environment(done)
        }
        _ => said_of_file(rotate_file(&file, &db, &SEALED, &mut go_on).await?),
    };
    db.close().await;
    Ok(say(&line)?)
}

/// The key to change to, where a person keeps the keys.
fn new_key(source: &Source, variable: Option<&Unshown>) -> Result<Option<Key>, CommandError> {
    let refuse = |message: String| Err(CommandError::KeyNotChanged(message));
    let new = match variable {
        Some(text) => match Key::read(text.text()) {
            Some(key) => Some(key),
            None => return Err(OpenError::from(SourceError::Variable(NEW_VARIABLE)).into()),
        },
        None => None,
    };
    match (source, new) {
        (Source::File, None) => Ok(None),
        (Source::File, Some(_)) => refuse(format!(
            "the key is in its file, and gets a random one there: unset {NEW_VARIABLE}"
        )),
        (Source::Environment(_), None) => refuse(format!(
            "the key comes from {VARIABLE}: put the one to change to into {NEW_VARIABLE}, for example from `openssl rand -base64 32`"
        )),
        (Source::Environment(old), Some(new)) if *old == new => refuse(format!(
            "{VARIABLE} and {NEW_VARIABLE} hold the same key: there is nothing to change"
        )),
        (Source::Environment(_), new) => Ok(new),
    }
}

fn said_of_file(done: Rotated) -> String {
    let Rotated {
        from, to, values, ..
    } = done;
    let begun = if done.resumed {
        "An earlier change was finished. "
    } else {
        ""
    };
    format!(
        "{begun}The key is {to} now; {values} values were sealed anew. Backups from before need the old one, {from}."
    )
}

fn said_of_environment(done: Rotated) -> String {
    let Rotated {
        from, to, values, ..
    } = done;
    let next = format!(
        "put what {NEW_VARIABLE} holds into {VARIABLE} now, and unset {NEW_VARIABLE}; the server does not start with key {from}"
    );
    if done.resumed {
        format!("There is nothing to do: every value is sealed with key {to} already; {next}.")
    } else if values == 0 {
        format!(
            "Nothing is sealed yet. The key may be {to} from now on: put what {NEW_VARIABLE} holds into {VARIABLE}."
        )
    } else {
        format!("{values} values are sealed with key {to} now: {next}.")
    }
}
