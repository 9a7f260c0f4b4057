//! Where the browser's half of the program lies, and Leptos' other run-time options.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use leptos::config::LeptosOptions;
use leptos_config::{get_config_from_str, get_configuration};

use super::application::StartError;
use super::config::{self, Options};

/// The options that the program was built with, for where no file says otherwise.
const BUILT_IN: &str = include_str!("../../Leptos.toml");

/// Reads `Leptos.toml` and finds the site.
///
/// # Errors
/// Where the file is there and cannot be read.
pub fn leptos_options() -> Result<LeptosOptions, StartError> {
    let mut options = read_options()?;
    let beside = folder_of_binary();
    let (said, package) = (Path::new(&*options.site_root), &*options.site_pkg_dir);
    match find_site(&beside, said, config::is_site_named(), package) {
        Some(place) => options.site_root = place.to_string_lossy().into(),
        None => tracing::warn!(
            site_root = &*options.site_root,
            "the browser's files were not found; pages work without JavaScript and look bare; set LEPTOS_SITE_ROOT"
        ),
    }
    Ok(options)
}

/// Reads `Leptos.toml` beside the binary or in the current folder, else the one that was built in.
///
/// # Errors
/// Where the file is there and cannot be read.
pub fn read_options() -> Result<LeptosOptions, StartError> {
    let file = [
        folder_of_binary().join("Leptos.toml"),
        PathBuf::from("Leptos.toml"),
    ]
    .into_iter()
    .find(|path| path.is_file());
    let options = match &file {
        Some(path) => get_configuration(path.to_str()).map(|file| file.leptos_options),
        None => get_config_from_str(BUILT_IN),
    };
    options.map_err(|error| StartError::Options(error.to_string()))
}

/// Where to serve: what the command line or our own variable says, else what Leptos' options say.
pub fn address(options: &Options, leptos: &LeptosOptions) -> SocketAddr {
    options.listen.unwrap_or(leptos.site_addr)
}

/// Where the files of the browser's half are: `said` first where somebody said it, else beside the binary.
///
/// What lies below the current folder comes last, because it may be another version's.
fn find_site(beside: &Path, said: &Path, is_named: bool, package: &str) -> Option<PathBuf> {
    let own = [
        beside.join("site"),
        // As a build leaves it: target/release/docker-watcher and target/site.
        beside.join("../site"),
    ];
    let mut places = Vec::from(own);
    // The usual one is relative; whoever wrote another into the file meant it.
    let at = if is_named || said.is_absolute() {
        0
    } else {
        places.len()
    };
    places.insert(at, said.to_owned());
    places
        .into_iter()
        .find(|place| place.join(package).is_dir())
}

fn folder_of_binary() -> PathBuf {
    let binary = std::env::current_exe().ok();
    binary
        .as_deref()
        .and_then(Path::parent)
        .map_or_else(PathBuf::new, Path::to_owned)
}

#[cfg(test)]
mod tests {
    use std::fs::create_dir_all;

    use clap::CommandFactory;

    use super::*;
    use crate::server::config::Cli;

    #[test]
    fn the_help_names_the_address_that_is_built_in() {
        let mut lines = BUILT_IN.lines();
        let address = lines.find_map(|line| line.strip_prefix("site-addr = "));
        let address = address.unwrap().trim_matches('"');
        let help = Cli::command().render_help().to_string();
        let words = format!("[default: {address}]");
        assert!(help.contains(&words), "{words} is not in:\n{help}");
    }

    #[test]
    fn what_lies_beside_the_binary_comes_before_what_the_current_folder_has() {
        let dir = tempfile::tempdir().unwrap();
        let (beside, current) = (dir.path().join("release"), dir.path().join("current"));
        create_dir_all(&beside).unwrap();
        create_dir_all(current.join("pkg")).unwrap();
        // A path without a root, as the usual one is, that leads there from wherever the tests run.
        let mut relative = PathBuf::new();
        for _ in std::env::current_dir().unwrap().components().skip(1) {
            relative.push("..");
        }
        relative.push(current.strip_prefix("/").unwrap());
        let find = |said: &Path, is_named| find_site(&beside, said, is_named, "pkg");
        assert_eq!(find(&relative, false), Some(relative.clone()));

        create_dir_all(dir.path().join("site/pkg")).unwrap();
        assert_eq!(find(&relative, false), Some(beside.join("../site")));
        create_dir_all(beside.join("site/pkg")).unwrap();
        assert_eq!(find(&relative, false), Some(beside.join("site")));

        assert_eq!(find(&relative, true), Some(relative.clone()));
        assert_eq!(find(&current, false), Some(current.clone()));
        let nowhere = dir.path().join("nowhere");
        assert_eq!(find(&nowhere, true), Some(beside.join("site")));
    }

    #[test]
    fn where_there_is_none_none_is_found() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(find_site(dir.path(), dir.path(), false, "pkg"), None);
    }
}
