//! Server functions: where they stand, where they answer, and that they ask the policy.

use crate::source::{Source, bracketed, places, program};
use crate::{finds, hold};

/// Those that anyone may call, each with its reason.
const OPEN_TO_ALL: [(&str, &str); 3] = [
    (
        "read_auth_state",
        "the sign-in page needs to know whether there is an admin",
    ),
    ("set_up", "asks for the setup token instead"),
    ("log_in", "asks for the password instead"),
];

/// Statements that a body may have, without its `use` lines.
const MOST_LINES: usize = 12;

/// One server function as it stands in a file.
struct Function<'a> {
    source: &'a Source,
    at: usize,
    name: &'a str,
    /// With its literals.
    attribute: &'a str,
    body: &'a str,
}

fn functions(source: &Source) -> impl Iterator<Item = Function<'_>> {
    let code = &source.shipped;
    places(code, "#[server").into_iter().map(move |at| {
        let attribute = bracketed(code, at + 1);
        let rest = &code[attribute.end..];
        let start = rest.find("fn ").map_or(0, |start| start + 3);
        let name = &rest[start..];
        let name = &name[..name.find(['(', '<']).unwrap_or(0)];
        let open = rest.find('{').unwrap_or(0);
        Function {
            source,
            at,
            name,
            attribute: &source.text[attribute],
            body: &rest[bracketed(rest, open)],
        }
    })
}

impl Function<'_> {
    fn findings(&self) -> Vec<String> {
        let is_open = OPEN_TO_ALL.iter().any(|(name, _)| *name == self.name);
        let lines = self.body.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("use "));
        // An argument that goes into a struct under its own name is no statement.
        let is_argument = |line: &str| {
            let name = line.strip_suffix(',').unwrap_or_default();
            !name.is_empty() && name.chars().all(|one| one.is_alphanumeric() || one == '_')
        };
        let lines = lines.filter(|line| !is_argument(line));
        // The two brackets of the body are lines, too.
        let is_long = lines.count() > MOST_LINES + 2;
        let asks = !places(self.body, "authorize(").is_empty();
        [
            (
                self.source.file_name() != "api.rs",
                "a server function stands in api.rs",
            ),
            (
                !self.attribute.contains("prefix = \"/fn\""),
                "give it prefix = \"/fn\"",
            ),
            (
                !self.attribute.contains("endpoint = \""),
                "give it an endpoint, which stays when the function is renamed",
            ),
            (
                !is_open && !asks,
                "call authorize(Act::…)? first, or decide that it is open to all",
            ),
            (
                is_long,
                "authorise, call, return: what else it does has a room of its own",
            ),
        ]
        .into_iter()
        .filter(|(is_wrong, _)| *is_wrong)
        .map(|(_, mend)| self.source.finding(self.at, mend))
        .collect()
    }
}

fn wrong(sources: &[Source]) -> Vec<String> {
    let all = sources.iter().flat_map(functions);
    all.flat_map(|function| function.findings()).collect()
}

#[test]
fn server_functions_stand_in_api_rooms_have_an_endpoint_and_authorise() {
    hold(&wrong(&program()));
}

#[test]
fn what_is_open_to_all_exists() {
    let sources = program();
    let names: Vec<_> = sources
        .iter()
        .flat_map(functions)
        .map(|function| function.name)
        .collect();
    for (name, reason) in OPEN_TO_ALL {
        assert!(
            names.contains(&name),
            "nothing is called {name} any more, which {reason}"
        );
    }
}

#[test]
fn a_server_function_that_lets_anybody_in_is_found() {
    let look = |path: &str, text: &str| wrong(&[Source::new(path, text)]);
    let good = "#[server(name = A, prefix = \"/fn\", endpoint = \"a/b\")]\n\
                pub async fn a() -> R {\n    authorize(Act::Read)?;\n    b()\n}";
    finds(0, &look("src/stats/api.rs", good));
    finds(1, &look("src/stats/job.rs", good));
    finds(
        1,
        &look(
            "src/stats/api.rs",
            &good.replace("authorize(Act::Read)?;", "// authorize("),
        ),
    );
    finds(
        0,
        &look(
            "src/auth/api.rs",
            &good.replace("fn a", "fn log_in").replace("authorize", "x"),
        ),
    );
    finds(
        1,
        &look("src/stats/api.rs", &good.replace("\"/fn\"", "\"/api\"")),
    );
    finds(
        3,
        &look(
            "src/stats/api.rs",
            "#[server]\npub async fn a() -> R {\n    b()\n}",
        ),
    );
    finds(
        1,
        &look(
            "src/stats/api.rs",
            &good.replace("    b()", &"    b();\n".repeat(12)),
        ),
    );
}
