// What is on a canvas: whether anything was drawn, and where a line of one colour runs.
import type { Locator } from "@playwright/test";

/** How many different colours the canvas has; 1 is an empty one. */
export function colours(chart: Locator): Promise<number> {
  return chart.locator("canvas").first().evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data;
    return new Set(new Uint32Array(pixels.buffer)).size;
  });
}

/** The columns, in hundredths of the canvas' width, in which the CPU's line is drawn below the legend. */
export function columns(chart: Locator): Promise<number[]> {
  return chart.evaluate((chart) => {
    const canvas = chart.querySelector("canvas")!;
    const brush = document.createElement("canvas").getContext("2d")!;
    brush.fillStyle = getComputedStyle(chart.querySelector("[data-ink=left]")!).color;
    brush.fillRect(0, 0, 1, 1);
    const ink = brush.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    const found = new Set<number>();
    for (let y = 36; y < canvas.height; y++) {
      for (let x = 0; x < canvas.width; x++) {
        const at = 4 * (y * canvas.width + x);
        const near = [0, 1, 2].every((part) => Math.abs(data[at + part] - ink[part]) < 40);
        if (near && data[at + 3] > 200) found.add(Math.floor((100 * x) / canvas.width));
      }
    }
    return [...found].sort((a, b) => a - b);
  });
}
