//! Where the master key comes from: the environment, or the file in the data folder.

use std::fmt;
use std::path::Path;

use zeroize::Zeroizing;

use super::key::{Key, Ring};
use super::key_file::{KeyFile, KeyFileError};

/// The variable that holds the key; without it, the file does.
pub const VARIABLE: &str = "DOCKER_WATCHER_SECRET_KEY";

/// The variable that holds the key to change to, where the key comes from the environment.
pub const NEW_VARIABLE: &str = "DOCKER_WATCHER_NEW_SECRET_KEY";

/// A text that is not shown, whoever prints what it is part of.
#[derive(Clone, PartialEq, Eq)]
pub struct Unshown(Zeroizing<String>);

impl Unshown {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unshown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(not shown)")
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error(
        "{0} holds no key, which is 32 bytes in base64, as `openssl rand -base64 32` makes them"
    )]
    Variable(&'static str),
    #[error(transparent)]
    File(#[from] KeyFileError),
}

/// Where the key comes from. The environment wins over the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Environment(Key),
    File,
}

impl Source {
    /// What the variable says, where it is set.
    ///
    /// # Errors
    /// Where it holds something else than a key.
    pub fn of(variable: Option<&Unshown>) -> Result<Self, SourceError> {
        match variable {
            None => Ok(Self::File),
            Some(text) => Key::read(text.text())
                .map(Self::Environment)
                .ok_or(SourceError::Variable(VARIABLE)),
        }
    }

    /// The ring that is there; `None` where the file is still to be made. Changes nothing.
    ///
    /// # Errors
    /// Where the file cannot be read or holds no key.
    pub fn peek(&self, file: &KeyFile) -> Result<Option<Ring>, KeyFileError> {
        match self {
            Self::Environment(key) => Ok(Some(Ring::of(key.clone()))),
            Self::File => file.peek(),
        }
    }

    /// How a person would name the place.
    pub fn place(&self, folder: &Path) -> String {
        match self {
            Self::Environment(_) => VARIABLE.to_owned(),
            Self::File => KeyFile::in_folder(folder).path().display().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_variable_holds_is_not_shown_even_where_it_is_wrong() {
        let wrong = Unshown::new("hunter2hunter2".into());
        assert_eq!(format!("{wrong:?}"), "(not shown)");
        let error = Source::of(Some(&wrong)).unwrap_err().to_string();
        assert!(
            error.contains(VARIABLE) && !error.contains("hunter2"),
            "{error}"
        );
    }
}
