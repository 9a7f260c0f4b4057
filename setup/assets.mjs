// Builds what the pages load and no compiler makes: the trimmed ECharts, the icon sprite and the
// PWA's pictures. They are generated, because in the repository they would be opaque and soon old.
import { build } from "esbuild";
import { Resvg } from "@resvg/resvg-js";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const setup = dirname(fileURLToPath(import.meta.url));
const root = dirname(setup);
const generated = join(root, "public", "generated");
const lock = join(root, "package-lock.json");

const say = (what, how) => console.log(`set-up: ${what} … ${how}`);

/** Whether an output is missing or older than one of the files that it is made from. */
function stale(outputs, inputs) {
  const newest = Math.max(...inputs.map((file) => statSync(file).mtimeMs));
  return outputs.some((file) => !existsSync(file) || statSync(file).mtimeMs < newest);
}

/** Nobody may see a half-written file: `make dev` watches this folder. */
function write(file, content) {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

async function charts(output) {
  const { outputFiles } = await build({
    entryPoints: [join(setup, "echarts.js")],
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "echarts",
    target: "es2020",
    legalComments: "none",
    banner: { js: "/*! Apache ECharts, Apache-2.0, https://echarts.apache.org */" },
    write: false,
  });
  write(output, outputFiles[0].contents);
  return `${Math.round(outputFiles[0].contents.length / 1024)} KiB`;
}

/** One symbol for each name; a page shows it with `<use href="…/icons.svg#name">`. */
function sprite(names, output) {
  const line = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  const symbols = names.map((name) => {
    const file = join(root, "node_modules", "lucide-static", "icons", `${name}.svg`);
    if (!existsSync(file)) throw new Error(`setup/icons.txt names "${name}", which lucide-static has not`);
    const shapes = readFileSync(file, "utf8").match(/<svg[^>]*>(.*)<\/svg>/s)[1].replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" ${line}>${shapes}</symbol>`;
  });
  const head = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC licence, https://lucide.dev -->';
  write(output, `${head}\n${symbols.join("\n")}\n</svg>\n`);
  return `${names.length} icons`;
}

const square = (svg) => svg.replace(/ rx="112"/, "");
const pictures = [
  { name: "icon-192.png", size: 192, shape: (svg) => svg },
  { name: "icon-512.png", size: 512, shape: (svg) => svg },
  // These two are cut to shape by the system, which wants no corners of our own.
  { name: "icon-maskable-512.png", size: 512, shape: square },
  { name: "apple-touch-icon.png", size: 180, shape: square },
];

function draw(source, outputs) {
  const svg = readFileSync(source, "utf8");
  pictures.forEach(({ size, shape }, index) => {
    const picture = new Resvg(shape(svg), { fitTo: { mode: "width", value: size } });
    write(outputs[index], picture.render().asPng());
  });
  return `${pictures.length} sizes`;
}

async function step(what, outputs, inputs, make) {
  // This file and the versions of the packages are inputs of everything.
  if (!stale(outputs, [...inputs, lock, fileURLToPath(import.meta.url)])) return say(what, "up to date");
  outputs.forEach((file) => rmSync(file, { force: true }));
  say(what, `built, ${await make()}`);
}

mkdirSync(generated, { recursive: true });

const bundle = join(generated, "echarts.js");
const entry = join(setup, "echarts.js");
await step("charts (ECharts, trimmed)", [bundle], [entry], () => charts(bundle));

const icons = join(generated, "icons.svg");
const list = join(setup, "icons.txt");
const names = readFileSync(list, "utf8").split(/\s+/).filter(Boolean);
await step("icon sprite (Lucide)", [icons], [list], () => sprite(names, icons));

const drawing = join(setup, "icon.svg");
const outputs = pictures.map(({ name }) => join(generated, name));
await step("pictures of the installed app", outputs, [drawing], () => draw(drawing, outputs));
