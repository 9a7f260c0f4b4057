//! Does the engine answer, what does it let us do, and which features miss a right?

use super::{Finding, Verdict, ok, trouble};
use crate::docker::connect::Client;
use crate::docker::rights::{Answer, Right, ask};

/// Something that we do with an engine, and what it takes.
#[derive(Clone, Copy, Debug)]
struct Feature {
    name: &'static str,
    rights: &'static [Right],
    /// Nothing works without it; else it is wished for or not, and missing it is only said.
    is_needed: bool,
}

const FEATURES: [Feature; 6] = [
    Feature {
        name: "connecting to the engine",
        rights: &[Right::Version, Right::Ping, Right::Info],
        is_needed: true,
    },
    Feature {
        name: "finding containers and their state",
        rights: &[Right::List, Right::Inspect],
        is_needed: true,
    },
    Feature {
        name: "following what starts and stops",
        rights: &[Right::Events],
        is_needed: true,
    },
    Feature {
        name: "figures and their history",
        rights: &[Right::Stats],
        is_needed: true,
    },
    Feature {
        name: "clearing stale containers away",
        rights: &[Right::Rename, Right::Update, Right::Remove],
        is_needed: false,
    },
    Feature {
        name: "removing volumes that are named",
        rights: &[Right::RemoveVolume],
        is_needed: false,
    },
];

/// What a socket proxy has to let pass, as Tecnativa's and those after it call it.
const LEAST: &str = "CONTAINERS=1 EVENTS=1 INFO=1 PING=1 VERSION=1 POST=0";

const RIGHTS: &str = "rights";

pub async fn check_engine(url: &str) -> Vec<Finding> {
    const NAME: &str = "engine";
    let answers = match ask(url).await {
        Ok(answers) => answers,
        Err(error) => {
            let remedy = "start Docker, name it with --docker-host, and let this user use its socket (group docker)";
            return vec![trouble(
                Verdict::Fail,
                NAME,
                format!("{url}: {error}"),
                remedy,
            )];
        }
    };
    let engine = match Client::connect(url).await {
        Ok(client) => ok(NAME, format!("{url} answers, API {}", client.api_version())),
        Err(error) => {
            let remedy = "is it a Docker engine, and do the rights below suffice?";
            trouble(Verdict::Fail, NAME, format!("{url}: {error}"), remedy)
        }
    };
    let mut findings = vec![engine, reading(&answers)];
    findings.extend(missing(&answers));
    findings.push(writing(&answers));
    findings
}

/// Which of the reading rights are there.
fn reading(answers: &[(Right, Answer)]) -> Finding {
    ok(RIGHTS, format!("reading: {}", told(answers, false)))
}

/// Which of the writing rights are there. A socket gives all of them, and some of them nobody here needs.
fn writing(answers: &[(Right, Answer)]) -> Finding {
    let may = answers
        .iter()
        .any(|(right, answer)| right.writes() && !matches!(answer, Answer::Denied(_)));
    let mut said = format!(
        "writing: {}; nothing needs {}",
        told(answers, true),
        idle().join(", ")
    );
    if may {
        said.push_str("; where nothing is to be cleared away, a socket proxy denies all of it: ");
        said.push_str(LEAST);
    }
    ok(RIGHTS, said)
}

/// The writing rights that no feature has a use for.
fn idle() -> Vec<&'static str> {
    let is_used = |right: &Right| {
        let mut features = FEATURES.iter();
        features.any(|feature| feature.rights.contains(right))
    };
    let writing = Right::ALL.into_iter().filter(|right| right.writes());
    let idle = writing.filter(|right| !is_used(right));
    idle.map(Right::name).collect()
}

fn told(answers: &[(Right, Answer)], writing: bool) -> String {
    let each = answers
        .iter()
        .filter(|(right, _)| right.writes() == writing);
    let each = each.map(|(right, answer)| match answer {
        Answer::Allowed => format!("{} yes", right.name()),
        Answer::Denied(status) => format!("{} no ({status})", right.name()),
        Answer::Unclear(_) => format!("{} unclear", right.name()),
    });
    each.collect::<Vec<_>>().join(", ")
}

