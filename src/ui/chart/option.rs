//! What ECharts is told: the axes, the two lines and the colours of the theme.

use charming::Chart;
use charming::component::{Axis, Grid, Legend};
use charming::datatype::CompositeValue;
use charming::element::{
    AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisType, Emphasis, ItemStyle, LineStyle,
    LineStyleType, Sampling, SplitLine, Symbol, TextStyle, Tooltip, Trigger,
};
use charming::series;
use serde_json::{Value, json};

use super::{Line, Plot};

/// The colours of the theme, as the canvas takes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Inks {
    pub left: String,
    pub right: String,
    pub text: String,
    pub line: String,
    pub surface: String,
}

/// A line of so few points is hardly one: they are drawn as dots too.
const FEW: usize = 4;

/// The whole option; ECharts finds out by itself what of it is new.
pub(super) fn option(plot: &Plot, inks: &Inks) -> String {
    let chart = Chart::new()
        .animation(false)
        .grid(
            Grid::new()
                .left(8)
                .right(8)
                .top(36)
                .bottom(4)
                .contain_label(true),
        )
        .legend(
            Legend::new()
                .right(0)
                .top(0)
                .item_width(28.0)
                // The dash tells the lines apart; a dot on it would hide that.
                .item_style(ItemStyle::new().opacity(0.0))
                .text_style(TextStyle::new().color(inks.text.as_str()).font_size(12.0)),
        )
        .tooltip(tooltip(inks))
        .x_axis(time_axis(plot, inks))
        .y_axis(value_axis(inks, true))
        .y_axis(value_axis(inks, false))
        .series(line(
            "left",
            &plot.left,
            0.0,
            &inks.left,
            LineStyleType::Solid,
        ))
        .series(line(
            "right",
            &plot.right,
            1.0,
            &inks.right,
            LineStyleType::Dashed,
        ));
    let mut option = serde_json::to_value(chart).unwrap_or(Value::Null);
    // The builder does not know these. The tooltip is text, never HTML: names come from outside.
    option["tooltip"]["renderMode"] = json!("richText");
    option["tooltip"]["textStyle"] = json!({ "color": inks.text, "fontSize": 12 });
    option["tooltip"]["confine"] = json!(true);
    option["xAxis"]["axisLabel"]["hideOverlap"] = json!(true);
    option.to_string()
}

fn tooltip(inks: &Inks) -> Tooltip {
    let pointer = LineStyle::new()
        .color(inks.line.as_str())
        .type_(LineStyleType::Solid);
    Tooltip::new()
        .trigger(Trigger::Axis)
        .background_color(inks.surface.as_str())
        .border_color(inks.line.as_str())
        .axis_pointer(
            AxisPointer::new()
                .type_(AxisPointerType::Line)
                .line_style(pointer),
        )
}

fn time_axis(plot: &Plot, inks: &Inks) -> Axis {
    Axis::new()
        .type_(AxisType::Time)
        .min(millis(plot.from))
        .max(millis(plot.until))
        .axis_label(label(inks).formatter("{HH}:{mm}"))
        .axis_line(AxisLine::new().show(false))
        .split_line(SplitLine::new().show(false))
}

fn value_axis(inks: &Inks, grid: bool) -> Axis {
    let line = LineStyle::new().color(inks.line.as_str());
    Axis::new()
        .type_(AxisType::Value)
        .min(0)
        .split_number(4.0)
        .align_ticks(true)
        .axis_label(label(inks))
        .split_line(SplitLine::new().show(grid).line_style(line))
}

fn label(inks: &Inks) -> AxisLabel {
    AxisLabel::new().color(inks.text.as_str()).font_size(12.0)
}

fn line(id: &str, line: &Line, axis: f64, ink: &str, dash: LineStyleType) -> series::Line {
    let data: Vec<CompositeValue> = line
        .points
        .iter()
        .map(|(ts, value)| CompositeValue::from(vec![millis(*ts), value.map(tidy).into()]))
        .collect();
    series::Line::new()
        .id(id)
        .name(line.name.as_str())
        .y_axis_index(axis)
        .symbol(if line.points.len() < FEW {
            Symbol::Circle
        } else {
            Symbol::None
        })
        .sampling(Sampling::Lttb)
        .connect_nulls(false)
        // Hovering would have the line in a lighter colour, which ECharts cannot make out of OKLCH.
        .emphasis(Emphasis::new().disabled(true))
        .line_style(LineStyle::new().color(ink).width(2.0).type_(dash))
        .item_style(ItemStyle::new().color(ink))
        .data(data)
}

/// ECharts counts in milliseconds.
fn millis(ts: i64) -> CompositeValue {
    (ts * 1000).into()
}

/// One digit after the point: what the tooltip shows.
fn tidy(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
