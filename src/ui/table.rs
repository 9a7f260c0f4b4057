//! A table that is a list of cards on a phone.

use leptos::prelude::*;

use crate::i18n::*;

/// A word in the reader's language.
pub type Word = fn(Locale) -> &'static str;

/// `children` are the rows below these heads; the head `acts` of a last column, which holds buttons, is
/// heard and not seen.
#[component]
pub fn Table(
    heads: &'static [Word],
    #[prop(optional_no_strip)] acts: Option<Word>,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let heads = heads.iter().map(|head| {
        view! { <th scope="col">{move || head(i18n.get_locale())}</th> }
    });
    let acts = acts.map(|acts| {
        view! {
            <th scope="col">
                <span class="visually-hidden">{move || acts(i18n.get_locale())}</span>
            </th>
        }
    });
    view! {
        <table class="table">
            <thead>
                <tr>{heads.collect_view()} {acts}</tr>
            </thead>
            <tbody>{children()}</tbody>
        </table>
    }
}
