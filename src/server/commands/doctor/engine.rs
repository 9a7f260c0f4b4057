//! Does the engine answer, what does it let us do, and which features miss a right?

use super::{Finding, Verdict, ok, trouble};
use crate::docker::connect::Client;
use crate::docker::rights::{Answer, Right, ask};

/// What each feature asks the engine for.
const FEATURES: [(&str, &[Right]); 4] = [
    (
        "connecting to the engine",
        &[Right::Version, Right::Ping, Right::Info],
    ),
    (
        "finding containers and their state",
        &[Right::List, Right::Inspect],
    ),
    ("following what starts and stops", &[Right::Events]),
    ("figures and their history", &[Right::Stats]),
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

/// Which of the writing rights are there. A socket gives all of them; nothing here needs one.
fn writing(answers: &[(Right, Answer)]) -> Finding {
    let may = answers
        .iter()
        .any(|(right, answer)| right.writes() && !matches!(answer, Answer::Denied(_)));
    let note = if may {
        format!("; no feature needs them yet, and a socket proxy takes them away: {LEAST}")
    } else {
        "; no feature needs them yet".into()
    };
    ok(RIGHTS, format!("writing: {}{note}", told(answers, true)))
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

/// One finding for each feature that misses a right, or may.
fn missing(answers: &[(Right, Answer)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (feature, rights) in FEATURES {
        let of_feature = answers.iter().filter(|(right, _)| rights.contains(right));
        for (right, answer) in of_feature {
            let name = right.name();
            match answer {
                Answer::Allowed => {}
                Answer::Denied(status) => findings.push(trouble(
                    Verdict::Fail,
                    RIGHTS,
                    format!("{feature} needs `{name}`, which is denied ({status})"),
                    format!(
                        "let the socket proxy pass it: {}=1; the least is {LEAST}",
                        variable(*right)
                    ),
                )),
                Answer::Unclear(reason) => findings.push(trouble(
                    Verdict::Warn,
                    RIGHTS,
                    format!("{feature} needs `{name}`, which failed: {reason}"),
                    "run this again; the engine's log may say more",
                )),
            }
        }
    }
    findings
}

/// What lets a right pass, in the words of the socket proxies.
fn variable(right: Right) -> &'static str {
    match right {
        Right::Version => "VERSION",
        Right::Ping => "PING",
        Right::Info => "INFO",
        Right::Events => "EVENTS",
        Right::Images => "IMAGES",
        Right::List | Right::Inspect | Right::Stats => "CONTAINERS",
        Right::Stop | Right::Remove | Right::Create | Right::Exec => "POST",
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
    fn a_feature_that_misses_a_right_is_named_with_the_variable_that_gives_it() {
        assert_eq!(missing(&answers(&[])), []);
        assert_eq!(missing(&answers(&[Right::Images, Right::Exec])), []);
        for (feature, rights) in FEATURES {
            for right in rights {
                let found = missing(&answers(&[*right]));
                assert_eq!(found.len(), 1, "{right:?}");
                assert!(found[0].message.starts_with(feature), "{}", found[0]);
                let given = format!("{}=1", variable(*right));
                assert!(found[0].to_string().contains(&given), "{}", found[0]);
                assert!(LEAST.contains(&given), "{given}");
            }
        }
    }

    #[test]
    fn writing_is_no_trouble_and_said() {
        let all = writing(&answers(&[]));
        assert_eq!(all.verdict, Verdict::Ok);
        assert!(
            all.message.contains("stop yes") && all.message.contains("POST=0"),
            "{all}"
        );
        let writes = Right::ALL.into_iter().filter(|right| right.writes());
        let none = writing(&answers(&writes.collect::<Vec<_>>()));
        assert!(none.message.contains("exec no (403)"), "{none}");
        assert!(!none.message.contains("POST=0"), "{none}");
    }
}
