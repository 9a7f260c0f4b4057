//! The translations: the same keys in both languages, each with its own plurals.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::source::{files_below, read};
use crate::{finds, hold};

const FOLDER: &str = "src/i18n/locales";

/// The plural forms of each language.
const LANGUAGES: [(&str, &[&str]); 2] = [
    ("en", &["one", "other"]),
    ("ru", &["one", "few", "many", "other"]),
];

const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

type Texts = BTreeMap<String, String>;

/// Every text under its key; keys within keys are joined by dots. What is no text is empty.
fn texts(value: &Value, before: &str, into: &mut Texts) {
    for (key, value) in value.as_object().into_iter().flatten() {
        let key = format!("{before}{key}");
        match value {
            Value::Object(_) => texts(value, &format!("{key}."), into),
            other => {
                into.insert(key, other.as_str().unwrap_or_default().to_owned());
            }
        }
    }
}

/// The key and its plural form, where the file also has the form `other` of it.
fn plural<'a>(key: &'a str, all: &Texts) -> Option<(&'a str, &'a str)> {
    let (base, form) = key.rsplit_once('_')?;
    (FORMS.contains(&form) && all.contains_key(&format!("{base}_other"))).then_some((base, form))
}

/// What is put into a text: the names between `{{` and `}}`.
fn gaps(text: &str) -> BTreeSet<&str> {
    let starts = text.split("{{").skip(1);
    starts
        .filter_map(|rest| rest.split("}}").next())
        .map(str::trim)
        .collect()
}

/// Keys without their plural forms, each with everything that is put into it.
fn keys(all: &Texts) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut keys = BTreeMap::<_, BTreeSet<_>>::new();
    for (key, text) in all {
        let key = plural(key, all).map_or(key.as_str(), |(base, _)| base);
        keys.entry(key).or_default().extend(gaps(text));
    }
    keys
}

fn differences(file: &str, languages: &[(&str, &[&str], Texts)]) -> Vec<String> {
    let mut findings = Vec::new();
    for (language, forms, all) in languages {
        let place = format!("{FOLDER}/{language}/{file}");
        for (key, text) in all {
            if text.trim().is_empty() {
                findings.push(format!("{place}: `{key}` has no text"));
            }
            if let Some((_, form)) = plural(key, all)
                && !forms.contains(&form)
            {
                findings.push(format!("{place}: `{key}` is no plural form of {language}"));
            }
        }
        let bases = all.keys().filter_map(|key| plural(key, all));
        for base in bases.map(|(base, _)| base).collect::<BTreeSet<_>>() {
            for form in *forms {
                if !all.contains_key(&format!("{base}_{form}")) {
                    findings.push(format!("{place}: `{base}` wants the form `{base}_{form}`"));
                }
            }
        }
        let mine = keys(all);
        let others = languages.iter().flat_map(|(_, _, other)| keys(other));
        for (key, gaps) in others {
            match mine.get(key) {
                None => findings.push(format!("{place}: translate `{key}`")),
                Some(own) if !gaps.is_subset(own) => {
                    findings.push(format!("{place}: `{key}` wants {gaps:?} in its text"));
                }
                Some(_) => {}
            }
        }
    }
    findings
}

fn file_names(language: &str) -> BTreeSet<String> {
    let folder = format!("{FOLDER}/{language}/");
    let files = files_below(folder.trim_end_matches('/'));
    files.iter().map(|path| path.replace(&folder, "")).collect()
}

#[test]
fn both_languages_have_the_same_keys_and_no_empty_text() {
    let all: BTreeSet<_> = LANGUAGES
        .iter()
        .flat_map(|(name, _)| file_names(name))
        .collect();
    assert!(!all.is_empty(), "no translations in {FOLDER}");
    let mut findings = Vec::new();
    for file in all {
        let read = LANGUAGES.map(|(language, forms)| {
            let mut all = Texts::new();
            let value = serde_json::from_str(&read(&format!("{FOLDER}/{language}/{file}")));
            texts(&value.expect("a translation is JSON"), "", &mut all);
            (language, forms, all)
        });
        findings.extend(differences(&file, &read));
    }
    hold(&findings);
}

#[test]
fn a_missing_translation_is_found() {
    let look = |en: Value, ru: Value| {
        let read = [en, ru].map(|value| {
            let mut all = Texts::new();
            texts(&value, "", &mut all);
            all
        });
        let languages = LANGUAGES.iter().zip(read);
        let languages: Vec<_> = languages
            .map(|((name, forms), all)| (*name, *forms, all))
            .collect();
        differences("a.json", &languages)
    };
    use serde_json::json;
    finds(
        0,
        &look(
            json!({"a": {"b": "{{ n }} c"}}),
            json!({"a": {"b": "d {{n}}"}}),
        ),
    );
    finds(1, &look(json!({"a": "b", "c": "d"}), json!({"a": "b"})));
    finds(1, &look(json!({"a": ""}), json!({"a": "b"})));
    finds(1, &look(json!({"a": "{{ n }}"}), json!({"a": "b"})));
    let en = json!({"a_one": "1", "a_other": "2"});
    let ru = json!({"a_one": "1", "a_few": "2", "a_many": "3", "a_other": "4"});
    finds(0, &look(en.clone(), ru.clone()));
    finds(2, &look(en.clone(), en.clone()));
    finds(2, &look(ru.clone(), ru));
}
