//! One choice among a few, with its label and its hint.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

/// What can be chosen: its value in the form, and its word.
pub type Choice = (&'static str, TextProp);

/// A labelled `<select>`.
#[component]
pub fn SelectField(
    /// Its name in the form; without one it is only `on_change` that hears of it.
    #[prop(optional)]
    name: Option<&'static str>,
    id: &'static str,
    #[prop(into)] label: TextProp,
    choices: Vec<Choice>,
    /// The value that is chosen at first.
    chosen: &'static str,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let described_by = hint.is_some().then(|| hint_id.clone());
    let options = choices
        .into_iter()
        .map(|(value, word)| {
            view! {
                <option value=value selected=value == chosen>{move || word.get()}</option>
            }
        })
        .collect_view();
    let changed = move |event| {
        if let Some(on_change) = on_change {
            on_change.run(event_target_value(&event));
        }
    };
    view! {
        <div class="field">
            <label for=id>{move || label.get()}</label>
            <select id=id name=name aria-describedby=described_by on:change=changed>
                {options}
            </select>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{move || hint.get()}</p> })}
        </div>
    }
}
