//! Who may pass where a request goes, read from the tables: the doors, the plain paths, the pages and
//! the files of the site.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;

use super::doors::doors;
use super::plain::{FILES, FUNCTIONS, PAGES, PLAIN, UNKNOWN};
use super::straight::is_straight;
pub use crate::auth::access::Access;

/// One method of one path, and who may pass there.
#[derive(Clone, Debug)]
pub struct Row {
    pub method: Method,
    /// As the router has it; a server function's own path in full.
    pub path: &'static str,
    pub access: Access,
}

/// Everything that is there, but for the files of the site.
pub fn rows() -> Vec<Row> {
    let row = |method, path, access| Row {
        method,
        path,
        access,
    };
    let plain = PLAIN
        .iter()
        .map(|plain| row(Method::GET, plain.path, plain.access));
    let pages = PAGES
        .iter()
        .map(|(path, access)| row(Method::GET, path, *access));
    let doors = doors();
    let functions = doors
        .iter()
        .map(|door| row(Method::POST, door.function, door.access));
    let of_api = doors
        .iter()
        .filter(|door| !door.is_inside)
        .map(|door| row(door.method.clone(), door.path, door.access));
    plain.chain(pages).chain(functions).chain(of_api).collect()
}

static ROWS: LazyLock<HashMap<&'static str, Vec<Row>>> = LazyLock::new(|| {
    let mut by_path = HashMap::<_, Vec<Row>>::new();
    for row in rows() {
        by_path.entry(row.path).or_default().push(row);
    }
    // What is not there is not there for whoever is signed in; nobody learns even that.
    by_path.extend(UNKNOWN.map(|path| (path, Vec::new())));
    by_path
});

/// Who may pass, going by the route that the router took, so that no second reading of the path can
/// differ from the router's. `None` for a route that no table has.
pub fn access_of(request: &Request) -> Option<Access> {
    let path = request.uri().path();
    let Some(route) = request.extensions().get::<MatchedPath>() else {
        return Some(of_file(path));
    };
    let known = if route.as_str() == FUNCTIONS {
        ROWS.get(path).map_or(&[][..], Vec::as_slice)
    } else {
        ROWS.get(route.as_str())?
    };
    // A GET answers a HEAD; a method that is not there is refused to nobody first.
    let asked = match *request.method() {
        Method::HEAD => &Method::GET,
        ref method => method,
    };
    let row = known.iter().find(|row| row.method == asked);
    Some(row.map_or(Access::Reader, |row| row.access))
}

/// No route took it: a file of the site, or a page that is not there.
fn of_file(path: &str) -> Access {
    let is_file = FILES
        .iter()
        .any(|file| path == *file || file.ends_with('/') && path.starts_with(file));
    if is_file && is_straight(path) {
        Access::Everyone
    } else {
        Access::Reader
    }
}

#[cfg(test)]
mod tests {
    use leptos::reactive::computed::ScopedFuture;

    use super::*;
    use crate::auth::credential::{Caller, Credential};
    use crate::auth::guard::Visitor;
    use crate::auth::model::{Role, User};
    use crate::server::door::{Door, Knock};
    use crate::server::state::AppState;

    #[test]
    fn no_method_of_a_path_has_two_accesses() {
        for row in rows() {
            let others = &ROWS[row.path];
            let same = others.iter().filter(|other| other.method == row.method);
            assert!(
                same.into_iter().all(|other| other.access == row.access),
                "{row:?}"
            );
        }
    }

    #[test]
    fn every_server_function_has_an_access_and_takes_post_alone() {
        for (path, method) in leptos::server_fn::axum::server_fn_paths() {
            assert!(ROWS.contains_key(path), "{path} has no row in the doors");
            assert_eq!(method, Method::POST, "{path} could be called by a link");
        }
    }

