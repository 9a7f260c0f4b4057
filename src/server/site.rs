//! Where the browser's half of the program lies, and Leptos' other run-time options.

use std::path::{Path, PathBuf};

use leptos::config::LeptosOptions;
use leptos_config::{get_config_from_str, get_configuration};

use super::application::StartError;

/// The options that the program was built with, for where no file says otherwise.
const BUILT_IN: &str = include_str!("../../Leptos.toml");

/// Reads `Leptos.toml` and finds the site.
///
/// # Errors
/// Where the file is there and cannot be read.
pub fn leptos_options() -> Result<LeptosOptions, StartError> {
    let beside = folder_of_binary();
    let file = [beside.join("Leptos.toml"), PathBuf::from("Leptos.toml")]
        .into_iter()
        .find(|path| path.is_file());
    let options = match &file {
        Some(path) => get_configuration(path.to_str()).map(|file| file.leptos_options),
        None => get_config_from_str(BUILT_IN),
    };
    let mut options = options.map_err(|error| StartError::Options(error.to_string()))?;
    let places = [
        PathBuf::from(&*options.site_root),
        beside.join("site"),
        // As a build leaves it: target/release/docker-watcher and target/site.
        beside.join("../site"),
    ];
    match places
        .iter()
        .find(|place| place.join(&*options.site_pkg_dir).is_dir())
    {
        Some(place) => options.site_root = place.to_string_lossy().into(),
        None => tracing::warn!(
            site_root = &*options.site_root,
            "the browser's files were not found; pages work without JavaScript and look bare; set LEPTOS_SITE_ROOT"
        ),
    }
    Ok(options)
}

fn folder_of_binary() -> PathBuf {
    let binary = std::env::current_exe().ok();
    binary
        .as_deref()
        .and_then(Path::parent)
        .map_or_else(PathBuf::new, Path::to_owned)
}
