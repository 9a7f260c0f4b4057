//! What a reviewer would have to say again and again: where things stand, and that papers agree with
//! them. A failure names the file, the line and the mend. Each rule is also shown a text that breaks it.

mod documents;
mod files;
mod locales;
mod order;
mod paths;
mod rooms;
mod server_functions;
mod source;

/// Fails with every finding at once.
#[track_caller]
fn hold(findings: &[String]) {
    assert!(
        findings.is_empty(),
        "{} to mend:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

/// Fails where a rule finds nothing in what breaks it.
#[track_caller]
fn finds(count: usize, findings: &[String]) {
    assert_eq!(findings.len(), count, "{findings:#?}");
}
