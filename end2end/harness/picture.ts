// What is on a canvas: whether anything was drawn, and where a line of one colour runs.
import type { Locator } from "@playwright/test";

/** How many different colours the canvas has; 1 is an empty one. */
export function colours(chart: Locator): Promise<number> {
  return chart.locator("canvas").first().evaluate((canvas: HTMLCanvasElement) => {
    // From a copy: reading the page's own canvas a second time makes the browser complain.
    const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    const brush = copy.getContext("2d", { willReadFrequently: true })!;
    brush.drawImage(canvas, 0, 0);
    const pixels = brush.getImageData(0, 0, copy.width, copy.height).data;
    return new Set(new Uint32Array(pixels.buffer)).size;
  });
}

/** The columns, in hundredths of the canvas' width, in which the CPU's line is drawn below the legend. */
export function columns(chart: Locator): Promise<number[]> {
  return chart.evaluate((chart) => {
    const canvas = chart.querySelector("canvas")!;
    // From a copy: reading the page's own canvas a second time makes the browser complain.
    const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    const brush = copy.getContext("2d", { willReadFrequently: true })!;
    brush.fillStyle = getComputedStyle(chart.querySelector("[data-ink=left]")!).color;
    brush.fillRect(0, 0, 1, 1);
    const ink = brush.getImageData(0, 0, 1, 1).data;
    brush.clearRect(0, 0, 1, 1);
    brush.drawImage(canvas, 0, 0);
    const { data } = brush.getImageData(0, 0, copy.width, copy.height);
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
