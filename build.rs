//! Compiles the translation files into typed keys, so that a missing one is a compile-time matter.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_codegen::gen_code;
use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

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
        .add_namespaces([
            "ui",
            "auth",
            "access",
            "events",
            "errors",
            "dashboard",
            "apps",
            "stats",
            "settings",
            "stale",
        ])?;
    // The parser and the generator themselves: the crate around them brings a generator of ICU data,
    // which takes minutes to compile and which nothing here uses.
    let locales = parse_locales(None, config)?;
    for warning in locales.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    for error in locales.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    for path in locales.tracked_files.iter().flatten() {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("i18n");
    std::fs::create_dir_all(&out)?;
    let code = gen_code(&locales, None, false, None, true)?;
    std::fs::write(out.join("mod.rs"), code.to_string())?;
    Ok(())
}