/// One finding for each feature that misses rights, and one for each that may.
fn missing(answers: &[(Right, Answer)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for feature in FEATURES {
        let of_feature = answers
            .iter()
            .filter(|(right, _)| feature.rights.contains(right));
        let (mut denied, mut unclear) = (Vec::new(), Vec::new());
        for (right, answer) in of_feature {
            let name = right.name();
            match answer {
                Answer::Allowed => {}
                Answer::Denied(status) => denied.push((*right, format!("`{name}` ({status})"))),
                Answer::Unclear(reason) => unclear.push(format!("`{name}`: {reason}")),
            }
        }
        if !denied.is_empty() {
            findings.push(feature.lacks(&denied));
        }
        if !unclear.is_empty() {
            let failed = unclear.join(", ");
            findings.push(trouble(
                Verdict::Warn,
                RIGHTS,
                format!("{} needs what failed: {failed}", feature.name),
                "run this again; the engine's log may say more",
            ));
        }
    }
    findings
}

impl Feature {
    /// It cannot be had, for want of these rights.
    fn lacks(self, denied: &[(Right, String)]) -> Finding {
        let names: Vec<_> = denied.iter().map(|(_, said)| said.as_str()).collect();
        let message = format!("{} needs what is denied: {}", self.name, names.join(", "));
        let mut variables: Vec<_> = denied.iter().map(|(right, _)| variables(*right)).collect();
        variables.dedup();
        let given = variables.join(" ");
        if self.is_needed {
            let remedy = format!("let the socket proxy pass it: {given}; the least is {LEAST}");
            return trouble(Verdict::Fail, RIGHTS, message, remedy);
        }
        let remedy = format!(
            "leave it where nobody is to do this; else let the socket proxy pass it: {given}, which \
             lets pass more than we use"
        );
        trouble(Verdict::Warn, RIGHTS, message, remedy)
    }
}

/// What lets a right pass, in the words of the socket proxies. `POST` stands for every method that writes,
/// and the part of the API has to be open as well.
fn variables(right: Right) -> &'static str {
    match right {
        Right::Version => "VERSION=1",
        Right::Ping => "PING=1",
        Right::Info => "INFO=1",
        Right::Events => "EVENTS=1",
        Right::Images => "IMAGES=1",
        Right::List | Right::Inspect | Right::Stats => "CONTAINERS=1",
        Right::Rename | Right::Update | Right::Remove | Right::Stop | Right::Create => {
            "CONTAINERS=1 POST=1"
        }
        Right::RemoveVolume => "VOLUMES=1 POST=1",
        Right::Exec => "EXEC=1 POST=1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(denied: &[Right]) -> Vec<(Right, Answer)> {
        let each = Right::ALL
            .into_iter()
            .map(|right| match denied.contains(&right) {
                true => (right, Answer::Denied(403)),
                false => (right, Answer::Allowed),
            });
        each.collect()
    }

    #[tokio::test]
    async fn an_engine_that_is_not_there_fails_with_a_remedy() {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("unix://{}", dir.path().join("none.sock").display());
        let findings = check_engine(&url).await;
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].verdict, Verdict::Fail);
        assert!(findings[0].remedy.is_some());
    }

    #[test]
    fn a_feature_that_misses_a_right_is_named_with_the_variables_that_give_it() {
        assert_eq!(missing(&answers(&[])), []);
        assert_eq!(missing(&answers(&[Right::Images, Right::Exec])), []);
        for feature in FEATURES {
            for right in feature.rights {
                let found = missing(&answers(&[*right]));
                assert_eq!(found.len(), 1, "{right:?}");
                assert!(found[0].message.starts_with(feature.name), "{}", found[0]);
                let told = found[0].to_string();
                let name = format!("`{}` (403)", right.name());
                assert!(told.contains(&name), "{told}");
                assert!(told.contains(variables(*right)), "{told}");
                assert_eq!(found[0].verdict == Verdict::Fail, feature.is_needed);
                assert_eq!(LEAST.contains(variables(*right)), feature.is_needed);
            }
        }
    }

    #[test]
    fn an_engine_that_lets_nothing_be_written_clears_nothing_away_and_that_is_said() {
        let writes = Right::ALL.into_iter().filter(|right| right.writes());
        let found = missing(&answers(&writes.collect::<Vec<_>>()));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().all(|one| one.verdict == Verdict::Warn));
        let (clearing, volumes) = (found[0].to_string(), found[1].to_string());
        for right in ["`rename` (403)", "`update` (403)", "`remove` (403)"] {
            assert!(clearing.contains(right), "{clearing}");
        }
        assert!(volumes.contains("`remove volume` (403)"), "{volumes}");
    }

    #[test]
    fn what_nobody_needs_is_named_and_what_somebody_does_is_not_among_it() {
        let all = writing(&answers(&[]));
        assert_eq!(all.verdict, Verdict::Ok);
        for part in [
            "remove volume yes",
            "nothing needs stop, create, exec",
            "POST=0",
        ] {
            assert!(all.message.contains(part), "{all}");
        }
        let writes = Right::ALL.into_iter().filter(|right| right.writes());
        let none = writing(&answers(&writes.collect::<Vec<_>>()));
        assert!(none.message.contains("exec no (403)"), "{none}");
        assert!(!none.message.contains("POST=0"), "{none}");
    }
}
