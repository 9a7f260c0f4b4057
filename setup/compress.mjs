// Brotli and gzip of what is served, made once here and not for every visitor. cargo-leptos can do
// it too, but is built plainly (see tools.sh), so that it would take a minute on each build.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const site = process.argv[2];
const worth = /\.(css|html|js|json|mjs|svg|txt|wasm|webmanifest)$/;
let before = 0;
let after = 0;

for (const entry of readdirSync(site, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !worth.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const content = readFileSync(file);
  const brotli = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  before += content.length;
  after += brotli.length;
}

const kib = (bytes) => `${Math.round(bytes / 1024)} KiB`;
console.log(`set-up: site … ${kib(before)}, ${kib(after)} in brotli`);
