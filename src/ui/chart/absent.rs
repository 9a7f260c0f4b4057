//! The server's side of the chart: it has a place and a sentence there, and no picture.

use leptos::html::Div;
use leptos::prelude::*;

use super::Plot;

pub(super) fn draw(_canvas: NodeRef<Div>, _plot: Signal<Plot>) {}
