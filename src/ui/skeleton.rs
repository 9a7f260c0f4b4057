//! What stands where something is still being read, of the size of what will come.

use leptos::prelude::*;

use crate::i18n::*;

/// What is being waited for; the style sheet knows its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Tile,
    Card,
    Chart,
    Row,
}

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Shape::Tile => "tile",
            Shape::Card => "card",
            Shape::Chart => "chart",
            Shape::Row => "row",
        }
    }
}

/// `count` blocks of one shape; readers hear "loading" once.
#[component]
pub fn Skeleton(shape: Shape, #[prop(default = 1)] count: usize) -> impl IntoView {
    let i18n = use_i18n();
    let blocks = (0..count)
        .map(|_| view! { <span class="skeleton" data-shape=shape.name()></span> })
        .collect_view();
    view! {
        <div class="skeletons" data-shape=shape.name() role="status">
            <span class="visually-hidden">{t!(i18n, ui.loading)}</span>
            {blocks}
        </div>
    }
}
