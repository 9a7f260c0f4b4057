//! Compiles the translation files into typed keys, so that a missing one is a compile-time matter.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script its folder this way"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    // Sentences with figures in them are also needed as plain strings: titles, labels.
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("en")?
        .parse_options(options)
        .add_locale("ru")?
        .locales_path("src/i18n/locales")
        .add_namespaces(["ui", "auth", "access", "errors", "dashboard", "apps", "stats"])?;
    let translations = TranslationsInfos::parse(config)?;
    translations.emit_diagnostics();
    translations.rerun_if_locales_changed();
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("i18n");
    translations.generate_i18n_module(out)?;
    Ok(())
}