    #[tokio::test]
    async fn each_server_function_refuses_by_itself_whom_its_door_refuses() {
        let is = |role| {
            let (id, username) = ("1".into(), "ann".into());
            Visitor(Some(User { id, username, role }))
        };
        let session = Credential::Session("1".into());
        let token = Credential::ApiToken("1".into());
        let mut asked = 0;
        for door in doors() {
            for (visitor, credential) in [
                (Visitor(None), None),
                (is(Role::Viewer), Some(session.clone())),
                (is(Role::Viewer), Some(token.clone())),
                (is(Role::Admin), Some(token.clone())),
            ] {
                let caller = Caller {
                    credential,
                    ..Caller::default()
                };
                let Err(refusal) = door.access.check(&visitor, &caller) else {
                    continue;
                };
                // Nothing else is provided: what does not refuse fails for want of a handle.
                let run = leptos::prelude::Owner::new().with(|| {
                    leptos::prelude::provide_context(visitor);
                    leptos::prelude::provide_context(caller);
                    let door = Door {
                        method: Method::POST,
                        body_name: None,
                        is_strict: false,
                        ..door.clone()
                    };
                    let (path, query) = (Vec::new(), String::new());
                    let body = serde_json::from_str(INPUTS).unwrap();
                    ScopedFuture::new((door.run)(&door, Knock { path, query, body }))
                });
                let error = run.await.unwrap_err();
                assert_eq!(error.code, refusal.code, "{}: {error}", door.function);
                asked += 1;
            }
        }
        assert!(asked >= 60, "only {asked} refusals were asked for");
    }

    /// What the server functions take; each reads those that it knows.
    const INPUTS: &str = r#"{"id":"x","iid":"x","stage":"x","name":"x","url":"unix:///x","username":"x",
        "password":"x","new_password":"x","setup_token":"x","code":"x","role":"viewer","window":"2h","patch":{},
        "kind":"label","value":"x","reason":"x"}"#;

    /// The paths in a router; it shows them to nobody but its `Debug`.
    fn paths(router: &axum::Router<AppState>) -> Vec<String> {
        let text = format!("{router:?}");
        let mut paths: Vec<_> = text
            .split("RouteId(")
            .filter_map(|part| part.split_once("): \"")?.1.split_once('"'))
            .map(|(path, _)| path.to_owned())
            .filter(|path| path.starts_with('/') && !path.contains("__private__axum"))
            .collect();
        paths.sort();
        paths.dedup();
        paths
    }

    #[tokio::test]
    async fn every_route_is_in_a_table_and_every_row_of_a_table_is_a_route() {
        let api = paths(&super::super::routes::api(&Default::default()));
        let pages = super::super::pages::routes();
        let pages = pages.iter().map(|page| page.path().to_owned());
        let pages: Vec<_> = pages.filter(|path| !path.starts_with("/fn/")).collect();
        assert!(api.len() >= 15 && pages.len() >= 5, "{api:?} {pages:?}");
        for path in api.iter().filter(|path| *path != FUNCTIONS) {
            assert!(ROWS.contains_key(path.as_str()), "who may {path}?");
        }
        for path in &pages {
            assert!(
                PAGES.iter().any(|(page, _)| page == path),
                "who may {path}?"
            );
        }
        for path in ROWS.keys().filter(|path| !path.starts_with("/fn/")) {
            let is_there = [&api, &pages]
                .iter()
                .any(|all| all.iter().any(|one| one == path));
            assert!(is_there, "{path} is no route");
        }
    }

    #[test]
    fn a_folder_of_files_takes_what_is_below_it_and_nothing_beside_it() {
        for path in ["/pkg/a.js", "/favicon.svg", "/sw.js"] {
            assert_eq!(of_file(path), Access::Everyone, "{path}");
        }
        for path in [
            "/pkg/../settings",
            "/pkg/%2e%2e/settings",
            "/pkg",
            "/pkgs/a.js",
            "/favicon.svg/x",
            "/sw.jsx",
            "/",
        ] {
            assert_eq!(of_file(path), Access::Reader, "{path}");
        }
    }
}
