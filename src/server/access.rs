//! Who may pass where a request goes, read from the tables: the doors, the plain paths, the pages and
//! the files of the site.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;

use super::doors::doors;
use super::plain::{FILES, FUNCTIONS, PAGES, PLAIN, UNKNOWN};
use crate::auth::access::Access;

/// Rows by path, each with its method.
type Rows = HashMap<&'static str, Vec<(Method, Access)>>;

/// The paths as the router has them.
static ROUTES: LazyLock<Rows> = LazyLock::new(|| {
    let plain = PLAIN
        .iter()
        .map(|plain| (plain.path, Method::GET, plain.access));
    let pages = PAGES
        .iter()
        .map(|(path, access)| (*path, Method::GET, *access));
    let doors = doors().into_iter().filter(|door| !door.is_inside);
    let doors = doors.map(|door| (door.path, door.method, door.access));
    // What is not there is not there for whoever is signed in; nobody learns even that.
    let unknown = UNKNOWN
        .iter()
        .map(|path| (*path, Method::GET, Access::Reader));
    gather(plain.chain(pages).chain(doors).chain(unknown))
});

/// The server functions by their own paths; they have one method each.
static CALLS: LazyLock<HashMap<&'static str, Access>> = LazyLock::new(|| {
    doors()
        .iter()
        .map(|door| (door.function, door.access))
        .collect()
});

fn gather(all: impl Iterator<Item = (&'static str, Method, Access)>) -> Rows {
    let mut rows = Rows::new();
    for (path, method, access) in all {
        rows.entry(path).or_default().push((method, access));
    }
    rows
}

/// Who may pass, going by the route that the router took, so that no second reading of the path can
/// differ from the router's. `None` for a route that no table has.
pub fn access_of(request: &Request) -> Option<Access> {
    let path = request.uri().path();
    let Some(route) = request.extensions().get::<MatchedPath>() else {
        return Some(of_file(path));
    };
    if route.as_str() == FUNCTIONS {
        return Some(CALLS.get(path).copied().unwrap_or(Access::Reader));
    }
    let rows = ROUTES.get(route.as_str())?;
    // A GET answers a HEAD; a method that is not there is refused to nobody first.
    let asked = match *request.method() {
        Method::HEAD => &Method::GET,
        ref method => method,
    };
    let row = rows.iter().find(|(method, _)| method == asked);
    Some(row.map_or(Access::Reader, |(_, access)| *access))
}

/// No route took it: a file of the site, or a page that is not there.
fn of_file(path: &str) -> Access {
    let is_file = FILES
        .iter()
        .any(|file| path == *file || file.ends_with('/') && path.starts_with(file));
    if is_file {
        Access::Everyone
    } else {
        Access::Reader
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::state::AppState;

    #[test]
    fn a_server_function_has_one_access_however_many_doors_it_has() {
        for door in doors() {
            assert_eq!(CALLS[door.function], door.access, "{}", door.function);
        }
    }

    #[test]
    fn every_server_function_has_an_access() {
        for (path, _) in leptos::server_fn::axum::server_fn_paths() {
            assert!(CALLS.contains_key(path), "{path} has no row in the doors");
        }
    }

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
        let api = paths(&super::super::routes::api());
        let pages = super::super::pages::routes();
        let pages = pages.iter().map(|page| page.path().to_owned());
        let pages: Vec<_> = pages.filter(|path| !path.starts_with("/fn/")).collect();
        assert!(api.len() >= 15 && pages.len() >= 5, "{api:?} {pages:?}");
        for path in api.iter().filter(|path| *path != FUNCTIONS) {
            assert!(ROUTES.contains_key(path.as_str()), "who may {path}?");
        }
        for path in &pages {
            assert!(
                PAGES.iter().any(|(page, _)| page == path),
                "who may {path}?"
            );
        }
        for path in ROUTES.keys() {
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
        for path in ["/pkg", "/pkgs/a.js", "/favicon.svg/x", "/sw.jsx", "/"] {
            assert_eq!(of_file(path), Access::Reader, "{path}");
        }
    }
}
